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
	entries retryHeap
	alive   bool
	stopped bool
	wake    *lifecycle.Signal
}

func newRetryQueue(g *lifecycle.Group, run func(*send)) *retryQueue {
	return &retryQueue{group: g, run: run, wake: lifecycle.NewSignal()}
}

// add calls run(s) at due, earlier when s's context ends, or at once when the queue
// has been flushed.
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
	e := &retryEntry{due: due, send: s}
	// The callback may come late, when s is another send already: it looks at e only.
	e.unwatch = context.AfterFunc(s.ctx, func() { q.group.Do("producer-retry-cancel", func(context.Context) { q.hurry(e) }) })
	heap.Push(&q.entries, e)
	first := e.at == 0
	q.mu.Unlock()
	if first {
		q.wake.Set()
	}
}

// hurry makes an entry due if it is still waiting.
func (q *retryQueue) hurry(e *retryEntry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if e.at >= 0 {
		e.due = time.Time{}
		heap.Fix(&q.entries, e.at)
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
		e, wait, ok := q.next(ctx)
		switch {
		case !ok:
			return
		case e != nil:
			e.unwatch()
			q.run(e.send)
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

// next returns the entry that is due, or how long to wait for one, or not ok when
// there is none and the goroutine must end.
func (q *retryQueue) next(ctx context.Context) (e *retryEntry, wait time.Duration, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.entries) == 0 {
		q.alive = false
		return nil, 0, false
	}
	if wait = time.Until(q.entries[0].due); wait <= 0 || q.stopped || ctx.Err() != nil {
		return heap.Pop(&q.entries).(*retryEntry), 0, true
	}
	return nil, wait, true
}

type retryEntry struct {
	due     time.Time
	send    *send
	unwatch func() bool
	at      int // place in the heap, -1 when it has left
}

// retryHeap is ordered by due time; see container/heap.
type retryHeap []*retryEntry

func (h retryHeap) Len() int           { return len(h) }
func (h retryHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }

func (h retryHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].at, h[j].at = i, j
}

// Push appends; called by container/heap only.
func (h *retryHeap) Push(x any) {
	e := x.(*retryEntry)
	e.at = len(*h)
	*h = append(*h, e)
}

// Pop removes the last; called by container/heap only.
func (h *retryHeap) Pop() any {
	old := *h
	last := len(old) - 1
	e := old[last]
	old[last] = nil
	e.at = -1
	*h = old[:last]
	return e
}
