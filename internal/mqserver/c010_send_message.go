package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 10 SEND_MESSAGE (SendMessageProcessor): as 310, with spelled-out field names.
//
// Left out: as in 310.
func (b *broker) c010SendMessage(r *request) {
	var v1 command.SendMessageRequest
	if !r.decode(&v1) {
		return
	}
	h := command.SendMessageV2Request{
		ProducerGroup: v1.ProducerGroup, Topic: v1.Topic, DefaultTopic: v1.DefaultTopic,
		DefaultTopicQueueNums: v1.DefaultTopicQueueNums, QueueID: v1.QueueID, SysFlag: v1.SysFlag,
		BornTimestamp: v1.BornTimestamp, Flag: v1.Flag, Properties: v1.Properties, ReconsumeTimes: v1.ReconsumeTimes,
		UnitMode: v1.UnitMode, MaxReconsumeTimes: v1.MaxReconsumeTimes, Batch: v1.Batch, BrokerName: v1.BrokerName,
	}
	b.send(r, &h, "bornTimestamp")
}
