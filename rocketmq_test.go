package rocketmq_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// The constructors have the types that applications of rocketmq-client-go v2 expect.
var (
	_ func(...producer.Option) (rocketmq.Producer, error)     = rocketmq.NewProducer
	_ func(...consumer.Option) (rocketmq.PushConsumer, error) = rocketmq.NewPushConsumer
)

func TestConstructorsReturnNilWithTheirErrors(t *testing.T) {
	t.Parallel()
	p, err := rocketmq.NewProducer(producer.WithRetry(-1))
	require.ErrorIs(t, err, rmqerrors.ErrIllegalOption)
	require.True(t, p == nil, "not a nil pointer in an interface")
	c, err := rocketmq.NewPushConsumer(consumer.WithNameServer(primitive.NamesrvAddr{"127.0.0.1:9876"}))
	require.Error(t, err)
	require.True(t, c == nil)
}

// One client carries a producer and a consumer, each with its own life.
func TestProducerAndConsumerOnOneClient(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	client, err := rocketmq.NewClient(rocketmq.WithNameServer(cluster.NameServers()), rocketmq.WithLogger(rlog.Discard()))
	require.NoError(t, err)

	p, err := rocketmq.NewProducer(producer.WithClient(client), producer.WithGroupName("p"))
	require.NoError(t, err)
	require.NoError(t, p.Start())
	c, err := rocketmq.NewPushConsumer(consumer.WithClient(client), consumer.WithGroupName("c"),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
	require.NoError(t, err)
	got := make(chan string, 16)
	require.NoError(t, c.Subscribe("orders", consumer.MessageSelector{},
		func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
			for _, m := range msgs {
				got <- string(m.Body)
			}
			return consumer.ConsumeSuccess, nil
		}))
	require.NoError(t, c.Start())

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err = p.SendSync(ctx, primitive.NewMessage("orders", []byte("hello")))
	require.NoError(t, err)
	select {
	case body := <-got:
		require.Equal(t, "hello", body)
	case <-ctx.Done():
		require.FailNow(t, "the message did not arrive")
	}
	require.Equal(t, 2, cluster.Connections(), "one to the name server, one to the broker")

	require.NoError(t, rocketmq.Shutdown(ctx, c))
	_, err = p.SendSync(ctx, primitive.NewMessage("orders", []byte("still here")))
	require.NoError(t, err, "the client lives as long as one of its users")
	require.NoError(t, rocketmq.Shutdown(ctx, p))
	require.Eventually(t, func() bool { return cluster.Connections() == 0 }, 10*time.Second, 5*time.Millisecond)
}

// Three clusters with different accounts and settings in one process do not see
// each other.
func TestSeveralClustersInOneProcess(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	type party struct {
		cluster *mqtest.Cluster
		opts    []producer.Option
	}
	parties := []party{
		{mqtest.Start(t, mqtest.WithTopic("orders", 1)), nil},
		{mqtest.Start(t, mqtest.WithTopic("orders", 1), mqtest.WithACL("a", "sa")), []producer.Option{producer.WithCredentials(primitive.Credentials{AccessKey: "a", SecretKey: "sa"})}},
		{mqtest.Start(t, mqtest.WithTopic("orders", 1), mqtest.WithACL("b", "sb")), []producer.Option{producer.WithCredentials(primitive.Credentials{AccessKey: "b", SecretKey: "sb"})}},
	}
	var producers []rocketmq.Producer
	for _, one := range parties {
		p, err := rocketmq.NewProducer(append(one.opts, producer.WithNameServer(one.cluster.NameServers()), producer.WithGroupName("same"))...)
		require.NoError(t, err)
		require.NoError(t, p.Start())
		producers = append(producers, p)
	}
	for range 5 {
		for _, p := range producers {
			_, err := p.SendSync(ctx, primitive.NewMessage("orders", []byte("x")))
			require.NoError(t, err)
		}
	}
	for i, p := range producers {
		require.NoError(t, p.Shutdown())
		require.Equal(t, 5, parties[i].cluster.StoredCount("orders"))
	}
}

type plain struct{ stopped int }

func (p *plain) Shutdown() error { p.stopped++; return nil }

type graceful struct {
	plain
	ctx context.Context
}

func (g *graceful) ShutdownContext(ctx context.Context) error { g.ctx = ctx; return ctx.Err() }

func TestShutdownUsesTheContextWhereItCan(t *testing.T) {
	t.Parallel()
	p := &plain{}
	require.NoError(t, rocketmq.Shutdown(t.Context(), p))
	require.Equal(t, 1, p.stopped)

	g := &graceful{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, rocketmq.Shutdown(ctx, g), context.Canceled)
	require.Equal(t, ctx, g.ctx)
	require.Zero(t, g.stopped)
}
