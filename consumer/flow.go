package consumer

import (
	"time"

	"github.com/rocketmq-go/rocketmq/rlog"
)

// limits say how much of one queue may be cached before it is no longer pulled.
type limits struct {
	count int
	bytes int64
	span  int64
}

const mib = 1 << 20

// queueLimits returns the limits of each queue of a topic of which the consumer holds that many (Java:
// RebalancePushImpl.messageQueueChanged).
func (o *options) queueLimits(held int) *limits {
	l := &limits{count: int(o.queueCount), bytes: int64(o.queueMiB) * mib, span: int64(o.maxSpan)}
	if held > 0 {
		if o.topicCount > 0 {
			l.count = max(1, o.topicCount/held)
		}
		if o.topicMiB > 0 {
			l.bytes = int64(max(1, o.topicMiB/held)) * mib
		}
	}
	return l
}

// exceeded says which limit, if any, keeps the queue from being pulled.
func (l *limits) exceeded(p *processQueue) (why string) {
	count, bytes, span := p.load()
	switch {
	case count > l.count:
		return "count"
	case bytes > l.bytes:
		return "bytes"
	case span > l.span:
		return "span"
	}
	return ""
}

// stalledAfter is how long a queue may be blocked before that is worth a line in the log.
const stalledAfter = 10 * time.Second

// admit says whether q may be pulled now. If not, the worker that makes room wakes the queue.
func (c *session) admit(q *heldQueue) bool {
	pq, l := q.pq.Load(), q.limits.Load()
	if l.exceeded(pq) == "" {
		return c.unblocked(q)
	}
	// First tell the workers, then look again: room that was made in between would go unnoticed.
	q.blocked.Store(true)
	why := l.exceeded(pq)
	if why == "" {
		return c.unblocked(q)
	}
	if q.since.IsZero() {
		q.since = time.Now()
		c.watchStall(q, q.since, why)
	}
	return false
}

func (c *session) unblocked(q *heldQueue) bool {
	q.blocked.Store(false)
	q.since = time.Time{}
	return true
}

// watchStall logs that q does not move. A queue that is full most of the time and moves is no news.
func (c *session) watchStall(q *heldQueue, since time.Time, why string) {
	before := q.pq.Load().committable()
	c.loop.after(c.opts.stalledAfter, func() {
		if q.state != queueFetching || !q.since.Equal(since) {
			return
		}
		if pq := q.pq.Load(); pq.committable() == before {
			count, bytes, span := pq.load()
			c.logs.warn("stalled "+q.mq.String(), "queue is not pulled: its oldest message is not done", map[string]any{
				rlog.LogKeyMessageQueue: q.mq.String(), rlog.LogKeyQueueOffset: before, "limit": why,
				"messages": count, "bytes": bytes, "span": span, "since": since.Format(time.RFC3339),
			})
		}
		c.watchStall(q, since, why)
	})
}

// room is called by a worker after it has removed messages from pq. It wakes the queue if that was what it waited
// for.
func (c *session) room(q *heldQueue, pq *processQueue) {
	if q.blocked.Load() && q.limits.Load().exceeded(pq) == "" && q.blocked.CompareAndSwap(true, false) {
		c.loop.do(func() { c.pull(q) })
	}
}
