package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 40 NOTIFY_CONSUMER_IDS_CHANGED (Broker2Client.notifyConsumerIdsChanged), from the broker to members of a group,
// one-way.
//
// Left out: the batched form (realTimeNotifyConsumerChange=false).
func (b *broker) notify(group string, members []*conn) {
	for _, c := range members {
		c.ask(command.CodeNotifyConsumerIDsChanged, &command.NotifyConsumerIDsChangedRequest{ConsumerGroup: group}, nil)
	}
}
