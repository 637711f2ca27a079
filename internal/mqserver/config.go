package mqserver

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/rocketmq-go/rocketmq/rlog"
)

// Config says what a Cluster consists of. The zero value is one name server
// and one broker on free loopback ports.
type Config struct {
	Addr              string // of the first name server; default 127.0.0.1:0
	ClusterName       string // default DefaultCluster
	NameServers       int    // default 1
	Brokers           int    // masters, default 1
	Slaves            int    // per broker
	Topics            []Topic
	Queues            int    // of TBW102, default 8
	DelayLevels       string // default as Java's MessageStoreConfig.messageDelayLevel
	NoAutoCreateTopic bool
	NoAutoCreateGroup bool
	Accounts          []Account // none: no ACL
	TLS               *tls.Config
	MaxMemory         int64         // bytes of stored messages, all brokers; default 256 MiB
	MaxMessageSize    int           // bytes of body, default 4 MiB
	StaleRoutes       time.Duration // how long a killed broker stays listed; default 120 s
	Logger            rlog.Logger   // default rlog.Discard()
}

// Topic is a topic that exists on every broker from the beginning.
type Topic struct {
	Name   string
	Queues int
}

// Account is a pair of keys that may sign requests.
type Account struct{ AccessKey, SecretKey string }

// complete puts the defaults in and checks the rest.
func (c *Config) complete() (delayLevels, netip.AddrPort, error) {
	setDefault(&c.Addr, "127.0.0.1:0")
	setDefault(&c.ClusterName, "DefaultCluster")
	setDefault(&c.NameServers, 1)
	setDefault(&c.Brokers, 1)
	setDefault(&c.Queues, 8)
	setDefault(&c.DelayLevels, defaultDelayLevels)
	setDefault(&c.MaxMemory, defaultMaxMemory)
	setDefault(&c.MaxMessageSize, defaultMaxMessageSize)
	setDefault(&c.StaleRoutes, staleRoutes)
	if c.Logger == nil {
		c.Logger = rlog.Discard()
	}
	var errs []error
	for _, x := range []struct {
		name             string
		value, low, high int64
	}{
		{"name servers", int64(c.NameServers), 1, 16},
		{"brokers", int64(c.Brokers), 1, 64},
		{"slaves", int64(c.Slaves), 0, 8},
		{"queues", int64(c.Queues), 1, maxQueues},
		{"max memory", c.MaxMemory, int64(c.Brokers) * minMemoryPerBroker, 1 << 40},
		{"max message size", int64(c.MaxMessageSize), 1, 15 << 20},
		{"stale routes", int64(c.StaleRoutes), 1, int64(24 * time.Hour)},
	} {
		if x.value < x.low || x.value > x.high {
			errs = append(errs, fmt.Errorf("mqserver: %s: %d is outside %d to %d", x.name, x.value, x.low, x.high))
		}
	}
	if text := checkTopic(c.ClusterName); text != "" {
		errs = append(errs, fmt.Errorf("mqserver: cluster name %q is not a legal topic name", c.ClusterName))
	}
	levels, err := parseDelayLevels(c.DelayLevels)
	if err != nil {
		errs = append(errs, fmt.Errorf("mqserver: delay levels: %w", err))
	}
	addr, err := parseAddr(c.Addr)
	if err != nil {
		errs = append(errs, err)
	}
	for _, t := range c.Topics {
		errs = append(errs, checkNewTopic(t.Name, t.Queues))
	}
	for _, a := range c.Accounts {
		if a.AccessKey == "" || a.SecretKey == "" {
			errs = append(errs, errors.New("mqserver: an account needs an access key and a secret key"))
		}
	}
	return levels, addr, errors.Join(errs...)
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// parseAddr accepts an IP address and port, and localhost.
func parseAddr(text string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(text)
	if err == nil && host == "localhost" {
		text = net.JoinHostPort("127.0.0.1", port)
	}
	addr, err := netip.ParseAddrPort(text)
	if err != nil {
		return addr, fmt.Errorf("mqserver: address %q: %w", text, err)
	}
	if addr.Addr().IsUnspecified() {
		return addr, fmt.Errorf("mqserver: address %q: brokers tell clients this address, so it must be one that they can dial", text)
	}
	return addr, nil
}

func checkNewTopic(name string, queues int) error {
	if text := checkTopic(name); text != "" {
		return fmt.Errorf("mqserver: topic %q: %s", name, text)
	}
	if queues < 1 || queues > maxQueues {
		return fmt.Errorf("mqserver: topic %q: %d queues are outside 1 to %d", name, queues, maxQueues)
	}
	return nil
}
