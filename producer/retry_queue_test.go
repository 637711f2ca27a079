package producer

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
)

func newTestQueue(t *testing.T) (*retryQueue, *lifecycle.Group, chan *send) {
	t.Helper()
	g := lifecycle.NewGroup(t.Name())
	ran := make(chan *send, 16)
	q := newRetryQueue(g, func(s *send) { ran <- s })
	t.Cleanup(func() { require.NoError(t, g.Stop(background(t))) })
	return q, g, ran
}

func TestRetryQueueRunsInOrderOfTime(t *testing.T) {
	t.Parallel()
	q, g, ran := newTestQueue(t)
	now := time.Now()
	late, early := &send{ctx: context.Background()}, &send{ctx: context.Background()}
	q.add(late, now.Add(60*time.Millisecond))
	q.add(early, now.Add(20*time.Millisecond))
	require.Equal(t, []string{"producer-retry"}, g.Running(), "one goroutine for both")
	require.Same(t, early, receive(t, ran))
	require.GreaterOrEqual(t, time.Since(now), 20*time.Millisecond)
	require.Same(t, late, receive(t, ran))
	require.GreaterOrEqual(t, time.Since(now), 60*time.Millisecond)
	require.Eventually(t, func() bool { return len(g.Running()) == 0 }, waitFor, tick, "no goroutine without work")
}

func TestRetryQueueWakesForACancelledContext(t *testing.T) {
	t.Parallel()
	q, _, ran := newTestQueue(t)
	ctx, cancel := context.WithCancel(context.Background())
	other := &send{ctx: context.Background()}
	s := &send{ctx: ctx}
	q.add(other, time.Now().Add(time.Hour))
	q.add(s, time.Now().Add(time.Hour))
	cancel()
	require.Same(t, s, receive(t, ran))
	require.Empty(t, ran)
	q.flush()
	require.Same(t, other, receive(t, ran))
}

func TestRetryQueueFlush(t *testing.T) {
	t.Parallel()
	q, _, ran := newTestQueue(t)
	waiting, later := &send{ctx: context.Background()}, &send{ctx: context.Background()}
	q.add(waiting, time.Now().Add(time.Hour))
	q.flush()
	require.Same(t, waiting, receive(t, ran))
	q.add(later, time.Now().Add(time.Hour))
	require.Same(t, later, receive(t, ran))
}
