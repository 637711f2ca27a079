package lifecycle

import (
	"context"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"
)

func untilDone(ctx context.Context) { <-ctx.Done() }

func TestGroupStopJoinsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup("test")
		var ended atomic.Int32
		for range 100 {
			require.True(t, g.Go("worker", func(ctx context.Context) {
				<-ctx.Done()
				time.Sleep(time.Second) // virtual: what a goroutine does to clean up takes time
				ended.Inc()
			}))
		}
		require.NoError(t, g.Stop(context.Background()))
		require.EqualValues(t, 100, ended.Load())
		require.Empty(t, g.Running())
	})
}

func TestGroupStopUnstartedTwiceConcurrently(t *testing.T) {
	t.Parallel()
	g := NewGroup("test")
	done := make(chan error)
	for range 10 {
		go func() { done <- g.Stop(context.Background()) }()
	}
	for range 10 {
		require.NoError(t, <-done)
	}
	require.Error(t, g.Context().Err())
}

func TestGroupRefusesAfterCancel(t *testing.T) {
	t.Parallel()
	g := NewGroup("test")
	g.Cancel()
	require.False(t, g.Go("late", func(context.Context) { t.Error("ran") }))
	require.False(t, g.Do("late", func(context.Context) { t.Error("ran") }))
	require.NoError(t, g.Wait(context.Background()))
}

func TestGroupWaitWithoutCancelEndsWhenIdle(t *testing.T) {
	t.Parallel()
	g := NewGroup("test")
	for range 3 { // the group can be idle, busy and idle again
		release := make(chan struct{})
		require.True(t, g.Go("task", func(context.Context) { <-release }))
		time.AfterFunc(time.Millisecond, func() { close(release) })
		require.NoError(t, g.Wait(context.Background()))
	}
	require.NoError(t, g.Stop(context.Background()))
}

func TestGroupWaitNamesThoseThatRemain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup("client")
		stuck := make(chan struct{})
		g.Go("reader b", func(context.Context) { <-stuck })
		g.Go("reader a", func(context.Context) { <-stuck })
		g.Go("polite", untilDone)
		require.Equal(t, []string{"polite", "reader a", "reader b"}, g.Running())

		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		err := g.Stop(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.EqualError(t, err, "client: waiting for reader a, reader b: context deadline exceeded")

		close(stuck)
		require.NoError(t, g.Stop(context.Background()))
	})
}

func TestGroupGoexitIsCounted(t *testing.T) {
	t.Parallel()
	g := NewGroup("test")
	g.Go("exits", func(context.Context) { runtime.Goexit() })
	require.NoError(t, g.Stop(context.Background()))
}

func TestGroupDoRunsHereAndIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup("test")
		inside, leave := make(chan struct{}), make(chan struct{})
		go g.Do("callback", func(ctx context.Context) {
			close(inside)
			<-leave
			require.Error(t, ctx.Err())
		})
		<-inside
		require.Equal(t, []string{"callback"}, g.Running())
		stopped := make(chan error, 1)
		go func() { stopped <- g.Stop(context.Background()) }()
		synctest.Wait()
		select {
		case err := <-stopped:
			t.Fatalf("Stop did not wait: %v", err)
		default:
		}
		close(leave)
		require.NoError(t, <-stopped)
	})
}

func TestGroupGoroutinesCarryTheirName(t *testing.T) {
	t.Parallel()
	g := NewGroup("test")
	started := make(chan struct{})
	g.Go("remote reader 127.0.0.1:1", func(ctx context.Context) {
		close(started)
		<-ctx.Done()
	})
	<-started
	var profile strings.Builder
	require.NoError(t, pprof.Lookup("goroutine").WriteTo(&profile, 1))
	require.Contains(t, profile.String(), `"goroutine":"remote reader 127.0.0.1:1"`)
	require.NoError(t, g.Stop(context.Background()))
}

// Starting and stopping at the same time: everything that was started is joined.
func TestGroupGoRacesStop(t *testing.T) {
	t.Parallel()
	for range 200 {
		g := NewGroup("test")
		var alive atomic.Int32
		ready := make(chan struct{})
		go func() {
			defer close(ready)
			for g.Go("x", func(ctx context.Context) {
				alive.Inc()
				defer alive.Dec()
				<-ctx.Done()
			}) {
			}
		}()
		require.NoError(t, g.Stop(context.Background()))
		require.Zero(t, alive.Load())
		<-ready
		require.NoError(t, g.Wait(context.Background()))
	}
}
