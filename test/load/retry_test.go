package load

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/test/broker"
)

// TestRetrySoon: a message that fails once at delay level 1 comes again within
// three seconds, in ten brand-new groups one after the other.
func TestRetrySoon(t *testing.T) {
	cluster := broker.Start(t, broker.Config{Version: broker.V5_4_0})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	topic := "load_retry"
	require.NoError(t, cluster.Observer().CreateTopic(ctx, topic, 1, 6))
	p := newProducer(t, cluster)
	defer func() { require.NoError(t, p.Shutdown()) }()
	_, err := p.SendSync(ctx, primitive.NewMessage(topic, []byte("fails once")))
	require.NoError(t, err)
	var waits []time.Duration
	for i := range 10 {
		at := make(chan time.Time, 10)
		c := newConsumer(t, cluster, fmt.Sprint("GID_load_retry_", i), topic, func(ctx context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
			at <- time.Now()
			if msgs[0].ReconsumeTimes > 0 {
				return consumer.ConsumeSuccess, nil
			}
			cc, _ := primitive.GetConcurrentlyCtx(ctx)
			cc.DelayLevelWhenNextConsume = 1
			return consumer.ConsumeRetryLater, nil
		})
		var got [2]time.Time
		for n := range got {
			select {
			case got[n] = <-at:
			case <-time.After(30 * time.Second):
				t.Fatalf("group %d: delivery %d did not come", i, n+1)
			}
		}
		waits = append(waits, got[1].Sub(got[0]).Round(time.Millisecond))
		require.NoError(t, c.Shutdown())
	}
	fmt.Printf("retry: failed messages of 10 new groups came again after %v\n", waits)
	require.LessOrEqual(t, slices.Max(waits), 3*time.Second)
	require.GreaterOrEqual(t, slices.Min(waits), 900*time.Millisecond)
}
