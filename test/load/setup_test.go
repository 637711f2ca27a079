package load

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
	"github.com/rocketmq-go/rocketmq/test/broker"
)

type handler = func(context.Context, ...*primitive.MessageExt) (consumer.ConsumeResult, error)

func newProducer(t *testing.T, cluster *broker.Cluster) rocketmq.Producer {
	t.Helper()
	p, err := rocketmq.NewProducer(
		producer.WithNameServer(cluster.NameServers()),
		producer.WithGroupName("GID_load_producer"),
		// A send that times out has an unknown outcome, and sending it again would
		// store it twice: rather wait for the loaded JVM.
		producer.WithSendMsgTimeout(30*time.Second))
	require.NoError(t, err)
	require.NoError(t, p.Start())
	return p
}

func newConsumer(t *testing.T, cluster *broker.Cluster, group, topic string, h handler) rocketmq.PushConsumer {
	t.Helper()
	c, err := rocketmq.NewPushConsumer(
		consumer.WithNameServer(cluster.NameServers()),
		consumer.WithGroupName(group),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
	require.NoError(t, err)
	require.NoError(t, c.Subscribe(topic, consumer.MessageSelector{}, h))
	require.NoError(t, c.Start())
	return c
}
