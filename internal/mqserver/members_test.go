package mqserver

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func (p *peer) members(group string) (int32, []string) {
	p.t.Helper()
	cmd := p.call(command.CodeGetConsumerListByGroup, &command.GetConsumerListRequest{ConsumerGroup: group}, nil)
	if cmd.Code != codeSuccess {
		return cmd.Code, []string{cmd.Remark}
	}
	var list command.ConsumerList
	require.NoError(p.t, list.Decode(cmd.Body))
	return cmd.Code, list.ConsumerIDList
}

// notified asserts that the next request of the broker tells of a change in group.
func (p *peer) notified(group string) {
	p.t.Helper()
	cmd := p.push()
	require.Equal(p.t, command.CodeNotifyConsumerIDsChanged, cmd.Code)
	require.True(p.t, cmd.IsOneWay())
	got, _ := cmd.Field("consumerGroup")
	require.Equal(p.t, group, got)
}

// quiet asserts that the broker sent nothing but the answers so far. A round trip comes after whatever it sent.
func (p *peer) quiet() {
	p.t.Helper()
	p.call(command.CodeGetMaxOffset, &command.GetMaxOffsetRequest{Topic: "T"}, nil)
	require.Empty(p.t, p.pushed)
}

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	c := start(t)
	a, b := dialBroker(t, c), dialBroker(t, c)
	code, text := a.members("CG")
	require.Equal(t, command.SystemError, code)
	require.Equal(t, []string{"no consumer for this group, CG"}, text)

	cmd := a.subscribe(command.ModelClustering, sub("T", "*", 1))
	require.Equal(t, codeSuccess, cmd.Code)
	require.Equal(t, map[string]string{"IS_SUPPORT_HEART_BEAT_V2": "true", "IS_SUB_CHANGE": "true"}, cmd.FieldMap())
	require.GreaterOrEqual(t, cmd.Version, int32(479))
	require.Len(t, a.pushed, 1, "the notice comes before the answer")
	a.notified("CG")
	require.Equal(t, []string{a.nc.LocalAddr().String()}, c.Consumers("CG", "broker-0"))
	retry := routeOf(t, dial(t, c.NameServers()[0]).route("%RETRY%CG"))
	require.EqualValues(t, 1, retry.QueueDatas[0].ReadQueueNums)

	a.subscribe(command.ModelClustering, sub("T", "*", 1))
	a.subscribe(command.ModelClustering, sub("T", "A", 2))
	a.quiet()
	a.subscribe(command.ModelClustering, sub("T", "A", 2), sub("U", "*", 2))
	a.notified("CG")
	a.subscribe(command.ModelClustering, sub("U", "*", 2))
	a.notified("CG")

	b.subscribe(command.ModelClustering, sub("U", "*", 2))
	b.notified("CG")
	a.notified("CG")
	_, ids := b.members("CG")
	require.ElementsMatch(t, []string{a.nc.LocalAddr().String(), b.nc.LocalAddr().String()}, ids)

	require.Equal(t, codeSuccess, b.call(command.CodeUnregisterClient, &command.UnregisterClientRequest{ClientID: "b", ConsumerGroup: "CG", ProducerGroup: "PG"}, nil).Code)
	a.notified("CG")
	b.quiet()
	require.NoError(t, a.nc.Close())
	require.Eventually(t, func() bool { return c.Consumers("CG", "broker-0") == nil }, waitFor, time.Millisecond)
}

func TestBroadcastingIsNotNotified(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	p.subscribe(command.ModelBroadcasting, sub("T", "*", 1))
	p.quiet()
}

func TestNotificationsSwitchedOff(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	cfg := command.NewSubscriptionGroupConfig("CG")
	cfg.NotifyConsumerIDsChangedEnable = false
	require.Equal(t, codeSuccess, p.bodyCall(command.CodeUpdateAndCreateSubscriptionGroup, &cfg).Code)
	p.subscribe(command.ModelClustering, sub("T", "*", 1))
	p.quiet()
}

// A member whose connection closes is gone at once, and the others are told.
func TestMemberGoneWithItsConnection(t *testing.T) {
	t.Parallel()
	c := start(t)
	a, b := dialBroker(t, c), dialBroker(t, c)
	a.subscribe(command.ModelClustering)
	a.notified("CG")
	b.subscribe(command.ModelClustering)
	a.notified("CG")
	require.NoError(t, b.nc.Close())
	a.notified("CG")
	require.Len(t, c.Consumers("CG", "broker-0"), 1)
}

func TestSilentMemberExpires(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk)
	a, b := dialBroker(t, c), dialBroker(t, c)
	a.subscribe(command.ModelClustering)
	a.notified("CG")
	b.subscribe(command.ModelClustering)
	a.notified("CG")
	for range 13 {
		clk.move(memberScan)
		a.subscribe(command.ModelClustering)
	}
	a.notified("CG")
	require.Equal(t, []string{a.nc.LocalAddr().String()}, c.Consumers("CG", "broker-0"))
	b.notified("CG") // its own joining
	_, err := b.next()
	require.Error(t, err, "the silent one's connection is closed")
}

func TestHeartbeatV2(t *testing.T) {
	t.Parallel()
	c := start(t)
	p := dialBroker(t, c)
	beat := func(fingerprint int32, without bool, subs ...command.SubscriptionData) string {
		cmd := p.bodyCall(command.CodeHeartBeat, &command.HeartbeatData{
			ClientID: "c", HeartbeatFingerprint: fingerprint, WithoutSub: without,
			ConsumerDataSet: []command.ConsumerData{{GroupName: "CG", MessageModel: command.ModelBroadcasting, SubscriptionDataSet: subs}},
		})
		changed, _ := cmd.Field("IS_SUB_CHANGE")
		return changed
	}
	require.Equal(t, "false", beat(7, false, sub("T", "*", 1)), "nothing to compare with")
	require.Equal(t, "false", beat(7, true))
	_, _, s, subscribed := c.sets[0].master().consumers.subscription("CG", "T")
	require.True(t, subscribed, "without subscriptions the old ones stay")
	require.Equal(t, "*", s.SubString)
	require.Equal(t, "true", beat(8, false, sub("T", "A", 2)))
	require.Equal(t, "false", beat(8, true))
}

func TestBadBodies(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	for _, code := range []int32{
		command.CodeHeartBeat, command.CodeLockBatchMQ, command.CodeUnlockBatchMQ, command.CodeCheckClientConfig,
		command.CodeUpdateAndCreateSubscriptionGroup,
	} {
		cmd := p.call(code, nil, []byte("{no json"))
		require.Equal(t, command.SystemError, cmd.Code)
		require.Contains(t, cmd.Remark, "JSONException")
	}
}

func TestCheckClientConfig(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	check := func(kind string) *wire.Command {
		return p.bodyCall(command.CodeCheckClientConfig, &command.CheckClientConfigBody{SubscriptionData: command.SubscriptionData{ExpressionType: kind, SubString: "a > 1"}})
	}
	require.Equal(t, codeSuccess, check("TAG").Code)
	require.Equal(t, codeSuccess, p.call(command.CodeCheckClientConfig, nil, nil).Code)
	cmd := check("SQL92")
	require.Equal(t, command.SystemError, cmd.Code)
	require.Equal(t, "The broker does not support consumer to filter message by SQL92", cmd.Remark)
}

func TestConsumerConnections(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	list := func() *wire.Command {
		return p.call(command.CodeGetConsumerConnectionList, wire.Fields{{Key: "consumerGroup", Value: "CG"}}, nil)
	}
	cmd := list()
	require.Equal(t, command.ConsumerNotOnline, cmd.Code)
	require.Equal(t, "the consumer group[CG] not online", cmd.Remark)
	p.subscribe(command.ModelClustering, sub("T", "A", 1))
	var got consumerConnection
	require.NoError(t, json.Unmarshal(list().Body, &got))
	addr := p.nc.LocalAddr().String()
	require.Equal(t, consumerConnection{
		ConnectionSet:    []connection{{ClientAddr: addr, ClientID: addr, Language: "GO", Version: wire.Version}},
		ConsumeFromWhere: command.FromLastOffset, ConsumeType: command.ConsumePassively, MessageModel: command.ModelClustering,
		SubscriptionTable: map[string]command.SubscriptionData{"T": sub("T", "A", 1)},
	}, got)
}

func TestQueueLocks(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	p := dialBroker(t, startWithClock(t, clk))
	q := func(id int32) command.MessageQueue {
		return command.MessageQueue{Topic: "T", BrokerName: "broker-0", QueueID: id}
	}
	lock := func(client string, queues ...command.MessageQueue) []command.MessageQueue {
		cmd := p.bodyCall(command.CodeLockBatchMQ, &command.LockBatchRequestBody{ConsumerGroup: "CG", ClientID: client, MQSet: queues})
		require.Equal(t, codeSuccess, cmd.Code)
		var out command.LockBatchResponseBody
		require.NoError(t, out.Decode(cmd.Body))
		return out.LockOKMQSet
	}
	unlock := func(client string, queues ...command.MessageQueue) {
		require.Equal(t, codeSuccess, p.bodyCall(command.CodeUnlockBatchMQ, &command.UnlockBatchRequestBody{ConsumerGroup: "CG", ClientID: client, MQSet: queues}).Code)
	}
	require.Equal(t, []command.MessageQueue{q(0), q(1)}, lock("a", q(0), q(1)))
	require.Equal(t, []command.MessageQueue{q(2)}, lock("b", q(0), q(1), q(2)))
	unlock("b", q(0))
	require.Empty(t, lock("b", q(0)), "somebody else's lock stays")
	unlock("a", q(0))
	require.Equal(t, []command.MessageQueue{q(0)}, lock("b", q(0)))
	clk.move(lockExpiry)
	require.Empty(t, lock("b", q(1)))
	clk.move(time.Millisecond)
	require.Equal(t, []command.MessageQueue{q(1)}, lock("b", q(1)), "60 s without renewal")
}
