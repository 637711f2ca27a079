package producer

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
)

// acquire is what a producer does.
func acquire(ctx context.Context, l *limiter, bytes int64, failFast bool) error {
	if l.try(bytes) {
		return nil
	}
	if failFast {
		return rmqerrors.ErrBufferFull
	}
	return l.wait(ctx, bytes)
}

func TestLimiterBounds(t *testing.T) {
	t.Parallel()
	ctx := background(t)
	l := newLimiter(2, 100)
	require.NoError(t, acquire(ctx, l, 60, true))
	require.ErrorIs(t, acquire(ctx, l, 60, true), rmqerrors.ErrBufferFull, "bytes")
	require.NoError(t, acquire(ctx, l, 40, true))
	require.ErrorIs(t, acquire(ctx, l, 0, true), rmqerrors.ErrBufferFull, "messages")
	l.release(60)
	require.NoError(t, acquire(ctx, l, 60, true))
	l.release(60)
	l.release(40)
	require.Equal(t, 2, l.messages)
	require.EqualValues(t, 100, l.bytes)
}

func TestLimiterTakesAMessageAboveTheLimitAlone(t *testing.T) {
	t.Parallel()
	ctx := background(t)
	l := newLimiter(10, 100)
	require.NoError(t, acquire(ctx, l, 1, true))
	require.ErrorIs(t, acquire(ctx, l, 1000, true), rmqerrors.ErrBufferFull)
	l.release(1)
	require.NoError(t, acquire(ctx, l, 1000, true))
	require.ErrorIs(t, acquire(ctx, l, 1, true), rmqerrors.ErrBufferFull)
	l.release(1000)
	require.NoError(t, acquire(ctx, l, 100, true))
}

func TestLimiterServesInOrderOfArrival(t *testing.T) {
	t.Parallel()
	ctx := background(t)
	l := newLimiter(10, 100)
	require.NoError(t, acquire(ctx, l, 100, true))
	admitted := make(chan string, 2)
	var wg sync.WaitGroup
	wait := func(name string, bytes int64) {
		before := len(waiting(l))
		wg.Add(1)
		go func() {
			defer wg.Done()
			if acquire(ctx, l, bytes, false) == nil {
				admitted <- name
			}
		}()
		require.Eventually(t, func() bool { return len(waiting(l)) == before+1 }, waitFor, tick)
	}
	wait("large", 90)
	wait("small", 1)
	require.ErrorIs(t, acquire(ctx, l, 1, true), rmqerrors.ErrBufferFull, "nobody passes those who wait")
	l.release(100)
	wg.Wait()
	require.ElementsMatch(t, []string{"large", "small"}, []string{<-admitted, <-admitted})
	require.EqualValues(t, 9, l.bytes)
}

func waiting(l *limiter) []*limiterWaiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]*limiterWaiter(nil), l.waiting...)
}

func TestLimiterGivesUpWithTheContext(t *testing.T) {
	t.Parallel()
	l := newLimiter(10, 100)
	require.NoError(t, acquire(background(t), l, 100, true))
	ctx, cancel := context.WithCancel(context.Background())
	gaveUp := make(chan error, 1)
	go func() { gaveUp <- acquire(ctx, l, 100, false) }()
	require.Eventually(t, func() bool { return len(waiting(l)) == 1 }, waitFor, tick)
	behind := make(chan error, 1)
	go func() { behind <- acquire(context.Background(), l, 10, false) }()
	require.Eventually(t, func() bool { return len(waiting(l)) == 2 }, waitFor, tick)
	l.mu.Lock()
	l.bytes += 50 // as if a part had been given back: room for the one behind only
	l.mu.Unlock()
	cancel()
	require.ErrorIs(t, receive(t, gaveUp), context.Canceled)
	require.NoError(t, receive(t, behind), "the one behind is not forgotten")
}

func TestLimiterUnderLoad(t *testing.T) {
	t.Parallel()
	l := newLimiter(4, 40)
	var held, most atomic.Int64
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range 200 {
				bytes := int64((i+j)%20 + 1)
				ctx, cancel := context.WithCancel(context.Background())
				if j%7 == 0 {
					cancel()
				}
				if acquire(ctx, l, bytes, j%5 == 0) == nil {
					if n := held.Inc(); n > most.Load() {
						most.Store(n)
					}
					held.Dec()
					l.release(bytes)
				}
				cancel()
			}
		}()
	}
	wg.Wait()
	require.LessOrEqual(t, most.Load(), int64(4))
	require.Equal(t, 4, l.messages)
	require.EqualValues(t, 40, l.bytes)
	require.Empty(t, l.waiting)
}
