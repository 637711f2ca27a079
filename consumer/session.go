package consumer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// session is what lives between Start and Shutdown.
//
//	rebalancer ──assign──► loop ──pull──► broker
//	                        │ ▲──answer──────┘
//	                        ▼
//	                   run queue ──► workers ──► handler
//	                        ▲           │ room, failure, drained
//	                       loop ◄───────┘
//
// Lock order: processQueue.mu and runQueue.mu are leaves; tableMu and loop.mu are never held while another lock is
// taken or a function of others is called.
type session struct {
	opts        *options
	group       string // on the wire, with the namespace
	namespace   string
	client      *instance.Client
	subs        *atomic.Pointer[subscriptions]
	suspended   *atomic.Bool
	interceptor primitive.Interceptor
	logs        *logs
	throttle    *throttle // nil: nothing limits the consumer

	life        *lifecycle.Group
	workCtx     context.Context // handlers' context, cancelled when a shutdown runs out of time
	cancelWork  context.CancelFunc
	fetchCtx    context.Context // ends when the shutdown begins
	cancelFetch context.CancelFunc
	started     time.Time

	loop    *loop
	ready   *runQueue
	offsets offsetStore
	local   *localOffsets // the same store in broadcasting mode, else nil

	tableMu sync.RWMutex // held for writing by the loop only
	table   map[primitive.MessageQueue]*heldQueue

	// The loop's.
	stopping    bool          // nothing is taken or pulled any more
	forced      bool          // handlers that still run are not waited for
	uncommitted []error       // offsets that a shutdown could not store
	emptied     chan struct{} // closed when stopping and the table is empty

	// The rebalancer's, except for the flags.
	rebalance       *lifecycle.Signal
	heartbeatWanted atomic.Bool
	heartbeatUrgent atomic.Bool
	lastHeartbeat   time.Time
	silent          string // broker that did not answer when it was last asked
	unbalanced      int    // rounds in a row that left something to do

	unsubscribe func() // ends the route table's calls
	watched     map[string]struct{}
	watchMu     sync.Mutex
}

const (
	// startTimeout bounds Start.
	startTimeout = 15 * time.Second
	// lastTimeout is what the end of a shutdown gets at least, even if its context has ended.
	lastTimeout = 100 * time.Millisecond
)

func newSession(p *PushConsumer) *session {
	c := &session{
		opts: p.opts, group: p.group, namespace: p.namespace, client: p.client, subs: &p.subs, suspended: &p.suspended,
		logs:      newLogs(p.logger, p.opts.group),
		life:      lifecycle.NewGroup("consumer " + p.opts.group),
		ready:     newRunQueue(),
		table:     make(map[primitive.MessageQueue]*heldQueue),
		emptied:   make(chan struct{}),
		rebalance: lifecycle.NewSignal(),
		watched:   make(map[string]struct{}),
	}
	if len(p.opts.interceptors) > 0 {
		c.interceptor = primitive.ChainInterceptors(p.opts.interceptors...)
	}
	c.throttle = newThrottle(p.opts, func(topic string, err error) {
		c.logs.warn("limiter "+topic, "limiter failed, it is asked again", map[string]any{"topic": topic, "error": err.Error()})
	})
	c.loop = newLoop(c.pulled)
	c.workCtx, c.cancelWork = context.WithCancel(primitive.WithMethod(context.Background(), primitive.ConsumerPush))
	c.fetchCtx, c.cancelFetch = context.WithCancel(c.workCtx)
	return c
}

// start brings the session up, or returns an error and leaves nothing behind.
func (c *session) start() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if err := c.client.Acquire(ctx); err != nil {
		c.cancelWork()
		return err
	}
	registered := false
	defer func() {
		if err == nil {
			return
		}
		c.cancelWork()
		c.watch(nil)
		stop, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if registered {
			_ = c.client.UnregisterConsumer(stop, c.group)
		}
		_ = c.life.Stop(stop)
		_ = c.client.Release(stop)
	}()
	if err := c.openOffsets(); err != nil {
		return err
	}
	if err := c.client.RegisterConsumer(c.group, c); err != nil {
		return err
	}
	registered = true
	if err := c.findTopics(ctx); err != nil {
		return err
	}
	if err := c.announce(ctx); err != nil {
		return err
	}
	c.run()
	return nil
}

func (c *session) openOffsets() error {
	if c.opts.model == Clustering {
		c.offsets = remoteOffsets{c}
		return nil
	}
	dir, err := offsetDir(c.opts.offsetDir, c.client.ClientIP(), c.opts.instanceName, c.client.UnitName(), c.group)
	if err != nil {
		return err
	}
	saver := lifecycle.NewExecutor(c.life, "save offsets", 1, 1)
	c.local, err = openLocalOffsets(dir, saver, func(err error) {
		c.logs.warn("save", "offsets not saved, will be tried again", map[string]any{"error": err.Error()})
	})
	if err != nil {
		return err
	}
	c.offsets = c.local
	return nil
}

// findTopics asks for the routes of all topics. A topic that does not exist yet is consumed once it does.
func (c *session) findTopics(ctx context.Context) error {
	c.watch(c.subs.Load())
	for _, sub := range c.subs.Load().list {
		if sub.handler == nil {
			continue // brokers create the retry topic at the first heartbeat
		}
		_, err := c.client.Routes().Topic(ctx, sub.topic)
		switch {
		case err == nil:
		case errors.Is(err, rmqerrors.ErrTopicNotExist):
			c.logs.warn("missing "+sub.topic, "topic does not exist yet, it will be consumed once it does", map[string]any{"topic": sub.topic})
		default:
			return fmt.Errorf("route of topic %s: %w", sub.topic, err)
		}
	}
	return nil
}

// announce makes this consumer a member of its group before it takes queues. When every broker refuses it, for
// instance because of wrong credentials, that is an error; brokers that cannot be reached may come back.
func (c *session) announce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
	defer cancel()
	c.lastHeartbeat = time.Now()
	err := c.client.HeartbeatNow(ctx)
	if err == nil {
		return nil
	}
	var refused *primitive.BrokerError
	if errors.As(err, &refused) {
		return fmt.Errorf("heartbeat: %w", err)
	}
	c.logs.warn("heartbeat", "heartbeat failed", map[string]any{"error": err.Error()})
	return nil
}

// run starts the 2 + N goroutines.
func (c *session) run() {
	c.started = time.Now()
	c.loop.every(commitInterval, c.commitAll)
	c.loop.every(c.opts.expireInterval(), c.expire)
	c.unsubscribe = c.client.Routes().OnChange(func(topic string, _ *route.Topic) {
		if c.subs.Load().byTopic[topic] != nil {
			c.rebalance.Set()
		}
	})
	c.life.Go("pull", c.loop.run)
	c.life.Go("rebalance", c.rebalancer)
	for range c.opts.workers {
		c.life.Go("work", c.work)
	}
}

// watch has the route table refresh the topics of subs, and no others for this session; nil means none.
func (c *session) watch(subs *subscriptions) {
	c.watchMu.Lock()
	defer c.watchMu.Unlock()
	for topic := range c.watched {
		if subs == nil || subs.byTopic[topic] == nil {
			c.client.Routes().Unwatch(topic)
			delete(c.watched, topic)
		}
	}
	if subs == nil {
		return
	}
	for topic := range subs.byTopic {
		if _, ok := c.watched[topic]; !ok {
			c.client.Routes().Watch(topic)
			c.watched[topic] = struct{}{}
		}
	}
}

// ConsumerData describes the group for heartbeats. It implements instance.Consumer.
func (c *session) ConsumerData() command.ConsumerData {
	return command.ConsumerData{
		GroupName: c.group, ConsumeType: command.ConsumePassively, MessageModel: c.opts.model.String(),
		ConsumeFromWhere: c.opts.fromWhere.String(), SubscriptionDataSet: c.subs.Load().data(),
	}
}

// ConsumerIDsChanged is called when members have joined or left. It implements instance.Consumer.
func (c *session) ConsumerIDsChanged() { c.rebalance.Set() }

// subscriptionsChanged is called after the set of subscriptions has changed.
func (c *session) subscriptionsChanged() {
	c.watch(c.subs.Load())
	c.heartbeatNow()
}

// resume pulls all queues at once.
func (c *session) resume() {
	c.loop.do(func() {
		for _, q := range c.table {
			c.pull(q)
		}
	})
}

// held returns the queues in the table.
func (c *session) held() []*heldQueue {
	c.tableMu.RLock()
	defer c.tableMu.RUnlock()
	out := make([]*heldQueue, 0, len(c.table))
	for _, q := range c.table {
		out = append(out, q)
	}
	return out
}

func (c *session) insert(q *heldQueue) {
	c.tableMu.Lock()
	c.table[q.mq] = q
	c.tableMu.Unlock()
}

func (c *session) remove(q *heldQueue) {
	c.tableMu.Lock()
	if c.table[q.mq] == q {
		delete(c.table, q.mq)
	}
	empty := len(c.table) == 0
	c.tableMu.Unlock()
	if empty && c.stopping {
		close(c.emptied)
	}
}
