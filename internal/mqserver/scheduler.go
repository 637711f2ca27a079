package mqserver

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
)

// scheduler runs functions at their time, all on one goroutine: whatever waits here costs memory, not goroutines.
// The functions must not block.
type scheduler struct {
	clock clock
	wake  *lifecycle.Signal

	mu     sync.Mutex
	events eventHeap
	seq    uint64
}

// event is one function that waits for its time.
type event struct {
	at    time.Time
	seq   uint64 // keeps events of one instant in the order they were asked for
	f     func()
	index int // in the heap; -1: not in it
}

func newScheduler(c clock) *scheduler {
	return &scheduler{clock: c, wake: lifecycle.NewSignal()}
}

// at calls f at t, or at once (on the scheduler's goroutine) when t has passed.
func (s *scheduler) at(t time.Time, f func()) *event {
	e := &event{at: t, f: f}
	s.mu.Lock()
	s.seq++
	e.seq = s.seq
	heap.Push(&s.events, e)
	first := e.index == 0
	s.mu.Unlock()
	if first {
		s.wake.Set()
	}
	return e
}

func (s *scheduler) after(d time.Duration, f func()) *event { return s.at(s.clock.Now().Add(d), f) }

// every calls f each period until the scheduler ends.
func (s *scheduler) every(period time.Duration, f func()) {
	var tick func()
	tick = func() {
		f()
		s.after(period, tick)
	}
	s.after(period, tick)
}

// cancel takes e out. It does not wait for a call that has begun.
func (s *scheduler) cancel(e *event) {
	s.mu.Lock()
	if e.index >= 0 {
		heap.Remove(&s.events, e.index)
	}
	s.mu.Unlock()
}

func (s *scheduler) run(ctx context.Context) {
	for {
		wait := s.runDue()
		if ctx.Err() != nil {
			return
		}
		if wait < 0 {
			select {
			case <-ctx.Done():
				return
			case <-s.wake.C():
			}
			continue
		}
		fired, stop := s.clock.Timer(wait)
		select {
		case <-ctx.Done():
			stop()
			return
		case <-s.wake.C():
		case <-fired:
		}
		stop()
	}
}

// runDue calls what is due and returns how long to wait for the next event, −1 when there is none.
func (s *scheduler) runDue() time.Duration {
	for {
		s.mu.Lock()
		if len(s.events) == 0 {
			s.mu.Unlock()
			return -1
		}
		if wait := s.events[0].at.Sub(s.clock.Now()); wait > 0 {
			s.mu.Unlock()
			return wait
		}
		e := heap.Pop(&s.events).(*event)
		s.mu.Unlock()
		e.f()
	}
}

type eventHeap []*event

func (h eventHeap) Len() int { return len(h) }

func (h eventHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].seq < h[j].seq
	}
	return h[i].at.Before(h[j].at)
}

func (h eventHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *eventHeap) Push(x any) {
	e := x.(*event)
	e.index = len(*h)
	*h = append(*h, e)
}

func (h *eventHeap) Pop() any {
	old := *h
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	e.index = -1
	return e
}
