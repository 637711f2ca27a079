package consumer

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func TestLoopServesEventsTimersAndEnds(t *testing.T) {
	t.Parallel()
	answers := 0
	l := newLoop(func(*heldQueue, *wire.Command, error) { answers++ })
	g := lifecycle.NewGroup("test")
	g.Go("loop", l.run)
	ctx := context.Background()

	n := 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 1000 {
				require.True(t, l.do(func() { n++ })) // one goroutine runs them all: no lock
				require.True(t, l.post(event{}))
			}
		}()
	}
	wg.Wait()
	require.True(t, l.call(ctx, func() { require.Equal(t, 8000, n); require.Equal(t, 8000, answers) }))

	fired := make(chan string, 8)
	require.True(t, l.call(ctx, func() {
		l.after(20*time.Millisecond, func() { fired <- "second" })
		l.after(time.Millisecond, func() { fired <- "first" })
		l.timers.stop(l.after(time.Millisecond, func() { fired <- "never" }))
		l.after(-time.Second, func() { fired <- "zeroth" })
	}))
	require.Equal(t, "zeroth", <-fired)
	require.Equal(t, "first", <-fired)
	require.Equal(t, "second", <-fired)

	ended, cancel := context.WithCancel(ctx)
	cancel()
	block := make(chan struct{})
	l.do(func() { <-block })
	require.False(t, l.call(ended, func() {}), "call gives up with its context")
	close(block)

	require.NoError(t, g.Stop(ctx))
	require.False(t, l.do(func() {}))
	require.False(t, l.call(ctx, func() {}), "call does not wait for a loop that has ended")
}

// A call that is under way when the loop ends returns.
func TestLoopCallEndsWithTheLoop(t *testing.T) {
	t.Parallel()
	for range 200 {
		l := newLoop(nil)
		g := lifecycle.NewGroup("test")
		g.Go("loop", l.run)
		done := make(chan struct{})
		go func() {
			defer close(done)
			l.call(context.Background(), func() {})
		}()
		require.NoError(t, g.Stop(context.Background()))
		select {
		case <-done:
		case <-time.After(waitFor):
			require.FailNow(t, "call hangs")
		}
	}
}
