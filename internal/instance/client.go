package instance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// Producer is what a Client needs to know of a producer.
type Producer interface {
	Group() string
}

// Consumer is what a Client needs to know of a consumer.
type Consumer interface {
	// ConsumerData describes the group and its subscriptions for the next heartbeat. It must not block.
	ConsumerData() command.ConsumerData
	// ConsumerIDsChanged is called when a broker says that the members of the group have changed. Calls are
	// coalesced. It must not block.
	ConsumerIDsChanged()
}

// Client is one running client that any number of producers and consumers share. Each of them acquires it, registers
// its group, and at its end unregisters the group and releases the client. All methods are safe for concurrent use.
type Client struct {
	cfg Config
	ip  string
	id  string

	// turn is held while the client starts or stops; a channel, so that waiting for it ends with a context.
	turn  chan struct{}
	users int  // guarded by turn
	spent bool // the present run was stopped; guarded by turn

	run      atomic.Pointer[run]
	versions atomic.Pointer[map[string]int32] // replaced under mu, never written to

	mu        sync.Mutex
	producers map[string]Producer
	consumers map[string]Consumer
}

// New checks cfg and returns a client. It starts no goroutine and opens no connection.
func New(cfg Config) (*Client, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &Client{
		cfg:       cfg,
		ip:        cfg.ClientIP,
		turn:      make(chan struct{}, 1),
		producers: make(map[string]Producer),
		consumers: make(map[string]Consumer),
	}
	if c.ip == "" {
		c.ip = localIP(systemNetwork())
	}
	c.id = newID(c.ip, cfg.InstanceName, cfg.UnitName)
	c.versions.Store(&map[string]int32{})
	r, err := newRun(c)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	c.run.Store(r)
	return c, nil
}

// Acquire adds a user; the first one starts the client, also after it was stopped. It dials nobody: a cluster that is
// down is no reason not to start. When it fails, the caller is no user.
func (c *Client) Acquire(ctx context.Context) error {
	if err := c.takeTurn(ctx); err != nil {
		return fmt.Errorf("client: start: %w", err)
	}
	defer c.endTurn()
	if c.users == 0 {
		if err := c.start(); err != nil {
			return fmt.Errorf("client: start: %w", err)
		}
	}
	c.users++
	return nil
}

func (c *Client) start() error {
	if c.spent {
		r, err := newRun(c)
		if err != nil {
			return err
		}
		c.run.Store(r)
		c.spent = false
	}
	r := c.run.Load()
	if err := r.start(); err != nil {
		c.spent = true
		return errors.Join(err, r.stop(context.Background()))
	}
	return nil
}

// Release takes one Acquire back. The last one stops the client: connections are closed, and all goroutines have
// ended when it returns nil; when ctx ends first, they have been told to. A Release too many is an error and does
// nothing.
func (c *Client) Release(ctx context.Context) error {
	// Not bounded by ctx: a start takes no time, and a stop that is under way has a context of its own. The user
	// must not stay counted because his context ended early.
	c.turn <- struct{}{}
	defer c.endTurn()
	if c.users == 0 {
		return errors.New("client: released more often than acquired")
	}
	if c.users--; c.users > 0 {
		return nil
	}
	c.spent = true
	c.mu.Lock()
	clear(c.producers)
	clear(c.consumers)
	c.mu.Unlock()
	if err := c.run.Load().stop(ctx); err != nil {
		return fmt.Errorf("client: stop: %w", err)
	}
	return nil
}

func (c *Client) takeTurn(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case c.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) endTurn() { <-c.turn }

// ID is the client id: <ip>@<name>#<random>[@unit]. No other client has it, in whatever process or container.
func (c *Client) ID() string { return c.id }

// ClientIP is the address in ID: Config.ClientIP, or the machine's. An IPv6 address is in brackets.
func (c *Client) ClientIP() string { return c.ip }

// Namespace is Config.Namespace.
func (c *Client) Namespace() string { return c.cfg.Namespace }

// UnitName is Config.UnitName.
func (c *Client) UnitName() string { return c.cfg.UnitName }

// Logger of this client, never nil.
func (c *Client) Logger() rlog.Logger { return c.cfg.Logger }

// Remote sends requests. A client that was stopped and acquired again has another one: do not keep it beyond Release.
func (c *Client) Remote() *remote.Client { return c.run.Load().remote }

// Routes knows topics and brokers. Like Remote, it belongs to the time from Acquire to Release.
func (c *Client) Routes() *route.Table { return c.run.Load().routes }

// BrokerVersion is the wire version with which the broker at addr answered its last heartbeat; 0 when it has not.
func (c *Client) BrokerVersion(addr string) int32 { return (*c.versions.Load())[addr] }

func (c *Client) setVersion(addr string, version int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := *c.versions.Load()
	if v, ok := old[addr]; ok && v == version {
		return
	}
	next := maps.Clone(old)
	next[addr] = version
	c.versions.Store(&next)
}

// keepVersions forgets the versions of brokers at other addresses.
func (c *Client) keepVersions(addrs map[string]struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := maps.Clone(*c.versions.Load())
	maps.DeleteFunc(next, func(addr string, _ int32) bool { _, ok := addrs[addr]; return !ok })
	c.versions.Store(&next)
}

// RegisterProducer adds a producer group to the heartbeats. The error matches errors.ErrProducerCreated when the
// client has a producer of that group.
func (c *Client) RegisterProducer(group string, p Producer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.producers[group]; ok {
		return fmt.Errorf("%w: group %q in client %s", rmqerrors.ErrProducerCreated, group, c.id)
	}
	c.producers[group] = p
	return nil
}

// RegisterConsumer adds a consumer group to the heartbeats. The error matches errors.ErrCreated when the client has a
// consumer of that group. Call HeartbeatNow afterwards, and whenever the group's subscriptions have changed.
func (c *Client) RegisterConsumer(group string, cons Consumer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.consumers[group]; ok {
		return fmt.Errorf("%w: group %q in client %s", rmqerrors.ErrCreated, group, c.id)
	}
	c.consumers[group] = cons
	return nil
}

// UnregisterProducer removes the group and tells every broker, all at the same time. It waits for their answers until
// ctx ends, at most RequestTimeout. The error says which brokers did not confirm; they drop the group when the
// connection closes, or 120 s later.
func (c *Client) UnregisterProducer(ctx context.Context, group string) error {
	c.mu.Lock()
	_, ok := c.producers[group]
	delete(c.producers, group)
	c.mu.Unlock()
	if !ok {
		return nil
	}
	return c.run.Load().unregister(ctx, command.UnregisterClientRequest{ClientID: c.id, ProducerGroup: group})
}

// UnregisterConsumer is UnregisterProducer for a consumer group. The brokers hand its queues to other members at once.
func (c *Client) UnregisterConsumer(ctx context.Context, group string) error {
	c.mu.Lock()
	_, ok := c.consumers[group]
	delete(c.consumers, group)
	c.mu.Unlock()
	if !ok {
		return nil
	}
	return c.run.Load().unregister(ctx, command.UnregisterClientRequest{ClientID: c.id, ConsumerGroup: group})
}

// HeartbeatNow sends a heartbeat to all known brokers at the same time: to masters only, unless the client has
// consumers. It waits for the answers; once a broker has accepted, it waits for the others only half a second longer.
// Without brokers or groups there is nothing to do. An error means that no broker accepted; it holds a
// *primitive.BrokerError with code and remark for each one that refused.
func (c *Client) HeartbeatNow(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("client: heartbeat: %w", err)
	}
	return c.run.Load().beats.now(ctx)
}

// heartbeat encodes the next heartbeat. The body is nil when there is no group.
func (c *Client) heartbeat() (body []byte, consuming bool, err error) {
	data := command.HeartbeatData{ClientID: c.id}
	c.mu.Lock()
	for _, group := range slices.Sorted(maps.Keys(c.producers)) {
		data.ProducerDataSet = append(data.ProducerDataSet, command.ProducerData{GroupName: group})
	}
	consumers := slices.Collect(maps.Values(c.consumers))
	c.mu.Unlock()
	for _, cons := range consumers { // not under mu: a consumer has locks of its own
		data.ConsumerDataSet = append(data.ConsumerDataSet, cons.ConsumerData())
	}
	if len(data.ProducerDataSet)+len(data.ConsumerDataSet) == 0 {
		return nil, false, nil
	}
	body, err = data.Encode()
	return body, len(data.ConsumerDataSet) > 0, err
}

// consumersOf returns the consumers of the groups that are registered here.
func (c *Client) consumersOf(groups []string) []Consumer {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []Consumer
	for _, group := range groups {
		if cons, ok := c.consumers[group]; ok {
			out = append(out, cons)
		}
	}
	return out
}
