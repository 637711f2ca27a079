package mqserver

import (
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// 17 UPDATE_AND_CREATE_TOPIC (AdminBrokerProcessor.updateAndCreateTopic): creates a topic on this broker or changes
// it; the routes show it at once.
//
// Left out: attributes (message.type, queue.type, cleanup.policy) are accepted and forgotten.
func (b *broker) c017UpdateAndCreateTopic(r *request) {
	var h command.CreateTopicRequest
	if !r.decode(&h) {
		return
	}
	if text := checkTopic(h.Topic); text != "" {
		r.fail(codeInvalidParameter, text)
		return
	}
	if b.topics.isSystem(h.Topic) {
		r.fail(codeInvalidParameter, "The topic["+h.Topic+"] is conflict with system topic.")
		return
	}
	t := topicConfig{
		name: h.Topic, read: clampQueues(h.ReadQueueNums), write: clampQueues(h.WriteQueueNums), perm: h.Perm,
		filterType: h.TopicFilterType, sysFlag: h.TopicSysFlag, order: h.Order,
	}
	if t.filterType == "" {
		t.filterType = "SINGLE_TAG"
	}
	b.topics.put(t)
	b.cluster.registry.reveal(h.Topic)
	r.answer(codeSuccess, "not set any response code", nil) // what Java's answers say by default
}

func clampQueues(n int32) int32 { return max(0, min(n, maxQueues)) }
