package mqserver

import (
	"fmt"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

// 36 CONSUMER_SEND_MSG_BACK (AbstractSendMessageProcessor.consumerSendMsgBack): a message that failed comes again,
// after a delay that grows, through the group's retry topic; or goes to its dead-letter topic.
//
// Left out: unit mode.
func (b *broker) c036ConsumerSendMsgBack(r *request) {
	var h command.ConsumerSendMsgBackRequest
	if !r.decode(&h) {
		return
	}
	if b.isSlave() {
		r.fail(codeSystemBusy, "[REJECTREQUEST]system busy, start flow control for a while")
		return
	}
	group, ok := b.groups.find(h.Group)
	if !ok {
		r.fail(codeGroupNotExist, "subscription group not exist, "+h.Group+" "+faq)
		return
	}
	if group.retryQueues <= 0 {
		r.ok()
		return
	}
	retry := b.topics.ensure(newTopicConfig(retryPrefix+h.Group, group.retryQueues))
	if retry.perm&permWrite == 0 {
		r.fail(codeNoPermission, fmt.Sprintf("the topic[%s] sending message is forbidden", retry.name))
		return
	}
	rec := b.store.record(h.Offset)
	m := &message{}
	if rec == nil {
		r.fail(codeSystemError, fmt.Sprintf("look message by offset failed, %d", h.Offset))
		return
	}
	if _, err := m.Decode(rec); err != nil {
		r.fail(codeSystemError, fmt.Sprintf("look message by offset failed, %d", h.Offset))
		return
	}
	limit := group.retryMax
	if h.MaxReconsumeTimes != nil && r.Version >= versionWithMaxReconsume {
		limit = *h.MaxReconsumeTimes
	}
	deadLetter := m.ReconsumeTimes >= limit || h.DelayLevel < 0
	if deadLetter && h.OriginTopic == "" { // 5.x brokers count dead letters by topic
		r.fail(codeSystemError, `java.lang.NullPointerException: Cannot invoke "String.startsWith(String)" because "topic" is null, `+
			`org.apache.rocketmq.common.topic.TopicValidator.isSystemTopic(TopicValidator.java:180)`)
		return
	}
	b.sendBack(&h, group, m, deadLetter)
	out, code := b.store.put(m)
	if code != codeSuccess {
		r.fail(codeSystemError, "MESSAGE_ILLEGAL")
		return
	}
	r.ok()
	wakeAll(out.woken)
}

// sendBack turns the stored message into the one to be delivered again.
func (b *broker) sendBack(h *command.ConsumerSendMsgBackRequest, group groupConfig, m *message, deadLetter bool) {
	props := string(m.Properties)
	if property(props, record.PropRetryTopic) == "" {
		props = setProperty(props, record.PropRetryTopic, string(m.Topic))
	}
	props = setProperty(props, record.PropWaitStoreMsgOK, "false")
	if deadLetter {
		m.topic, m.QueueID, m.delay = dlqPrefix+h.Group, 0, 0
		b.topics.ensure(newTopicConfig(m.topic, 1))
		props = setProperty(props, record.PropDelayTimeLevel, "0")
	} else {
		m.topic, m.QueueID, m.delay = retryPrefix+h.Group, b.anyQueue(group.retryQueues), int(h.DelayLevel)
		if m.delay == 0 {
			m.delay = int(3 + m.ReconsumeTimes)
		}
		props = setProperty(props, record.PropDelayTimeLevel, formatInt(int64(m.delay)))
	}
	if property(props, record.PropOriginMessageID) == "" {
		props = setProperty(props, record.PropOriginMessageID, record.OffsetID(m.StoreHost, m.PhysicalOffset))
	}
	m.ReconsumeTimes++
	m.PreparedTransactionOffset = 0
	m.properties = props
}
