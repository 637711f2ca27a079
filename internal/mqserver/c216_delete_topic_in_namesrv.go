package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 216 DELETE_TOPIC_IN_NAMESRV (DefaultRequestProcessor.deleteTopicInNamesrv): takes a topic out of the routes. A
// topic that brokers still have comes back with their next registration, within 30 s. An unknown topic is a success.
//
// Left out: the field clusterName, there is one cluster; all name servers forget the topic, not just the one asked.
func (n *nameServer) c216DeleteTopicInNameServer(r *request) {
	var h command.DeleteTopicRequest
	if !r.decode(&h) {
		return
	}
	n.registry.hide(h.Topic)
	r.ok()
}
