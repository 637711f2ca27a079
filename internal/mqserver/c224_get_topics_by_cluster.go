package mqserver

import "encoding/json"

// 224 GET_TOPICS_BY_CLUSTER (DefaultRequestProcessor.getTopicsByCluster): the topics of a cluster's brokers; none for
// a cluster that does not exist.
//
// Left out: real name servers list a topic once for each broker that has it, here it comes once.
func (n *nameServer) c224GetTopicsByCluster(r *request) {
	list := topicList{TopicList: []string{}}
	if cluster, _ := r.Field("cluster"); cluster == n.registry.cluster {
		list.TopicList = n.registry.topics()
	}
	r.answerBody(json.Marshal(list))
}
