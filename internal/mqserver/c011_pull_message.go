package mqserver

import (
	"fmt"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Reasons of a NO_PERMISSION answer to a pull (Java: ForbiddenType).
const (
	forbiddenGroup     = 2
	forbiddenTopic     = 3
	forbiddenBroadcast = 4
)

// 11 PULL_MESSAGE and 361 LITE_PULL_MESSAGE (PullMessageProcessor): messages of one queue from an offset on, or the
// promise of an answer once there are some.
//
// Left out: SQL filters are refused as by a broker with enablePropertyFilter=false; static topics, read-forbidden
// groups, server-side offset resets, broadcast offsets kept for proxies, cold-data flow control; maxMsgBytes, which
// the Java broker ignores too.
func (b *broker) c011PullMessage(r *request) {
	h := new(command.PullMessageRequest)
	if r.decode(h) {
		b.pull(r, h, true)
	}
}

// pull answers a pull. mayHold is false when the pull was held already.
func (b *broker) pull(r *request, h *command.PullMessageRequest, mayHold bool) {
	group, topic, ok := b.checkPull(r, h)
	if !ok {
		return
	}
	f, ok := b.pullFilter(r, h, group)
	if !ok {
		return
	}
	got := b.store.fetch(h.Topic, h.QueueID, h.QueueOffset, h.MaxMsgNums, f)
	if b.isSlave() && got.status != found && got.status != noMatchedMessage {
		got.next = h.QueueOffset // a slave may lag: it corrects nobody (DefaultMessageStore.nextOffsetCorrection)
	}
	code := pullCode(got.status, h.QueueOffset)
	suggest := group.brokerID
	if b.isSlave() {
		if b.master().server.isRunning() {
			suggest = command.MasterID
			if got.status != found {
				code = codePullRetry
			}
		}
		if code == codePullOffsetMoved {
			code = codePullRetry
		}
	}
	if mayHold && h.SysFlag&command.PullCommitOffset != 0 {
		b.groups.commit(h.ConsumerGroup, h.Topic, h.QueueID, h.CommitOffset)
	}
	if code == codePullNotFound && mayHold && h.SysFlag&command.PullSuspend != 0 && !r.IsOneWay() {
		wait := max(0, min(time.Duration(h.SuspendTimeoutMillis)*time.Millisecond, maxHold))
		held := &heldPull{broker: b, request: r, header: h, filter: f, deadline: b.cluster.clock.Now().Add(wait)}
		if !b.store.hold(held) {
			b.pull(r, h, false) // something arrived meanwhile
		}
		return
	}
	r.answer(code, string(got.status), &pullResponse{
		PullMessageResponse: command.PullMessageResponse{
			SuggestWhichBrokerID: suggest, NextBeginOffset: got.next, MinOffset: got.min, MaxOffset: got.max,
		},
		topicSysFlag: topic.sysFlag, groupSysFlag: group.sysFlag,
	}, got.records...)
}

// checkPull does the checks that come before the subscription, in the broker's order, and answers if one fails.
func (b *broker) checkPull(r *request, h *command.PullMessageRequest) (group groupConfig, topic topicConfig, ok bool) {
	if group, ok = b.groups.find(h.ConsumerGroup); !ok {
		r.fail(codeGroupNotExist, fmt.Sprintf("subscription group [%s] does not exist, %s", h.ConsumerGroup, faq))
		return group, topic, false
	}
	if !group.consumeEnable {
		r.forbid(forbiddenGroup, "subscription group no permission, "+h.ConsumerGroup)
		return group, topic, false
	}
	if topic, ok = b.topics.get(h.Topic); !ok {
		r.fail(codeTopicNotExist, fmt.Sprintf("topic[%s] not exist, apply first please! %s", h.Topic, faq))
		return group, topic, false
	}
	if topic.perm&permRead == 0 {
		r.forbid(forbiddenTopic, "the topic["+h.Topic+"] pulling message is forbidden")
		return group, topic, false
	}
	if h.QueueID < 0 || h.QueueID >= topic.read {
		r.fail(codeInvalidParameter, fmt.Sprintf("queueId[%d] is illegal, topic:[%s] topicConfig.readQueueNums:[%d] consumer:[/%s]",
			h.QueueID, h.Topic, topic.read, r.conn.from))
		return group, topic, false
	}
	return group, topic, true
}

// pullFilter finds the subscription, in the pull or among the group's, and answers if there is none.
func (b *broker) pullFilter(r *request, h *command.PullMessageRequest, group groupConfig) (f filter, ok bool) {
	if h.SysFlag&command.PullSubscription != 0 {
		if isTagType(h.ExpressionType) {
			if f, ok = parseTags(h.Subscription); !ok {
				r.fail(codeParseFailed, "parse the consumer's subscription failed")
			}
			return f, ok
		}
		r.fail(codeSystemError, noPropertyFilter(h.ExpressionType))
		return f, false
	}
	online, model, sub, subscribed := b.consumers.subscription(h.ConsumerGroup, h.Topic)
	switch {
	case !online:
		r.fail(codeSubNotExist, "the consumer's group info not exist"+faq)
	case !group.broadcastEnable && model == command.ModelBroadcasting:
		r.forbid(forbiddenBroadcast, "the consumer group["+h.ConsumerGroup+"] can not consume by broadcast way")
	case !subscribed:
		r.fail(codeSubNotExist, "the consumer's subscription not exist"+faq)
	case sub.SubVersion < h.SubVersion:
		r.fail(codeSubNotLatest, "the consumer's subscription not latest")
	case !isTagType(sub.ExpressionType):
		r.fail(codeFilterDataNotExist, "The broker's consumer filter data is not exist!Your expression may be wrong!")
	default:
		return filterOf(&sub), true
	}
	return f, false
}

func (r *request) forbid(reason int32, remark string) {
	r.answer(codeNoPermission, remark, wire.Fields{{Key: "forbiddenType", Value: formatInt(int64(reason))}})
}

func noPropertyFilter(expressionType string) string {
	return "The broker does not support consumer to filter message by " + expressionType
}

// pullCode maps the store's word to the response code (PullMessageProcessor.composeResponseHeader).
func pullCode(s status, offset int64) int32 {
	switch s {
	case found:
		return codeSuccess
	case noMatchedMessage:
		return codePullRetry
	case noMessageInQueue:
		if offset != 0 {
			return codePullOffsetMoved
		}
		return codePullNotFound
	case offsetOverflowOne:
		return codePullNotFound
	default: // offsetOverflowBadly, offsetTooSmall
		return codePullOffsetMoved
	}
}

// pullResponse writes both flags always, as brokers do.
type pullResponse struct {
	command.PullMessageResponse
	topicSysFlag, groupSysFlag int32
}

func (p *pullResponse) AppendFields(w *wire.FieldWriter) {
	p.PullMessageResponse.AppendFields(w)
	w.Int32("topicSysFlag", p.topicSysFlag)
	w.Int32("groupSysFlag", p.groupSysFlag)
}
