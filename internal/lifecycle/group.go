package lifecycle

import (
	"context"
	"fmt"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
)

// Group owns goroutines: each has a name (pprof label "goroutine"), and all of them have ended
// when Stop returns without an error. It is safe for concurrent use.
//
// A goroutine must not Wait for or Stop its own group: it would wait for itself.
type Group struct {
	name   string
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	stopped bool
	running map[string]int // goroutines alive, by name
	count   int
	idle    chan struct{} // made by a waiter, closed when count falls to zero
}

// NewGroup returns an empty group. The name is used in error texts.
func NewGroup(name string) *Group {
	ctx, cancel := context.WithCancel(context.Background())
	return &Group{name: name, ctx: ctx, cancel: cancel, running: make(map[string]int)}
}

// Context returns the context that ends when Cancel or Stop is called.
func (g *Group) Context() context.Context { return g.ctx }

// Go runs f on a new goroutine with the group's context. After Cancel or Stop it returns false
// and f is not run. A panic in f is not recovered.
func (g *Group) Go(name string, f func(ctx context.Context)) bool {
	if !g.enter(name) {
		return false
	}
	go g.run(name, f)
	return true
}

// Do runs f on the caller's goroutine as a member of the group, so that Wait and Stop wait for
// it. It is meant for callbacks that the runtime starts (context.AfterFunc, time.AfterFunc).
// After Cancel or Stop it returns false and f is not run.
func (g *Group) Do(name string, f func(ctx context.Context)) bool {
	if !g.enter(name) {
		return false
	}
	defer g.leave(name)
	f(g.ctx)
	return true
}

func (g *Group) run(name string, f func(ctx context.Context)) {
	// Deferred, because runtime.Goexit (t.FailNow in a test) must not leave a ghost behind.
	defer g.leave(name)
	pprof.Do(g.ctx, pprof.Labels("goroutine", name), f)
}

func (g *Group) enter(name string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		return false
	}
	g.running[name]++
	g.count++
	return true
}

func (g *Group) leave(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running[name]--; g.running[name] == 0 {
		delete(g.running, name)
	}
	if g.count--; g.count == 0 && g.idle != nil {
		close(g.idle)
		g.idle = nil
	}
}

// Cancel asks every goroutine of the group to end and lets no new one start. It does not wait.
func (g *Group) Cancel() {
	g.mu.Lock()
	g.stopped = true
	g.mu.Unlock()
	g.cancel()
}

// Wait returns nil once no goroutine of the group is alive. When ctx ends first, it returns an
// error that wraps ctx.Err() and names the goroutines still running.
func (g *Group) Wait(ctx context.Context) error {
	g.mu.Lock()
	if g.count == 0 {
		g.mu.Unlock()
		return nil
	}
	if g.idle == nil {
		g.idle = make(chan struct{})
	}
	idle := g.idle
	g.mu.Unlock()

	select {
	case <-idle:
		return nil
	case <-ctx.Done():
	}
	names := g.Running()
	if len(names) == 0 { // the last one ended in this moment
		return nil
	}
	return fmt.Errorf("%s: waiting for %s: %w", g.name, strings.Join(names, ", "), ctx.Err())
}

// Stop is Cancel followed by Wait. It may be called on a group that never ran anything, twice,
// and concurrently.
func (g *Group) Stop(ctx context.Context) error {
	g.Cancel()
	return g.Wait(ctx)
}

// Running returns the sorted names of the goroutines alive, a name as often as it runs.
func (g *Group) Running() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	names := make([]string, 0, g.count)
	for name, n := range g.running {
		for range n {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
