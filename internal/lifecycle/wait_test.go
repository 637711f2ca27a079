package lifecycle

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		require.NoError(t, Sleep(context.Background(), time.Hour))
		require.Equal(t, time.Hour, time.Since(start))

		require.NoError(t, Sleep(context.Background(), 0))
		require.NoError(t, Sleep(context.Background(), -time.Second))

		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		start = time.Now()
		require.ErrorIs(t, Sleep(ctx, time.Hour), context.DeadlineExceeded)
		require.Equal(t, time.Minute, time.Since(start))
		require.ErrorIs(t, Sleep(ctx, -1), context.DeadlineExceeded)
	})
}

func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		defer cancel()
		start := time.Now()
		var at []time.Duration
		Every(ctx, time.Second, 3*time.Minute, func(context.Context) {
			at = append(at, time.Since(start))
			time.Sleep(time.Second) // virtual; the period counts from the return
		})
		require.Equal(t, []time.Duration{
			time.Second, 3*time.Minute + 2*time.Second, 6*time.Minute + 3*time.Second, 9*time.Minute + 4*time.Second,
		}, at)
		require.Equal(t, 10*time.Minute, time.Since(start))
	})
}

func TestEveryOnce(t *testing.T) {
	t.Parallel()
	n := 0
	Every(context.Background(), 0, 0, func(context.Context) { n++ })
	require.Equal(t, 1, n)
}

func TestSignalCoalesces(t *testing.T) {
	t.Parallel()
	s := NewSignal()
	for range 5 {
		s.Set()
	}
	<-s.C()
	select {
	case <-s.C():
		t.Fatal("five sets are one wake-up")
	default:
	}
	s.Set()
	<-s.C()
}
