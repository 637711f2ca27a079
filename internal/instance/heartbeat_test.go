package instance

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestHeartbeatNamesAllGroups(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	beats := watch(cluster, command.CodeHeartBeat, nil)
	c := started(t, cluster, Config{})
	require.NoError(t, c.HeartbeatNow(t.Context()))
	require.Zero(t, beats.total(), "without groups there is nothing to say")
	for _, g := range []string{"P1", "P2"} {
		require.NoError(t, c.RegisterProducer(g, &member{group: g}))
	}
	require.NoError(t, c.RegisterConsumer("G", &member{group: "G", topic: "T"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	require.Equal(t, 1, beats.total())
	var data command.HeartbeatData
	require.NoError(t, data.Decode(beats.body()))
	require.Equal(t, c.ID(), data.ClientID)
	require.Equal(t, []command.ProducerData{{GroupName: "P1"}, {GroupName: "P2"}}, data.ProducerDataSet)
	require.Len(t, data.ConsumerDataSet, 1)
	require.Equal(t, "T", data.ConsumerDataSet[0].SubscriptionDataSet[0].Topic)
}

func TestSlavesHearOfConsumersOnly(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithSlaves(1), mqtest.WithTopic("T", 1))
	beats := watch(cluster, command.CodeHeartBeat, nil)
	c := started(t, cluster, Config{})
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	for _, b := range cluster.Brokers() {
		require.Equal(t, 1, beats.at(cluster.BrokerAddr(b)))
		require.Zero(t, beats.at(cluster.SlaveAddr(b, 1)))
	}
	require.NoError(t, c.RegisterConsumer("G", &member{group: "G", topic: "T"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	for _, b := range cluster.Brokers() {
		require.Positive(t, beats.at(cluster.SlaveAddr(b, 1)))
	}
}

func TestHeartbeatsGoOn(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("T", 1))
	sick, well := cluster.BrokerAddr(cluster.Brokers()[0]), cluster.BrokerAddr(cluster.Brokers()[1])
	beats := watch(cluster, command.CodeHeartBeat, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Addr == sick {
			return &mqtest.Reply{Drop: true}
		}
		return nil
	})
	l := newLogs()
	c := started(t, cluster, Config{HeartbeatInterval: 10 * time.Millisecond, RequestTimeout: time.Minute, Logger: l})
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
	eventually(t, func() bool { return beats.at(well) >= 20 })
	require.Equal(t, 1, beats.at(sick), "one at a time: what it owes an answer for is not repeated")
	require.Empty(t, l.all(), "steady state logs nothing")
}

func TestANewConnectionGetsAHeartbeatAtOnce(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("T", 1))
	broker := cluster.Brokers()[0]
	addr := cluster.BrokerAddr(broker)
	beats := watch(cluster, command.CodeHeartBeat, nil)
	c := started(t, cluster, Config{})
	require.NoError(t, c.RegisterConsumer("G", &member{group: "G", topic: "T"}))

	// Any request opens the connection; no heartbeat is due for 30 s.
	ask := func() {
		_, err := c.Remote().Invoke(t.Context(), addr, &remote.Request{Code: command.CodeGetMaxOffset, Header: &command.GetMaxOffsetRequest{Topic: "T"}})
		require.NoError(t, err)
	}
	ask()
	eventually(t, func() bool { return beats.at(addr) == 1 })
	eventually(t, func() bool { return len(cluster.Consumers("G", broker)) == 1 })
	require.Zero(t, beats.at(cluster.BrokerAddr(cluster.Brokers()[1])), "the others have heard nothing new")

	require.NoError(t, cluster.StopBroker(broker))
	require.NoError(t, cluster.StartBroker(broker))
	eventually(t, func() bool {
		_, err := c.Remote().Invoke(t.Context(), addr, &remote.Request{Code: command.CodeGetMaxOffset, Header: &command.GetMaxOffsetRequest{Topic: "T"}})
		return err == nil
	})
	eventually(t, func() bool { return len(cluster.Consumers("G", broker)) == 1 }, "a member again after the broker's restart")
}

func TestAHeartbeatThatOpensTheConnectionIsTheOnlyOne(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	beats := watch(cluster, command.CodeHeartBeat, nil)
	c := started(t, cluster, Config{})
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	r := c.run.Load()
	eventually(t, func() bool { // the loop has seen the new connection
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.connected) == 0
	})
	require.NoError(t, c.HeartbeatNow(t.Context()))
	require.Equal(t, 2, beats.total())
}

func TestRefusedHeartbeat(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("T", 1))
	refusing := map[string]bool{}
	var mu sync.Mutex
	watch(cluster, command.CodeHeartBeat, func(cmd *mqtest.Command) *mqtest.Reply {
		mu.Lock()
		defer mu.Unlock()
		if refusing[cmd.Broker] {
			return &mqtest.Reply{Code: command.NoPermission, Remark: "check signature failed."}
		}
		return nil
	})
	refuse := func(brokers ...string) {
		mu.Lock()
		defer mu.Unlock()
		clear(refusing)
		for _, b := range brokers {
			refusing[b] = true
		}
	}
	l := newLogs()
	c := started(t, cluster, Config{Logger: l})
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))

	refuse(cluster.Brokers()...)
	for range 3 {
		err := c.HeartbeatNow(t.Context())
		var refusal *primitive.BrokerError
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, command.NoPermission, refusal.Code)
		require.Equal(t, "check signature failed.", refusal.Remark)
		require.Contains(t, cluster.Brokers(), refusal.Broker)
		require.ErrorContains(t, err, "refused")
	}
	require.Len(t, l.all(), 2, "one line for each broker")

	require.NoError(t, cluster.StopBroker(cluster.Brokers()[1]))
	eventually(t, func() bool {
		var refusal *primitive.BrokerError
		err := c.HeartbeatNow(t.Context())
		require.ErrorAs(t, err, &refusal, "what is wrong comes before what is down")
		return refusal.Broker == cluster.Brokers()[0]
	})
	refuse(cluster.Brokers()[1])
	require.NoError(t, c.HeartbeatNow(t.Context()), "one broker is enough")
}

func TestNoBrokerAnswers(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	c := started(t, cluster, Config{})
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
	require.NoError(t, cluster.KillBroker(cluster.Brokers()[0]))
	err := c.HeartbeatNow(t.Context())
	require.ErrorContains(t, err, "no broker answers")
	var refusal *primitive.BrokerError
	require.NotErrorAs(t, err, &refusal)
	var e *remote.Error
	require.ErrorAs(t, err, &e)
}

// TestASickBrokerDelaysNobody: one broker accepts connections and is silent, another one cannot even be dialled.
func TestASickBrokerDelaysNobody(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithBrokers(3), mqtest.WithTopic("T", 1))
	silent, unreachable := cluster.BrokerAddr(cluster.Brokers()[0]), cluster.BrokerAddr(cluster.Brokers()[1])
	watch(cluster, command.CodeHeartBeat, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Addr == silent {
			return &mqtest.Reply{Drop: true}
		}
		return nil
	})
	c := started(t, cluster, Config{
		RequestTimeout: 5 * time.Second,
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if addr == unreachable {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	})
	require.NoError(t, c.RegisterConsumer("G", &member{group: "G", topic: "T"}))
	begin := time.Now()
	require.NoError(t, c.HeartbeatNow(t.Context()))
	require.Less(t, time.Since(begin), 2*time.Second)
	require.Len(t, cluster.Consumers("G", cluster.Brokers()[2]), 1)
}

func TestHeartbeatNowEndsWithItsContext(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	watch(cluster, command.CodeHeartBeat, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Drop: true} })
	c := started(t, cluster, Config{RequestTimeout: time.Minute})
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	begin := time.Now()
	require.ErrorIs(t, c.HeartbeatNow(ctx), context.DeadlineExceeded)
	require.Less(t, time.Since(begin), 5*time.Second)
	require.ErrorIs(t, c.HeartbeatNow(ctx), context.DeadlineExceeded, "nothing is sent any more")
}
