package mqserver

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// subscribe makes the peer a member of CG.
func (p *peer) subscribe(model string, subs ...command.SubscriptionData) *wire.Command {
	p.t.Helper()
	return p.heartbeat("CG", model, subs...)
}

func (p *peer) heartbeat(group, model string, subs ...command.SubscriptionData) *wire.Command {
	p.t.Helper()
	return p.bodyCall(command.CodeHeartBeat, &command.HeartbeatData{
		ClientID: p.nc.LocalAddr().String(),
		ConsumerDataSet: []command.ConsumerData{{
			GroupName: group, ConsumeType: command.ConsumePassively, MessageModel: model,
			ConsumeFromWhere: command.FromLastOffset, SubscriptionDataSet: subs,
		}},
	})
}

func sub(topic, expression string, version int64) command.SubscriptionData {
	s := command.SubscriptionData{Topic: topic, SubString: expression, SubVersion: version, ExpressionType: command.ExpressionTag}
	if expression != "*" {
		for _, tag := range strings.Split(expression, " || ") {
			s.TagsSet = append(s.TagsSet, tag)
			s.CodeSet = append(s.CodeSet, record.TagHash(tag))
		}
	}
	return s
}

// The checks come in the broker's order: each case passes all earlier ones.
func TestPullRefusals(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 2), withTopic("W", 2), func(c *Config) { c.NoAutoCreateGroup = true })
	admin := dialBroker(t, c)
	for _, g := range []string{"CG", "off", "clustering"} {
		cfg := command.NewSubscriptionGroupConfig(g)
		cfg.ConsumeEnable = g != "off"
		cfg.ConsumeBroadcastEnable = g != "clustering"
		require.Equal(t, codeSuccess, admin.bodyCall(command.CodeUpdateAndCreateSubscriptionGroup, &cfg).Code)
	}
	require.Equal(t, codeSuccess, admin.call(command.CodeUpdateAndCreateTopic, &command.CreateTopicRequest{
		Topic: "W", ReadQueueNums: 2, WriteQueueNums: 2, Perm: command.PermWrite,
	}, nil).Code)
	own := func(h *command.PullMessageRequest) { h.SysFlag = 0 }
	for _, x := range []struct {
		name      string
		change    func(h *command.PullMessageRequest)
		members   func(p *peer)
		code      int32
		remark    string
		forbidden string
	}{
		{"group", func(h *command.PullMessageRequest) { h.ConsumerGroup, h.Topic = "nobody", "nothing" }, nil,
			command.SubscriptionGroupNotExist, "subscription group [nobody] does not exist, \nSee https://", ""},
		{"group switched off", func(h *command.PullMessageRequest) { h.ConsumerGroup, h.Topic = "off", "nothing" }, nil,
			command.NoPermission, "subscription group no permission, off", "2"},
		{"topic", func(h *command.PullMessageRequest) { h.Topic, h.QueueID = "nothing", 9 }, nil,
			command.TopicNotExist, "topic[nothing] not exist, apply first please! \nSee https://", ""},
		{"topic not readable", func(h *command.PullMessageRequest) { h.Topic, h.QueueID = "W", 9 }, nil,
			command.NoPermission, "the topic[W] pulling message is forbidden", "3"},
		{"queue", func(h *command.PullMessageRequest) { h.QueueID, h.Subscription = 2, "||" }, nil,
			command.InvalidParameter, "queueId[2] is illegal, topic:[T] topicConfig.readQueueNums:[2] consumer:[/127.0.0.1:", ""},
		{"negative queue", func(h *command.PullMessageRequest) { h.QueueID = -1 }, nil, command.InvalidParameter, "queueId[-1] is illegal", ""},
		{"attached expression", func(h *command.PullMessageRequest) { h.Subscription = "||" }, nil,
			command.SubscriptionParseFailed, "parse the consumer's subscription failed", ""},
		{"attached SQL", func(h *command.PullMessageRequest) {
			h.ExpressionType, h.Subscription = command.ExpressionSQL92, "a > 1"
		}, nil,
			command.SystemError, "The broker does not support consumer to filter message by SQL92", ""},
		{"nobody online", func(h *command.PullMessageRequest) { own(h); h.ConsumerGroup = "TOOLS_CONSUMER" }, nil,
			command.SubscriptionNotExist, "the consumer's group info not exist\nSee https://", ""},
		{"broadcasting not allowed", func(h *command.PullMessageRequest) { own(h); h.ConsumerGroup = "clustering" },
			func(p *peer) { p.heartbeat("clustering", command.ModelBroadcasting, sub("T", "*", 1)) },
			command.NoPermission, "the consumer group[clustering] can not consume by broadcast way", "4"},
		{"topic not subscribed", own, func(p *peer) { p.subscribe(command.ModelClustering, sub("other", "*", 1)) },
			command.SubscriptionNotExist, "the consumer's subscription not exist\nSee https://", ""},
		{"newer subscription", func(h *command.PullMessageRequest) { own(h); h.SubVersion = 2 },
			func(p *peer) { p.subscribe(command.ModelClustering, sub("T", "*", 1)) },
			command.SubscriptionNotLatest, "the consumer's subscription not latest", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			p := dialBroker(t, c)
			if x.members != nil {
				x.members(p)
			}
			h := pullOf("T")
			x.change(h)
			cmd, _, _ := p.pull(h)
			require.Equal(t, x.code, cmd.Code, cmd.Remark)
			require.Contains(t, cmd.Remark, x.remark)
			reason, _ := cmd.Field("forbiddenType")
			require.Equal(t, x.forbidden, reason)
			require.NoError(t, p.nc.Close())
			require.Eventually(t, func() bool { return c.Consumers("CG", "broker-0") == nil }, waitFor, time.Millisecond)
		})
	}
}

// Status, code, next offset and range for every place that a pull can start at.
func TestPullOffsets(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 2))
	p := dialBroker(t, c)
	for i := range 3 {
		p.send(v2("T", "TAGS", "A"), fmt.Sprint(i))
	}
	for _, x := range []struct {
		name    string
		queue   int32
		offset  int64
		tags    string
		code    int32
		remark  string
		next    int64
		max     int64
		records int
	}{
		{"first", 0, 0, "*", command.Success, "FOUND", 3, 3, 3},
		{"last", 0, 2, "A", command.Success, "FOUND", 3, 3, 1},
		{"other tag", 0, 1, "B", command.PullRetryImmediately, "NO_MATCHED_MESSAGE", 3, 3, 0},
		{"end", 0, 3, "*", command.PullNotFound, "OFFSET_OVERFLOW_ONE", 3, 3, 0},
		{"beyond", 0, 4, "*", command.PullOffsetMoved, "OFFSET_OVERFLOW_BADLY", 3, 3, 0},
		{"before", 0, -1, "*", command.PullOffsetMoved, "OFFSET_TOO_SMALL", 0, 3, 0},
		{"no queue yet", 1, 0, "*", command.PullNotFound, "NO_MESSAGE_IN_QUEUE", 0, 0, 0},
		{"no queue yet, offset", 1, 5, "*", command.PullOffsetMoved, "NO_MESSAGE_IN_QUEUE", 0, 0, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			h := pullOf("T")
			h.QueueID, h.QueueOffset, h.Subscription = x.queue, x.offset, x.tags
			cmd, head, msgs := p.pull(h)
			require.Equal(t, x.code, cmd.Code)
			require.Equal(t, x.remark, cmd.Remark)
			require.Equal(t, command.PullMessageResponse{NextBeginOffset: x.next, MaxOffset: x.max}, head)
			require.Len(t, msgs, x.records)
		})
	}
	_, ok := p.call(command.CodePullMessage, pullOf("T"), nil).Field("topicSysFlag")
	require.True(t, ok)
	require.Equal(t, command.Success, p.call(command.CodeLitePullMessage, pullOf("T"), nil).Code)
}

func TestPullLimits(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	for range 40 {
		p.send(v2("T"), "x")
	}
	pull := func(topic string, most int32) int {
		h := pullOf(topic)
		h.MaxMsgNums = most
		_, head, msgs := p.pull(h)
		require.EqualValues(t, len(msgs), head.NextBeginOffset)
		return len(msgs)
	}
	require.Equal(t, 5, pull("T", 5))
	require.Equal(t, 32, pull("T", 1000))
	require.Equal(t, 1, pull("T", 0), "the first message always comes")
	body := strings.Repeat("x", 100<<10)
	for range 4 {
		p.send(v2("Large"), body)
	}
	require.Equal(t, 2, pull("Large", 32), "256 KiB at most")
	p.send(v2("Huge"), strings.Repeat("x", 1<<20))
	require.Equal(t, 1, pull("Huge", 32), "a message larger than that comes alone")
}

func TestPullTags(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	// AaAa and BBBB have one hash: the broker cannot tell them apart.
	for _, tag := range []string{"A", "B", "", "AaAa", "BBBB", "标签"} {
		p.send(v2("T", "TAGS", tag), "tag "+tag)
	}
	for expression, want := range map[string][]string{
		"":            {"A", "B", "", "AaAa", "BBBB", "标签"},
		"*":           {"A", "B", "", "AaAa", "BBBB", "标签"},
		"A":           {"A"},
		"A||B":        {"A", "B"},
		" A  ||  标签 ": {"A", "标签"},
		"AaAa":        {"AaAa", "BBBB"},
	} {
		var bodies []string
		h := pullOf("T")
		h.Subscription = expression
		_, head, msgs := p.pull(h)
		for _, m := range msgs {
			bodies = append(bodies, strings.TrimPrefix(string(m.Body), "tag "))
		}
		require.ElementsMatch(t, want, bodies, expression)
		require.EqualValues(t, 6, head.NextBeginOffset, "filtered messages at the end are passed over too")
	}

	for _, expression := range []string{" ", "|", "a||"} {
		_, ok := parseTags(expression)
		require.True(t, ok, expression)
	}
	for _, expression := range []string{"||", "||||"} {
		_, ok := parseTags(expression)
		require.False(t, ok, expression)
	}

	p.subscribe(command.ModelClustering, sub("T", "B || 标签", 9))
	h := pullOf("T")
	h.SysFlag, h.SubVersion, h.Subscription = 0, 9, ""
	_, _, msgs := p.pull(h)
	require.Len(t, msgs, 2, "the heartbeat's subscription filters")
}

func TestPullManyFiltered(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	for range pullScan + 10 {
		p.write(command.CodeSendMessageV2, wire.FlagOneWay, v2("T", "TAGS", "A"), []byte("x"))
	}
	p.send(v2("T", "TAGS", "B"), "x")
	h := pullOf("T")
	h.Subscription = "B"
	cmd, head, _ := p.pull(h)
	require.Equal(t, command.PullRetryImmediately, cmd.Code)
	require.EqualValues(t, pullScan, head.NextBeginOffset, "one pull looks at so many messages")
	h.QueueOffset = head.NextBeginOffset
	cmd, _, msgs := p.pull(h)
	require.Equal(t, command.Success, cmd.Code)
	require.Len(t, msgs, 1)
}

func TestPullCommits(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1))
	p := dialBroker(t, c)
	h := pullOf("T")
	h.CommitOffset = 5
	p.pull(h)
	require.EqualValues(t, -1, c.CommittedOffset("CG", "T", "broker-0", 0))
	h.SysFlag |= command.PullCommitOffset
	p.pull(h)
	require.EqualValues(t, 5, c.CommittedOffset("CG", "T", "broker-0", 0))
}

func holdingPull(topic string, suspend time.Duration) *command.PullMessageRequest {
	h := pullOf(topic)
	h.SysFlag |= command.PullSuspend
	h.SuspendTimeoutMillis = suspend.Milliseconds()
	return h
}

// hold sends a pull and waits until the broker holds it.
func (p *peer) hold(c *Cluster, h *command.PullMessageRequest) int32 {
	p.t.Helper()
	opaque := p.write(command.CodePullMessage, 0, h, nil)
	p.waitHeld(c, 1)
	return opaque
}

func (p *peer) waitHeld(c *Cluster, n int) {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return c.held() == n }, waitFor, time.Millisecond)
}

// held counts the pulls that wait, over all brokers.
func (c *Cluster) held() int {
	n := 0
	for _, s := range c.sets {
		s.store.mu.Lock()
		for _, queues := range s.store.topics {
			for _, q := range queues {
				n += len(q.held)
			}
		}
		s.store.mu.Unlock()
	}
	return n
}

func TestLongPollWakesOnArrival(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1))
	p, producer := dialBroker(t, c), dialBroker(t, c)
	h := holdingPull("T", time.Hour)
	h.SysFlag |= command.PullCommitOffset
	h.CommitOffset = 0
	first := p.hold(c, h)
	require.EqualValues(t, 0, c.CommittedOffset("CG", "T", "broker-0", 0), "committed although it waits")
	producer.send(v2("T"), "x")
	cmd, _, msgs := pulled(t, p.answerTo(first))
	require.Equal(t, command.Success, cmd.Code)
	require.Len(t, msgs, 1)
	require.Zero(t, c.held())
}

func TestLongPollWaitsForItsTag(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 1))
	p, producer := dialBroker(t, c), dialBroker(t, c)
	h := holdingPull("T", time.Minute)
	h.Subscription = "A"
	opaque := p.hold(c, h)
	producer.send(v2("T", "TAGS", "B"), "x")
	require.Equal(t, 1, c.held())
	producer.send(v2("T", "TAGS", "A"), "y")
	cmd, head, msgs := pulled(t, p.answerTo(opaque))
	require.Equal(t, command.Success, cmd.Code)
	require.Len(t, msgs, 1)
	require.EqualValues(t, 2, head.NextBeginOffset)

	// What does not match moves the consumer on after a while.
	h.QueueOffset = 2
	opaque = p.hold(c, h)
	producer.send(v2("T", "TAGS", "B"), "z")
	clk.move(holdRecheck)
	cmd, head, _ = pulled(t, p.answerTo(opaque))
	require.Equal(t, command.PullRetryImmediately, cmd.Code)
	require.EqualValues(t, 3, head.NextBeginOffset)
}

func TestLongPollTimesOut(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 1))
	p := dialBroker(t, c)
	opaque := p.hold(c, holdingPull("T", 15*time.Second))
	for range 3 {
		require.Equal(t, 1, c.held())
		clk.move(holdRecheck)
	}
	cmd := p.answerTo(opaque)
	require.Equal(t, command.PullNotFound, cmd.Code)
	require.Zero(t, c.held())

	cmd, _, _ = p.pull(holdingPull("T", 0))
	require.Equal(t, command.PullNotFound, cmd.Code)
	h := pullOf("T")
	h.SuspendTimeoutMillis = 1000
	cmd, _, _ = p.pull(h)
	require.Equal(t, command.PullNotFound, cmd.Code, "without the flag it is answered at once")
}

func TestHeldPullsOfAClosedConnection(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1))
	p := dialBroker(t, c)
	p.hold(c, holdingPull("T", time.Hour))
	require.NoError(t, p.nc.Close())
	p.waitHeld(c, 0)
	require.Eventually(t, func() bool { return c.Connections() == 0 }, waitFor, time.Millisecond)
}

func TestHeldPullOfADeletedTopic(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1))
	p := dialBroker(t, c)
	opaque := p.hold(c, holdingPull("T", time.Hour))
	require.NoError(t, c.DeleteTopic("T"))
	require.Equal(t, command.TopicNotExist, p.answerTo(opaque).Code)
}

// A thousand idle queues cost no goroutine.
func TestHeldPullsCostNoGoroutine(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 1000))
	p := dialBroker(t, c)
	for i := range int32(1000) {
		h := holdingPull("T", time.Hour)
		h.QueueID = i
		p.write(command.CodePullMessage, 0, h, nil)
	}
	p.waitHeld(c, 1000)
	require.Len(t, c.sets[0].master().server.group.Running(), 3, "accept, read, write")
}
