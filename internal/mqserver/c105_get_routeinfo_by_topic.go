package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// strictJSONVersion is V4_9_4: older clients get broker ids as bare keys.
const strictJSONVersion = 401

// 105 GET_ROUTEINFO_BY_TOPIC (ClientRequestProcessor, RouteInfoManager.pickupTopicRouteData): the queues and brokers
// of a topic.
//
// Left out: order configurations (orderTopicConf), acting masters, filter servers, static topics, and the time after
// its start in which a name server is not ready.
func (n *nameServer) c105GetRouteInfoByTopic(r *request) {
	var h command.GetRouteInfoRequest
	if !r.decode(&h) {
		return
	}
	var route command.TopicRouteData
	if !n.registry.isHidden(h.Topic) {
		route = n.route(h.Topic)
	}
	if len(route.QueueDatas) == 0 {
		r.fail(codeTopicNotExist, "No topic route info in name server for the topic: "+h.Topic+faq)
		return
	}
	encode := route.EncodeFastjson
	if r.Version >= strictJSONVersion || h.AcceptStandardJSONOnly {
		encode = route.Encode
	}
	r.answerBody(encode())
}

func (n *nameServer) route(topic string) command.TopicRouteData {
	var route command.TopicRouteData
	for _, l := range n.registry.listed() {
		t, ok := l.set.topics.get(topic)
		if !ok {
			continue
		}
		route.QueueDatas = append(route.QueueDatas, command.QueueData{
			BrokerName: l.set.name, Perm: t.perm, ReadQueueNums: t.read, WriteQueueNums: t.write, TopicSysFlag: t.sysFlag,
		})
		route.BrokerDatas = append(route.BrokerDatas, l.brokerData(n.registry.cluster))
	}
	return route
}

func (l *listing) brokerData(cluster string) command.BrokerData {
	return command.BrokerData{BrokerAddrs: l.addrs, BrokerName: l.set.name, Cluster: cluster}
}
