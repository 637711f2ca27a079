package consumer

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestThrottleLimitsMessagesNotBatches(t *testing.T) {
	t.Parallel()
	th := newThrottle(&options{tps: 100}, nil)
	began := time.Now()
	ctx := context.Background()
	for range 3 { // 30 messages in batches of 10: the first is free, the others take 10 ms each
		require.True(t, th.before(ctx, "topic"))
		th.after(10)
	}
	require.True(t, th.before(ctx, "topic"))
	require.GreaterOrEqual(t, time.Since(began), 280*time.Millisecond)
	require.Less(t, time.Since(began), 5*time.Second)
}

func TestThrottleEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	slow := newThrottle(&options{tps: 1}, nil)
	require.True(t, slow.before(ctx, "topic"))
	time.AfterFunc(20*time.Millisecond, cancel)
	began := time.Now()
	require.False(t, slow.before(ctx, "topic"))
	require.Less(t, time.Since(began), 900*time.Millisecond)

	blocking := newThrottle(&options{contextLimiter: func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }}, func(string, error) {
		t.Error("the end of the context is no failure of the limiter")
	})
	require.False(t, blocking.before(ctx, "topic"))
}

func TestThrottleAsksAFailingLimiterAgain(t *testing.T) {
	t.Parallel()
	calls, warned := 0, 0
	th := newThrottle(&options{contextLimiter: func(_ context.Context, topic string) error {
		require.Equal(t, "topic", topic)
		if calls++; calls < 3 {
			return errors.New("no quota")
		}
		return nil
	}}, func(topic string, err error) { warned++ })
	require.True(t, th.before(context.Background(), "topic"))
	require.Equal(t, 3, calls)
	require.Equal(t, 2, warned)
}

func TestNothingLimitsByDefault(t *testing.T) {
	t.Parallel()
	require.Nil(t, newThrottle(checked(t), nil))
}
