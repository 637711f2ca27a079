package instance

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestUnregisterTellsEveryBroker(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithSlaves(1), mqtest.WithTopic("T", 1))
	goodbyes := watch(cluster, command.CodeUnregisterClient, nil)
	c := started(t, cluster, Config{})
	for _, g := range []string{"G1", "G2"} {
		require.NoError(t, c.RegisterConsumer(g, &member{group: g, topic: "T"}))
	}
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	for _, b := range cluster.Brokers() {
		require.Len(t, cluster.Consumers("G1", b), 1)
	}
	require.NoError(t, c.UnregisterConsumer(t.Context(), "G1"))
	for _, b := range cluster.Brokers() {
		require.Equal(t, 1, goodbyes.at(cluster.BrokerAddr(b)))
		require.Equal(t, 1, goodbyes.at(cluster.SlaveAddr(b, 1)))
		require.Empty(t, cluster.Consumers("G1", b))
		require.Len(t, cluster.Consumers("G2", b), 1, "the other group stays")
	}
	goodbyes.mu.Lock()
	fields := goodbyes.last.Fields
	goodbyes.mu.Unlock()
	require.Equal(t, c.ID(), fields["clientID"])
	require.Equal(t, "G1", fields["consumerGroup"])
	require.NotContains(t, fields, "producerGroup")

	require.NoError(t, c.HeartbeatNow(t.Context()))
	require.Empty(t, cluster.Consumers("G1", cluster.Brokers()[0]), "later heartbeats do not name it")

	require.NoError(t, c.UnregisterProducer(t.Context(), "P"))
	goodbyes.mu.Lock()
	fields = goodbyes.last.Fields
	goodbyes.mu.Unlock()
	require.Equal(t, "P", fields["producerGroup"])
}

// TestALateHeartbeatDoesNotBringTheMemberBack: brokers handle heartbeats and goodbyes on different threads.
func TestALateHeartbeatDoesNotBringTheMemberBack(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	beats := watch(cluster, command.CodeHeartBeat, func(*mqtest.Command) *mqtest.Reply {
		return &mqtest.Reply{Pass: true, Delay: 100 * time.Millisecond}
	})
	c := started(t, cluster, Config{})
	require.NoError(t, c.RegisterConsumer("G", &member{group: "G", topic: "T"}))
	answered := make(chan error, 1)
	go func() { answered <- c.HeartbeatNow(t.Context()) }()
	eventually(t, func() bool { return beats.total() > 0 })
	require.NoError(t, c.UnregisterConsumer(t.Context(), "G"))
	require.NoError(t, <-answered)
	require.Empty(t, cluster.Consumers("G", cluster.Brokers()[0]))
}

func TestUnregisterIsBounded(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithBrokers(3), mqtest.WithTopic("T", 1))
	dead, silent := cluster.Brokers()[0], cluster.Brokers()[1]
	goodbyes := watch(cluster, command.CodeUnregisterClient, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Broker == silent {
			return &mqtest.Reply{Drop: true}
		}
		return nil
	})
	c := started(t, cluster, Config{RequestTimeout: time.Minute})
	for _, g := range []string{"G1", "G2"} {
		require.NoError(t, c.RegisterConsumer(g, &member{group: g, topic: "T"}))
	}
	require.NoError(t, c.HeartbeatNow(t.Context()))
	require.NoError(t, cluster.KillBroker(dead))
	eventually(t, func() bool {
		addr, _ := c.Routes().Master(dead)
		return !c.Remote().Connected(addr)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	err := c.UnregisterConsumer(ctx, "G1")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, `"G1"`)
	require.Less(t, time.Since(begin), 5*time.Second)
	require.Equal(t, 1, goodbyes.at(cluster.BrokerAddr(cluster.Brokers()[2])), "who is well was told")
}

func TestARefusedGoodbyeIsReported(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	watch(cluster, command.CodeUnregisterClient, func(*mqtest.Command) *mqtest.Reply {
		return &mqtest.Reply{Code: command.SystemError, Remark: "broken"}
	})
	c := started(t, cluster, Config{})
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	var refusal *primitive.BrokerError
	require.ErrorAs(t, c.UnregisterProducer(t.Context(), "P"), &refusal)
	require.Equal(t, "broken", refusal.Remark)
	require.Equal(t, "P", refusal.Group)
}

func TestMembersAreToldOfChanges(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	a, b := started(t, cluster, Config{}), started(t, cluster, Config{})
	first, other := &member{group: "G", topic: "T"}, &member{group: "other", topic: "T"}
	require.NoError(t, a.RegisterConsumer("G", first))
	require.NoError(t, a.RegisterConsumer("other", other))
	require.NoError(t, a.HeartbeatNow(t.Context()))
	eventually(t, func() bool { return first.changes.Load() > 0 && other.changes.Load() > 0 }, "the broker tells the one who joins too")
	before, otherBefore := first.changes.Load(), other.changes.Load()

	second := &member{group: "G", topic: "T"}
	require.NoError(t, b.RegisterConsumer("G", second))
	require.NoError(t, b.HeartbeatNow(t.Context()))
	eventually(t, func() bool { return first.changes.Load() > before })
	before = first.changes.Load()
	require.NoError(t, b.UnregisterConsumer(t.Context(), "G"))
	eventually(t, func() bool { return first.changes.Load() > before })
	require.Equal(t, otherBefore, other.changes.Load(), "another group has nothing to do with it")
}
