package mqserver

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func TestCreateTopicByRequest(t *testing.T) {
	t.Parallel()
	c := start(t, func(c *Config) { c.Brokers = 2 })
	p := dialBroker(t, c)
	create := func(topic string) *wire.Command {
		return p.call(command.CodeUpdateAndCreateTopic, &command.CreateTopicRequest{
			Topic: topic, DefaultTopic: defaultTopic, ReadQueueNums: 3, WriteQueueNums: 2, Perm: 6, TopicFilterType: "SINGLE_TAG",
		}, nil)
	}
	require.Equal(t, codeSuccess, create("T").Code)
	n := dial(t, c.NameServers()[0])
	require.Equal(t, []command.QueueData{{BrokerName: "broker-0", Perm: 6, ReadQueueNums: 3, WriteQueueNums: 2}},
		routeOf(t, n.route("T")).QueueDatas, "on the broker that was asked")
	cmd := create("a b")
	require.Equal(t, command.InvalidParameter, cmd.Code)
	require.Contains(t, cmd.Remark, "contains illegal characters")
	for _, system := range []string{defaultTopic, "rmq_sys_x", "DefaultCluster", "broker-0", "DefaultCluster_REPLY_TOPIC"} {
		cmd = create(system)
		require.Equal(t, command.InvalidParameter, cmd.Code)
		require.Equal(t, "The topic["+system+"] is conflict with system topic.", cmd.Remark)
	}

	p.send(v2("T"), "x")
	remove := func(topic string) *wire.Command {
		return p.call(command.CodeDeleteTopicInBroker, &command.DeleteTopicRequest{Topic: topic}, nil)
	}
	require.Equal(t, codeSuccess, remove("T").Code)
	require.Equal(t, command.TopicNotExist, n.route("T").Code)
	require.Zero(t, c.StoredCount("T"))
	require.Equal(t, codeSuccess, remove("T").Code, "an unknown topic is a success")
	cmd = remove(" ")
	require.Equal(t, command.InvalidParameter, cmd.Code)
	require.Equal(t, "The specified topic is blank.", cmd.Remark)
	require.Equal(t, command.InvalidParameter, remove(scheduleTopic).Code)
	require.EqualValues(t, 0, p.send(v2("T"), "x").QueueOffset, "a new topic of that name starts at 0")
}

func TestCreateTopic(t *testing.T) {
	t.Parallel()
	c := start(t, func(c *Config) { c.Brokers = 2 })
	require.NoError(t, c.CreateTopic("T", 3))
	require.Len(t, routeOf(t, dial(t, c.NameServers()[0]).route("T")).QueueDatas, 2)
	require.Error(t, c.CreateTopic("a b", 3))
	require.Error(t, c.CreateTopic("T", 0))
	require.Error(t, c.CreateTopic(defaultTopic, 1))
	require.Error(t, c.DeleteTopic(defaultTopic))
	require.NoError(t, c.DeleteTopic("T"))
}

func TestCreateGroupRefused(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	for name, remark := range map[string]string{
		"":    "The specified group is blank.",
		"a b": "The specified group: a b, contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$",
	} {
		cfg := command.NewSubscriptionGroupConfig(name)
		cmd := p.bodyCall(command.CodeUpdateAndCreateSubscriptionGroup, &cfg)
		require.Equal(t, command.InvalidParameter, cmd.Code)
		require.Equal(t, remark, cmd.Remark)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	require.Empty(t, checkTopic("%RETRY%g"))
	require.NotEmpty(t, checkTopic("é"))
	require.Contains(t, checkTopic(retryPrefix+string(make([]byte, 300))), "illegal")
	long := make([]byte, 300)
	for i := range long {
		long[i] = 'x'
	}
	require.Equal(t, "The specified topic is DLQ or Retry topic: "+dlqPrefix+string(long)+", and it's longer than topic max length: 255",
		checkTopic(dlqPrefix+string(long)))
	require.Contains(t, checkGroup(string(long)), "is longer than group max length: 120")
	require.Less(t, compareNames("broker-2", "broker-10"), 0)
	require.Greater(t, compareNames("b", "a"), 0)
	require.Zero(t, compareNames("a", "a"))
}
