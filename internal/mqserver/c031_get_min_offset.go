package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 31 GET_MIN_OFFSET (AdminBrokerProcessor.getMinOffset): the offset of the oldest message of a queue; 0 for a queue
// that does not exist.
//
// Left out: static topics.
func (b *broker) c031GetMinOffset(r *request) {
	var h command.GetMinOffsetRequest
	if !r.decode(&h) {
		return
	}
	first, _ := b.store.offsets(h.Topic, h.QueueID)
	r.answer(codeSuccess, "", &command.GetMinOffsetResponse{Offset: first})
}
