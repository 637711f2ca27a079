package mqserver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func (p *peer) sendBack(h *command.ConsumerSendMsgBackRequest) *wire.Command {
	p.t.Helper()
	return p.call(command.CodeConsumerSendMsgBack, h, nil)
}

// pullWhenThere pulls until the topic has a message at that offset.
func (p *peer) pullWhenThere(topic string, offset int64) record.Message {
	p.t.Helper()
	var out record.Message
	require.Eventually(p.t, func() bool {
		h := pullOf(topic)
		h.QueueOffset = offset
		_, _, msgs := p.pull(h)
		if len(msgs) == 0 {
			return false
		}
		out = msgs[0]
		return true
	}, waitFor, time.Millisecond)
	return out
}

// A message that fails comes again, later each time, and is a dead letter in the end.
func TestSendBackUntilDeadLetter(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk)
	p := dialBroker(t, c)
	first := p.send(v2("T", "TAGS", "A", "UNIQ_KEY", "U"), "x")
	two := int32(2)
	m := p.pullWhenThere("T", 0)
	require.Zero(t, m.ReconsumeTimes)
	for i := range int32(2) {
		cmd := p.sendBack(&command.ConsumerSendMsgBackRequest{Offset: m.PhysicalOffset, Group: "CG", OriginTopic: "T", MaxReconsumeTimes: &two})
		require.Equal(t, codeSuccess, cmd.Code, cmd.Remark)
		level := 3 + int(i)
		require.Zero(t, len(p.pullMessages("%RETRY%CG", int64(i))))
		clk.move(c.levels[level-1] - time.Millisecond)
		require.Zero(t, len(p.pullMessages("%RETRY%CG", int64(i))), "not due yet")
		clk.move(time.Millisecond)
		m = p.pullWhenThere("%RETRY%CG", int64(i))
		require.Equal(t, i+1, m.ReconsumeTimes)
		require.Equal(t, "x", string(m.Body))
		props := string(m.Properties)
		for k, v := range map[string]string{
			"DELAY": formatInt(int64(level)), "REAL_TOPIC": "%RETRY%CG", "REAL_QID": "0", "RETRY_TOPIC": "T",
			"ORIGIN_MESSAGE_ID": first.MsgID, "WAIT": "false", "TAGS": "A", "UNIQ_KEY": "U", "CLUSTER": "DefaultCluster",
		} {
			require.Equal(t, v, property(props, k), k)
		}
	}
	require.Equal(t, codeSuccess, p.sendBack(&command.ConsumerSendMsgBackRequest{Offset: m.PhysicalOffset, Group: "CG", OriginTopic: "T", MaxReconsumeTimes: &two}).Code)
	m = p.pullWhenThere("%DLQ%CG", 0)
	require.EqualValues(t, 3, m.ReconsumeTimes)
	props := string(m.Properties)
	require.Equal(t, "T", property(props, "RETRY_TOPIC"))
	require.Equal(t, first.MsgID, property(props, "ORIGIN_MESSAGE_ID"))
	require.EqualValues(t, 6, routeOf(t, dial(t, c.NameServers()[0]).route("%DLQ%CG")).QueueDatas[0].Perm)
}

func (p *peer) pullMessages(topic string, offset int64) []record.Message {
	h := pullOf(topic)
	h.QueueOffset = offset
	_, _, msgs := p.pull(h)
	return msgs
}

func TestSendBackTargets(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name  string
		level int32
		max   *int32
		retry int32 // retryMaxTimes of the group
		topic string
		delay string
	}{
		{"level given", 2, nil, 16, scheduleTopic, "2"},
		{"level too large", 99, nil, 16, scheduleTopic, "99"},
		{"negative level", -1, nil, 16, "%DLQ%CG", "0"},
		{"group allows none", 0, nil, 0, "%DLQ%CG", "0"},
		{"client allows none", 0, new(int32), 16, "%DLQ%CG", "0"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			c := start(t)
			p := dialBroker(t, c)
			cfg := command.NewSubscriptionGroupConfig("CG")
			cfg.RetryMaxTimes = x.retry
			p.bodyCall(command.CodeUpdateAndCreateSubscriptionGroup, &cfg)
			p.send(v2("T"), "x")
			cmd := p.sendBack(&command.ConsumerSendMsgBackRequest{Group: "CG", OriginTopic: "T", DelayLevel: x.level, MaxReconsumeTimes: x.max})
			require.Equal(t, codeSuccess, cmd.Code, cmd.Remark)
			stored := c.Stored(x.topic)
			require.Len(t, stored, 1)
			m := decodeAll(t, stored[0].Records)[0]
			require.Equal(t, x.delay, property(string(m.Properties), "DELAY"))
			if x.topic == scheduleTopic {
				require.EqualValues(t, min(x.level, 18)-1, stored[0].ID)
			}
		})
	}
}

func TestSendBackRefusals(t *testing.T) {
	t.Parallel()
	c := start(t, func(c *Config) { c.NoAutoCreateGroup, c.Slaves = true, 1 })
	p := dialBroker(t, c)
	cmd := p.sendBack(&command.ConsumerSendMsgBackRequest{Group: "CG"})
	require.Equal(t, command.SubscriptionGroupNotExist, cmd.Code)
	require.Contains(t, cmd.Remark, "subscription group not exist, CG ")
	cfg := command.NewSubscriptionGroupConfig("CG")
	cfg.RetryQueueNums = 0
	p.bodyCall(command.CodeUpdateAndCreateSubscriptionGroup, &cfg)
	require.Equal(t, codeSuccess, p.sendBack(&command.ConsumerSendMsgBackRequest{Group: "CG", Offset: 1 << 40}).Code, "accepted and discarded")
	cfg.RetryQueueNums = 1
	p.bodyCall(command.CodeUpdateAndCreateSubscriptionGroup, &cfg)
	p.send(v2("T"), "x")
	cmd = p.sendBack(&command.ConsumerSendMsgBackRequest{Group: "CG", DelayLevel: -1})
	require.Equal(t, command.SystemError, cmd.Code, "a dead letter needs its origin's topic")
	require.Contains(t, cmd.Remark, "java.lang.NullPointerException")
	cmd = p.sendBack(&command.ConsumerSendMsgBackRequest{Group: "CG", Offset: 77})
	require.Equal(t, command.SystemError, cmd.Code)
	require.Equal(t, "look message by offset failed, 77", cmd.Remark)
	require.Equal(t, codeSuccess, p.call(command.CodeUpdateAndCreateTopic, &command.CreateTopicRequest{Topic: "%RETRY%CG", ReadQueueNums: 1, WriteQueueNums: 1, Perm: command.PermRead}, nil).Code)
	cmd = p.sendBack(&command.ConsumerSendMsgBackRequest{Group: "CG"})
	require.Equal(t, command.NoPermission, cmd.Code)
	cmd = dial(t, c.BrokerAddr("broker-0", 1)).sendBack(&command.ConsumerSendMsgBackRequest{Group: "CG"})
	require.Equal(t, command.SystemBusy, cmd.Code)
}
