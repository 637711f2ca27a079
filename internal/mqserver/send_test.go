package mqserver

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func TestSendStoresTheRecord(t *testing.T) {
	t.Parallel()
	for _, s := range []wire.Serialization{wire.JSON, wire.RocketMQ} {
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			t.Parallel()
			c := start(t)
			p := dialBroker(t, c)
			p.serialization = s
			h := v2("T", "TAGS", "TagA", "UNIQ_KEY", "ID1", "POP_CK", "old", "empty", "", "TRACE_ON", "false")
			h.QueueID, h.DefaultTopicQueueNums, h.SysFlag, h.ReconsumeTimes = 1, 2, record.FlagCompressed, 3
			out := p.send(h, "hello")
			host := netip.MustParseAddrPort(c.BrokerAddr("broker-0", 0))
			require.Equal(t, command.SendMessageResponse{
				MsgID: record.OffsetID(host, 0), QueueID: 1, TransactionID: "ID1", RegionID: "DefaultRegion", TraceOn: "true",
			}, out)

			r := pullOf("T")
			r.QueueID = 1
			_, _, msgs := p.pull(r)
			require.Len(t, msgs, 1)
			m := msgs[0]
			require.Equal(t, "hello", string(m.Body))
			require.Equal(t, "T", string(m.Topic))
			require.Equal(t, record.FlagCompressed, m.SysFlag, "stored as it came")
			require.EqualValues(t, 7, m.Flag)
			require.EqualValues(t, 3, m.ReconsumeTimes)
			require.EqualValues(t, 1, m.QueueID)
			require.Equal(t, int64(1700000000000), m.BornTimestamp)
			require.Equal(t, host, m.StoreHost)
			require.Equal(t, p.nc.LocalAddr().String(), m.BornHost.String())
			require.Equal(t, "TAGS\x01TagA\x02UNIQ_KEY\x01ID1\x02MSG_REGION\x01DefaultRegion\x02TRACE_ON\x01true\x02CLUSTER\x01DefaultCluster\x02",
				string(m.Properties))
			route := routeOf(t, dial(t, c.NameServers()[0]).route("T"))
			require.EqualValues(t, 2, route.QueueDatas[0].WriteQueueNums, "as many queues as the producer asked for")
			require.EqualValues(t, 6, route.QueueDatas[0].Perm)
		})
	}
}

func TestSendOffsetsGrow(t *testing.T) {
	t.Parallel()
	c := start(t)
	p := dialBroker(t, c)
	first, second := p.send(v2("T"), "a"), p.send(v2("T"), "b")
	require.EqualValues(t, 0, first.QueueOffset)
	require.EqualValues(t, 1, second.QueueOffset)
	require.NotEmpty(t, first.TransactionID, "the broker makes an id for a client that gave none")
	_, _, msgs := p.pull(pullOf("T"))
	require.Equal(t, first.TransactionID, property(string(msgs[0].Properties), record.PropUniqKey))
	require.EqualValues(t, msgs[0].StoreSize, msgs[1].PhysicalOffset)

	other := v2("T")
	other.QueueID = 2
	require.EqualValues(t, 0, p.send(other, "c").QueueOffset)
	any := v2("T")
	any.QueueID = -1
	got := p.send(any, "d").QueueID
	require.GreaterOrEqual(t, got, int32(0))
	require.Less(t, got, int32(4))
}

func TestSendV1(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	cmd := p.call(command.CodeSendMessage, &command.SendMessageRequest{
		ProducerGroup: "PG", Topic: "T", DefaultTopic: defaultTopic, DefaultTopicQueueNums: 4, QueueID: 3,
		BornTimestamp: 5, Properties: record.AppendProperty(nil, "k", "v"),
	}, []byte("x"))
	require.Equal(t, codeSuccess, cmd.Code, cmd.Remark)
	var out command.SendMessageResponse
	require.NoError(t, cmd.DecodeFields(&out))
	require.EqualValues(t, 3, out.QueueID)
}

func TestSendOneWay(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	p.write(command.CodeSendMessageV2, wire.FlagOneWay, v2("T"), []byte("silent"))
	p.write(command.CodeSendMessageV2, wire.FlagOneWay, v2("bad topic"), []byte("silent"))
	cmd, _, msgs := p.pull(pullOf("T"))
	require.Equal(t, p.opaque, cmd.Opaque, "the first answer is to the pull")
	require.Len(t, msgs, 1)
}

func TestSendRefusals(t *testing.T) {
	t.Parallel()
	c := start(t, withTopic("T", 4), func(c *Config) { c.MaxMessageSize = 1000; c.NoAutoCreateGroup = true })
	long := strings.Repeat("x", 128)
	for _, x := range []struct {
		name   string
		change func(h *command.SendMessageV2Request)
		body   string
		code   int32
		remark string // a part of it
	}{
		{"blank topic", func(h *command.SendMessageV2Request) { h.Topic = " " }, "x", command.InvalidParameter, "The specified topic is blank."},
		{"illegal topic", func(h *command.SendMessageV2Request) { h.Topic = "a b" }, "x", command.InvalidParameter,
			"The specified topic: a b, contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$"},
		{"long topic", func(h *command.SendMessageV2Request) { h.Topic = long }, "x", command.InvalidParameter, "is longer than topic max length: 127"},
		{"closed topic", func(h *command.SendMessageV2Request) { h.Topic = "SELF_TEST_TOPIC" }, "x", command.NoPermission,
			"Sending message to topic[SELF_TEST_TOPIC] is forbidden."},
		{"unknown topic, wrong template", func(h *command.SendMessageV2Request) { h.Topic, h.DefaultTopic = "new", "T" }, "x", command.TopicNotExist,
			"topic[new] not exist, apply first please!\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details."},
		{"queue id", func(h *command.SendMessageV2Request) { h.QueueID = 4 }, "x", command.InvalidParameter,
			"request queueId[4] is illegal, TopicConfig [topicName=T, readQueueNums=4, writeQueueNums=4, perm=RW-, topicFilterType=SINGLE_TAG, topicSysFlag=0, order=false, attributes={}] Producer: 127.0.0.1:"},
		{"retry topic of an unknown group", func(h *command.SendMessageV2Request) { h.Topic = "%RETRY%nobody" }, "x", command.SubscriptionGroupNotExist,
			"subscription group not exist, nobody "},
		{"large body", func(*command.SendMessageV2Request) {}, strings.Repeat("x", 1001), command.MessageIllegal,
			"the message is illegal, maybe msg body or properties length not matched. msg body length limit 1000B, msg properties length limit 32KB."},
		{"large properties", func(h *command.SendMessageV2Request) {
			h.Properties = record.AppendProperty(nil, "k", strings.Repeat("v", 32768))
		}, "x", command.MessageIllegal, "the message is illegal"},
		{"transaction", func(h *command.SendMessageV2Request) { h.Properties = record.AppendProperty(nil, "TRAN_MSG", "true") }, "x",
			command.NoPermission, "sending transaction message is forbidden"},
		{"timer", func(h *command.SendMessageV2Request) {
			h.Properties = record.AppendProperty(nil, "TIMER_DELAY_MS", "5")
		}, "x",
			command.SystemError, "accurate timer message is not enabled, timerWheelEnable is false"},
		{"batch for a retry topic", func(h *command.SendMessageV2Request) { h.Topic, h.Batch = "%RETRY%TOOLS_CONSUMER", true }, "x", command.MessageIllegal,
			"batch request does not support retry group %RETRY%TOOLS_CONSUMER"},
		{"batch that is none", func(h *command.SendMessageV2Request) { h.Batch = true }, "x", command.SystemError, "java.nio.BufferUnderflowException"},
		{"batch with a delay", func(h *command.SendMessageV2Request) {
			h.Batch, h.Properties = true, record.AppendProperty(nil, "DELAY", "1")
		}, "x", command.MessageIllegal, "the message is illegal"},
		{"large batch", func(h *command.SendMessageV2Request) { h.Batch = true }, strings.Repeat("x", 1001), command.SystemError, "message body size exceeded"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			h := v2("T")
			x.change(h)
			cmd := dialBroker(t, c).call(command.CodeSendMessageV2, h, []byte(x.body))
			require.Equal(t, x.code, cmd.Code, cmd.Remark)
			require.Contains(t, cmd.Remark, x.remark)
			if x.code != command.SystemError || x.name == "timer" {
				require.Equal(t, map[string]string{"MSG_REGION": "DefaultRegion", "TRACE_ON": "true"}, cmd.FieldMap())
			}
		})
	}
	require.Zero(t, c.StoredCount("T"))
}

// A Java broker stumbles over these; its clients see code 1 and the exception's text.
func TestSendNullPointers(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	cmd := p.call(command.CodeSendMessageV2, v2("T"), nil)
	require.Equal(t, command.SystemError, cmd.Code)
	require.True(t, strings.HasPrefix(cmd.Remark, "java.lang.NullPointerException: Cannot read the array length because"), cmd.Remark)
	cmd = p.call(command.CodeSendMessageV2, wire.Fields{{Key: "b", Value: "T"}}, []byte("x"))
	require.Equal(t, command.SystemError, cmd.Code)
	require.True(t, strings.HasPrefix(cmd.Remark, `java.lang.NullPointerException: Cannot invoke "java.lang.Long.longValue()"`), cmd.Remark)
	cmd = p.call(command.CodeSendMessageV2, wire.Fields{{Key: "e", Value: "many"}}, []byte("x"))
	require.Equal(t, command.SystemError, cmd.Code)
}

func TestAutoCreateOff(t *testing.T) {
	t.Parallel()
	c := start(t, func(c *Config) { c.NoAutoCreateTopic = true })
	require.Equal(t, command.TopicNotExist, dialBroker(t, c).call(command.CodeSendMessageV2, v2("T"), []byte("x")).Code)
	require.Equal(t, command.TopicNotExist, dial(t, c.NameServers()[0]).route(defaultTopic).Code)
}

func TestAutoCreateIsBounded(t *testing.T) {
	t.Parallel()
	c := start(t, func(c *Config) { c.Queues = 5 })
	h := v2("T")
	h.DefaultTopicQueueNums = 100
	dialBroker(t, c).send(h, "x")
	require.EqualValues(t, 5, routeOf(t, dial(t, c.NameServers()[0]).route("T")).QueueDatas[0].ReadQueueNums)
}

func TestSendBatch(t *testing.T) {
	t.Parallel()
	c := start(t)
	p := dialBroker(t, c)
	p.send(v2("T"), "before")
	var body []byte
	for i := range 3 {
		one := record.BatchMessage{
			Flag: int32(i), Body: []byte(fmt.Sprint("b", i)), Properties: record.AppendProperty(nil, "TAGS", fmt.Sprint("tag", i)),
		}
		body = one.Append(body)
	}
	h := v2("T", "UNIQ_KEY", "BATCH")
	h.Batch = true
	cmd := p.call(command.CodeSendBatchMessage, h, body)
	require.Equal(t, codeSuccess, cmd.Code, cmd.Remark)
	var out command.SendMessageResponse
	require.NoError(t, cmd.DecodeFields(&out))
	require.EqualValues(t, 1, out.QueueOffset)
	require.Equal(t, "BATCH", out.TransactionID)
	ids := strings.Split(out.MsgID, ",")
	require.Len(t, ids, 3)
	_, _, msgs := p.pull(pullOf("T"))
	require.Len(t, msgs, 4)
	for i, m := range msgs[1:] {
		require.Equal(t, fmt.Sprint("b", i), string(m.Body))
		require.EqualValues(t, i, m.Flag)
		require.Equal(t, fmt.Sprintf("TAGS\x01tag%d\x02", i), string(m.Properties), "the broker adds nothing to messages of a batch")
		require.Equal(t, ids[i], record.OffsetID(m.StoreHost, m.PhysicalOffset))
	}
}

// A topic longer than 127 bytes makes a record of version 2; only retry and dead-letter topics may be that long.
func TestSendLongTopic(t *testing.T) {
	t.Parallel()
	c := start(t)
	p := dialBroker(t, c)
	topic := retryPrefix + strings.Repeat("g", 120)
	p.send(v2(topic), "x")
	_, _, msgs := p.pull(pullOf(topic))
	require.Len(t, msgs, 1)
	require.Equal(t, topic, string(msgs[0].Topic))
	rec := c.Stored(topic)[0].Records
	require.Equal(t, []byte{0xDA, 0xA3, 0x20, 0xA7}, rec[4:8])

	topic = dlqPrefix + strings.Repeat("g", 130)
	cmd := p.call(command.CodeSendMessageV2, v2(topic), []byte("x"))
	require.Equal(t, command.MessageIllegal, cmd.Code, "only retry topics may be longer than 127")
	topic = retryPrefix + strings.Repeat("g", 121)
	cmd = p.call(command.CodeSendMessageV2, v2(topic), []byte("x"))
	require.Equal(t, command.SubscriptionGroupNotExist, cmd.Code, "no group has such a long name")
}

// What a client sends to a retry topic by itself becomes a dead letter beyond the limit.
func TestSendToRetryTopic(t *testing.T) {
	t.Parallel()
	five := int32(5)
	for _, x := range []struct {
		name       string
		times      int32
		limit      *int32
		version    int32
		lock       bool
		deadLetter bool
	}{
		{"group's limit kept", 16, nil, wire.Version, false, false},
		{"group's limit passed", 17, nil, wire.Version, false, true},
		{"own limit kept", 5, &five, wire.Version, false, false},
		{"own limit passed", 6, &five, wire.Version, false, true},
		{"own limit of an old client", 6, &five, 120, false, false},
		{"ordered group", 0, nil, wire.Version, true, true},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			c := start(t)
			p := dialBroker(t, c)
			p.version = x.version
			if x.lock {
				p.bodyCall(command.CodeLockBatchMQ, &command.LockBatchRequestBody{ConsumerGroup: "CG", ClientID: "c", MQSet: []command.MessageQueue{{Topic: "T"}}})
			}
			h := v2("%RETRY%CG", "DELAY", "3")
			h.ReconsumeTimes, h.MaxReconsumeTimes = x.times, x.limit
			p.send(h, "x")
			want := map[string]int{scheduleTopic: 1}
			if x.deadLetter {
				want = map[string]int{"%DLQ%CG": 1}
				_, _, msgs := p.pull(pullOf("%DLQ%CG"))
				require.Equal(t, "-1", property(string(msgs[0].Properties), "DELAY"))
			}
			for _, topic := range []string{scheduleTopic, "%DLQ%CG", "%RETRY%CG"} {
				require.Equal(t, want[topic], c.StoredCount(topic), topic)
			}
		})
	}
}
