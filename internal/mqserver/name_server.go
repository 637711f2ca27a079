package mqserver

import (
	"net/netip"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// nameServer answers for the registry.
type nameServer struct {
	server   *server
	registry *registry
}

func newNameServer(c *Cluster, addr netip.AddrPort) *nameServer {
	n := &nameServer{server: newServer(c, "", addr), registry: c.registry}
	n.server.handle = n.handle
	return n
}

func (n *nameServer) handle(r *request) {
	switch r.Code {
	case command.CodeGetRouteInfoByTopic:
		n.c105GetRouteInfoByTopic(r)
	case command.CodeGetBrokerClusterInfo:
		n.c106GetBrokerClusterInfo(r)
	case command.CodeGetAllTopicListFromNameServer:
		n.c206GetAllTopicListFromNameServer(r)
	case command.CodeDeleteTopicInNamesrv:
		n.c216DeleteTopicInNameServer(r)
	case command.CodeGetTopicsByCluster:
		n.c224GetTopicsByCluster(r)
	default:
		notSupported(r)
	}
}
