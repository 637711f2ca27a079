package mqserver

import "fmt"

// NameServers returns the name servers' addresses.
func (c *Cluster) NameServers() []string {
	out := make([]string, 0, len(c.names))
	for _, n := range c.names {
		out = append(out, n.server.address())
	}
	return out
}

// Brokers returns the brokers' names.
func (c *Cluster) Brokers() []string {
	out := make([]string, 0, len(c.sets))
	for _, s := range c.sets {
		out = append(out, s.name)
	}
	return out
}

// BrokerAddr returns the address of a broker, running or not; empty when there is none.
func (c *Cluster) BrokerAddr(name string, id int64) string {
	n, err := c.node(name, id)
	if err != nil {
		return ""
	}
	return n.server.address()
}

// StopBroker stops a master (id 0) or slave. With kill the name servers go on listing it for a while.
func (c *Cluster) StopBroker(name string, id int64, kill bool) error {
	n, err := c.node(name, id)
	if err != nil {
		return err
	}
	return c.controlled(func() error { return n.stop(kill) })
}

// StartBroker starts a stopped master or slave on its old port.
func (c *Cluster) StartBroker(name string, id int64) error {
	n, err := c.node(name, id)
	if err != nil {
		return err
	}
	return c.controlled(n.start)
}

func (c *Cluster) nameServer(i int) (*nameServer, error) {
	if i < 0 || i >= len(c.names) {
		return nil, fmt.Errorf("mqserver: there is no name server %d", i)
	}
	return c.names[i], nil
}

// StopNameServer stops the i-th name server.
func (c *Cluster) StopNameServer(i int) error {
	n, err := c.nameServer(i)
	if err != nil {
		return err
	}
	return c.controlled(func() error {
		_, err := n.server.stop()
		return err
	})
}

// StartNameServer starts the i-th name server on its old port.
func (c *Cluster) StartNameServer(i int) error {
	n, err := c.nameServer(i)
	if err != nil {
		return err
	}
	return c.controlled(func() error {
		_, err := n.server.start()
		return err
	})
}

// CloseConnections closes every client connection.
func (c *Cluster) CloseConnections() {
	for _, s := range c.servers() {
		s.closeConns()
	}
}

// Connections returns the number of client connections.
func (c *Cluster) Connections() int {
	n := 0
	for _, s := range c.servers() {
		n += s.connections()
	}
	return n
}

// CreateTopic creates a topic on every broker, or changes its number of queues.
func (c *Cluster) CreateTopic(name string, queues int) error {
	if err := checkNewTopic(name, queues); err != nil {
		return err
	}
	for _, s := range c.sets {
		if s.topics.isSystem(name) {
			return fmt.Errorf("mqserver: topic %q is a system topic", name)
		}
		s.topics.put(newTopicConfig(name, int32(queues)))
	}
	c.registry.reveal(name)
	return nil
}

// DeleteTopic removes a topic and its messages from every broker.
func (c *Cluster) DeleteTopic(name string) error {
	for _, s := range c.sets {
		if s.topics.isSystem(name) {
			return fmt.Errorf("mqserver: topic %q is a system topic", name)
		}
		s.deleteTopic(name)
	}
	return nil
}

// Stored returns copies of a topic's records that are in memory, by broker and queue.
func (c *Cluster) Stored(topic string) []QueueRecords {
	var out []QueueRecords
	for _, s := range c.sets {
		out = append(out, s.stored(topic)...)
	}
	return out
}

// StoredCount returns how many messages of a topic are in memory.
func (c *Cluster) StoredCount(topic string) int {
	n := 0
	for _, s := range c.sets {
		n += s.store.count(topic)
	}
	return n
}

// CommittedOffset returns a group's offset in a queue, −1 when it has none.
func (c *Cluster) CommittedOffset(group, topic, broker string, queue int) int64 {
	s, err := c.set(broker)
	if err != nil {
		return -1
	}
	return s.groups.committed(group, topic, int32(queue))
}

// Consumers returns the sorted client ids of a group's members at the broker's master.
func (c *Cluster) Consumers(group, broker string) []string {
	s, err := c.set(broker)
	if err != nil {
		return nil
	}
	return s.master().consumers.clientIDs(group)
}

// OnCommand puts fn in front of a request code; see mqtest.
func (c *Cluster) OnCommand(code int32, fn func(*Command) *Reply) (remove func()) {
	return c.hooks.add(code, fn)
}

// Requests returns how many requests with that code have arrived.
func (c *Cluster) Requests(code int32) int { return c.counts.get(code) }
