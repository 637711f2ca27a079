package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 310 SEND_MESSAGE_V2 (SendMessageProcessor): stores one message. See send.go for the checks and their order.
//
// Left out: half messages are refused as by a broker with rejectTransactionMessage=true, timer messages as with
// timerWheelEnable=false; compaction and inner-batch topics, light queues (LMQ), static topics.
func (b *broker) c310SendMessageV2(r *request) {
	var h command.SendMessageV2Request
	if r.decode(&h) {
		b.send(r, &h, "g")
	}
}
