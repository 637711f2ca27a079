package consumer

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// A brand-new group whose first message fails once at delay level 1 gets it again in no more than 3 s.
func TestNewGroupRetriesWithinSeconds(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
	asked := 0
	c.OnCommand(command.CodeGetRouteInfoByTopic, func(cmd *mqtest.Command) *mqtest.Reply { // one connection, so one goroutine
		if asked++; cmd.Fields["topic"] == "%RETRY%group" && asked < 5 {
			return &mqtest.Reply{Code: command.TopicNotExist, Remark: "the broker has not registered it yet"}
		}
		return nil
	})
	newSender(t, c).to(c.Brokers()[0], 1, numbered("topic", 0))
	first := make(chan time.Time, 1)
	again := make(chan *primitive.MessageExt, 1)
	started := time.Now()
	p := start(t, c, "topic", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		if msgs[0].ReconsumeTimes == 0 {
			cc, ok := primitive.GetConcurrentlyCtx(ctx)
			if !ok {
				panic("no context")
			}
			cc.DelayLevelWhenNextConsume = 1
			first <- time.Now()
			return ConsumeRetryLater, nil
		}
		again <- msgs[0]
		return ConsumeSuccess, nil
	})
	eventually(t, func() bool { return len(owned(p, "%RETRY%group")) == 1 }, "the retry topic is consumed")
	require.Less(t, time.Since(started), 2*time.Second, "brokers make it at the first heartbeat, and it is looked for often")
	began := <-first
	m := <-again
	require.Less(t, time.Since(began), 3*time.Second)
	require.Equal(t, "topic", m.Topic, "the topic is the original one")
	require.Equal(t, "%RETRY%group", m.Queue.Topic)
	require.EqualValues(t, 1, m.ReconsumeTimes)
}

// A message that always fails is delivered 1 + max times and then is in the dead-letter queue, with Java's properties.
func TestMaxReconsumeTimesThenDeadLetter(t *testing.T) {
	t.Parallel()
	for _, most := range []int32{0, 1, 3, -1} {
		t.Run(fmt.Sprint(most), func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 1), mqtest.WithDelayLevels("10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms 10ms"))
			newSender(t, c).to(c.Brokers()[0], 0, numbered("topic", 0))
			want := int(most) + 1
			if most < 0 {
				want = 17
			}
			got := newDeliveries()
			start(t, c, "topic", func(_ context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
				got.note(msgs...)
				return ConsumeRetryLater, nil
			}, WithMaxReconsumeTimes(most))
			eventually(t, func() bool { return c.StoredCount("%DLQ%group") == 1 }, "it is in the dead-letter queue")
			require.Equal(t, want, got.all())
			dead := c.Stored("%DLQ%group")[0]
			require.Equal(t, "message 0", string(dead.Body))
			require.Equal(t, "topic", dead.GetProperty(primitive.PropertyRetryTopic))
			require.NotEmpty(t, dead.GetProperty(primitive.PropertyOriginMessageId))
		})
	}
}

// The delay level that a handler sets is the one the broker gets.
func TestDelayLevelsReachTheBroker(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	var mu sync.Mutex
	levels := map[string]string{}
	c.OnCommand(codeBack, func(cmd *mqtest.Command) *mqtest.Reply {
		mu.Lock()
		defer mu.Unlock()
		levels[cmd.Fields["originMsgId"]] = cmd.Fields["delayLevel"] + "/" + cmd.Fields["maxReconsumeTimes"] + "/" + cmd.Fields["group"] + "/" + cmd.Fields["originTopic"]
		return nil
	})
	s := newSender(t, c)
	for i := range 3 {
		s.to(c.Brokers()[0], 0, numbered("topic", i))
	}
	start(t, c, "topic", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		cc, _ := primitive.GetConcurrentlyCtx(ctx)
		cc.DelayLevelWhenNextConsume = map[string]int{"message 0": 0, "message 1": 5, "message 2": -1}[string(msgs[0].Body)]
		return ConsumeRetryLater, nil
	}, WithMaxReconsumeTimes(9))
	eventually(t, func() bool { return c.StoredCount("%DLQ%group") == 1 }, "-1 goes straight to the dead letters")
	eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return len(levels) == 3 }, "all are sent back")
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, map[string]string{
		numbered("", 0).GetProperty("UNIQ_KEY"): "0/9/group/topic",
		numbered("", 1).GetProperty("UNIQ_KEY"): "5/9/group/topic",
		numbered("", 2).GetProperty("UNIQ_KEY"): "-1/9/group/topic",
	}, levels)
	require.Equal(t, "message 2", string(c.Stored("%DLQ%group")[0].Body))
}

// AckIndex says how many messages of a batch are done; the others are delivered again.
func TestAckIndexAcknowledgesAPartOfABatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ack  int32
		back int
	}{{-1, 10}, {0, 9}, {6, 3}, {9, 0}, {1000, 0}} {
		t.Run(fmt.Sprint(tt.ack), func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
			newSender(t, c).many("topic", 1, 0, 10)
			sizes := make(chan int, 10)
			p := start(t, c, "topic", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
				cc, _ := primitive.GetConcurrentlyCtx(ctx)
				cc.AckIndex = tt.ack
				sizes <- len(msgs)
				return ConsumeSuccess, nil
			}, WithConsumeMessageBatchMaxSize(10), WithConsumeGoroutineNums(1))
			require.Equal(t, 10, <-sizes)
			eventually(t, func() bool { return c.Requests(codeBack) == tt.back }, "%d are sent back", tt.back)
			eventually(t, func() bool {
				_ = p.PersistConsumerOffset()
				return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == 10
			}, "all are done")
			require.Equal(t, tt.back, c.Requests(codeBack))
		})
	}
}

// A retry topic holds messages of all topics; each goes to its own handler, also in batches.
func TestRetriesGoToTheHandlerOfTheirTopic(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("a", 1), mqtest.WithTopic("b", 1), mqtest.WithDelayLevels("10ms 10ms 10ms"))
	s := newSender(t, c)
	for i := range 50 {
		s.to(c.Brokers()[0], 0, numbered("a", i))
		s.to(c.Brokers()[0], 0, numbered("b", i))
	}
	got := map[string]*deliveries{"a": newDeliveries(), "b": newDeliveries()}
	handler := func(topic string) Handler {
		return func(_ context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
			for _, m := range msgs {
				if m.Topic != topic {
					panic("message of topic " + m.Topic + " in the handler of " + topic)
				}
			}
			if msgs[0].ReconsumeTimes == 0 {
				return ConsumeRetryLater, nil
			}
			got[topic].note(msgs...)
			return ConsumeSuccess, nil
		}
	}
	p := unstarted(t, c, WithConsumeMessageBatchMaxSize(8))
	require.NoError(t, p.Subscribe("a", MessageSelector{}, handler("a")))
	require.NoError(t, p.Subscribe("b", MessageSelector{}, handler("b")))
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	eventually(t, func() bool { return got["a"].distinct() == 50 && got["b"].distinct() == 50 }, "all come again")
}
