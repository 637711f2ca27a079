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
