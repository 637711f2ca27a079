package lifecycle

import (
	"context"
	"sync"
)

// Executor runs tasks on at most a given number of goroutines of a Group, with a bounded queue
// in front. The goroutines exist only while there is work. It is safe for concurrent use.
//
// A task that was accepted runs exactly once, even when the group is cancelled meanwhile: it
// then finds its context done and should be brief. Wait and Stop of the group wait for it.
type Executor struct {
	group *Group
	name  string
	slots chan struct{} // one element for each task that waits; its capacity bounds the queue

	mu      sync.Mutex
	workers int // goroutines allowed
	running int // goroutines alive
	tasks   []func(context.Context)
	head    int
}

// NewExecutor returns an executor that runs at most workers tasks at a time on goroutines called
// name, and lets at most queue more wait. Both are at least 1.
func NewExecutor(g *Group, name string, workers, queue int) *Executor {
	return &Executor{group: g, name: name, workers: max(workers, 1), slots: make(chan struct{}, max(queue, 1))}
}

// Submit hands f over, and waits for room in the queue until ctx ends, whose error it then
// returns. It returns ErrStopped when the group is cancelled. f gets the group's context.
func (e *Executor) Submit(ctx context.Context, f func(context.Context)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case e.slots <- struct{}{}:
	default:
		select {
		case e.slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		case <-e.group.ctx.Done():
			return ErrStopped
		}
	}
	if !e.push(f) {
		return ErrStopped
	}
	return nil
}

// TrySubmit hands f over if there is room in the queue and the group is alive; it never blocks.
func (e *Executor) TrySubmit(f func(context.Context)) bool {
	select {
	case e.slots <- struct{}{}:
		return e.push(f)
	default:
		return false
	}
}

// SetWorkers changes how many tasks may run at a time, at least 1. Tasks that run are not
// disturbed when it gets smaller.
func (e *Executor) SetWorkers(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.workers = max(n, 1)
	for waiting := e.waitingLocked(); waiting > 0 && e.running < e.workers; waiting-- {
		if !e.spawnLocked() {
			return
		}
	}
}

// Waiting returns how many tasks are in the queue.
func (e *Executor) Waiting() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.waitingLocked()
}

// push queues f, whose slot is already taken, and starts a goroutine for it if one is allowed.
func (e *Executor) push(f func(context.Context)) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	accepted := e.group.ctx.Err() == nil
	if accepted && e.running < e.workers {
		// With goroutines alive one of them takes f even if no other can be started any more.
		accepted = e.spawnLocked() || e.running > 0
	}
	if !accepted {
		<-e.slots
		return false
	}
	e.tasks = append(e.tasks, f)
	return true
}

func (e *Executor) spawnLocked() bool {
	if !e.group.Go(e.name, e.work) {
		return false
	}
	e.running++
	return true
}

// work runs tasks until there are none, or until there are more goroutines than allowed.
func (e *Executor) work(ctx context.Context) {
	ended := false
	defer func() {
		if !ended { // runtime.Goexit in a task (a test's FailNow): those who wait must not be stranded
			e.mu.Lock()
			e.running--
			if e.waitingLocked() > 0 && e.running < e.workers {
				e.spawnLocked()
			}
			e.mu.Unlock()
		}
	}()
	for {
		f := e.next()
		if f == nil {
			ended = true
			return
		}
		f(ctx)
	}
}

// next takes the oldest task; nil means that the calling goroutine must end.
func (e *Executor) next() func(context.Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.waitingLocked() == 0 || e.running > e.workers {
		e.running--
		return nil
	}
	f := e.tasks[e.head]
	e.tasks[e.head] = nil
	e.head++
	switch {
	case e.head == len(e.tasks):
		e.tasks, e.head = e.tasks[:0], 0
	case e.head > cap(e.slots): // keeps the slice within twice the bound of the queue
		n := copy(e.tasks, e.tasks[e.head:])
		clear(e.tasks[n:])
		e.tasks, e.head = e.tasks[:n], 0
	}
	<-e.slots
	return f
}

func (e *Executor) waitingLocked() int { return len(e.tasks) - e.head }
