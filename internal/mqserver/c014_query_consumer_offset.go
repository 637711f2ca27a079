package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 14 QUERY_CONSUMER_OFFSET (ConsumerManageProcessor.queryConsumerOffset): a group's offset in a queue. A group that
// has none starts at 0 as long as the queue's first message ever is still there.
//
// Left out: static topics.
func (b *broker) c014QueryConsumerOffset(r *request) {
	var h command.QueryConsumerOffsetRequest
	if !r.decode(&h) {
		return
	}
	if at := b.groups.committed(h.ConsumerGroup, h.Topic, h.QueueID); at >= 0 {
		r.answer(codeSuccess, "", &command.QueryConsumerOffsetResponse{Offset: at})
		return
	}
	first, next := b.store.offsets(h.Topic, h.QueueID)
	switch {
	case h.SetZeroIfNotFound != nil && !*h.SetZeroIfNotFound:
		r.fail(codeQueryNotFound, "Not found, do not set to zero, maybe this group boot first")
	case first <= 0 && next > 0:
		r.answer(codeSuccess, "", &command.QueryConsumerOffsetResponse{})
	default:
		r.fail(codeQueryNotFound, "Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first")
	}
}
