package conformance

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

func selectorCases() []Case {
	return []Case{
		{Name: "select-round-robin", Row: "8.3 #42", Run: selectRoundRobin},
		{Name: "select-sharding-key-as-java", Row: "8.3 #53", Run: selectShardingKey},
		{Name: "select-given-queue", Row: "8.3 #51", Run: selectGivenQueue},
		{Name: "select-per-call", Row: "8.3 #52", Run: selectPerCall},
	}
}

func selectRoundRobin(t *testing.T, e *Env) {
	topic := e.Topic(4)
	p := e.Producer()
	queues, err := e.Observer.Queues(e.Ctx, topic)
	require.NoError(t, err)
	used := map[string]int{}
	for _, r := range e.Send(p, Messages(topic, "round", 5*len(queues))...) {
		used[queueNumber(*r.MessageQueue)]++
	}
	require.Len(t, used, len(queues))
	for q, n := range used {
		require.Equal(t, 5, n, q)
	}
}

// javaHashes are values of String.hashCode, printed by Java.
var javaHashes = []struct {
	key  string
	hash int32
}{
	{"order-1", -1207111310}, {"order-2", -1207111309}, {"order-42", 1234255197}, {"user:7", -836031416},
	{"a", 97}, {"标签", 857175}, {"订单-1", 1085411543}, {"😀", 1772899}, {"polygenelubricants", -2147483648},
}

func selectShardingKey(t *testing.T, e *Env) {
	topic := e.Topic(5)
	p := e.Producer()
	queues, err := e.Observer.Queues(e.Ctx, topic)
	require.NoError(t, err)
	for _, h := range javaHashes {
		// Java: abs(hash % size), over the queues sorted by broker and id.
		i := h.hash % int32(len(queues))
		want := queues[max(i, -i)]
		for n := range 3 {
			m := primitive.NewMessage(topic, fmt.Appendf(nil, "%s %d", h.key, n)).WithShardingKey(h.key)
			r := e.Send(p, m)[0]
			require.Equal(t, fmt.Sprintf("%s:%d", want.Broker, want.ID), queueNumber(*r.MessageQueue), "%q", h.key)
		}
	}
	// In each queue the messages of one key lie in the order of sending, and
	// carry the key as Java's consumers expect it.
	next := map[string]int{}
	for _, s := range e.Stored(topic, 3*len(javaHashes)) {
		key := s.Properties["__SHARDINGKEY"]
		require.Equal(t, fmt.Sprintf("%s %d", key, next[key]), string(s.Body))
		next[key]++
	}
}

func selectGivenQueue(t *testing.T, e *Env) {
	topic := e.Topic(4)
	p := e.Producer(producer.WithQueueSelector(producer.NewManualQueueSelector()))
	queues, err := e.Observer.Queues(e.Ctx, topic)
	require.NoError(t, err)
	want := queues[len(queues)-1]
	for range 5 {
		m := primitive.NewMessage(topic, []byte("here"))
		m.Queue = &primitive.MessageQueue{Topic: topic, BrokerName: want.Broker, QueueId: want.ID}
		r := e.Send(p, m)[0]
		require.Equal(t, *m.Queue, *r.MessageQueue)
	}
}

type lastQueue struct{}

func (lastQueue) Select(_ *primitive.Message, queues []*primitive.MessageQueue, _ string) *primitive.MessageQueue {
	return queues[len(queues)-1]
}

func selectPerCall(t *testing.T, e *Env) {
	topic := e.Topic(3)
	p := e.Producer()
	queues, err := e.Observer.Queues(e.Ctx, topic)
	require.NoError(t, err)
	want := queues[len(queues)-1]
	for range 5 {
		r, err := p.SendSync(producer.ContextWithSelector(e.Ctx, lastQueue{}), primitive.NewMessage(topic, []byte("here")))
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("%s:%d", want.Broker, want.ID), queueNumber(*r.MessageQueue))
	}
}
