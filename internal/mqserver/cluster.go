package mqserver

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"sync"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// Cluster is name servers and brokers in one process. Its methods are safe for concurrent use.
type Cluster struct {
	counts counters // first: its 64-bit atomics must be aligned on 32-bit machines

	cfg      Config
	levels   delayLevels
	clock    clock
	log      rlog.Logger
	sched    *scheduler
	group    *lifecycle.Group // the scheduler
	hooks    hooks
	acl      acl
	ids      *record.IDGenerator // for messages whose client gave them none
	registry *registry
	names    []*nameServer
	sets     []*brokerSet

	control sync.Mutex // one start or stop at a time
	closed  bool
}

// QueueRecords are the stored records of one queue, one behind the other.
type QueueRecords struct {
	Broker  string
	ID      int
	Records []byte
}

// New starts a cluster; it serves when New returns.
func New(cfg Config) (*Cluster, error) { return newCluster(cfg, realClock{}) }

func newCluster(cfg Config, clk clock) (*Cluster, error) {
	levels, addr, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	c := &Cluster{cfg: cfg, levels: levels, clock: clk, log: cfg.Logger, acl: acl{}, ids: record.NewIDGenerator()}
	for _, a := range cfg.Accounts {
		c.acl[a.AccessKey] = a.SecretKey
	}
	c.sched = newScheduler(clk)
	c.group = lifecycle.NewGroup("mqserver")
	c.registry = newRegistry(clk, c.sched, cfg.ClusterName, cfg.StaleRoutes)
	for i := range cfg.NameServers {
		if i > 0 {
			addr = netip.AddrPortFrom(addr.Addr(), 0)
		}
		c.names = append(c.names, newNameServer(c, addr))
	}
	for i := range cfg.Brokers {
		c.sets = append(c.sets, newBrokerSet(c, "broker-"+strconv.Itoa(i), addr.Addr()))
	}
	c.group.Go("scheduler", c.sched.run)
	c.sched.every(memberScan, c.expire)
	if err := c.start(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Cluster) start() error {
	for _, s := range c.sets {
		for _, n := range s.nodes {
			if err := n.start(); err != nil {
				return err
			}
		}
	}
	// Last, so that whoever waits for the name server finds everything.
	for _, n := range c.names {
		if _, err := n.server.start(); err != nil {
			return err
		}
	}
	return nil
}

// Close stops everything and joins all goroutines.
func (c *Cluster) Close() error {
	c.control.Lock()
	defer c.control.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	var errs []error
	for _, n := range c.names {
		_, err := n.server.stop()
		errs = append(errs, err)
	}
	for _, s := range c.sets {
		for _, n := range s.nodes {
			errs = append(errs, n.stop(false))
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return errors.Join(append(errs, c.group.Stop(ctx))...)
}

func (c *Cluster) expire() {
	for _, s := range c.sets {
		for _, n := range s.nodes {
			n.expire()
		}
	}
}

// servers returns every server.
func (c *Cluster) servers() []*server {
	var out []*server
	for _, n := range c.names {
		out = append(out, n.server)
	}
	for _, s := range c.sets {
		for _, n := range s.nodes {
			out = append(out, n.server)
		}
	}
	return out
}

func (c *Cluster) set(name string) (*brokerSet, error) {
	for _, s := range c.sets {
		if s.name == name {
			return s, nil
		}
	}
	return nil, fmt.Errorf("mqserver: there is no broker %q", name)
}

func (c *Cluster) node(name string, id int64) (*broker, error) {
	s, err := c.set(name)
	if err != nil {
		return nil, err
	}
	return s.node(id)
}

var errClosed = errors.New("mqserver: the cluster is closed")

// controlled runs f unless the cluster is closed, one such call at a time.
func (c *Cluster) controlled(f func() error) error {
	c.control.Lock()
	defer c.control.Unlock()
	if c.closed {
		return errClosed
	}
	return f()
}
