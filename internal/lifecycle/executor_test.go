package lifecycle

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"
)

func TestExecutorBoundsWorkersAndQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup("test")
		e := NewExecutor(g, "worker", 3, 5)
		release := make(chan struct{})
		var running, most, done atomic.Int32
		task := func(context.Context) {
			if n := running.Inc(); n > most.Load() {
				most.Store(n)
			}
			<-release
			running.Dec()
			done.Inc()
		}
		for range 3 {
			require.NoError(t, e.Submit(context.Background(), task))
			synctest.Wait()
		}
		for range 5 {
			require.True(t, e.TrySubmit(task))
		}
		require.False(t, e.TrySubmit(task), "queue is full")
		require.Equal(t, 5, e.Waiting())
		require.Len(t, g.Running(), 3)

		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		require.ErrorIs(t, e.Submit(ctx, task), context.DeadlineExceeded)

		blocked := make(chan error, 1)
		go func() { blocked <- e.Submit(context.Background(), task) }()
		synctest.Wait()
		close(release)
		require.NoError(t, <-blocked)
		synctest.Wait()
		require.EqualValues(t, 9, done.Load())
		require.EqualValues(t, 3, most.Load())
		require.Empty(t, g.Running(), "idle: no goroutine")
		require.NoError(t, g.Stop(context.Background()))
	})
}

func TestExecutorKeepsOrderWithOneWorker(t *testing.T) {
	t.Parallel()
	g := NewGroup("test")
	e := NewExecutor(g, "worker", 1, 4)
	var got []int
	for i := range 1000 {
		require.NoError(t, e.Submit(context.Background(), func(context.Context) { got = append(got, i) }))
	}
	require.NoError(t, g.Wait(context.Background()))
	require.Len(t, got, 1000)
	for i := range got {
		require.Equal(t, i, got[i])
	}
}

// A queue that is never empty does not grow with what went through it.
func TestExecutorQueueMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup("test")
		e := NewExecutor(g, "worker", 1, 4)
		step := make(chan struct{})
		var got []int
		submit := func(i int) {
			require.True(t, e.TrySubmit(func(context.Context) {
				<-step
				got = append(got, i)
			}))
		}
		submit(0)
		synctest.Wait() // it runs; from now on two wait
		submit(1)
		submit(2)
		for i := 3; i < 1000; i++ {
			step <- struct{}{}
			synctest.Wait()
			submit(i)
		}
		require.LessOrEqual(t, cap(e.tasks), 16)
		close(step)
		require.NoError(t, g.Stop(context.Background()))
		for i := range 1000 {
			require.Equal(t, i, got[i])
		}
	})
}

func TestExecutorAcceptedTasksRunAfterCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup("test")
		e := NewExecutor(g, "worker", 1, 10)
		release := make(chan struct{})
		var cancelled atomic.Int32
		require.True(t, e.TrySubmit(func(context.Context) { <-release }))
		for range 5 {
			require.True(t, e.TrySubmit(func(ctx context.Context) {
				if ctx.Err() != nil {
					cancelled.Inc()
				}
			}))
		}
		full := make(chan error, 1)
		go func() {
			for {
				if err := e.Submit(context.Background(), func(context.Context) {}); err != nil {
					full <- err
					return
				}
			}
		}()
		synctest.Wait()
		g.Cancel()
		require.ErrorIs(t, <-full, ErrStopped)
		require.False(t, e.TrySubmit(func(context.Context) {}))
		require.ErrorIs(t, e.Submit(context.Background(), func(context.Context) {}), ErrStopped)
		close(release)
		require.NoError(t, g.Stop(context.Background()))
		require.EqualValues(t, 5, cancelled.Load())
	})
}

func TestExecutorSetWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup("test")
		e := NewExecutor(g, "worker", 1, 100)
		release := make(chan struct{}, 100)
		for range 20 {
			require.True(t, e.TrySubmit(func(context.Context) { <-release }))
		}
		synctest.Wait()
		require.Len(t, g.Running(), 1)
		e.SetWorkers(8)
		synctest.Wait()
		require.Len(t, g.Running(), 8)
		e.SetWorkers(0) // counts as 1
		for range 8 {
			release <- struct{}{}
		}
		synctest.Wait()
		require.Len(t, g.Running(), 1)
		for range 12 {
			release <- struct{}{}
		}
		require.NoError(t, g.Stop(context.Background()))
		require.Zero(t, e.Waiting())
	})
}

func TestExecutorCancelledContext(t *testing.T) {
	t.Parallel()
	g := NewGroup("test")
	e := NewExecutor(g, "worker", 1, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, e.Submit(ctx, func(context.Context) { t.Error("ran") }), context.Canceled)
	require.NoError(t, g.Stop(context.Background()))
}

func TestExecutorSurvivesGoexit(t *testing.T) {
	t.Parallel()
	g := NewGroup("test")
	e := NewExecutor(g, "worker", 1, 10)
	var ran atomic.Int32
	hold := make(chan struct{})
	require.True(t, e.TrySubmit(func(context.Context) { <-hold; runtime.Goexit() }))
	require.True(t, e.TrySubmit(func(context.Context) { ran.Inc() }))
	close(hold)
	require.NoError(t, g.Wait(context.Background()))
	require.EqualValues(t, 1, ran.Load())
	require.NoError(t, g.Stop(context.Background()))
}

// Every accepted task runs once, while workers come and go and the group is stopped at some point.
func TestExecutorRunsAcceptedTasksOnce(t *testing.T) {
	t.Parallel()
	for range 50 {
		g := NewGroup("test")
		e := NewExecutor(g, "worker", 4, 8)
		var accepted, ran atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for i := range 200 {
					f := func(context.Context) { ran.Inc() }
					if i%2 == 0 && e.TrySubmit(f) || i%2 == 1 && e.Submit(context.Background(), f) == nil {
						accepted.Inc()
					}
					if i == 150 {
						e.SetWorkers(2)
					}
				}
			})
		}
		wg.Go(func() {
			for ran.Load() < 300 {
				runtime.Gosched()
			}
			g.Cancel()
		})
		wg.Wait()
		require.NoError(t, g.Stop(context.Background()))
		require.Equal(t, accepted.Load(), ran.Load())
	}
}
