package primitive_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestContextValues(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	require.Empty(t, primitive.GetMethod(ctx), "nothing panics without a value")
	_, ok := primitive.GetConsumerCtx(ctx)
	require.False(t, ok)
	_, ok = primitive.GetProducerCtx(ctx)
	require.False(t, ok)
	_, ok = primitive.GetOrderlyCtx(ctx)
	require.False(t, ok)
	_, ok = primitive.GetConcurrentlyCtx(ctx)
	require.False(t, ok)

	consumer, producer := &primitive.ConsumeMessageContext{ConsumerGroup: "G", MQ: queue}, &primitive.ProducerCtx{ProducerGroup: "P"}
	orderly, concurrently := primitive.NewConsumeOrderlyContext(), primitive.NewConsumeConcurrentlyContext()
	ctx = primitive.WithMethod(ctx, primitive.SendAsync)
	ctx = primitive.WithConsumerCtx(ctx, consumer)
	ctx = primitive.WithProducerCtx(ctx, producer)
	ctx = primitive.WithOrderlyCtx(ctx, orderly)
	ctx = primitive.WithConcurrentlyCtx(ctx, concurrently)
	require.Equal(t, primitive.SendAsync, primitive.GetMethod(ctx))
	gotConsumer, ok := primitive.GetConsumerCtx(ctx)
	require.True(t, ok)
	require.Same(t, consumer, gotConsumer)
	gotProducer, ok := primitive.GetProducerCtx(ctx)
	require.True(t, ok)
	require.Same(t, producer, gotProducer)
	gotOrderly, ok := primitive.GetOrderlyCtx(ctx)
	require.True(t, ok)
	require.Same(t, orderly, gotOrderly)
	gotConcurrently, ok := primitive.GetConcurrentlyCtx(ctx)
	require.True(t, ok)
	require.Same(t, concurrently, gotConcurrently)

	require.True(t, orderly.AutoCommit)
	require.Equal(t, -1, orderly.SuspendCurrentQueueTimeMillis)
	require.Equal(t, int32(math.MaxInt32), concurrently.AckIndex)
	require.Zero(t, concurrently.DelayLevelWhenNextConsume)
	require.Contains(t, consumer.String(), "group=G")
	require.Contains(t, producer.String(), "group=P")
}

func TestConsumeReturnTypeOrdinal(t *testing.T) {
	t.Parallel()
	for i, r := range []primitive.ConsumeReturnType{primitive.SuccessReturn, primitive.TimeoutReturn, primitive.ExceptionReturn,
		primitive.NullReturn, primitive.FailedReturn} {
		require.Equal(t, i, r.Ordinal())
	}
	require.Zero(t, primitive.ConsumeReturnType("x").Ordinal())
}

func TestChainInterceptors(t *testing.T) {
	t.Parallel()
	require.Nil(t, primitive.ChainInterceptors())
	failure := errors.New("no")
	for n := 1; n <= 4; n++ {
		var trace []string
		var chain []primitive.Interceptor
		for i := range n {
			name := string(rune('a' + i))
			chain = append(chain, func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
				trace = append(trace, name)
				err := next(ctx, req.(string)+name, reply)
				trace = append(trace, name)
				return err
			})
		}
		interceptor := primitive.ChainInterceptors(chain...)
		for range 2 { // a chain can be used again
			trace = nil
			err := interceptor(t.Context(), "", "reply", func(_ context.Context, req, reply interface{}) error {
				trace = append(trace, req.(string), reply.(string))
				return failure
			})
			require.ErrorIs(t, err, failure)
			down := "abcd"[:n]
			want := append(strings.Split(down, ""), down, "reply")
			for i := n - 1; i >= 0; i-- {
				want = append(want, down[i:i+1])
			}
			require.Equal(t, want, trace)
		}
	}
	stop := primitive.ChainInterceptors(
		func(context.Context, interface{}, interface{}, primitive.Invoker) error { return failure },
		func(context.Context, interface{}, interface{}, primitive.Invoker) error { panic("not reached") })
	require.ErrorIs(t, stop(t.Context(), nil, nil, nil), failure)
}
