package mqtest

import (
	"crypto/tls"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/mqserver"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// Option configures a [Cluster]. Wrong values are reported by [NewCluster].
type Option func(*mqserver.Config)

// WithBrokers sets the number of brokers (masters). Default 1, range 1 to 64.
// They are called broker-0, broker-1, ….
func WithBrokers(n int) Option { return func(c *mqserver.Config) { c.Brokers = n } }

// WithSlaves gives each broker n slaves (broker ids 1 to n) that see every
// message of their master at once. Default 0, range 0 to 8.
func WithSlaves(n int) Option { return func(c *mqserver.Config) { c.Slaves = n } }

// WithNameServers sets the number of name servers. Default 1, range 1 to 16.
func WithNameServers(n int) Option { return func(c *mqserver.Config) { c.NameServers = n } }

// WithAddr sets the address of the first name server, host:port. Its host is
// used for all servers, which take free ports. Default 127.0.0.1:0, a free
// port.
func WithAddr(addr string) Option { return func(c *mqserver.Config) { c.Addr = addr } }

// WithClusterName sets the cluster's name. Default DefaultCluster.
func WithClusterName(name string) Option { return func(c *mqserver.Config) { c.ClusterName = name } }

// WithTopic creates a topic with that many queues on every broker.
func WithTopic(name string, queues int) Option {
	return func(c *mqserver.Config) {
		c.Topics = append(c.Topics, mqserver.Topic{Name: name, Queues: queues})
	}
}

// WithQueues sets the number of queues of TBW102, which is the upper bound for
// topics that are created by the first message. Default 8, as brokers have it.
// The producer asks for a number of its own, 4 by default.
func WithQueues(n int) Option { return func(c *mqserver.Config) { c.Queues = n } }

// WithDelayLevels replaces the table of delay levels, for instance "10ms 1s 2m".
// Default "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h".
// Units are those of [time.ParseDuration], and d for days.
func WithDelayLevels(levels string) Option {
	return func(c *mqserver.Config) { c.DelayLevels = levels }
}

// WithAutoCreateTopic says whether a message for an unknown topic creates it.
// Default true.
func WithAutoCreateTopic(on bool) Option {
	return func(c *mqserver.Config) { c.NoAutoCreateTopic = !on }
}

// WithAutoCreateGroup says whether an unknown consumer group is created by its
// first heartbeat or pull. Default true.
func WithAutoCreateGroup(on bool) Option {
	return func(c *mqserver.Config) { c.NoAutoCreateGroup = !on }
}

// WithACL makes brokers demand requests signed with these keys. It may be
// given several times, once an account. Name servers stay open, as real ones
// do. Without it no signature is looked at.
func WithACL(accessKey, secretKey string) Option {
	return func(c *mqserver.Config) {
		c.Accounts = append(c.Accounts, mqserver.Account{AccessKey: accessKey, SecretKey: secretKey})
	}
}

// WithTLS makes every server speak TLS and refuse anything else.
func WithTLS(cfg *tls.Config) Option { return func(c *mqserver.Config) { c.TLS = cfg } }

// WithMaxMemory bounds the bytes of stored messages over all brokers: beyond
// it a broker drops its oldest messages and the queues' minimum offsets move.
// Default 256 MiB, at least 1 MiB a broker.
func WithMaxMemory(bytes int64) Option { return func(c *mqserver.Config) { c.MaxMemory = bytes } }

// WithMaxMessageSize bounds the body of a message in bytes. Default 4 MiB.
func WithMaxMessageSize(bytes int) Option {
	return func(c *mqserver.Config) { c.MaxMessageSize = bytes }
}

// WithStaleRoutes sets how long name servers still list a broker after
// [Cluster.KillBroker]. Default 120 s, as real name servers have it.
func WithStaleRoutes(d time.Duration) Option { return func(c *mqserver.Config) { c.StaleRoutes = d } }

// WithLogger sends the cluster's log there. Default: nothing is logged.
func WithLogger(l rlog.Logger) Option { return func(c *mqserver.Config) { c.Logger = l } }
