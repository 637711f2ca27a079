package observe

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/mqtest"
)

func start(t *testing.T, opts ...mqtest.Option) (*mqtest.Cluster, *Cluster, context.Context) {
	t.Helper()
	server := mqtest.Start(t, opts...)
	c := NewCluster(server.NameServers()...)
	t.Cleanup(c.Close)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return server, c, ctx
}

func store(t *testing.T, ctx context.Context, c *Cluster, q Queue, body string) {
	t.Helper()
	addr, err := c.master(ctx, q.Broker)
	require.NoError(t, err)
	_, err = c.Call(ctx, addr, command.CodeSendMessageV2, wire.Fields{
		{Key: "a", Value: "GID"}, {Key: "b", Value: q.Topic}, {Key: "c", Value: "TBW102"}, {Key: "d", Value: "4"}, {Key: "e", Value: "0"},
		{Key: "f", Value: "0"}, {Key: "g", Value: "1700000000000"}, {Key: "h", Value: "0"}, {Key: "i", Value: "KEYS\x01k\x02"},
	}, []byte(body))
	require.NoError(t, err)
}

func TestTopicsAndMessages(t *testing.T) {
	_, c, ctx := start(t, mqtest.WithBrokers(2), mqtest.WithNameServers(2))
	masters, err := c.Masters(ctx)
	require.NoError(t, err)
	require.Len(t, masters, 2)

	require.NoError(t, c.CreateTopic(ctx, "everywhere", 2, 6))
	queues, err := c.Queues(ctx, "everywhere")
	require.NoError(t, err)
	require.Equal(t, []Queue{
		{"everywhere", "broker-0", 0}, {"everywhere", "broker-0", 1}, {"everywhere", "broker-1", 0}, {"everywhere", "broker-1", 1},
	}, queues)

	require.NoError(t, c.CreateTopicOn(ctx, "broker-1", "single", 1, 6))
	queue := Queue{Topic: "single", Broker: "broker-1"}
	for range 40 { // more than one pull
		store(t, ctx, c, queue, "body")
	}
	messages, err := c.Messages(ctx, "single")
	require.NoError(t, err)
	require.Len(t, messages, 40)
	for i, m := range messages {
		require.EqualValues(t, i, m.QueueOffset)
		require.Equal(t, "body", string(m.Body))
		require.Equal(t, "k", m.Properties["KEYS"])
		require.Equal(t, "single", m.Topic)
	}
	viewed, err := c.View(ctx, "broker-1", messages[7].PhysicalOffset)
	require.NoError(t, err)
	require.Equal(t, messages[7], viewed)

	messages, err = c.Messages(ctx, "missing")
	require.NoError(t, err)
	require.Empty(t, messages)

	require.NoError(t, c.DeleteTopic(ctx, "single"))
	_, err = c.Route(ctx, "single")
	require.True(t, refused(err, command.TopicNotExist), "%v", err)
}

func TestOffsetsAndMembers(t *testing.T) {
	_, c, ctx := start(t, mqtest.WithTopic("topic", 1))
	require.NoError(t, c.CreateGroup(ctx, "GID", 1, 16))
	queue := Queue{Topic: "topic", Broker: "broker-0"}
	store(t, ctx, c, queue, "x")
	offset, err := c.CommittedOffset(ctx, "GID", queue)
	require.NoError(t, err)
	require.EqualValues(t, -1, offset)
	offset, found, err := c.OffsetOrYoung(ctx, "GID", queue)
	require.NoError(t, err)
	require.True(t, found)
	require.Zero(t, offset)
	require.NoError(t, c.Commit(ctx, "GID", queue, 1))
	total, err := c.CommittedTotal(ctx, "GID", "topic")
	require.NoError(t, err)
	require.EqualValues(t, 1, total)
	members, err := c.Members(ctx, "GID")
	require.NoError(t, err)
	require.Empty(t, members)
}

// A connection that died between two requests is replaced; a closed observer
// opens no new one.
func TestConnections(t *testing.T) {
	server, c, ctx := start(t)
	_, err := c.Brokers(ctx, 0)
	require.NoError(t, err)
	server.CloseConnections()
	_, err = c.Brokers(ctx, 0)
	require.NoError(t, err)
	c.Close()
	_, err = c.Brokers(ctx, 0)
	require.Error(t, err)
}

func TestRefusal(t *testing.T) {
	_, c, ctx := start(t)
	masters, err := c.Masters(ctx)
	require.NoError(t, err)
	_, err = c.Call(ctx, masters["broker-0"], 29999, nil, nil)
	var refusal *Refusal
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, command.RequestCodeNotSupported, refusal.Code)
	require.Contains(t, err.Error(), masters["broker-0"])
}
