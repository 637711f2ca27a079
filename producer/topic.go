package producer

import (
	"sync"

	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/internal/validate"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// topic is what a producer keeps of a topic that it sends to.
type topic struct {
	name string // as the application knows it
	wire string // with the namespace

	queues atomic.Pointer[queues]
}

// queues is the queue list that selectors see, made from one route. Immutable.
type queues struct {
	route *route.Topic
	list  []*primitive.MessageQueue
}

// of returns the queues of r, under the application's name of the topic.
func (t *topic) of(r *route.Topic) []*primitive.MessageQueue {
	if q := t.queues.Load(); q != nil && q.route == r {
		return q.list
	}
	// Copies, for selectors get pointers and the route is shared with all others.
	copies := make([]primitive.MessageQueue, len(r.Writable))
	list := make([]*primitive.MessageQueue, len(r.Writable))
	for i := range r.Writable {
		copies[i] = r.Writable[i]
		copies[i].Topic = t.name
		list[i] = &copies[i]
	}
	t.queues.Store(&queues{route: r, list: list})
	return list
}

// topics finds a topic by the application's name. Readers never lock; a new topic
// copies the table.
type topics struct {
	namespace string
	mu        sync.Mutex
	table     atomic.Pointer[map[string]*topic]
}

func newTopics(ns string) *topics {
	t := &topics{namespace: ns}
	t.table.Store(&map[string]*topic{})
	return t
}

// get returns the topic, which is checked and made when it is not in the table. A
// new topic is not put into the table before keep: a program that misspells topics
// must not fill it.
func (t *topics) get(name string) (*topic, error) {
	if known, ok := (*t.table.Load())[name]; ok {
		return known, nil
	}
	wire := namespace.Wrap(t.namespace, name)
	if err := validate.SendTopic(wire); err != nil {
		return nil, err
	}
	return &topic{name: name, wire: wire}, nil
}

// keep puts a topic into the table and returns the one that is there.
func (t *topics) keep(added *topic) *topic {
	if known, ok := (*t.table.Load())[added.name]; ok {
		return known
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	old := *t.table.Load()
	if known, ok := old[added.name]; ok {
		return known
	}
	table := make(map[string]*topic, len(old)+1)
	for name, known := range old {
		table[name] = known
	}
	table[added.name] = added
	t.table.Store(&table)
	return added
}

// names lists the topics of the table.
func (t *topics) names() []string {
	table := *t.table.Load()
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	return names
}

// find returns the topic if it is in the table.
func (t *topics) find(name string) *topic { return (*t.table.Load())[name] }
