package conformance

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/conformance/observe"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// brokerAnswerCases compare what servers answer to raw requests. The client is
// not involved: they hold the embedded broker to the real ones.
func brokerAnswerCases() []Case {
	return []Case{
		{Name: "answer-route-unknown-topic", Row: "2.1 code 105", Run: answerRouteUnknownTopic},
		{Name: "answer-unknown-request-code", Row: "1.6", Since: Release{4, 9, 0}, Run: answerUnknownRequestCode},
		{Name: "answer-both-serializations", Row: "8.1 #1-3", Run: answerBothSerializations},
		{Name: "answer-one-way-is-silent", Row: "8.1 #7", Run: answerOneWayIsSilent},
		{Name: "answer-send-without-auto-create", Row: "2.2 check 5", Run: answerSendWithoutAutoCreate},
		{Name: "answer-send-queue-out-of-range", Row: "2.2 check 6", Run: answerSendQueueOutOfRange},
		{Name: "answer-send-illegal-topic", Row: "2.2 check 3", Since: Release{4, 6, 0}, Run: answerSendIllegalTopic},
		{Name: "answer-send-forbidden-topic", Row: "2.2 check 4", Since: Release{4, 9, 0}, Run: answerSendForbiddenTopic},
		{Name: "answer-send-too-large", Row: "2.2 check 8", Run: answerSendTooLarge},
		{Name: "answer-send-broker-picks-queue", Row: "2.2 header e", Run: answerSendBrokerPicksQueue},
		{Name: "answer-send-retry-over-max", Row: "6.10", Run: answerSendRetryOverMax},
		{Name: "answer-pull-refused", Row: "2.3 code 11", Run: answerPullRefused},
		{Name: "answer-pull-offsets", Row: "2.3 code 11", Run: answerPullOffsets},
		{Name: "answer-pull-filters-by-tag-hash", Row: "6.6", Run: answerPullTagHash},
		{Name: "answer-long-poll-wakes", Row: "2.3 long poll", Quiet: true, Run: answerLongPollWakes},
		{Name: "answer-long-poll-ends", Row: "2.3 long poll", Quiet: true, Run: answerLongPollEnds},
		{Name: "answer-committed-offset", Row: "2.3 codes 14, 15", Run: answerCommittedOffset},
		{Name: "answer-queue-offsets", Row: "2.3 codes 29-32", Run: answerQueueOffsets},
		{Name: "answer-heartbeat-membership", Row: "2.4 codes 34, 35, 38, 40", Run: answerHeartbeatMembership},
		{Name: "answer-queue-locks", Row: "2.4 codes 41, 42", Run: answerQueueLocks},
		{Name: "answer-view-and-send-back-unknown", Row: "2.5", Run: answerViewAndSendBackUnknown},
	}
}

func answerRouteUnknownTopic(t *testing.T, e *Env) {
	topic := e.Name()
	cmd := e.Invoke(e.Target.NameServers[0], command.CodeGetRouteInfoByTopic, wire.Fields{{Key: "topic", Value: topic}}, nil)
	require.Equal(t, command.TopicNotExist, cmd.Code)
	require.Contains(t, cmd.Remark, "No topic route info in name server for the topic: "+topic)
	require.Empty(t, cmd.Body)
}

func answerUnknownRequestCode(t *testing.T, e *Env) {
	_, addr := e.Master()
	cmd := e.Invoke(addr, 29999, nil, nil)
	require.Equal(t, command.RequestCodeNotSupported, cmd.Code)
	require.Equal(t, " request type 29999 not supported", cmd.Remark)
}

func answerBothSerializations(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	_, addr := e.Master()
	for i, s := range []wire.Serialization{wire.JSON, wire.RocketMQ} {
		conn, err := observe.Dial(e.Ctx, addr, s)
		require.NoError(t, err)
		defer conn.Close()
		cmd, err := conn.Invoke(e.Ctx, command.CodeSendMessageV2, rawSend{Topic: topic}.fields(), []byte("hello"))
		require.NoError(t, err)
		require.Equal(t, command.Success, cmd.Code, cmd.Remark)
		require.EqualValues(t, i, e.long(cmd, "queueOffset"))
		require.EqualValues(t, 0, e.long(cmd, "queueId"))
		id, _ := cmd.Field("msgId")
		require.Len(t, id, 32)
	}
	e.Stored(topic, 2)
}

func answerOneWayIsSilent(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	_, addr := e.Master()
	conn, err := observe.Dial(e.Ctx, addr, wire.JSON)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.OneWay(e.Ctx, command.CodeSendMessageV2, rawSend{Topic: topic}.fields(), []byte("hello")))
	e.Stored(topic, 1)
	ctx, cancel := context.WithTimeout(e.Ctx, 300*time.Millisecond)
	defer cancel()
	require.ErrorContains(t, conn.ExpectNothing(ctx), "timeout")
}

func answerSendWithoutAutoCreate(t *testing.T, e *Env) {
	topic := e.Name()
	_, addr := e.Master()
	cmd := e.RawSend(addr, rawSend{Topic: topic, DefaultTopic: "no_such_default_topic"}, "x")
	require.Equal(t, command.TopicNotExist, cmd.Code)
	require.Contains(t, cmd.Remark, "topic["+topic+"] not exist, apply first please!")
}

func answerSendQueueOutOfRange(t *testing.T, e *Env) {
	topic := e.Topic(2)
	_, addr := e.Master()
	cmd := e.RawSend(addr, rawSend{Topic: topic, Queue: 2}, "x")
	e.requireInvalid(cmd)
	require.Contains(t, cmd.Remark, "request queueId[2] is illegal")
	e.Stored(topic, 0)
}

// requireInvalid: bad parameters are code 29 since 5.2, before that code 1.
func (e *Env) requireInvalid(cmd *wire.Command) {
	e.t.Helper()
	want := command.InvalidParameter
	if e.Target.Release.Before(Release{5, 2, 0}) {
		want = command.SystemError
	}
	require.Equal(e.t, want, cmd.Code, cmd.Remark)
}

func answerSendIllegalTopic(t *testing.T, e *Env) {
	_, addr := e.Master()
	for _, topic := range []string{"bad#topic", "bad topic", "", strings.Repeat("x", 128)} {
		cmd := e.RawSend(addr, rawSend{Topic: topic}, "x")
		e.requireInvalid(cmd)
		require.Contains(t, cmd.Remark, "The specified topic")
	}
}

func answerSendForbiddenTopic(t *testing.T, e *Env) {
	_, addr := e.Master()
	for _, topic := range []string{"SCHEDULE_TOPIC_XXXX", "RMQ_SYS_TRANS_HALF_TOPIC", "OFFSET_MOVED_EVENT"} {
		cmd := e.RawSend(addr, rawSend{Topic: topic}, "x")
		require.Equal(t, command.NoPermission, cmd.Code, topic)
		require.Equal(t, "Sending message to topic["+topic+"] is forbidden.", cmd.Remark)
	}
}

func answerSendTooLarge(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	_, addr := e.Master()
	cmd := e.RawSend(addr, rawSend{Topic: topic}, strings.Repeat("x", 4<<20+1))
	require.Equal(t, command.MessageIllegal, cmd.Code, cmd.Remark)
	cmd = e.RawSend(addr, rawSend{Topic: topic, Properties: "k\x01" + strings.Repeat("v", 1<<15) + "\x02"}, "x")
	require.Equal(t, command.MessageIllegal, cmd.Code, cmd.Remark)
	e.Stored(topic, 0)
}

func answerSendBrokerPicksQueue(t *testing.T, e *Env) {
	topic := e.Topic(3)
	_, addr := e.Master()
	for range 20 {
		cmd := e.RawSend(addr, rawSend{Topic: topic, Queue: -1}, "x")
		require.Equal(t, command.Success, cmd.Code, cmd.Remark)
		require.Contains(t, []int64{0, 1, 2}, e.long(cmd, "queueId"))
	}
	e.Stored(topic, 20)
}

// A message that a client sends to a retry topic with more reconsumptions than
// allowed goes to the dead letters.
func answerSendRetryOverMax(t *testing.T, e *Env) {
	group := e.Group()
	name, addr := e.Master()
	require.NoError(t, e.Observer.CreateGroup(e.Ctx, group, 1, 16))
	for _, s := range []rawSend{
		{Topic: "%RETRY%" + group, Reconsume: 3, MaxReconsume: 3},
		{Topic: "%RETRY%" + group, Reconsume: 4, MaxReconsume: 3},
	} {
		cmd := e.RawSend(addr, s, "x")
		require.Equal(t, command.Success, cmd.Code, cmd.Remark)
	}
	// 3 of 3 is over for releases that count differently: the last allowed one is 2.
	retry := observe.Queue{Topic: "%RETRY%" + group, Broker: name}
	dead := observe.Queue{Topic: "%DLQ%" + group, Broker: name}
	e.Eventually(10*time.Second, func() error {
		r, err := e.Observer.MaxOffset(e.Ctx, retry)
		if err != nil {
			return err
		}
		d, err := e.Observer.MaxOffset(e.Ctx, dead)
		if err != nil {
			return err
		}
		if r+d != 2 || d < 1 {
			return fmt.Errorf("%d messages in the retry topic, %d dead letters", r, d)
		}
		return nil
	})
}

func answerPullRefused(t *testing.T, e *Env) {
	topic, group := e.Topic(2), e.Group()
	name, addr := e.Master()
	pull := func(p rawPull) *wire.Command {
		return e.Invoke(addr, command.CodePullMessage, p.fields(), nil)
	}
	cmd := pull(rawPull{Group: group, SysFlag: 4, Queue: observe.Queue{Topic: e.Name(), Broker: name}})
	require.Equal(t, command.TopicNotExist, cmd.Code)

	cmd = pull(rawPull{Group: group, SysFlag: 4, Queue: observe.Queue{Topic: topic, Broker: name, ID: 2}})
	e.requireInvalid(cmd)
	require.Contains(t, cmd.Remark, "queueId[2] is illegal")

	cmd = pull(rawPull{Group: group, Queue: observe.Queue{Topic: topic, Broker: name}})
	require.Equal(t, command.SubscriptionNotExist, cmd.Code, "no member and no subscription attached")

	cmd = pull(rawPull{Group: group, SysFlag: 4, Queue: observe.Queue{Topic: topic, Broker: name}, Expression: "||"})
	require.Equal(t, command.SubscriptionParseFailed, cmd.Code, cmd.Remark)
}

func answerPullOffsets(t *testing.T, e *Env) {
	topic, group := e.Topic(2), e.Group()
	name, addr := e.Master()
	for i := range 3 {
		cmd := e.RawSend(addr, rawSend{Topic: topic}, "m"+strconv.Itoa(i))
		require.Equal(t, command.Success, cmd.Code)
	}
	full, empty := observe.Queue{Topic: topic, Broker: name}, observe.Queue{Topic: topic, Broker: name, ID: 1}
	e.Eventually(5*time.Second, func() error {
		end, err := e.Observer.MaxOffset(e.Ctx, full)
		if err == nil && end != 3 {
			err = fmt.Errorf("max offset %d", end)
		}
		return err
	})
	tests := []struct {
		queue  observe.Queue
		offset int64
		code   int32
		next   int64
		remark string
	}{
		{full, 0, command.Success, 3, "FOUND"},
		{full, 2, command.Success, 3, "FOUND"},
		{full, 3, command.PullNotFound, 3, "OFFSET_OVERFLOW_ONE"},
		{full, 4, command.PullOffsetMoved, 3, "OFFSET_OVERFLOW_BADLY"},
		{full, 1000, command.PullOffsetMoved, 3, "OFFSET_OVERFLOW_BADLY"},
		{empty, 0, command.PullNotFound, 0, "NO_MESSAGE_IN_QUEUE"},
		{empty, 7, command.PullOffsetMoved, 0, "NO_MESSAGE_IN_QUEUE"},
	}
	for _, tt := range tests {
		// The first read of an answer may be shorter when a message is still on
		// its way from the commit log to the queue.
		e.Eventually(5*time.Second, func() error {
			cmd := e.Invoke(addr, command.CodePullMessage, rawPull{Group: group, SysFlag: 4, Queue: tt.queue, Offset: tt.offset}.fields(), nil)
			next := e.long(cmd, "nextBeginOffset")
			// 4.5 sends a consumer that is far ahead back to the beginning.
			if tt.code == command.PullOffsetMoved && e.Target.Release.Before(Release{4, 9, 0}) && next == 0 {
				next = tt.next
			}
			if cmd.Code != tt.code || next != tt.next || cmd.Remark != tt.remark {
				return fmt.Errorf("pull of %v at %d: code %d, next %d, %s; want %+v", tt.queue, tt.offset, cmd.Code, next, cmd.Remark, tt)
			}
			return nil
		})
	}
}

// Brokers filter by the hash of tags alone: Aa and BB have the same one.
func answerPullTagHash(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	name, addr := e.Master()
	for _, tag := range []string{"Aa", "BB", "C", ""} {
		properties := ""
		if tag != "" {
			properties = "TAGS\x01" + tag + "\x02"
		}
		require.Equal(t, command.Success, e.RawSend(addr, rawSend{Topic: topic, Properties: properties}, "tag "+tag).Code)
	}
	queue := observe.Queue{Topic: topic, Broker: name}
	e.Stored(topic, 4)
	count := func(expression string) int {
		cmd := e.Invoke(addr, command.CodePullMessage, rawPull{Group: group, SysFlag: 4, Queue: queue, Expression: expression}.fields(), nil)
		if cmd.Code == command.PullRetryImmediately {
			return 0
		}
		require.Equal(t, command.Success, cmd.Code, cmd.Remark)
		messages, err := observe.Decode(name, cmd.Body)
		require.NoError(t, err)
		return len(messages)
	}
	require.Equal(t, 4, count("*"))
	require.Equal(t, 2, count("Aa"), "BB has the hash of Aa")
	require.Equal(t, 3, count("BB || C"))
	require.Equal(t, 0, count("D"))
}

func answerLongPollWakes(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	name, addr := e.Master()
	conn, err := observe.Dial(e.Ctx, addr, wire.JSON)
	require.NoError(t, err)
	defer conn.Close()
	type answer struct {
		cmd *wire.Command
		err error
		at  time.Time
	}
	answered := make(chan answer, 1)
	began := time.Now()
	time.AfterFunc(0, func() {
		cmd, err := conn.Invoke(e.Ctx, command.CodePullMessage,
			rawPull{Group: group, SysFlag: 4 | 2, Queue: observe.Queue{Topic: topic, Broker: name}, Suspend: 15 * time.Second}.fields(), nil)
		answered <- answer{cmd, err, time.Now()}
	})
	select {
	case a := <-answered:
		t.Fatalf("a poll of an empty queue was answered after %v: %+v", a.at.Sub(began), a)
	case <-time.After(300 * time.Millisecond): // it has to be held
	}
	sent := time.Now()
	require.Equal(t, command.Success, e.RawSend(addr, rawSend{Topic: topic}, "wake").Code)
	select {
	case a := <-answered:
		require.NoError(t, a.err)
		require.Equal(t, command.Success, a.cmd.Code, a.cmd.Remark)
		require.Less(t, a.at.Sub(sent), 2*time.Second)
	case <-e.Ctx.Done():
		t.Fatal("no answer")
	}
}

func answerLongPollEnds(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	name, addr := e.Master()
	began := time.Now()
	cmd := e.Invoke(addr, command.CodePullMessage,
		rawPull{Group: group, SysFlag: 4 | 2, Queue: observe.Queue{Topic: topic, Broker: name}, Suspend: time.Second}.fields(), nil)
	require.Equal(t, command.PullNotFound, cmd.Code, cmd.Remark)
	require.EqualValues(t, 0, e.long(cmd, "nextBeginOffset"))
	// Brokers look every five seconds.
	require.GreaterOrEqual(t, time.Since(began), time.Second)
	require.Less(t, time.Since(began), 8*time.Second)
}

func answerCommittedOffset(t *testing.T, e *Env) {
	topic, group := e.Topic(2), e.Group()
	name, addr := e.Master()
	require.NoError(t, e.Observer.CreateGroup(e.Ctx, group, 1, 16))
	queue := observe.Queue{Topic: topic, Broker: name}
	query := func(queue int) *wire.Command {
		return e.Invoke(addr, command.CodeQueryConsumerOffset, wire.Fields{
			{Key: "consumerGroup", Value: group}, {Key: "topic", Value: topic}, {Key: "queueId", Value: strconv.Itoa(queue)},
		}, nil)
	}
	require.Equal(t, command.Success, e.RawSend(addr, rawSend{Topic: topic}, "x").Code)
	e.Eventually(5*time.Second, func() error {
		cmd := query(0)
		if e.Target.OldQueues {
			if cmd.Code != command.QueryNotFound {
				return fmt.Errorf("code %d: %s", cmd.Code, cmd.Remark)
			}
			return nil
		}
		// A young queue whose first message is in memory: 0, not "none".
		if cmd.Code != command.Success || e.long(cmd, "offset") != 0 {
			return fmt.Errorf("code %d: %s", cmd.Code, cmd.Remark)
		}
		return nil
	})
	_, err := e.Observer.Call(e.Ctx, addr, command.CodeUpdateConsumerOffset, wire.Fields{
		{Key: "consumerGroup", Value: group}, {Key: "topic", Value: topic}, {Key: "queueId", Value: "0"}, {Key: "commitOffset", Value: "1"},
	}, nil)
	require.NoError(t, err)
	require.EqualValues(t, 1, e.long(query(0), "offset"))
	committed, err := e.Observer.CommittedOffset(e.Ctx, group, queue)
	require.NoError(t, err)
	require.EqualValues(t, 1, committed)
	if !e.Target.Release.Before(Release{5, 1, 0}) {
		committed, err = e.Observer.CommittedOffset(e.Ctx, group, observe.Queue{Topic: topic, Broker: name, ID: 1})
		require.NoError(t, err)
		require.EqualValues(t, -1, committed, "setZeroIfNotFound=false")
	}
}

func answerQueueOffsets(t *testing.T, e *Env) {
	topic := e.Topic(2)
	_, addr := e.Master()
	for range 3 {
		require.Equal(t, command.Success, e.RawSend(addr, rawSend{Topic: topic}, "x").Code)
	}
	e.Stored(topic, 3)
	ask := func(code int32, queue int, more ...wire.Field) *wire.Command {
		fields := append(wire.Fields{{Key: "topic", Value: topic}, {Key: "queueId", Value: strconv.Itoa(queue)}}, more...)
		cmd := e.Invoke(addr, code, fields, nil)
		require.Equal(t, command.Success, cmd.Code, cmd.Remark)
		return cmd
	}
	require.EqualValues(t, 3, e.long(ask(command.CodeGetMaxOffset, 0), "offset"))
	require.EqualValues(t, 0, e.long(ask(command.CodeGetMinOffset, 0), "offset"))
	require.EqualValues(t, 0, e.long(ask(command.CodeGetMaxOffset, 1), "offset"))
	at := func(ms int64) wire.Field { return wire.Field{Key: "timestamp", Value: strconv.FormatInt(ms, 10)} }
	require.EqualValues(t, 0, e.long(ask(command.CodeSearchOffsetByTimestamp, 0, at(0)), "offset"))
	future := e.long(ask(command.CodeSearchOffsetByTimestamp, 0, at(time.Now().Add(time.Hour).UnixMilli())), "offset")
	if e.Target.Release.Before(Release{5, 0, 0}) {
		require.EqualValues(t, 2, future, "4.x answers the last message")
	} else {
		require.EqualValues(t, 3, future)
	}
	stored := e.long(ask(command.CodeGetEarliestMsgStoreTime, 0), "timestamp")
	require.InDelta(t, time.Now().UnixMilli(), stored, 60_000)
}

func answerHeartbeatMembership(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	name, addr := e.Master()
	dial := func() *observe.Conn {
		conn, err := observe.Dial(e.Ctx, addr, wire.JSON)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
	heartbeat := func(conn *observe.Conn, id string) {
		cmd, err := conn.Invoke(e.Ctx, command.CodeHeartBeat, nil, rawHeartbeat(id, group, topic))
		require.NoError(t, err)
		require.Equal(t, command.Success, cmd.Code, cmd.Remark)
		if !e.Target.Release.Before(Release{5, 1, 0}) {
			v2, _ := cmd.Field("IS_SUPPORT_HEART_BEAT_V2")
			require.Equal(t, "true", v2)
		}
	}
	list := e.Invoke(addr, command.CodeGetConsumerListByGroup, wire.Fields{{Key: "consumerGroup", Value: group}}, nil)
	require.Equal(t, command.SystemError, list.Code)
	require.Equal(t, "no consumer for this group, "+group, list.Remark)

	first, second := dial(), dial()
	heartbeat(first, "one@conformance")
	require.Equal(t, []string{"one@conformance"}, e.WaitMembers(group, 1))
	heartbeat(second, "two@conformance")
	require.Equal(t, []string{"one@conformance", "two@conformance"}, e.WaitMembers(group, 2))

	// The first member is told that the group has changed.
	notice, err := first.Request(e.Ctx, command.CodeNotifyConsumerIDsChanged)
	require.NoError(t, err)
	told, _ := notice.Field("consumerGroup")
	require.Equal(t, group, told)
	require.True(t, notice.IsOneWay())

	// Its retry topic exists now, with one queue.
	e.Eventually(5*time.Second, func() error {
		route, err := e.Observer.Route(e.Ctx, "%RETRY%"+group)
		if err == nil && (len(route) == 0 || route[0].Read != 1 || route[0].Broker != name) {
			err = fmt.Errorf("route of the retry topic: %+v", route)
		}
		return err
	})

	cmd, err := second.Invoke(e.Ctx, command.CodeUnregisterClient, wire.Fields{
		{Key: "clientID", Value: "two@conformance"}, {Key: "consumerGroup", Value: group},
	}, nil)
	require.NoError(t, err)
	require.Equal(t, command.Success, cmd.Code, cmd.Remark)
	require.Equal(t, []string{"one@conformance"}, e.WaitMembers(group, 1))

	// A closed connection ends the membership as well.
	require.NoError(t, first.Close())
	e.WaitMembers(group, 0)
}

func answerQueueLocks(t *testing.T, e *Env) {
	topic, group := e.Topic(2), e.Group()
	name, addr := e.Master()
	body := func(id string, queues ...int) []byte {
		var set []string
		for _, q := range queues {
			set = append(set, fmt.Sprintf(`{"brokerName":%q,"queueId":%d,"topic":%q}`, name, q, topic))
		}
		return fmt.Appendf(nil, `{"clientId":%q,"consumerGroup":%q,"mqSet":[%s]}`, id, group, strings.Join(set, ","))
	}
	lock := func(id string, queues ...int) []int {
		cmd := e.Invoke(addr, command.CodeLockBatchMQ, nil, body(id, queues...))
		require.Equal(t, command.Success, cmd.Code, cmd.Remark)
		ids, err := observe.LockedQueues(cmd.Body)
		require.NoError(t, err)
		return ids
	}
	require.Equal(t, []int{0}, lock("one", 0))
	require.Equal(t, []int{1}, lock("two", 0, 1), "queue 0 is held by another client")
	require.Equal(t, []int{0}, lock("one", 0, 1))
	cmd := e.Invoke(addr, command.CodeUnlockBatchMQ, nil, body("one", 0))
	require.Equal(t, command.Success, cmd.Code, cmd.Remark)
	require.Equal(t, []int{0, 1}, lock("two", 0, 1))
}

func answerViewAndSendBackUnknown(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	_, addr := e.Master()
	require.NoError(t, e.Observer.CreateGroup(e.Ctx, group, 1, 16))
	const nowhere = "999999999999"
	cmd := e.Invoke(addr, command.CodeViewMessageByID, wire.Fields{{Key: "offset", Value: nowhere}}, nil)
	require.Equal(t, command.SystemError, cmd.Code)
	require.Equal(t, "can not find message by the offset, "+nowhere, cmd.Remark)

	cmd = e.Invoke(addr, command.CodeConsumerSendMsgBack, wire.Fields{
		{Key: "offset", Value: nowhere}, {Key: "group", Value: group}, {Key: "delayLevel", Value: "1"},
		{Key: "originMsgId", Value: "x"}, {Key: "originTopic", Value: topic}, {Key: "unitMode", Value: "false"},
		{Key: "maxReconsumeTimes", Value: "16"},
	}, nil)
	require.Equal(t, command.SystemError, cmd.Code)
	require.Equal(t, "look message by offset failed, "+nowhere, cmd.Remark)
}
