package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 34 HEART_BEAT (ClientManageProcessor.heartBeat, heartBeatV2): who the client is and what its groups consume. New
// groups and their retry topics are created; when members or subscriptions of a group changed, its members are told
// (40), the sender too and before its answer.
//
// Left out: producer groups are not remembered (nothing here asks a producer for anything), unit mode.
func (b *broker) c034HeartBeat(r *request) {
	var data command.HeartbeatData
	if !r.decodeBody(&data) {
		return
	}
	v2 := data.HeartbeatFingerprint != 0
	changed := !v2
	for i := range data.ConsumerDataSet {
		c := &data.ConsumerDataSet[i]
		group, ok := b.groups.find(c.GroupName)
		if !ok {
			continue
		}
		b.topics.ensure(newTopicConfig(retryPrefix+c.GroupName, group.retryQueues))
		m := member{clientID: data.ClientID, language: r.Language, version: r.Version}
		members := b.consumers.register(r.conn, m, c, !(v2 && data.WithoutSub))
		if b.consumers.exchangeFingerprint(c.GroupName, data.HeartbeatFingerprint) && v2 {
			changed = true
		}
		if group.notifyChanges {
			b.notify(c.GroupName, members)
		}
	}
	r.answer(codeSuccess, "", &command.HeartbeatResponse{SupportHeartbeatV2: true, SubChange: changed})
}
