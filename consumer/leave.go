package consumer

import (
	"fmt"
	"time"
)

// leaving is the state of a queue that is given away: nothing is fetched or handed out any more, handlers that run
// finish, the offset is committed and that is confirmed; then the queue is gone.
type leaving struct {
	since time.Time
	until time.Time // when to give up; zero: when the consumer's shutdown does
	fails int
}

const (
	// leaveLimit bounds how long a rebalanced queue waits for its handlers.
	leaveLimit = 10 * time.Second
	// pullSettle is how long a broker may take to store the offset that came with a pull. Brokers handle pulls and
	// commits on different threads: a commit that overtook the pull would be undone by it.
	pullSettle = 100 * time.Millisecond
	// lateCommit is when the next owner may have begun. From then on the offset is committed only if nobody has
	// moved it meanwhile.
	lateCommit = 400 * time.Millisecond
	// lastCommitTries and lastCommitPatience bound what a shutdown does to store an offset.
	lastCommitTries    = 5
	lastCommitPatience = 3 * time.Second
)

// leave gives q away. until bounds it; zero means that only the end of the shutdown does.
func (c *session) leave(q *heldQueue, until time.Time) {
	switch q.state {
	case queueJoining:
		c.gone(q)
		return
	case queueLeaving:
		q.leaving.until = until
		c.leaveStep(q)
		return
	case queueGone:
		return
	}
	q.state = queueLeaving
	q.leaving = &leaving{since: time.Now(), until: until}
	c.loop.timers.stop(q.timer)
	q.timer = nil
	pq := q.pq.Load()
	pq.drop()
	for f := range q.waiting {
		c.abandon(f)
	}
	if !until.IsZero() {
		c.loop.after(time.Until(until), func() { c.leaveStep(q) })
	}
	if !pq.idle() {
		c.commit(q) // what is done already, for an owner that does not wait for the rest
	}
	c.leaveStep(q)
}

// leaveStep does what comes next for a queue that leaves. It is called after everything that may have been waited
// for: a handler, the answer to a pull or to a commit, a message that was taken back, the end of a pause.
func (c *session) leaveStep(q *heldQueue) {
	if q.state != queueLeaving {
		return
	}
	l := q.leaving
	now := time.Now()
	if !l.until.IsZero() && !now.Before(l.until) {
		c.gone(q)
		return
	}
	if q.committing || q.timer != nil || !q.pq.Load().idle() && !c.forced {
		return
	}
	if settled := q.pulledAt.Add(pullSettle); q.pullMayUndo() && now.Before(settled) && !c.forced {
		c.leaveLater(q, settled.Sub(now))
		return
	}
	if now.Sub(l.since) > lateCommit && !c.stopping {
		c.commitLate(q)
		return
	}
	c.commitLast(q)
}

// pullMayUndo says whether a pull is under way that carries an older offset than the one to commit.
func (q *heldQueue) pullMayUndo() bool {
	return q.pulling && q.committer && q.header.CommitOffset != q.pq.Load().committable()
}

func (c *session) leaveLater(q *heldQueue, d time.Duration) {
	q.timer = c.loop.after(d, func() {
		q.timer = nil
		c.leaveStep(q)
	})
}

// commitLast stores the final offset, whether or not it has changed: a pull may have stored an older one since. It is
// stored twice when no offset of the queue was made sure before, see commit.
func (c *session) commitLast(q *heldQueue) {
	offset := q.pq.Load().committable()
	enough := q.sure || c.isRepeated(q, offset)
	q.committing = true
	c.offsets.commit(q.mq, offset, func(err error) {
		q.committing = false
		switch {
		case err != nil:
			c.leaveFailed(q, err)
		case enough:
			q.confirmed = offset
			c.gone(q)
		default:
			q.confirmed = offset
			c.commitLast(q)
		}
	})
}

// commitLate stores the final offset if the stored one is still this consumer's.
func (c *session) commitLate(q *heldQueue) {
	q.committing = true
	c.offsets.read(q.mq, func(offset int64, err error) {
		q.committing = false
		switch {
		case q.state != queueLeaving:
		case err != nil:
			c.leaveFailed(q, err)
		case offset == q.confirmed, q.pulling && q.committer && offset == q.header.CommitOffset:
			c.commitLast(q)
		default:
			c.gone(q)
		}
	})
}

// leaveFailed tries again, but a shutdown does not wait long for a broker that is down.
func (c *session) leaveFailed(q *heldQueue, err error) {
	l := q.leaving
	l.fails++
	if c.stopping {
		if c.forced || l.fails >= lastCommitTries || time.Since(l.since) > lastCommitPatience {
			c.uncommitted = append(c.uncommitted, fmt.Errorf("last offset of %s not stored, messages may be repeated: %w", q.mq.String(), err))
			c.gone(q)
			return
		}
	} else {
		c.logs.warn("commit "+q.mq.BrokerName, "last offset of a queue not stored, its next owner may repeat messages", map[string]any{
			"queue": q.mq.String(), "error": err.Error(),
		})
	}
	c.leaveLater(q, backoff(l.fails, time.Second))
}

// gone removes q from the table.
func (c *session) gone(q *heldQueue) {
	c.loop.timers.stop(q.timer)
	q.timer = nil
	q.state = queueGone
	c.remove(q)
}
