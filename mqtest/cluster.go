package mqtest

import (
	"errors"
	"strings"

	"github.com/rocketmq-go/rocketmq/internal/mqserver"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// TB is the part of *testing.T and *testing.B that [Start] uses.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Cleanup(func())
}

// Cluster is a running set of name servers and brokers. Its methods are safe
// for concurrent use.
type Cluster struct{ s *mqserver.Cluster }

// Start runs a cluster that is closed when the test ends. It fails the test
// when the cluster cannot start.
func Start(t TB, opts ...Option) *Cluster {
	t.Helper()
	c, err := NewCluster(opts...)
	if err != nil {
		t.Fatalf("mqtest: %v", err)
		return nil
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("mqtest: %v", err)
		}
	})
	return c
}

// NewCluster runs a cluster that the caller closes. It serves when NewCluster
// returns. The error names the option with a wrong value, or the address that
// cannot be listened on.
func NewCluster(opts ...Option) (*Cluster, error) {
	var cfg mqserver.Config
	for _, o := range opts {
		o(&cfg)
	}
	s, err := mqserver.New(cfg)
	if err != nil {
		return nil, err
	}
	return &Cluster{s: s}, nil
}

// Close stops all servers and waits for their goroutines. Calling it again
// does nothing.
func (c *Cluster) Close() error { return c.s.Close() }

// NameServers returns the addresses of the name servers, host:port each.
func (c *Cluster) NameServers() []string { return c.s.NameServers() }

// NameServer returns the addresses of the name servers joined with a
// semicolon, the form that RocketMQ tools accept.
func (c *Cluster) NameServer() string { return strings.Join(c.s.NameServers(), ";") }

// Brokers returns the names of the brokers.
func (c *Cluster) Brokers() []string { return c.s.Brokers() }

// BrokerAddr returns the address of the broker's master, running or not, and
// an empty string for an unknown broker.
func (c *Cluster) BrokerAddr(broker string) string { return c.s.BrokerAddr(broker, 0) }

// SlaveAddr returns the address of the broker's slave with that id (1 is the
// first one), and an empty string when there is none.
func (c *Cluster) SlaveAddr(broker string, id int64) string { return c.s.BrokerAddr(broker, id) }

// StopBroker stops the broker's master as an orderly shutdown does: name
// servers forget it at once and its connections are closed. Its slaves go on.
// Its messages and offsets are kept for StartBroker. Stopping a stopped broker
// does nothing.
func (c *Cluster) StopBroker(broker string) error { return c.s.StopBroker(broker, 0, false) }

// KillBroker stops the broker's master as kill -9 does: name servers go on
// listing it, until [WithStaleRoutes] has passed or it is started again.
func (c *Cluster) KillBroker(broker string) error { return c.s.StopBroker(broker, 0, true) }

// StartBroker starts a stopped master on its old port, with its old messages.
// Consumers have to register again, as after a real restart.
func (c *Cluster) StartBroker(broker string) error { return c.s.StartBroker(broker, 0) }

// StopSlave stops a slave; name servers forget it at once.
func (c *Cluster) StopSlave(broker string, id int64) error { return c.s.StopBroker(broker, id, false) }

// StartSlave starts a stopped slave on its old port.
func (c *Cluster) StartSlave(broker string, id int64) error { return c.s.StartBroker(broker, id) }

// StopNameServer stops the i-th name server, counted from 0.
func (c *Cluster) StopNameServer(i int) error { return c.s.StopNameServer(i) }

// StartNameServer starts the i-th name server on its old port.
func (c *Cluster) StartNameServer(i int) error { return c.s.StartNameServer(i) }

// CloseConnections closes every open client connection; servers go on.
func (c *Cluster) CloseConnections() { c.s.CloseConnections() }

// CreateTopic creates a topic with that many queues on every broker, or
// changes its number of queues.
func (c *Cluster) CreateTopic(name string, queues int) error { return c.s.CreateTopic(name, queues) }

// DeleteTopic removes a topic and its messages from every broker.
func (c *Cluster) DeleteTopic(name string) error { return c.s.DeleteTopic(name) }

// Stored returns the messages of a topic that are in memory, over all brokers,
// ordered by broker, queue and queue offset. Bodies are decompressed; one that
// cannot be is as it was stored. Retry and dead-letter topics are called %RETRY%group and %DLQ%group; a delayed message
// is in SCHEDULE_TOPIC_XXXX until its time has come.
func (c *Cluster) Stored(topic string) []*primitive.MessageExt {
	var out []*primitive.MessageExt
	for _, queue := range c.s.Stored(topic) {
		msgs := decode(queue.Records)
		for _, m := range msgs {
			m.Queue = &primitive.MessageQueue{Topic: topic, BrokerName: queue.Broker, QueueId: queue.ID}
		}
		out = append(out, msgs...)
	}
	return out
}

// decode goes on behind messages whose body is not what its flags say.
func decode(records []byte) []*primitive.MessageExt {
	var out []*primitive.MessageExt
	for {
		msgs, err := primitive.DecodeMessages(records)
		out = append(out, msgs...)
		var bad *primitive.DecodeError
		if !errors.As(err, &bad) || bad.Next == 0 {
			return out
		}
		if bad.Message != nil {
			out = append(out, bad.Message)
		}
		records = records[bad.Next:]
	}
}

// StoredCount returns how many messages of a topic are in memory, over all
// brokers.
func (c *Cluster) StoredCount(topic string) int { return c.s.StoredCount(topic) }

// CommittedOffset returns the offset that the group committed for a queue, and
// −1 when it has committed none.
func (c *Cluster) CommittedOffset(group, topic, broker string, queue int) int64 {
	return c.s.CommittedOffset(group, topic, broker, queue)
}

// Consumers returns the client ids of the group's members that are registered
// with the broker's master, sorted.
func (c *Cluster) Consumers(group, broker string) []string { return c.s.Consumers(group, broker) }

// Connections returns the number of open client connections, over all brokers
// and name servers.
func (c *Cluster) Connections() int { return c.s.Connections() }
