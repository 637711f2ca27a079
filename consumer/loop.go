package consumer

import (
	"context"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// event is something for the loop to do: look at the answer to a queue's pull, or run a function.
type event struct {
	queue *heldQueue
	cmd   *wire.Command
	err   error
	run   func()
}

// loop is the goroutine that owns the state of all queues, their pulls and every timer of a consumer. Others
// hand it events; it never waits for the network, a handler or a disk.
type loop struct {
	mu     sync.Mutex
	inbox  []event
	closed bool
	signal *lifecycle.Signal
	ended  chan struct{} // closed when run has returned

	answer func(q *heldQueue, cmd *wire.Command, err error) // sees the answers to pulls
	timers timers                                           // the loop's goroutine only
	spare  []event
}

func newLoop(answer func(*heldQueue, *wire.Command, error)) *loop {
	return &loop{signal: lifecycle.NewSignal(), ended: make(chan struct{}), answer: answer}
}

// post hands over an event and never blocks. It returns false once the loop has ended.
func (l *loop) post(e event) bool {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return false
	}
	l.inbox = append(l.inbox, e)
	first := len(l.inbox) == 1
	l.mu.Unlock()
	if first {
		l.signal.Set()
	}
	return true
}

// do runs f on the loop's goroutine, later. It returns false once the loop has ended.
func (l *loop) do(f func()) bool { return l.post(event{run: f}) }

// call runs f on the loop's goroutine and waits for it. It must not be used on that goroutine. When ctx or the
// loop ends first f may or may not run, and call returns false.
func (l *loop) call(ctx context.Context, f func()) bool {
	done := make(chan struct{})
	if !l.do(func() { f(); close(done) }) {
		return false
	}
	select {
	case <-done:
		return true
	case <-ctx.Done():
	case <-l.ended:
	}
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// after calls f on the loop's goroutine after d. Only code on that goroutine may use it.
func (l *loop) after(d time.Duration, f func()) *timer {
	return l.timers.add(time.Now().Add(max(d, 0)), f)
}

// every calls f each period, first after one period. Only code on the loop's goroutine may use it, and run's
// caller before it starts the loop.
func (l *loop) every(period time.Duration, f func()) {
	l.after(period, func() {
		l.every(period, f)
		f()
	})
}

// run serves events and timers until ctx ends. Events that come later are dropped.
func (l *loop) run(ctx context.Context) {
	defer close(l.ended)
	wake := time.NewTimer(time.Hour)
	defer wake.Stop()
	for ctx.Err() == nil {
		busy := l.serve()
		for f := l.timers.due(time.Now()); f != nil; f = l.timers.due(time.Now()) {
			f()
			busy = true
		}
		if busy {
			continue
		}
		wait := time.Hour
		if at, ok := l.timers.next(); ok {
			wait = time.Until(at)
		}
		wake.Reset(wait)
		select {
		case <-l.signal.C():
		case <-wake.C:
		case <-ctx.Done():
		}
	}
	l.mu.Lock()
	l.closed, l.inbox = true, nil
	l.mu.Unlock()
}

// serve handles the events that are there, and says whether there were any.
func (l *loop) serve() bool {
	l.mu.Lock()
	batch := l.inbox
	l.inbox = l.spare[:0]
	l.mu.Unlock()
	for i := range batch {
		e := &batch[i]
		if e.run != nil {
			e.run()
		} else {
			l.answer(e.queue, e.cmd, e.err)
		}
	}
	clear(batch)
	l.spare = batch
	return len(batch) > 0
}
