package producer

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestSendSyncStoresTheMessage(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c, WithGroupName("g"))
	m := message("orders", "hello").WithTag("a").WithKeys([]string{"k1", "k2"})
	m.Flag = 7
	m.WithProperty("color", "blue")

	r, err := p.SendSync(background(t), m)
	require.NoError(t, err)
	require.Equal(t, primitive.SendOK, r.Status)
	require.Len(t, r.MsgID, 32)
	require.NotEmpty(t, r.OffsetMsgID)
	require.Equal(t, r.MsgID, r.TransactionID)
	require.Equal(t, "DefaultRegion", r.RegionID)
	require.True(t, r.TraceOn)
	require.Equal(t, "orders", r.MessageQueue.Topic)
	require.Equal(t, c.Brokers()[0], r.MessageQueue.BrokerName)

	stored := c.Stored("orders")
	require.Len(t, stored, 1)
	require.Equal(t, "hello", string(stored[0].Body))
	require.Equal(t, r.MsgID, stored[0].MsgId)
	require.Equal(t, r.OffsetMsgID, stored[0].OffsetMsgId)
	require.Equal(t, "a", stored[0].GetTags())
	require.Equal(t, "k1 k2", stored[0].GetKeys())
	require.Equal(t, "blue", stored[0].GetProperty("color"))
	require.EqualValues(t, 7, stored[0].Flag)
	require.Equal(t, r.QueueOffset, stored[0].QueueOffset)
	require.Equal(t, r.MessageQueue.QueueId, stored[0].Queue.QueueId)
}

func TestSendSyncInBothSerializations(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	for _, s := range []primitive.Serialization{primitive.SerializationJSON, primitive.SerializationRocketMQ} {
		p := newProducer(t, c, WithSerialization(s), WithGroupName("g"+s.String()))
		m := message("orders", s.String())
		m.WithProperty("quote", "\"ü\u2028\\ \n")
		r, err := p.SendSync(background(t), m)
		require.NoError(t, err)
		stored := c.Stored("orders")
		last := stored[len(stored)-1]
		require.Equal(t, r.MsgID, last.MsgId)
		require.Equal(t, s.String(), string(last.Body))
		require.Equal(t, "\"ü\u2028\\ \n", last.GetProperty("quote"))
	}
}

func TestSendOneWay(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c)
	seen := make(chan *mqtest.Command, 1)
	c.OnCommand(codeSend, func(cmd *mqtest.Command) *mqtest.Reply { seen <- cmd; return nil })

	require.NoError(t, p.SendOneWay(background(t), message("orders", "x")))
	require.True(t, receive(t, seen).OneWay, "the one-way flag is on the wire")
	require.Eventually(t, func() bool { return c.StoredCount("orders") == 1 }, waitFor, tick)
}

func TestSendAsync(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c)
	const n = 200
	done, results := collect(n)
	for range n {
		require.NoError(t, p.SendAsync(background(t), done, message("orders", "x")))
	}
	ids := map[string]bool{}
	for range n {
		r := receive(t, results)
		require.NoError(t, r.err)
		ids[r.result.MsgID] = true
	}
	require.Len(t, ids, n)
	require.Equal(t, n, c.StoredCount("orders"))
}

func TestAutoCreatedTopic(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t)
	p := newProducer(t, c)
	r, err := p.SendSync(background(t), message("new-topic", "x"))
	require.NoError(t, err)
	require.Equal(t, "new-topic", r.MessageQueue.Topic)
	require.Equal(t, 1, c.StoredCount("new-topic"))
	require.Equal(t, []string{"new-topic"}, p.PublishTopicList())
	require.False(t, p.IsPublishTopicNeedUpdate("new-topic"))
	require.True(t, p.IsPublishTopicNeedUpdate("other"))
	require.False(t, p.IsUnitMode())
}

func TestStatusesOtherThanOKAreResults(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	p := newProducer(t, c)
	for code, status := range map[int32]primitive.SendStatus{
		10: primitive.SendFlushDiskTimeout,
		11: primitive.SendSlaveNotAvailable,
		12: primitive.SendFlushSlaveTimeout,
	} {
		before := c.Requests(codeSend)
		remove := c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply {
			return &mqtest.Reply{Code: code, Fields: map[string]string{
				"msgId": "offset-id", "queueId": "0", "queueOffset": "5", "MSG_REGION": "eu", "TRACE_ON": "false",
			}}
		})
		r, err := p.SendSync(background(t), message("orders", "x"))
		remove()
		require.NoError(t, err)
		require.Equal(t, status, r.Status)
		require.EqualValues(t, 5, r.QueueOffset)
		require.Equal(t, "offset-id", r.OffsetMsgID)
		require.Equal(t, "eu", r.RegionID)
		require.False(t, r.TraceOn)
		require.Equal(t, before+1, c.Requests(codeSend), "it is stored: no retry")
	}
}

func TestAnswerThatCannotBeRead(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	p := newProducer(t, c)
	c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply {
		return &mqtest.Reply{Fields: map[string]string{"msgId": "x", "queueId": "zero", "queueOffset": "0"}}
	})
	_, err := p.SendSync(background(t), message("orders", "x"))
	failed := sendError(t, err)
	require.Equal(t, primitive.OutcomeUnknown, failed.Outcome)
	require.Equal(t, 1, failed.Attempts)
	require.ErrorContains(t, err, "queueId")
}

func TestCompression(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	big := strings.Repeat("compress me ", 1000)
	tests := []struct {
		name    string
		opts    []Option
		body    string
		sysFlag string
	}{
		{"below the threshold", nil, strings.Repeat("x", 4095), "0"},
		{"at the threshold", nil, strings.Repeat("x", 4096), "769"},
		{"zlib", []Option{WithCompressLevel(9)}, big, "769"},
		{"fastest", []Option{WithCompressLevel(0)}, big, "769"},
		{"LZ4", []Option{WithCompressType(CompressLZ4)}, big, "257"},
		{"ZSTD", []Option{WithCompressType(CompressZSTD)}, big, "513"},
		{"other threshold", []Option{WithCompressMsgBodyOverHowmuch(10)}, strings.Repeat("y", 10), "769"},
		{"switched off", []Option{WithCompressMsgBodyOverHowmuch(1 << 30)}, big, "0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newProducer(t, c, tt.opts...)
			seen := make(chan *mqtest.Command, 2)
			defer c.OnCommand(codeSend, func(cmd *mqtest.Command) *mqtest.Reply { seen <- cmd; return nil })()
			before := len(c.Stored("orders"))
			m := message("orders", tt.body)
			_, err := p.SendSync(background(t), m)
			require.NoError(t, err)
			done, results := collect(1)
			require.NoError(t, p.SendAsync(background(t), done, m))
			require.NoError(t, receive(t, results).err)
			for _, s := range c.Stored("orders")[before:] {
				require.Equal(t, tt.body, string(s.Body))
				cmd := receive(t, seen)
				require.Equal(t, tt.sysFlag, cmd.Fields["f"])
				require.Equal(t, tt.sysFlag == "0", string(cmd.Body) == tt.body)
			}
			require.Equal(t, tt.body, string(m.Body), "the message is left alone")
		})
	}
}

func TestCompressLevelChangesTheSize(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	w := watch(c, codeSend, nil)
	var body strings.Builder
	for i := range 3000 {
		body.WriteString(strconv.Itoa(i * i))
	}
	for _, level := range []int{1, 9} {
		_, err := newProducer(t, c, WithCompressLevel(level)).SendSync(background(t), message("orders", body.String()))
		require.NoError(t, err)
	}
	require.Greater(t, len(w.seen()[0].body), len(w.seen()[1].body))
}

func TestIDOfAForwardedMessageIsKept(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("a", 1), mqtest.WithTopic("b", 1))
	p := newProducer(t, c)
	first, err := p.SendSync(background(t), message("a", "x"))
	require.NoError(t, err)
	received := c.Stored("a")[0]
	forward := received.Message
	forward.Topic = "b"
	second, err := p.SendSync(background(t), &forward)
	require.NoError(t, err)
	require.Equal(t, first.MsgID, second.MsgID)
	require.Equal(t, first.MsgID, c.Stored("b")[0].MsgId)
}
