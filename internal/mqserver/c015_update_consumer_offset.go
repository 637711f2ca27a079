package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 15 UPDATE_CONSUMER_OFFSET (ConsumerManageProcessor.updateConsumerOffset): commits an offset, a smaller one too. It
// creates no group.
//
// Left out: pending server-side resets, static topics.
func (b *broker) c015UpdateConsumerOffset(r *request) {
	var h command.UpdateConsumerOffsetRequest
	if !r.decode(&h) {
		return
	}
	if !b.groups.has(h.ConsumerGroup) {
		r.fail(codeGroupNotExist, "Group "+h.ConsumerGroup+" not exist!")
		return
	}
	if _, ok := b.topics.get(h.Topic); !ok {
		r.fail(codeTopicNotExist, "Topic "+h.Topic+" not exist!")
		return
	}
	for _, required := range []struct{ key, name string }{{"queueId", "QueueId"}, {"commitOffset", "Offset"}} {
		if _, ok := r.Field(required.key); !ok {
			r.fail(codeInvalidParameter, required.name+" is null, topic is "+h.Topic)
			return
		}
	}
	b.groups.commit(h.ConsumerGroup, h.Topic, h.QueueID, h.CommitOffset)
	r.ok()
}
