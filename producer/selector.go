package producer

import (
	"context"
	"math/rand/v2"
	"sync"

	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// QueueSelector chooses the queue of a message. It is called by many goroutines
// at a time.
type QueueSelector interface {
	// Select returns one of mqs, which is never empty and must not be changed.
	// lastBrokerName names the broker that the attempt before failed on, and is
	// empty on the first attempt. Returning nil fails the send.
	Select(msg *primitive.Message, mqs []*primitive.MessageQueue, lastBrokerName string) *primitive.MessageQueue
}

type selectorKey struct{}

// ContextWithSelector makes sends with the returned context use s instead of the
// producer's selector. Such a send stays on the queue that s chose, retries
// included, as the Java client's send(msg, selector, arg) does.
func ContextWithSelector(ctx context.Context, s QueueSelector) context.Context {
	return context.WithValue(ctx, selectorKey{}, s)
}

// defaultSelector is order when asked for, balance otherwise.
type defaultSelector struct {
	hash  hashQueueSelector
	round *roundRobinQueueSelector
}

func newDefaultSelector() *defaultSelector {
	return &defaultSelector{round: newRoundRobin()}
}

func (s *defaultSelector) Select(msg *primitive.Message, mqs []*primitive.MessageQueue, lastBrokerName string) *primitive.MessageQueue {
	if key := msg.GetShardingKey(); key != "" {
		return s.hash.pick(key, mqs)
	}
	return s.round.Select(msg, mqs, lastBrokerName)
}

// NewManualQueueSelector returns a selector that takes the queue from
// Message.Queue, which must be set and belong to the message's topic. Messages
// are never moved to another queue.
func NewManualQueueSelector() QueueSelector { return manualQueueSelector{} }

type manualQueueSelector struct{}

// Select returns message.Queue.
func (manualQueueSelector) Select(message *primitive.Message, _ []*primitive.MessageQueue, _ string) *primitive.MessageQueue {
	return message.Queue
}

// NewRandomQueueSelector returns a selector that chooses by chance, on another
// broker after a failure when there is one.
func NewRandomQueueSelector() QueueSelector { return randomQueueSelector{} }

type randomQueueSelector struct{}

// Select returns a random queue.
func (randomQueueSelector) Select(_ *primitive.Message, queues []*primitive.MessageQueue, lastBrokerName string) *primitive.MessageQueue {
	return nextFrom(rand.Uint32(), queues, lastBrokerName)
}

// NewHashQueueSelector returns a selector that chooses by the hash of the sharding
// key, as the Java client's SelectMessageQueueByHash does with a string, so that
// programs in both languages agree. Messages without a sharding key go anywhere.
func NewHashQueueSelector() QueueSelector { return hashQueueSelector{} }

type hashQueueSelector struct{ random randomQueueSelector }

// Select returns the queue of the message's sharding key.
func (s hashQueueSelector) Select(message *primitive.Message, queues []*primitive.MessageQueue, lastBrokerName string) *primitive.MessageQueue {
	if key := message.GetShardingKey(); key != "" {
		return s.pick(key, queues)
	}
	return s.random.Select(message, queues, lastBrokerName)
}

// pick is hashCode % size with the sign dropped afterwards, in this order, or
// the most negative hash would fall outside.
func (hashQueueSelector) pick(key string, queues []*primitive.MessageQueue) *primitive.MessageQueue {
	// 64 bits, for a list longer than an int32 cannot occur and int may have 32.
	i := int64(record.JavaHash(key)) % int64(len(queues))
	if i < 0 {
		i = -i
	}
	return queues[i]
}

// NewRoundRobinQueueSelector returns a selector that takes the queues of each
// topic in turn, beginning anywhere, and after a failure the next one on another
// broker when there is one.
func NewRoundRobinQueueSelector() QueueSelector { return newRoundRobin() }

// roundRobinQueueSelector counts per topic. Readers never lock; a topic's first
// send copies the table.
type roundRobinQueueSelector struct {
	mu     sync.Mutex
	topics atomic.Pointer[map[string]*atomic.Uint32]
}

func newRoundRobin() *roundRobinQueueSelector {
	r := &roundRobinQueueSelector{}
	r.topics.Store(&map[string]*atomic.Uint32{})
	return r
}

// Select returns the next queue of the message's topic.
func (r *roundRobinQueueSelector) Select(message *primitive.Message, queues []*primitive.MessageQueue, lastBrokerName string) *primitive.MessageQueue {
	n, ok := (*r.topics.Load())[message.Topic]
	if !ok {
		n = r.add(message.Topic)
	}
	return nextFrom(n.Inc(), queues, lastBrokerName)
}

func (r *roundRobinQueueSelector) add(topic string) *atomic.Uint32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := *r.topics.Load()
	if n, ok := old[topic]; ok {
		return n
	}
	table := make(map[string]*atomic.Uint32, len(old)+1)
	for t, n := range old {
		table[t] = n
	}
	// A random start, or a fleet started together would fill queue 0 first.
	n := atomic.NewUint32(rand.Uint32())
	table[topic] = n
	r.topics.Store(&table)
	return n
}

// nextFrom returns queue start, or the first one behind it on another broker than
// last, or queue start when there is no other broker.
func nextFrom(start uint32, queues []*primitive.MessageQueue, last string) *primitive.MessageQueue {
	first := int(start % uint32(len(queues)))
	if last == "" {
		return queues[first]
	}
	for i := range queues {
		q := queues[(first+i)%len(queues)]
		if q.BrokerName != last {
			return q
		}
	}
	return queues[first]
}
