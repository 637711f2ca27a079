package observe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"sync"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Cluster asks the name servers and brokers of one cluster. Connections are
// opened on demand and kept until Close. It may be used by several goroutines.
type Cluster struct {
	nameServers []string

	mu     sync.Mutex
	tls    *tls.Config
	conns  map[string]*Conn
	closed bool
}

// NewCluster returns an observer of the cluster behind the given name servers
// (host:port). It does not connect yet.
func NewCluster(nameServers ...string) *Cluster {
	return &Cluster{nameServers: nameServers, conns: map[string]*Conn{}}
}

// UseTLS makes later connections speak TLS under config; nil is plain text.
func (c *Cluster) UseTLS(config *tls.Config) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tls = config
}

// Close closes all connections.
func (c *Cluster) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for addr, conn := range c.conns {
		_ = conn.Close()
		delete(c.conns, addr)
	}
}

// Invoke sends one request to addr and returns whatever it answers. A connection
// that turned out to be dead is replaced once.
func (c *Cluster) Invoke(ctx context.Context, addr string, code int32, header wire.FieldAppender, body []byte) (*wire.Command, error) {
	for attempt := 0; ; attempt++ {
		conn, kept, err := c.conn(ctx, addr)
		if err != nil {
			return nil, err
		}
		cmd, err := conn.Invoke(ctx, code, header, body)
		if err == nil {
			return cmd, nil
		}
		c.drop(addr, conn)
		if !kept || attempt > 0 || ctx.Err() != nil {
			return nil, err
		}
	}
}

// Call is Invoke, but an answer other than success is a *Refusal.
func (c *Cluster) Call(ctx context.Context, addr string, code int32, header wire.FieldAppender, body []byte) (*wire.Command, error) {
	cmd, err := c.Invoke(ctx, addr, code, header, body)
	if err != nil {
		return nil, err
	}
	if cmd.Code != command.Success {
		return nil, &Refusal{Code: cmd.Code, Remark: cmd.Remark, Addr: addr}
	}
	return cmd, nil
}

func (c *Cluster) conn(ctx context.Context, addr string) (conn *Conn, kept bool, err error) {
	c.mu.Lock()
	conn, config := c.conns[addr], c.tls
	c.mu.Unlock()
	if conn != nil {
		return conn, true, nil
	}
	conn, err = dial(ctx, addr, wire.JSON, config)
	if err != nil {
		return nil, false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		_ = conn.Close()
		return nil, false, errors.New("observer is closed")
	}
	if other := c.conns[addr]; other != nil {
		_ = conn.Close()
		return other, true, nil
	}
	c.conns[addr] = conn
	return conn, false, nil
}

func (c *Cluster) drop(addr string, conn *Conn) {
	_ = conn.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conns[addr] == conn {
		delete(c.conns, addr)
	}
}

// Broker is one broker name as a name server lists it.
type Broker struct {
	Name    string           `json:"brokerName"`
	Cluster string           `json:"cluster"`
	Addrs   map[int64]string `json:"brokerAddrs"` // by broker id, 0 is the master
}

// Brokers returns what one name server (by index) knows of the cluster.
func (c *Cluster) Brokers(ctx context.Context, nameServer int) (map[string]Broker, error) {
	cmd, err := c.Call(ctx, c.nameServers[nameServer], command.CodeGetBrokerClusterInfo, nil, nil)
	if err != nil {
		return nil, err
	}
	var info struct {
		BrokerAddrTable map[string]Broker `json:"brokerAddrTable"`
	}
	// This body has bare integer keys in every release.
	if err := unmarshal(cmd.Body, &info); err != nil {
		return nil, fmt.Errorf("cluster info: %w", err)
	}
	return info.BrokerAddrTable, nil
}

// Masters returns the addresses of the brokers with id 0, by broker name.
func (c *Cluster) Masters(ctx context.Context) (map[string]string, error) {
	brokers, err := c.Brokers(ctx, 0)
	if err != nil {
		return nil, err
	}
	masters := map[string]string{}
	for name, b := range brokers {
		if addr, ok := b.Addrs[0]; ok {
			masters[name] = addr
		}
	}
	return masters, nil
}

func (c *Cluster) master(ctx context.Context, broker string) (string, error) {
	masters, err := c.Masters(ctx)
	if err != nil {
		return "", err
	}
	addr, ok := masters[broker]
	if !ok {
		return "", fmt.Errorf("broker %s has no master", broker)
	}
	return addr, nil
}
