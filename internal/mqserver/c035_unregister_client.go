package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 35 UNREGISTER_CLIENT (ClientManageProcessor.unregisterClient): the client leaves a consumer group, whose members
// are told.
//
// Left out: producer groups, see 34.
func (b *broker) c035UnregisterClient(r *request) {
	var h command.UnregisterClientRequest
	if !r.decode(&h) {
		return
	}
	if h.ConsumerGroup != "" {
		members := b.consumers.unregister(h.ConsumerGroup, r.conn)
		if group, ok := b.groups.find(h.ConsumerGroup); !ok || group.notifyChanges {
			b.notify(h.ConsumerGroup, members)
		}
	}
	r.ok()
}
