package route

import (
	"maps"
	"slices"
	"sync"
)

// changes tells listeners about new routes: one at a time, in the order in which the routes were put in force, and
// without any lock held, so that a listener may use the table.
type changes struct {
	mu        sync.Mutex
	listeners map[int]func(topic string, r *Topic)
	nextID    int
	queue     []change
	busy      bool // somebody delivers
}

type change struct {
	topic string
	route *Topic
}

// OnChange calls f after each change of a known route, with the new one, or nil when the topic is known to be gone.
// A fallback is not reported. f must not block and must not wait for the table (Topic, Publish, Refresh); it may
// still be running when cancel returns.
func (t *Table) OnChange(f func(topic string, r *Topic)) (cancel func()) {
	c := &t.changes
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listeners == nil {
		c.listeners = make(map[int]func(string, *Topic))
	}
	id := c.nextID
	c.nextID++
	c.listeners[id] = f
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.listeners, id)
	}
}

// add notes a change. It is called under Table.mu, which gives the order.
func (c *changes) add(topic string, r *Topic) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.listeners) > 0 {
		c.queue = append(c.queue, change{topic: topic, route: r})
	}
}

// deliver calls the listeners for what was noted, unless somebody is at it already.
func (c *changes) deliver() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy {
		return
	}
	c.busy = true
	for len(c.queue) > 0 {
		ch := c.queue[0]
		c.queue = c.queue[1:]
		ids := slices.Sorted(maps.Keys(c.listeners))
		for _, id := range ids {
			f, ok := c.listeners[id]
			if !ok {
				continue // cancelled meanwhile
			}
			c.mu.Unlock()
			f(ch.topic, ch.route)
			c.mu.Lock()
		}
	}
	c.queue = nil
	c.busy = false
}
