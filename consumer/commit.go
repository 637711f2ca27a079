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
//
// A queue's first acknowledged offset is sent once more at the next interval: when the first offsets of a group and
// topic arrive together, each on its own thread, brokers of all releases may lose all but one of them
// (ConsumerOffsetManager.commitOffset looks for the table and puts a new one in two steps). Java's client repeats all
// offsets for ever.
func (c *session) commit(q *heldQueue) {
	pq := q.pq.Load()
	offset := pq.committable()
	if q.committing || offset == q.confirmed && q.sure {
		return
	}
	again := c.isRepeated(q, offset)
	q.committing = true
	c.offsets.commit(q.mq, offset, func(err error) {
		q.committing = false
		if err != nil {
			c.logs.warn("commit "+q.mq.BrokerName, "offset not stored, will be tried again", map[string]any{
				"queue": q.mq.String(), "offset": offset, "error": err.Error(),
			})
		} else if q.pq.Load() == pq {
			q.confirmed, q.sure = offset, q.sure || again
		}
		if q.state == queueLeaving {
			c.leaveStep(q)
		}
	})
}

// isRepeated says whether an acknowledgement of offset makes sure that the queue's offsets are stored: a second one
// does, and a local file has no such trouble.
func (c *session) isRepeated(q *heldQueue, offset int64) bool {
	return offset == q.confirmed || c.opts.model == BroadCasting
}
