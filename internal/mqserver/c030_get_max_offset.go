package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 30 GET_MAX_OFFSET (AdminBrokerProcessor.getMaxOffset): the offset of the next message of a queue; 0 for a queue
// that does not exist.
//
// Left out: static topics.
func (b *broker) c030GetMaxOffset(r *request) {
	var h command.GetMaxOffsetRequest
	if !r.decode(&h) {
		return
	}
	_, next := b.store.offsets(h.Topic, h.QueueID)
	r.answer(codeSuccess, "", &command.GetMaxOffsetResponse{Offset: next})
}
