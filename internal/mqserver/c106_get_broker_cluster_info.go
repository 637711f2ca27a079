package mqserver

import "github.com/rocketmq-go/rocketmq/internal/remote/command"

// 106 GET_BROKER_CLUSTER_INFO (DefaultRequestProcessor.getBrokerClusterInfo): all brokers, with bare integer keys
// whatever the client's version is.
//
// Left out: nothing.
func (n *nameServer) c106GetBrokerClusterInfo(r *request) {
	info := command.ClusterInfo{
		BrokerAddrTable:  map[string]command.BrokerData{},
		ClusterAddrTable: map[string][]string{},
	}
	cluster := n.registry.cluster
	for _, l := range n.registry.listed() {
		info.BrokerAddrTable[l.set.name] = l.brokerData(cluster)
		info.ClusterAddrTable[cluster] = append(info.ClusterAddrTable[cluster], l.set.name)
	}
	r.answerBody(info.EncodeFastjson())
}
