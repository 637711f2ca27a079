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
	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/internal/validate"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// PushConsumer calls handlers with the messages of the topics it is subscribed to. All its methods are safe for
// concurrent use.
type PushConsumer struct {
	opts      *options
	group     string // on the wire, with the namespace
	namespace string
	client    *instance.Client
	logger    rlog.Logger

	state     lifecycle.State
	session   atomic.Pointer[session] // nil before Start
	suspended atomic.Bool

	mu   sync.Mutex // serialises changes of subs
	subs atomic.Pointer[subscriptions]
}

// NewPushConsumer checks the options and returns a consumer that does nothing until Start. A wrong option is an
// *OptionError.
func NewPushConsumer(opts ...Option) (*PushConsumer, error) {
	o := defaults(time.Now())
	for _, apply := range opts {
		if apply != nil {
			apply(o)
		}
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	client := o.client
	if client == nil {
		var err error
		if client, err = instance.New(o.instanceConfig()); err != nil {
			return nil, fmt.Errorf("consumer group %s: %w", o.group, err)
		}
	}
	p := &PushConsumer{opts: o, client: client, namespace: client.Namespace(), logger: o.logger}
	if p.logger == nil {
		p.logger = client.Logger()
	}
	p.group = namespace.Wrap(p.namespace, o.group)
	// Brokers measure the name with its namespace, and so does Java.
	if err := validate.Group(p.group); err != nil {
		return nil, &OptionError{Option: "WithGroupName", Value: p.group, Err: err}
	}
	var list []*subscription
	if o.model == Clustering {
		list = append(list, newRetrySubscription(p.namespace, p.group))
	}
	p.subs.Store(newSubscriptions(list))
	return p, nil
}

func (o *options) instanceConfig() instance.Config {
	cfg := instance.Config{
		NameServers: o.nameServers, Credentials: o.credentials, TLS: o.tls, Dial: o.dial, ClientIP: o.clientIP,
		InstanceName: o.instanceName, UnitName: o.unitName, Namespace: o.namespace, VIPChannel: o.vipChannel,
		Serialization: wire.Serialization(o.serialization), ConnectTimeout: o.connectTimeout,
		IdleTimeout: o.idleTimeout, WriteTimeout: o.writeTimeout, Logger: o.logger,
	}
	switch {
	case o.domain != "":
		http := primitive.NewHttpResolver("DEFAULT", o.domain)
		if o.unitName != "" {
			http.DomainWithUnit(o.unitName)
		}
		cfg.Resolver = route.FromNsResolver(http)
	case o.resolver != nil:
		cfg.Resolver = route.FromNsResolver(o.resolver)
	}
	return cfg
}

// Start joins the group and begins to consume. It returns an error when no name server can be reached, when every
// broker refuses the consumer (wrong credentials, for instance: errors.As finds a *primitive.BrokerError), or when
// another consumer of the same group uses the same client; Start may then be called again. A topic that does not
// exist is no error: it is consumed within seconds of being created.
func (p *PushConsumer) Start() error {
	before := p.subs.Load()
	err := p.state.Start(func() error {
		s := newSession(p)
		if err := s.start(); err != nil {
			return err
		}
		p.session.Store(s)
		return nil
	})
	switch {
	case errors.Is(err, lifecycle.ErrAlreadyStarted):
		err = rmqerrors.ErrAlreadyStarted
	case errors.Is(err, lifecycle.ErrStopped):
		err = rmqerrors.ErrClosed
	}
	if err != nil {
		return fmt.Errorf("start consumer group %s: %w", p.opts.group, err)
	}
	if p.subs.Load() != before { // somebody subscribed while it started
		p.session.Load().subscriptionsChanged()
	}
	return nil
}

// Shutdown is ShutdownContext with a context that lives as long as WithShutdownTimeout says.
func (p *PushConsumer) Shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), p.opts.shutdownTimeout)
	defer cancel()
	return p.ShutdownContext(ctx)
}

// ShutdownContext stops fetching, lets the handlers that run finish while ctx lives and then cancels their context,
// commits the offsets, leaves the group and closes its connections. Messages that were fetched and not handed to a
// handler are left to the other members. The error wraps ctx's when handlers did not finish in time. Later calls do
// nothing and return the same error. A handler must not call it: it would wait for itself.
func (p *PushConsumer) ShutdownContext(ctx context.Context) error {
	err := p.state.Stop(func() error { return p.session.Load().stop(ctx) })
	if err != nil {
		return fmt.Errorf("shut down consumer group %s: %w", p.opts.group, err)
	}
	return nil
}

// Subscribe sets what is consumed of a topic, and by which handler; a subscription of the same topic is replaced. It
// may be called before and after Start.
func (p *PushConsumer) Subscribe(topic string, selector MessageSelector,
	f func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error)) error {
	sub, err := newSubscription(p.namespace, topic, selector, f)
	if err != nil {
		return err
	}
	return p.change(func(s *subscriptions) *subscriptions { return s.with(sub) })
}

// Unsubscribe ends the consumption of a topic: handlers that run finish, no more are called. It may be called before
// and after Start. A topic that is not subscribed is no error.
func (p *PushConsumer) Unsubscribe(topic string) error {
	if topic == "" {
		return rmqerrors.ErrTopicEmpty
	}
	return p.change(func(s *subscriptions) *subscriptions { return s.without(namespace.Wrap(p.namespace, topic)) })
}

func (p *PushConsumer) change(f func(*subscriptions) *subscriptions) error {
	if ph := p.state.Phase(); ph == lifecycle.PhaseStopping || ph == lifecycle.PhaseStopped {
		return rmqerrors.ErrStartTopic
	}
	p.mu.Lock()
	p.subs.Store(f(p.subs.Load()))
	p.mu.Unlock()
	if s := p.session.Load(); s != nil && p.state.Running() {
		s.subscriptionsChanged()
	}
	return nil
}

// Suspend stops fetching until Resume. Messages that were fetched before are still handed out.
func (p *PushConsumer) Suspend() { p.suspended.Store(true) }

// Resume ends Suspend; all queues are fetched again at once.
func (p *PushConsumer) Resume() {
	p.suspended.Store(false)
	if s := p.session.Load(); s != nil {
		s.resume()
	}
}

// GetOffsetDiffMap returns for each topic how many messages of the queues that this consumer holds are not done, as
// far as the last pulls know.
func (p *PushConsumer) GetOffsetDiffMap() map[string]int64 {
	out := make(map[string]int64)
	s := p.session.Load()
	if s == nil {
		return out
	}
	for _, q := range s.held() {
		if n, ok := q.behind(); ok {
			out[namespace.Unwrap(p.namespace, q.mq.Topic)] += n
		}
	}
	return out
}

// Stats returns how the consumption of a subscribed topic went; false when the topic is not subscribed.
func (p *PushConsumer) Stats(topic string) (TopicStats, bool) {
	sub := p.subs.Load().byName[topic]
	if sub == nil {
		return TopicStats{}, false
	}
	return sub.stats.read(time.Now()), true
}
