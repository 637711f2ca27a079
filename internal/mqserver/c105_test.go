package mqserver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func (p *peer) route(topic string) *wire.Command {
	p.t.Helper()
	return p.call(command.CodeGetRouteInfoByTopic, &command.GetRouteInfoRequest{Topic: topic}, nil)
}

func routeOf(t *testing.T, cmd *wire.Command) command.TopicRouteData {
	t.Helper()
	require.Equal(t, codeSuccess, cmd.Code, cmd.Remark)
	var route command.TopicRouteData
	require.NoError(t, route.Decode(cmd.Body))
	return route
}

func TestRoute(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 3), func(c *Config) { c.Brokers, c.Slaves, c.NameServers = 2, 1, 2 })
	for _, addr := range c.NameServers() {
		route := routeOf(t, dial(t, addr).route("T"))
		require.Equal(t, []command.QueueData{
			{BrokerName: "broker-0", Perm: 6, ReadQueueNums: 3, WriteQueueNums: 3},
			{BrokerName: "broker-1", Perm: 6, ReadQueueNums: 3, WriteQueueNums: 3},
		}, route.QueueDatas)
		require.Equal(t, map[int64]string{0: c.BrokerAddr("broker-1", 0), 1: c.BrokerAddr("broker-1", 1)}, route.BrokerDatas[1].BrokerAddrs)
		require.Equal(t, "DefaultCluster", route.BrokerDatas[0].Cluster)
	}
}

func TestRouteMissing(t *testing.T) {
	t.Parallel()
	c := start(t)
	cmd := dial(t, c.NameServers()[0]).route("nothing")
	require.Equal(t, command.TopicNotExist, cmd.Code)
	require.Equal(t, "No topic route info in name server for the topic: nothing\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.", cmd.Remark)
	require.Empty(t, cmd.Body)
	require.Equal(t, wire.LanguageJava, cmd.Language)
	require.GreaterOrEqual(t, cmd.Version, int32(479))
	require.Equal(t, wire.JSON, cmd.Serialization)
	require.True(t, cmd.IsResponse())
}

// Clients below 4.9.4 get broker ids as bare keys, unless they say that they want standard JSON.
func TestRouteKeys(t *testing.T) {
	t.Parallel()
	c := start(t)
	for _, x := range []struct {
		name     string
		version  int32
		standard bool
		want     string
	}{
		{"new client", 401, false, `"brokerAddrs":{"0":"`},
		{"old client", 400, false, `"brokerAddrs":{0:"`},
		{"Go peer", 317, false, `"brokerAddrs":{0:"`},
		{"old client that asks for it", 317, true, `"brokerAddrs":{"0":"`},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			p := dial(t, c.NameServers()[0])
			p.version = x.version
			cmd := p.call(command.CodeGetRouteInfoByTopic, &command.GetRouteInfoRequest{Topic: "TBW102", AcceptStandardJSONOnly: x.standard}, nil)
			require.Contains(t, string(cmd.Body), x.want)
			route := routeOf(t, cmd)
			require.EqualValues(t, 7, route.QueueDatas[0].Perm)
			require.EqualValues(t, 8, route.QueueDatas[0].WriteQueueNums)
		})
	}
}

func TestBrokerTopicsAreRouted(t *testing.T) {
	t.Parallel()
	c := start(t)
	p := dial(t, c.NameServers()[0])
	for topic, queues := range map[string]int32{
		"SELF_TEST_TOPIC": 1, "BenchmarkTest": 1024, "DefaultCluster": 16, "broker-0": 1, "OFFSET_MOVED_EVENT": 1,
		"SCHEDULE_TOPIC_XXXX": 18, "RMQ_SYS_TRANS_HALF_TOPIC": 1, "RMQ_SYS_TRANS_OP_HALF_TOPIC": 1,
		"DefaultCluster_REPLY_TOPIC": 1,
	} {
		require.Equal(t, queues, routeOf(t, p.route(topic)).QueueDatas[0].ReadQueueNums, topic)
	}
}

func TestRouteWithoutBrokers(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 1), func(c *Config) { c.Slaves = 1 })
	p := dial(t, c.NameServers()[0])
	addrs := func() map[int64]string { return routeOf(t, p.route("T")).BrokerDatas[0].BrokerAddrs }

	require.NoError(t, c.StopBroker("broker-0", 0, false))
	require.Equal(t, map[int64]string{1: c.BrokerAddr("broker-0", 1)}, addrs(), "an orderly stop is told at once")
	require.NoError(t, c.StartBroker("broker-0", 0))
	require.Len(t, addrs(), 2)

	require.NoError(t, c.StopBroker("broker-0", 0, true))
	require.Len(t, addrs(), 2, "nobody noticed the kill yet")
	require.NoError(t, c.StartBroker("broker-0", 0))
	clk.move(staleRoutes)
	require.NoError(t, c.StopBroker("broker-0", 1, true))
	require.Len(t, addrs(), 2, "the first kill was undone in time")
	clk.move(staleRoutes - time.Second)
	require.Len(t, addrs(), 2)
	clk.move(time.Second)
	require.Eventually(t, func() bool { return len(addrs()) == 1 }, waitFor, time.Millisecond)

	require.NoError(t, c.StopBroker("broker-0", 0, false))
	require.Equal(t, command.TopicNotExist, p.route("T").Code)
}

func TestClusterInfo(t *testing.T) {
	t.Parallel()
	c := start(t, func(c *Config) { c.Brokers, c.ClusterName = 2, "east" })
	cmd := dial(t, c.NameServers()[0]).call(command.CodeGetBrokerClusterInfo, nil, nil)
	require.Contains(t, string(cmd.Body), `"brokerAddrs":{0:"127.0.0.1:`, "bare keys for every version")
	var info command.ClusterInfo
	require.NoError(t, info.Decode(cmd.Body))
	require.Equal(t, map[string][]string{"east": {"broker-0", "broker-1"}}, info.ClusterAddrTable)
	require.Equal(t, c.BrokerAddr("broker-1", 0), info.BrokerAddrTable["broker-1"].BrokerAddrs[0])
}

func TestTopicLists(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1))
	p := dial(t, c.NameServers()[0])
	require.Contains(t, string(p.call(command.CodeGetAllTopicListFromNameServer, nil, nil).Body), `"TBW102","`)
	byCluster := func(name string) string {
		return string(p.call(command.CodeGetTopicsByCluster, wire.Fields{{Key: "cluster", Value: name}}, nil).Body)
	}
	require.Contains(t, byCluster("DefaultCluster"), `"T"`)
	require.Equal(t, `{"topicList":[]}`, byCluster("other"))
}

func TestDeleteTopicInNameServer(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 1))
	p := dial(t, c.NameServers()[0])
	remove := func() {
		require.Equal(t, codeSuccess, p.call(command.CodeDeleteTopicInNamesrv, &command.DeleteTopicRequest{Topic: "T"}, nil).Code)
	}
	remove()
	require.Equal(t, command.TopicNotExist, p.route("T").Code)
	clk.move(registerPeriod)
	routeOf(t, p.route("T"))
	remove()
	require.NoError(t, c.CreateTopic("T", 5))
	require.EqualValues(t, 5, routeOf(t, p.route("T")).QueueDatas[0].ReadQueueNums)
}

func TestUnknownCode(t *testing.T) {
	t.Parallel()
	c := start(t)
	for _, p := range []*peer{dialBroker(t, c), dial(t, c.NameServers()[0])} {
		cmd := p.call(9999, nil, nil)
		require.Equal(t, command.RequestCodeNotSupported, cmd.Code)
		require.Equal(t, " request type 9999 not supported", cmd.Remark)
	}
}
