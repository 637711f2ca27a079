package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 41 LOCK_BATCH_MQ (AdminBrokerProcessor.lockBatchMQ): gives queues to one client of a group for 60 s. The answer
// lists those it has now.
//
// Left out: agreement between master and slaves (lockInStrictMode).
func (b *broker) c041LockBatchMQ(r *request) {
	var body command.LockBatchRequestBody
	if !r.decodeBody(&body) {
		return
	}
	r.answerBody((&command.LockBatchResponseBody{
		LockOKMQSet: b.locks.lock(body.ConsumerGroup, body.ClientID, body.MQSet),
	}).Encode())
}
