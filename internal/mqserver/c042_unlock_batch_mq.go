package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 42 UNLOCK_BATCH_MQ (AdminBrokerProcessor.unlockBatchMQ): gives queues back. Queues of another client stay locked.
//
// Left out: agreement between master and slaves (lockInStrictMode).
func (b *broker) c042UnlockBatchMQ(r *request) {
	var body command.UnlockBatchRequestBody
	if !r.decodeBody(&body) {
		return
	}
	b.locks.unlock(body.ConsumerGroup, body.ClientID, body.MQSet)
	r.ok()
}
