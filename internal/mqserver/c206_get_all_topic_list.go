package mqserver

import "encoding/json"

// 206 GET_ALL_TOPIC_LIST_FROM_NAMESERVER (DefaultRequestProcessor.getAllTopicListFromNameserver): the names of all
// topics, the brokers' own ones too.
//
// Left out: nothing.
func (n *nameServer) c206GetAllTopicListFromNameServer(r *request) {
	r.answerBody(json.Marshal(topicList{TopicList: n.registry.topics()}))
}

// topicList is the body of answers that list topics (Java: TopicList).
type topicList struct {
	TopicList []string `json:"topicList"`
}
