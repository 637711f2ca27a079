package mqserver

import (
	"fmt"
	"math/rand/v2"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

const (
	region  = "DefaultRegion"
	traceOn = "true"
)

// sendRefusal comes with every refusal that follows the first checks (SendMessageProcessor.preSend).
var sendRefusal = wire.Fields{{Key: "MSG_REGION", Value: region}, {Key: "TRACE_ON", Value: traceOn}}

// send stores what 10, 310 and 320 bring, with the checks in the broker's order (SendMessageProcessor,
// AbstractSendMessageProcessor.msgCheck). born is the field that carries the birth time, whose absence a Java broker
// notices first.
func (b *broker) send(r *request, h *command.SendMessageV2Request, born string) {
	if b.isSlave() {
		r.fail(codeSystemBusy, "[REJECTREQUEST]system busy, start flow control for a while")
		return
	}
	if len(r.Body) == 0 {
		r.fail(codeSystemError, `java.lang.NullPointerException: Cannot read the array length because the return value of `+
			`"org.apache.rocketmq.remoting.protocol.RemotingCommand.getBody()" is null, `+
			`org.apache.rocketmq.broker.processor.AbstractSendMessageProcessor.buildMsgContext(AbstractSendMessageProcessor.java:361)`)
		return
	}
	if h.BornTimestamp == 0 {
		if _, given := r.Field(born); !given {
			r.fail(codeSystemError, `java.lang.NullPointerException: Cannot invoke "java.lang.Long.longValue()" because the return value of `+
				`"org.apache.rocketmq.remoting.protocol.header.SendMessageRequestHeader.getBornTimestamp()" is null, `+
				`org.apache.rocketmq.broker.processor.AbstractSendMessageProcessor.buildMsgContext(AbstractSendMessageProcessor.java:367)`)
			return
		}
	}
	topic, code, remark := b.checkSend(r, h)
	if code != codeSuccess {
		r.answer(code, remark, sendRefusal)
		return
	}
	queue := h.QueueID
	if queue < 0 {
		queue = b.anyQueue(topic.write)
	}
	if h.Batch {
		b.sendBatch(r, h, topic, queue)
		return
	}
	b.sendOne(r, h, topic, queue)
}

// checkSend is AbstractSendMessageProcessor.msgCheck. It creates the topic when it may.
func (b *broker) checkSend(r *request, h *command.SendMessageV2Request) (topicConfig, int32, string) {
	if text := checkTopic(h.Topic); text != "" {
		return topicConfig{}, codeInvalidParameter, text
	}
	if isClosedTopic(h.Topic) {
		return topicConfig{}, codeNoPermission, "Sending message to topic[" + h.Topic + "] is forbidden."
	}
	topic, ok := b.topics.get(h.Topic)
	if !ok {
		if topic, ok = b.topics.inherit(h.Topic, h.DefaultTopic, h.DefaultTopicQueueNums); !ok && isRetryTopic(h.Topic) {
			topic, ok = b.topics.ensure(newTopicConfig(h.Topic, 1)), true
		}
		if !ok {
			return topicConfig{}, codeTopicNotExist, "topic[" + h.Topic + "] not exist, apply first please!" + faq
		}
		b.cluster.registry.reveal(h.Topic)
	}
	if h.QueueID >= max(topic.write, topic.read) {
		return topicConfig{}, codeInvalidParameter,
			fmt.Sprintf("request queueId[%d] is illegal, %s Producer: %s", h.QueueID, topic, r.conn.from)
	}
	return topic, codeSuccess, ""
}

// sendOne stores one message and answers.
func (b *broker) sendOne(r *request, h *command.SendMessageV2Request, topic topicConfig, queue int32) {
	m := &message{topic: h.Topic}
	m.QueueID, m.Flag, m.SysFlag, m.Body = queue, h.Flag, topic.flags(h.SysFlag), r.Body
	m.BornTimestamp, m.BornHost, m.ReconsumeTimes = h.BornTimestamp, r.conn.remote, h.ReconsumeTimes

	props := string(h.Properties)
	uniq := property(props, record.PropUniqKey)
	added := uniq == ""
	if added {
		uniq = b.cluster.ids.Next()
	}
	deadLetter := false
	if isRetryTopic(h.Topic) {
		var code int32
		var remark string
		if deadLetter, code, remark = b.retryOrDeadLetter(r, h, m); code != codeSuccess {
			r.answer(code, remark, sendRefusal)
			return
		}
	}
	m.properties = b.sendProperties(props, uniq, added, deadLetter)
	if !deadLetter {
		m.delay = max(0, delayLevel(props))
	}
	if code, remark := refuseFeature(m, props); code != codeSuccess {
		r.answer(code, remark, sendRefusal)
		return
	}
	out, code := b.store.put(m)
	if code != codeSuccess {
		r.answer(code, b.illegalRemark(), sendRefusal)
		return
	}
	r.answer(codeSuccess, "", &command.SendMessageResponse{
		MsgID: out.id, QueueID: queue, QueueOffset: out.queue,
		TransactionID: uniq, RegionID: region, TraceOn: traceOn,
	})
	wakeAll(out.woken)
}

// sendProperties returns what is stored of the client's properties: without the receipt handle of an earlier pop, and
// with the broker's own.
func (b *broker) sendProperties(props, uniq string, addUniq, deadLetter bool) string {
	drop := []string{record.PropPopCK, record.PropMsgRegion, record.PropTraceOn, record.PropCluster}
	if deadLetter {
		drop = append(drop, record.PropDelayTimeLevel)
	}
	dst := appendExcept(make([]byte, 0, len(props)+160), props, drop...)
	if deadLetter {
		dst = record.AppendProperty(dst, record.PropDelayTimeLevel, "-1")
	}
	dst = record.AppendProperty(dst, record.PropMsgRegion, region)
	dst = record.AppendProperty(dst, record.PropTraceOn, traceOn)
	if addUniq {
		dst = record.AppendProperty(dst, record.PropUniqKey, uniq)
	}
	return string(record.AppendProperty(dst, record.PropCluster, b.cluster.cfg.ClusterName))
}

// versionWithMaxReconsume is V3_4_9, from which on maxReconsumeTimes of a request counts.
const versionWithMaxReconsume = 121

// retryOrDeadLetter decides about a message that a client sends to its group's retry topic by itself, because sending
// it back (36) failed (SendMessageProcessor.handleRetryAndDLQ).
func (b *broker) retryOrDeadLetter(r *request, h *command.SendMessageV2Request, m *message) (deadLetter bool, code int32, remark string) {
	name := retryGroup(h.Topic)
	group, ok := b.groups.find(name)
	if !ok {
		return false, codeGroupNotExist, "subscription group not exist, " + name + " " + faq
	}
	limit := group.retryMax
	if h.MaxReconsumeTimes != nil && r.Version >= versionWithMaxReconsume {
		limit = *h.MaxReconsumeTimes
	}
	// A group that locks queues consumes in order: what it gives up goes to the dead letters at once.
	if h.ReconsumeTimes <= limit && !b.locks.live(name) {
		return false, codeSuccess, ""
	}
	m.topic, m.QueueID = dlqPrefix+name, 0
	b.topics.ensure(newTopicConfig(m.topic, 1))
	return true, codeSuccess, ""
}

// refuseFeature refuses what is not emulated, in the words of a broker that has it switched off.
func refuseFeature(m *message, props string) (int32, string) {
	if isTrue(property(props, record.PropTransactionPrepared)) && !(m.ReconsumeTimes > 0 && m.delay > 0) {
		return codeNoPermission, "the broker[127.0.0.1] sending transaction message is forbidden"
	}
	if m.delay > 0 {
		return codeSuccess, ""
	}
	for _, p := range []string{record.PropTimerDelaySec, record.PropTimerDelayMS, record.PropTimerDeliverMS} {
		if property(props, p) != "" {
			return codeSystemError, "accurate timer message is not enabled, timerWheelEnable is false"
		}
	}
	return codeSuccess, ""
}

func (b *broker) illegalRemark() string {
	return fmt.Sprintf("the message is illegal, maybe msg body or properties length not matched. msg body length limit %dB, msg properties length limit 32KB.",
		b.store.maxBody)
}

// anyQueue picks a queue for a client that left the choice to the broker.
func (b *broker) anyQueue(queues int32) int32 {
	if queues <= 0 {
		return 0
	}
	return rand.Int32N(queues)
}

// flags adds the topic's to a message's sysFlag.
func (t topicConfig) flags(sysFlag int32) int32 {
	if t.filterType == "MULTI_TAG" {
		sysFlag |= record.FlagMultiTags
	}
	return sysFlag
}
