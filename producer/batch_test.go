package producer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestBatch(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
		w := watch(c, codeBatch, nil)
		p := newProducer(t, c)
		var msgs []*primitive.Message
		for i := range 10 {
			m := message("orders", fmt.Sprintf("body %d", i)).WithTag(fmt.Sprintf("tag%d", i))
			m.Flag = int32(i)
			msgs = append(msgs, m)
		}
		r, err := send(p, background(t), msgs...)
		require.NoError(t, err)
		ids := strings.Split(r.MsgID, ",")
		require.Len(t, ids, 10)
		require.Len(t, strings.Split(r.OffsetMsgID, ","), 10)

		stored := c.Stored("orders")
		require.Len(t, stored, 10)
		for i, m := range stored {
			require.Equal(t, fmt.Sprintf("body %d", i), string(m.Body))
			require.Equal(t, fmt.Sprintf("tag%d", i), m.GetTags())
			require.EqualValues(t, i, m.Flag)
			require.Equal(t, ids[i], m.MsgId)
			require.Equal(t, r.MessageQueue.QueueId, m.Queue.QueueId, "all in one queue")
		}
		seen := w.seen()
		require.Len(t, seen, 1)
		require.Equal(t, "true", seen[0].fields["m"])
		require.Contains(t, seen[0].fields["i"], "WAIT\x01true\x02")
		require.NotContains(t, seen[0].fields["i"], "UNIQ_KEY", "brokers up to 5.3.3 give it to all messages of the batch")
	})
}

func TestBatchOneWay(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c)
	require.NoError(t, p.SendOneWay(background(t), message("orders", "1"), message("orders", "2")))
	require.Eventually(t, func() bool { return c.StoredCount("orders") == 2 }, waitFor, tick)
}

func TestBatchIsRetriedAsAWhole(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 4))
		w := watch(c, codeBatch, func(n int, _ *mqtest.Command) *mqtest.Reply {
			if n == 0 {
				return &mqtest.Reply{Code: 2}
			}
			return nil
		})
		p := newProducer(t, c)
		_, err := send(p, background(t), message("orders", "1"), message("orders", "2"))
		require.NoError(t, err)
		seen := w.seen()
		require.Len(t, seen, 2)
		require.NotEqual(t, seen[0].broker, seen[1].broker)
		require.Equal(t, seen[0].body, seen[1].body, "same ids")
		require.Equal(t, seen[0].fields["i"], seen[1].fields["i"])
		require.Equal(t, 2, c.StoredCount("orders"))
	})
}

func TestBatchKeepsOrder(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 8))
	p := newProducer(t, c)
	r, err := p.SendSync(background(t), message("orders", "1").WithShardingKey("k"), message("orders", "2").WithShardingKey("k"))
	require.NoError(t, err)
	require.Equal(t, javaHashModulo("k", 8), r.MessageQueue.QueueId)
}

func TestBatchRules(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c, WithMaxMessageSize(1000))
	wait := message("orders", "x")
	wait.WithProperty("WAIT", "false")
	timer := message("orders", "x")
	timer.WithProperty("TIMER_DELAY_SEC", "5")
	tests := []struct {
		name string
		msgs []*primitive.Message
		want error
		text string
	}{
		{"two topics", []*primitive.Message{message("orders", "x"), message("other", "x")}, rmqerrors.ErrMultipleTopics, "other"},
		{"delay level", []*primitive.Message{message("orders", "x"), message("orders", "x").WithDelayTimeLevel(3)}, rmqerrors.ErrIllegalBatch, "delayed"},
		{"timer", []*primitive.Message{timer, message("orders", "x")}, rmqerrors.ErrIllegalBatch, "delayed"},
		{"retry topic", []*primitive.Message{message("%RETRY%g", "x"), message("%RETRY%g", "x")}, rmqerrors.ErrIllegalBatch, "retry"},
		{"WAIT differs", []*primitive.Message{message("orders", "x"), wait}, rmqerrors.ErrIllegalBatch, "WAIT"},
		{"sharding keys differ", []*primitive.Message{message("orders", "x").WithShardingKey("a"), message("orders", "x")}, rmqerrors.ErrIllegalBatch, "sharding"},
		{"nil message", []*primitive.Message{message("orders", "x"), nil}, rmqerrors.ErrMessageEmpty, ""},
		{"empty body", []*primitive.Message{message("orders", "x"), message("orders", "")}, rmqerrors.ErrMessageBody, "message 1"},
		{"too large together", []*primitive.Message{message("orders", strings.Repeat("x", 600)), message("orders", strings.Repeat("x", 600))}, rmqerrors.ErrMessageTooLarge, "batch"},
		{"one too large", []*primitive.Message{message("orders", "x"), message("orders", strings.Repeat("x", 1001))}, rmqerrors.ErrMessageTooLarge, "message 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := p.SendSync(background(t), tt.msgs...)
			require.ErrorIs(t, err, tt.want)
			require.ErrorContains(t, err, tt.text)
			require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
		})
	}
	require.Zero(t, c.Requests(codeBatch))

	// Without an order to keep, keys may differ.
	free := newProducer(t, c, WithQueueSelector(NewRoundRobinQueueSelector()))
	_, err := free.SendSync(background(t), message("orders", "x").WithShardingKey("a"), message("orders", "x").WithShardingKey("b"))
	require.NoError(t, err)
}
