package mqserver

import (
	"fmt"
	"net/netip"
)

// brokerSet is a master and its slaves: one name, one store.
type brokerSet struct {
	cluster  *Cluster
	name     string
	store    *store
	topics   *topicTable
	groups   *groupTable
	delivery *delivery
	nodes    []*broker // by broker id; 0 is the master
}

func newBrokerSet(c *Cluster, name string, host netip.Addr) *brokerSet {
	cfg := &c.cfg
	s := &brokerSet{
		cluster: c,
		name:    name,
		store:   newStore(c.clock, c.levels, cfg.MaxMemory/int64(cfg.Brokers), cfg.MaxMessageSize),
		topics:  newTopicTable(cfg.ClusterName, name, len(c.levels), cfg.Queues, !cfg.NoAutoCreateTopic),
		groups:  newGroupTable(!cfg.NoAutoCreateGroup),
	}
	s.delivery = newDelivery(s.store, c.sched)
	s.store.scheduled = s.delivery.arm
	for _, t := range cfg.Topics {
		s.topics.put(newTopicConfig(t.Name, int32(t.Queues)))
	}
	for id := range cfg.Slaves + 1 {
		s.nodes = append(s.nodes, newBroker(s, int64(id), netip.AddrPortFrom(host, 0)))
	}
	return s
}

func (s *brokerSet) master() *broker { return s.nodes[0] }

func (s *brokerSet) node(id int64) (*broker, error) {
	if id < 0 || id >= int64(len(s.nodes)) {
		return nil, fmt.Errorf("mqserver: broker %s has no id %d", s.name, id)
	}
	return s.nodes[id], nil
}

// deleteTopic removes a topic, its messages and its offsets.
func (s *brokerSet) deleteTopic(topic string) {
	s.topics.remove(topic)
	s.groups.forgetTopic(topic)
	wakeAll(s.store.deleteTopic(topic))
}
