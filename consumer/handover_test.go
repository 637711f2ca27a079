package consumer

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// Members that join and leave gracefully while messages flow: each message is delivered exactly once.
func TestHandoverDeliversExactlyOnce(t *testing.T) {
	t.Parallel()
	const queues, total = 8, 8000
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("topic", queues))
	got := newDeliveries()
	member := func() *PushConsumer {
		p := unstarted(t, c, WithConsumeGoroutineNums(8))
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
			time.Sleep(time.Millisecond) // a short handler: some are always under way when a queue changes hands
			return got.handler(ctx, msgs...)
		}))
		require.NoError(t, p.Start())
		return p
	}
	a, b, d := member(), member(), member()
	sent := make(chan struct{})
	s := newSender(t, c)
	go func() {
		defer close(sent)
		s.many("topic", queues, 0, total)
	}()
	t.Cleanup(func() { <-sent }) // also when the test ends early
	// The bounds are for the race detector on a busy machine; nothing waits for them otherwise.
	flow := func(n int) {
		require.Eventually(t, func() bool { return got.all() > n }, 2*time.Minute, tick, "messages flow")
	}
	flow(total / 20)
	e := member() // joins
	flow(total / 2)
	require.NoError(t, b.Shutdown()) // leaves
	<-sent
	require.Eventually(t, func() bool { return got.distinct() == total }, 2*time.Minute, tick, "all messages")
	for _, p := range []*PushConsumer{a, d, e} {
		require.NoError(t, p.Shutdown())
	}
	for i := range total {
		body := fmt.Sprintf("message %d", i)
		if n := got.times(body); n != 1 {
			t.Errorf("%s was delivered %d times", body, n)
		}
	}
	require.Equal(t, total, got.all())
}
