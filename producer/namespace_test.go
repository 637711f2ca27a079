package producer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// V18: the same message sent twice with a namespace goes to the same topic twice;
// with rocketmq-client-go the second one goes to "ns%ns%topic".
func TestV18_NamespaceIsAppliedOnceAndNotToTheMessage(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithTopic("ns%orders", 1))
		bodies := heartbeats(c)
		w := watch(c, codeSend, nil)
		p := newProducer(t, c, WithNamespace("ns"), WithGroupName("g"))
		require.Contains(t, receive(t, bodies), `"groupName":"ns%g"`)
		m := message("orders", "x")
		for range 2 {
			r, err := send(p, background(t), m)
			require.NoError(t, err)
			require.Equal(t, "orders", r.MessageQueue.Topic, "the application's name")
			require.Equal(t, "orders", m.Topic)
			require.Empty(t, m.GetProperties())
		}
		_, err := send(p, background(t), message("ns%orders", "x"))
		require.NoError(t, err, "a wrapped name is left alone")
		_, err = send(p, background(t), m, m)
		require.NoError(t, err)
		require.Equal(t, 5, c.StoredCount("ns%orders"))
		for _, a := range w.seen() {
			require.Equal(t, "ns%orders", a.fields["b"])
			require.Equal(t, "ns%g", a.fields["a"])
			require.Contains(t, a.fields["i"], "INSTANCE_ID\x01ns\x02")
		}
	})
}

func TestManualSelectorInANamespace(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("ns%orders", 4))
	p := newProducer(t, c, WithNamespace("ns"), WithQueueSelector(NewManualQueueSelector()))
	for i, topic := range []string{"orders", "ns%orders"} {
		m := message("orders", "x")
		m.Queue = &primitive.MessageQueue{Topic: topic, BrokerName: c.Brokers()[0], QueueId: i + 1}
		r, err := p.SendSync(background(t), m)
		require.NoError(t, err)
		require.Equal(t, primitive.MessageQueue{Topic: "orders", BrokerName: c.Brokers()[0], QueueId: i + 1}, *r.MessageQueue)
	}
}

// V18: both reach the wire, and a topic that is created has so many queues.
func TestV18_CreateTopicKeyAndQueueNumsReachTheWire(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t)
		w := watch(c, codeSend, nil)
		p := newProducer(t, c, WithCreateTopicKey("TBW102"), WithDefaultTopicQueueNums(2))
		_, err := send(p, background(t), message("created", "x"))
		require.NoError(t, err)
		require.Equal(t, "TBW102", w.seen()[0].fields["c"])
		require.Equal(t, "2", w.seen()[0].fields["d"])
		queues := map[int]bool{}
		for range 50 {
			r, err := send(p, background(t), message("created", "x"))
			require.NoError(t, err)
			queues[r.MessageQueue.QueueId] = true
		}
		require.Len(t, queues, 2)

		other := newProducer(t, c, WithCreateTopicKey("template"))
		_, _ = send(other, background(t), message("created", "x"))
		require.Equal(t, "template", w.seen()[len(w.seen())-1].fields["c"])
		require.Equal(t, "4", w.seen()[len(w.seen())-1].fields["d"])
	})
}
