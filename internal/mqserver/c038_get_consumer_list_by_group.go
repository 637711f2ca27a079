package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 38 GET_CONSUMER_LIST_BY_GROUP (ConsumerManageProcessor.getConsumerListByGroup): the client ids of a group's
// members; a group with none is code 1.
//
// Left out: nothing.
func (b *broker) c038GetConsumerListByGroup(r *request) {
	var h command.GetConsumerListRequest
	if !r.decode(&h) {
		return
	}
	ids := b.consumers.clientIDs(h.ConsumerGroup)
	if len(ids) == 0 {
		r.fail(codeSystemError, "no consumer for this group, "+h.ConsumerGroup)
		return
	}
	r.answerBody((&command.ConsumerList{ConsumerIDList: ids}).Encode())
}
