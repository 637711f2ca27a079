package route

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// Invoker is the part of *remote.Client that a Table uses.
type Invoker interface {
	InvokeAsync(ctx context.Context, addr string, req *remote.Request, done func(*wire.Command, error))
	CloseConn(addr string)
}

// Config configures a Table. Remote and Resolver are required.
type Config struct {
	// Remote sends the queries.
	Remote Invoker
	// Resolver says where the name servers are.
	Resolver Resolver
	// RefreshInterval is the time between two refreshes of a known topic; default 30 s.
	RefreshInterval time.Duration
	// MissingInterval is the time between two queries for a watched topic that does not exist (yet); default 3 s.
	MissingInterval time.Duration
	// Timeout bounds one query over all name servers; default 3 s.
	Timeout time.Duration
	// HedgeDelay is how long one name server may stay silent before the next one is asked as well; default 300 ms,
	// at most a quarter of Timeout.
	HedgeDelay time.Duration
	// MapAddr, if set, translates every broker address of a route before it is used (NAT, port forwarding, proxies).
	// It gets host:port, with brackets around an IPv6 host, and must return that form.
	MapAddr func(addr string) string
	// LookupHost resolves the host names of name servers, to notice that one has moved; default: the machine's
	// resolver. Connections are dialled by name, and resolve it themselves.
	LookupHost func(ctx context.Context, host string) ([]string, error)
	// Logger gets what no caller gets returned; default rlog.Default().
	Logger rlog.Logger
}

// Table is the route table of one client. All methods are safe for concurrent use, and those that look things up
// work before Start as well.
type Table struct {
	cfg     Config
	servers *nameServers
	hosts   hosts
	group   *lifecycle.Group
	wake    *lifecycle.Signal // something in topics is due earlier than the refresh loop thinks
	snap    atomic.Pointer[snapshot]
	warn    warnings

	mu        sync.Mutex // guards what follows, and every replacement of snap
	started   bool
	topics    map[string]*schedule
	flights   map[string]*flight
	resolving *resolution
	nextWake  time.Time // when the refresh loop looks again by itself

	changes changes
}

// New checks cfg and returns a table that asks nobody anything yet.
func New(cfg Config) (*Table, error) {
	if cfg.Remote == nil {
		return nil, errors.New("route: Config.Remote is missing")
	}
	if cfg.Resolver == nil {
		return nil, errors.New("route: Config.Resolver is missing")
	}
	for _, d := range []struct {
		name  string
		value *time.Duration
		unset time.Duration
	}{
		{"RefreshInterval", &cfg.RefreshInterval, defaultRefreshInterval},
		{"MissingInterval", &cfg.MissingInterval, defaultMissingInterval},
		{"Timeout", &cfg.Timeout, defaultTimeout},
		{"HedgeDelay", &cfg.HedgeDelay, defaultHedgeDelay},
	} {
		if *d.value < 0 {
			return nil, fmt.Errorf("route: %s is %v, it must be positive, or 0 for %v", d.name, *d.value, d.unset)
		}
		if *d.value == 0 {
			*d.value = d.unset
		}
	}
	// A topic that is missing is never asked for less often than one that exists.
	cfg.MissingInterval = min(cfg.MissingInterval, cfg.RefreshInterval)
	// The second and third name server must get their chance within the timeout.
	cfg.HedgeDelay = min(cfg.HedgeDelay, cfg.Timeout/4)
	if cfg.Logger == nil {
		cfg.Logger = rlog.Default()
	}
	if cfg.LookupHost == nil {
		cfg.LookupHost = net.DefaultResolver.LookupHost
	}
	t := &Table{
		cfg:     cfg,
		servers: newNameServers(cfg.Remote, cfg.HedgeDelay),
		group:   lifecycle.NewGroup("route"),
		wake:    lifecycle.NewSignal(),
		topics:  make(map[string]*schedule),
		flights: make(map[string]*flight),
	}
	t.warn.logger = cfg.Logger
	t.hosts.lookup = cfg.LookupHost
	t.snap.Store(&snapshot{topics: map[string]*known{}, brokers: map[string]Broker{}})
	return t, nil
}

// Start begins the periodic refresh. It asks nobody anything itself.
func (t *Table) Start() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.started {
		return lifecycle.ErrAlreadyStarted
	}
	if !t.group.Go("route refresh", t.refreshLoop) {
		return lifecycle.ErrStopped
	}
	t.started = true
	return nil
}

// Stop ends the refresh and fails what waits for a query with an error that matches errors.ErrClosed; what is known
// stays readable. It is idempotent, and works on a table that was not started. When ctx ends first, what still runs
// is named in the error.
func (t *Table) Stop(ctx context.Context) error { return t.group.Stop(ctx) }

// Topic returns the route of topic: the known one, or else what the name servers answer to one query, whoever else
// asks at the same time. Failures are *Error. It never returns a fallback.
func (t *Table) Topic(ctx context.Context, topic string) (*Topic, error) {
	if k := t.cached(topic); k != nil {
		return k.Topic, nil
	}
	k, f := t.join(topic, want{})
	if k != nil {
		return k.Topic, nil
	}
	if err := f.wait(ctx); err != nil {
		return nil, t.fail(topic, err)
	}
	return f.route, nil
}

// Publish returns the route for sending to topic. When the topic does not exist, it is a fallback with at most
// defaultQueues (0: 4) queues on each broker that creates topics by itself; the real route replaces it soon after
// the first message has made a broker create the topic. Failures are *Error.
func (t *Table) Publish(ctx context.Context, topic string, defaultQueues int) (*Topic, error) {
	if defaultQueues <= 0 {
		defaultQueues = defaultTopicQueues
	}
	k := t.snap.Load().topics[topic]
	if k == nil {
		var f *flight
		if k, f = t.join(topic, want{fallback: defaultQueues}); f != nil {
			err := f.wait(ctx)
			switch {
			case err == nil:
				return f.route, nil
			case f.standIn == nil || ctx.Err() != nil:
				return nil, t.fail(topic, err)
			}
			k = f.standIn
		}
	}
	k.touch()
	if k.Fallback && k.queues != defaultQueues {
		return standIn(k.base, topic, defaultQueues), nil
	}
	return k.Topic, nil
}

// Refresh asks the name servers for topic now and returns what they answer; a query that is under way already
// counts. Failures are *Error, and leave the known route as it is, except that a topic is forgotten once the name
// servers have been saying for a whole refresh interval that it does not exist.
func (t *Table) Refresh(ctx context.Context, topic string) (*Topic, error) {
	_, f := t.join(topic, want{fresh: true})
	if err := f.wait(ctx); err != nil {
		return nil, t.fail(topic, err)
	}
	return f.route, nil
}

// FindMaster is Master, with one refresh of topic when the broker or its master is not known. The error matches
// errors.ErrBrokerNotFound, and why the refresh failed if it did.
func (t *Table) FindMaster(ctx context.Context, topic, broker string) (addr string, err error) {
	if addr, ok := t.Master(broker); ok {
		return addr, nil
	}
	_, err = t.Refresh(ctx, topic)
	if addr, ok := t.Master(broker); ok {
		return addr, nil
	}
	return "", brokerNotFound(topic, broker, err)
}

// FindReplica is Replica, with one refresh of topic when the broker is not known. Errors are those of FindMaster.
func (t *Table) FindReplica(ctx context.Context, topic, broker string, id int64, only bool) (addr string, slave bool, err error) {
	if addr, slave, ok := t.Replica(broker, id, only); ok {
		return addr, slave, nil
	}
	_, err = t.Refresh(ctx, topic)
	if addr, slave, ok := t.Replica(broker, id, only); ok {
		return addr, slave, nil
	}
	return "", false, brokerNotFound(topic, broker, err)
}

func brokerNotFound(topic, broker string, cause error) error {
	if cause == nil {
		return fmt.Errorf("%w: broker %q of topic %q has no address in the route", rmqerrors.ErrBrokerNotFound, broker, topic)
	}
	return fmt.Errorf("%w: broker %q of topic %q: %w", rmqerrors.ErrBrokerNotFound, broker, topic, cause)
}

// fail puts the topic and the name servers to an error.
func (t *Table) fail(topic string, err error) *Error {
	return &Error{Topic: topic, NameServers: t.servers.addrs(), Err: err}
}

// NameServers lists the name servers known at the moment.
func (t *Table) NameServers() []string { return t.servers.addrs() }
