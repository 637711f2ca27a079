package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 32 GET_EARLIEST_MSG_STORETIME (AdminBrokerProcessor.getEarliestMsgStoretime): when the oldest message of a queue
// was stored, −1 when there is none.
//
// Left out: static topics.
func (b *broker) c032GetEarliestMsgStoretime(r *request) {
	var h command.GetEarliestMsgStoreTimeRequest
	if !r.decode(&h) {
		return
	}
	r.answer(codeSuccess, "", &command.GetEarliestMsgStoreTimeResponse{Timestamp: b.store.earliest(h.Topic, h.QueueID)})
}
