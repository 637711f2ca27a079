package producer

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
)

// retryQueue holds asynchronous sends that pause before their next attempt. One
// goroutine serves them all, and it exists only while there are some.
type retryQueue struct {
	group *lifecycle.Group
	// run makes the next attempt. It must not block.
	run func(*send)

	mu      sync.Mutex
	sends   retryHeap
	alive   bool
	stopped bool
	wake    *lifecycle.Signal
}

func newRetryQueue(g *lifecycle.Group, run func(*send)) *retryQueue {
	return &retryQueue{group: g, run: run, wake: lifecycle.NewSignal()}
}

// add calls run(s) at due, or at once when the queue has been flushed.
func (q *retryQueue) add(s *send, due time.Time) {
	q.mu.Lock()
	if !q.stopped && !q.alive {
		q.alive = q.group.Go("producer-retry", q.serve)
	}
	if q.stopped || !q.alive {
		q.mu.Unlock()
		q.run(s)
		return
	}
	heap.Push(&q.sends, retryEntry{due: due, send: s})
	first := q.sends[0].send == s
	q.mu.Unlock()
	if first {
		q.wake.Set()
	}
}

// flush runs what waits now and everything that is added later at once.
func (q *retryQueue) flush() {
	q.mu.Lock()
	q.stopped = true
	q.mu.Unlock()
	q.wake.Set()
}

func (q *retryQueue) serve(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		s, wait, ok := q.next(ctx)
		switch {
		case !ok:
			return
		case s != nil:
			q.run(s)
			continue
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-q.wake.C():
		case <-ctx.Done():
		}
	}
}

// next returns the send that is due, or how long to wait for one, or not ok when
// there is none and the goroutine must end.
func (q *retryQueue) next(ctx context.Context) (s *send, wait time.Duration, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.sends) == 0 {
		q.alive = false
		return nil, 0, false
	}
	if wait = time.Until(q.sends[0].due); wait <= 0 || q.stopped || ctx.Err() != nil {
		return heap.Pop(&q.sends).(retryEntry).send, 0, true
	}
	return nil, wait, true
}

type retryEntry struct {
	due  time.Time
	send *send
}

// retryHeap is ordered by due time; see container/heap.
type retryHeap []retryEntry

func (h retryHeap) Len() int           { return len(h) }
func (h retryHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }
func (h retryHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push appends; called by container/heap only.
func (h *retryHeap) Push(x any) { *h = append(*h, x.(retryEntry)) }

// Pop removes the last; called by container/heap only.
func (h *retryHeap) Pop() any {
	old := *h
	last := len(old) - 1
	x := old[last]
	old[last] = retryEntry{}
	*h = old[:last]
	return x
}
