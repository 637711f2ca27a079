package mqserver

import (
	"slices"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// heldPull is a pull that found nothing and waits for a message (Java: PullRequest, PullRequestHoldService). It costs
// no goroutine: a put wakes it, or the scheduler.
type heldPull struct {
	broker   *broker
	request  *request
	header   *command.PullMessageRequest
	filter   filter
	deadline time.Time

	queue *queue // nil: no longer held; under store.mu, as is event
	event *event
}

// wake takes out the pulls that a message with this tag hash is for.
func (q *queue) wake(tags int64) (woken []*heldPull) {
	if len(q.held) == 0 {
		return nil
	}
	q.held = slices.DeleteFunc(q.held, func(h *heldPull) bool {
		if !h.filter.matches(tags) {
			return false
		}
		h.queue = nil
		woken = append(woken, h)
		return true
	})
	return woken
}

// hold parks h unless a message has arrived since it looked; then it returns false.
func (s *store) hold(h *heldPull) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queue(h.header.Topic, h.header.QueueID)
	if q.max() > h.header.QueueOffset {
		return false
	}
	h.queue = q
	q.held = append(q.held, h)
	s.arm(h)
	return true
}

// arm asks the scheduler to look at h again.
func (s *store) arm(h *heldPull) {
	at := s.clock.Now().Add(holdRecheck)
	if h.deadline.Before(at) {
		at = h.deadline
	}
	h.event = h.broker.cluster.sched.at(at, func() { s.recheck(h) })
}

// recheck answers h when its time is up, or when messages came that its filter did not match.
func (s *store) recheck(h *heldPull) {
	s.mu.Lock()
	if h.queue == nil {
		s.mu.Unlock()
		return
	}
	if s.clock.Now().Before(h.deadline) && h.queue.max() <= h.header.QueueOffset {
		s.arm(h)
		s.mu.Unlock()
		return
	}
	h.release()
	s.mu.Unlock()
	h.again()
}

// release takes h out of its queue.
func (h *heldPull) release() {
	h.queue.held = slices.DeleteFunc(h.queue.held, func(x *heldPull) bool { return x == h })
	h.queue = nil
}

// again pulls once more, without holding, and answers. The caller must have taken h out of its queue.
func (h *heldPull) again() {
	h.broker.cluster.sched.cancel(h.event)
	h.broker.pull(h.request, h.header, false)
}

// wakeAll pulls again for all that a put woke.
func wakeAll(woken []*heldPull) {
	for _, h := range woken {
		h.again()
	}
}

// dropHeld forgets the pulls of a connection that is gone.
func (s *store) dropHeld(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, queues := range s.topics {
		for _, q := range queues {
			q.held = slices.DeleteFunc(q.held, func(h *heldPull) bool {
				if h.request.conn != c {
					return false
				}
				h.queue = nil
				h.broker.cluster.sched.cancel(h.event)
				return true
			})
		}
	}
}
