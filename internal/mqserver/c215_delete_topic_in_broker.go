package mqserver

import (
	"strings"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// 215 DELETE_TOPIC_IN_BROKER (AdminBrokerProcessor.deleteTopic): removes a topic, its messages and the groups'
// offsets in it. An unknown topic is a success.
//
// Left out: retry topics of POP consumers.
func (b *broker) c215DeleteTopicInBroker(r *request) {
	var h command.DeleteTopicRequest
	if !r.decode(&h) {
		return
	}
	if strings.TrimSpace(h.Topic) == "" {
		r.fail(codeInvalidParameter, "The specified topic is blank.")
		return
	}
	if b.topics.isSystem(h.Topic) {
		r.fail(codeInvalidParameter, "The topic["+h.Topic+"] is conflict with system topic.")
		return
	}
	b.deleteTopic(h.Topic)
	r.ok()
}
