package consumer

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/primitive"
)

const (
	// rebalanceInterval is the time between two rounds when nothing happens (Java: RebalanceService, 20 s).
	rebalanceInterval = 20 * time.Second
	// rebalanceRetryMax bounds the pause after a round that left something to do (Java: minInterval, 1 s).
	rebalanceRetryMax = time.Second
	// rebalanceGap keeps a flood of notices from becoming a flood of rounds.
	rebalanceGap = 20 * time.Millisecond
	// missingPatience is how long a topic without a route is asked for in every round: one that was just subscribed,
	// and the group's retry topic, which brokers create at the first heartbeat.
	missingPatience = time.Minute
	// heartbeatGap is the least time between two heartbeats that are sent because something went wrong, absentGap if that
	// is a broker that does not know this consumer: one that has just come into view.
	heartbeatGap = time.Second
	absentGap    = 100 * time.Millisecond
	// transient is how many rounds may fail before that is worth a line in the log.
	transient = 2
	// heartbeatTimeout bounds such a heartbeat.
	heartbeatTimeout = 3 * time.Second
)

// rebalancer runs a round each interval, and at once when it is told that members, routes or subscriptions have
// changed. It is the one goroutine of a consumer that waits for answers.
func (c *session) rebalancer(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-c.rebalance.C():
		}
		wait := rebalanceInterval
		if c.rebalanceAll(ctx) {
			c.unbalanced = 0
		} else {
			c.unbalanced++
			wait = backoff(c.unbalanced+1, rebalanceRetryMax)
		}
		if lifecycle.Sleep(ctx, rebalanceGap) != nil {
			return
		}
		timer.Reset(wait)
	}
}

// rebalanceAll looks at each subscribed topic on its own. It returns false when something has to be tried again soon.
func (c *session) rebalanceAll(ctx context.Context) bool {
	balanced := c.heartbeatIfDue(ctx, heartbeatGap)
	seen := make(map[string][]string) // members by broker: topics share brokers
	subs := c.subs.Load()
	for _, sub := range subs.list {
		if !c.rebalanceTopic(ctx, sub, seen) {
			balanced = false
		}
	}
	c.loop.call(ctx, func() { c.dropUnsubscribed(c.subs.Load()) })
	return balanced
}

// heartbeatIfDue sends the heartbeat that heartbeatSoon has asked for.
func (c *session) heartbeatIfDue(ctx context.Context, gap time.Duration) bool {
	urgent := c.heartbeatUrgent.Swap(false)
	if !urgent && !c.heartbeatWanted.Load() {
		return true
	}
	if !urgent && time.Since(c.lastHeartbeat) < gap {
		return false // a later round sends it
	}
	c.heartbeatWanted.Store(false)
	c.lastHeartbeat = time.Now()
	ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
	defer cancel()
	if err := c.client.HeartbeatNow(ctx); err != nil && ctx.Err() == nil {
		c.logs.warn("heartbeat", "heartbeat failed", map[string]any{"error": err.Error()})
	}
	return true
}

// heartbeatSoon has the rebalancer send a heartbeat, at most one a second.
func (c *session) heartbeatSoon() {
	c.heartbeatWanted.Store(true)
	c.rebalance.Set()
}

// heartbeatNow has the rebalancer send a heartbeat at once.
func (c *session) heartbeatNow() {
	c.heartbeatUrgent.Store(true)
	c.rebalance.Set()
}

// rebalanceTopic works out which queues of the topic are this consumer's and has the loop take and give them. On any
// error everything stays as it is.
func (c *session) rebalanceTopic(ctx context.Context, sub *subscription, seen map[string][]string) bool {
	routes := c.client.Routes()
	r := routes.Cached(sub.topic)
	if r == nil || len(r.Readable) == 0 {
		if time.Since(time.UnixMilli(sub.data.SubVersion)) < missingPatience || sub.handler == nil && time.Since(c.started) < missingPatience {
			routes.RefreshSoon(sub.topic)
			return false
		}
		return true // the route table looks for a watched topic every few seconds, and tells
	}
	target, others := r.Readable, false
	if c.opts.model == Clustering {
		ids, err := c.members(ctx, r, seen)
		if errors.Is(err, errAbsent) {
			c.heartbeatWanted.Store(true)
			if c.heartbeatIfDue(ctx, absentGap) {
				ids, err = c.members(ctx, r, seen)
			}
		}
		if err == nil {
			target, err = c.allocate(sub.topic, r.Readable, ids)
		}
		if err != nil {
			if ctx.Err() == nil && c.unbalanced >= transient {
				c.logs.warn("rebalance", "queues stay as they are: rebalance failed, will be tried again", map[string]any{
					"topic": sub.topic, "error": err.Error(),
				})
			}
			return false
		}
		others = len(ids) > 1
	}
	pending := false
	ok := c.loop.call(ctx, func() { pending = c.assign(sub.topic, target, others) })
	return ok && !pending
}

// allocate asks the strategy for this consumer's share. Queues that are not in the route are left out of its answer.
func (c *session) allocate(topic string, all []primitive.MessageQueue, ids []string) (share []primitive.MessageQueue, err error) {
	defer func() {
		if p := recover(); p != nil {
			share, err = nil, fmt.Errorf("allocation strategy panicked: %v\n%s", p, debug.Stack())
		}
	}()
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, compareQueues)
	queues := make([]*primitive.MessageQueue, len(sorted))
	for i := range sorted {
		queues[i] = &sorted[i]
	}
	known := make(map[primitive.MessageQueue]struct{}, len(all))
	for _, mq := range all {
		known[mq] = struct{}{}
	}
	result := c.opts.strategy(c.group, c.client.ID(), queues, slices.Clone(ids))
	if result == nil {
		return nil, errors.New("allocation strategy cannot compute anything")
	}
	for _, p := range result {
		if p == nil {
			continue
		}
		mq := *p
		mq.Topic = namespace.Wrap(c.namespace, mq.Topic) // a configured list has the user's names
		if _, ok := known[mq]; ok {
			share = append(share, mq)
		}
	}
	return share, nil
}

// assign makes target the queues of the topic that are held. It runs on the loop, and returns true when a queue has
// to be taken later, because it is still leaving. others says whether the group has other members.
func (c *session) assign(topic string, target []primitive.MessageQueue, others bool) (pending bool) {
	if c.stopping || c.subs.Load().byTopic[topic] == nil {
		return false
	}
	grace := time.Duration(0)
	if others {
		grace = max(c.opts.grace, 0)
	}
	var held []primitive.MessageQueue
	for mq, q := range c.table {
		if mq.Topic != topic {
			continue
		}
		if q.state == queueJoining || q.state == queueFetching {
			held = append(held, mq)
		}
	}
	add, drop := diff(held, target)
	for _, mq := range drop {
		c.leave(c.table[mq], time.Now().Add(leaveLimit))
	}
	for _, mq := range add {
		if q := c.table[mq]; q != nil { // it has to be gone first: its offset is not committed yet
			pending = true
			continue
		}
		q := newHeldQueue(mq)
		c.prepare(q)
		c.insert(q)
		c.setLimits(topic)
		c.join(q, grace)
	}
	if len(add)+len(drop) > 0 {
		c.setLimits(topic)
	}
	for _, mq := range held { // of a topic that was unsubscribed and subscribed again, queues may be at rest
		if q := c.table[mq]; q != nil && q.state == queueFetching {
			c.pull(q)
			if q.pq.Load().waiting() {
				c.ready.push(q)
			}
		}
	}
	return pending
}

// setLimits shares the topic's limits among the queues that are held now.
func (c *session) setLimits(topic string) {
	var queues []*heldQueue
	for mq, q := range c.table {
		if mq.Topic == topic && q.state != queueLeaving {
			queues = append(queues, q)
		}
	}
	l := c.opts.queueLimits(len(queues))
	for _, q := range queues {
		q.limits.Store(l)
	}
	for _, q := range queues {
		if q.blocked.Load() {
			c.pull(q)
		}
	}
}

// dropUnsubscribed gives away the queues of topics that nobody wants any more.
func (c *session) dropUnsubscribed(subs *subscriptions) {
	for mq, q := range c.table {
		if subs.byTopic[mq.Topic] == nil && q.state != queueLeaving {
			c.leave(q, time.Now().Add(leaveLimit))
		}
	}
}
