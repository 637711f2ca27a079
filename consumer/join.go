package consumer

import (
	"time"

	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// joining is the state of a queue whose place to begin is being looked up.
//
// The former owner, if it is alive, learns at about the same time that it has lost the queue; it lets running
// handlers finish and commits. So the offset is read only after a grace, and read again until it is at rest: an
// offset that moves shows that the former owner still consumes, perhaps because it has not been told yet.
//
//	gained      grace-settle       grace
//	──┬──────────────┬───────────────┬──────────►
//	  │   wait       │ read          │ read: the same → begin there
//	                                           else → read again after settle, until it rests
type joining struct {
	since time.Time
	grace time.Duration
	seen  bool  // an offset was read
	last  int64 // what it was
	fails int
}

const (
	// settleTime is the distance between two reads that must agree, if the grace is not even shorter.
	settleTime = 200 * time.Millisecond
	// unrestLimit is how long an offset that keeps moving is waited for. A former owner that was not told finds
	// out by its next regular rebalance, 20 s at the latest.
	unrestLimit = 25 * time.Second
	// joinRetryMax bounds the pause after a failed look-up.
	joinRetryMax = time.Second
)

// join begins to look for the place to begin in q.
func (c *session) join(q *heldQueue, grace time.Duration) {
	j := &joining{since: time.Now(), grace: max(grace, 0)}
	first := j.grace - j.settle()
	if first <= 0 {
		c.joinRead(q, j)
		return
	}
	c.joinLater(q, first, func() { c.joinRead(q, j) })
}

func (j *joining) settle() time.Duration { return min(settleTime, j.grace/2) }

func (c *session) joinLater(q *heldQueue, d time.Duration, f func()) {
	q.timer = c.loop.after(d, func() {
		q.timer = nil
		if q.state == queueJoining {
			f()
		}
	})
}

func (c *session) joinRead(q *heldQueue, j *joining) {
	c.offsets.read(q.mq, func(offset int64, err error) {
		switch {
		case q.state != queueJoining:
		case err != nil:
			c.joinFailed(q, j, err)
		default:
			c.joinSaw(q, j, offset)
		}
	})
}

// joinSaw decides what a stored offset means.
func (c *session) joinSaw(q *heldQueue, j *joining, offset int64) {
	waited := time.Since(j.since)
	atRest := j.seen && offset == j.last
	switch {
	case j.grace == 0, atRest && waited >= j.grace:
		c.joinAt(q, j, offset)
		return
	case waited > j.grace+unrestLimit:
		c.logs.warn("unrest "+q.mq.String(), "somebody else commits offsets of a queue that is assigned to this consumer", map[string]any{
			"queue": q.mq.String(), "offset": offset,
		})
		c.joinAt(q, j, offset)
		return
	}
	j.seen, j.last = true, offset
	c.joinLater(q, max(j.settle(), j.grace-waited), func() { c.joinRead(q, j) })
}

// joinAt begins at the stored offset, or where the options say if there is none (Java:
// RebalancePushImpl.computePullFromWhereWithException).
func (c *session) joinAt(q *heldQueue, j *joining, stored int64) {
	retry := len(q.mq.Topic) > len(namespace.RetryPrefix) && q.mq.Topic[:len(namespace.RetryPrefix)] == namespace.RetryPrefix
	switch {
	case stored >= 0:
		q.confirmed, q.sure = stored, stored > 0 // a broker may say 0 for none
		c.begin(q, stored)
	case c.opts.fromWhere == ConsumeFromTimestamp && !retry:
		c.joinAsk(q, j, command.CodeSearchOffsetByTimestamp, &command.SearchOffsetRequest{
			Topic: q.mq.Topic, QueueID: int32(q.mq.QueueId), BrokerName: q.mq.BrokerName,
			Timestamp: c.opts.startTime.UnixMilli(), BoundaryType: command.BoundaryLower,
		})
	case c.opts.fromWhere == ConsumeFromLastOffset && !retry:
		c.joinAsk(q, j, command.CodeGetMaxOffset, &command.GetMaxOffsetRequest{
			Topic: q.mq.Topic, QueueID: int32(q.mq.QueueId), BrokerName: q.mq.BrokerName,
		})
	default:
		c.begin(q, 0)
	}
}

// joinAsk begins at the offset that the broker answers; the answers to both questions look alike.
func (c *session) joinAsk(q *heldQueue, j *joining, code int32, header wire.FieldAppender) {
	c.ask(q.mq, masterOnly, &remote.Request{Code: code, Header: header}, func(cmd *wire.Command, err error) {
		var resp command.GetMaxOffsetResponse
		if err == nil {
			err = cmd.DecodeFields(&resp)
		}
		switch {
		case q.state != queueJoining:
		case err != nil:
			c.joinFailed(q, j, err)
		default:
			c.begin(q, resp.Offset)
		}
	})
}

// joinFailed tries again soon. The queue stays assigned: giving it up would only have the next rebalance do the
// same later.
func (c *session) joinFailed(q *heldQueue, j *joining, err error) {
	c.logs.warn("join "+q.mq.BrokerName, "where to begin in a queue is not known yet", map[string]any{
		"queue": q.mq.String(), "error": err.Error(),
	})
	j.fails++
	c.joinLater(q, backoff(j.fails, joinRetryMax), func() { c.joinRead(q, j) })
}

// begin starts pulling at offset.
func (c *session) begin(q *heldQueue, offset int64) {
	q.state = queueFetching
	q.next = offset
	q.pq.Store(newProcessQueue(offset))
	c.pull(q)
}
