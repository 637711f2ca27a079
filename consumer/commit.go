package consumer

import "time"

// commitInterval is Java's persistConsumerOffsetInterval.
const commitInterval = 5 * time.Second

// commitAll stores the offsets that have changed. The requests to all brokers are under way at once, and each queue
// has at most one: two could be handled in the wrong order.
func (c *session) commitAll() {
	for _, q := range c.held() {
		if q.state == queueFetching {
			c.commit(q)
		}
	}
}

// commit stores the offset of one queue if it has changed. A failed one is tried again at the next interval.
func (c *session) commit(q *heldQueue) {
	pq := q.pq.Load()
	offset := pq.committable()
	if q.committing || offset == q.confirmed {
		return
	}
	q.committing = true
	c.offsets.commit(q.mq, offset, func(err error) {
		q.committing = false
		if err != nil {
			c.logs.warn("commit "+q.mq.BrokerName, "offset not stored, will be tried again", map[string]any{
				"queue": q.mq.String(), "offset": offset, "error": err.Error(),
			})
		} else if q.pq.Load() == pq {
			q.confirmed = offset
		}
		if q.state == queueLeaving {
			c.leaveStep(q)
		}
	})
}
