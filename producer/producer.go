package producer

import (
	"context"
	"fmt"
	"sync"

	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// invoker is what a producer needs of the network layer (*remote.Client).
type invoker interface {
	Invoke(ctx context.Context, addr string, req *remote.Request) (*wire.Command, error)
	InvokeAsync(ctx context.Context, addr string, req *remote.Request, done func(*wire.Command, error))
	InvokeOneWay(ctx context.Context, addr string, req *remote.Request) error
	Connected(addr string) bool
}

// DefaultProducer sends messages. All methods are safe for concurrent use.
type DefaultProducer struct {
	active atomic.Int64 // calls under way, async ones until their callback has returned

	opts        producerOptions
	group       string // on the wire
	namespace   string
	client      *instance.Client
	log         rlog.Logger
	topics      *topics
	ids         *record.IDGenerator
	compressor  *record.Compressor
	selector    QueueSelector
	pins        bool // the selector's choice is never changed
	retryCodes  map[int32]bool
	interceptor primitive.Interceptor
	limit       *limiter
	ended       context.Context // one that has ended, see send.chooseKnown
	sends       sync.Pool       // of *send

	// Set by Start.
	remote    invoker
	routes    router
	work      *lifecycle.Group
	callbacks *lifecycle.Executor // run the application's callbacks, which may block
	routing   *lifecycle.Executor // run attempts that wait for a name server
	retries   *retryQueue

	blockedMu  sync.Mutex
	blockedNow int // SendAsync calls that wait for room

	starting sync.Mutex
	state    lifecycle.State
	drained  *lifecycle.Signal
	aborted  atomic.Bool // the time to drain is over
}

// NewDefaultProducer checks the options and returns a producer that is not started
// yet. It opens no connection. The error names each option that is wrong and says
// what to do.
func NewDefaultProducer(opts ...Option) (*DefaultProducer, error) {
	o := defaultOptions()
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("producer: %w: option %d is nil", rmqerrors.ErrIllegalOption, i)
		}
		opt(&o)
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	c := o.client
	if c == nil {
		var err error
		if c, err = instance.New(o.clientConfig()); err != nil {
			return nil, fmt.Errorf("producer: %w", err)
		}
	}
	if o.namespace == "" {
		o.namespace = c.Namespace()
	}
	compressor, err := o.compressor()
	if err != nil {
		return nil, fmt.Errorf("producer.WithCompressLevel(%d): %w: %w", o.compressLevel, rmqerrors.ErrCompressLevel, err)
	}
	p := &DefaultProducer{
		opts:        o,
		group:       namespace.Wrap(o.namespace, o.group),
		namespace:   o.namespace,
		client:      c,
		log:         o.loggerOf(c),
		topics:      newTopics(o.namespace),
		ids:         record.NewIDGenerator(),
		compressor:  compressor,
		selector:    o.selector,
		retryCodes:  o.codesOf(),
		interceptor: primitive.ChainInterceptors(o.interceptors...),
		limit:       newLimiter(o.asyncMessages, o.asyncBytes),
		drained:     lifecycle.NewSignal(),
	}
	if p.selector == nil {
		p.selector = newDefaultSelector()
	}
	_, p.pins = p.selector.(manualQueueSelector)
	var end context.CancelFunc
	p.ended, end = context.WithCancel(context.Background())
	end()
	return p, nil
}

// Group is the group's name on the wire; it makes the producer part of the
// client's heartbeats.
func (p *DefaultProducer) Group() string { return p.group }

// enter counts a call that sends; leave must follow.
func (p *DefaultProducer) enter() error {
	// Counted before the look at the state, so that Shutdown, which changes the
	// state before it looks at the count, misses nobody.
	p.active.Inc()
	if p.state.Running() {
		return nil
	}
	p.leave()
	return p.notRunning()
}

func (p *DefaultProducer) leave() {
	if p.active.Dec() == 0 && !p.state.Running() {
		p.drained.Set()
	}
}

// submit runs f on an executor, or here when that has ended with the producer: an
// accepted message must get its callback.
func (p *DefaultProducer) submit(e *lifecycle.Executor, f func(context.Context)) {
	if !e.TrySubmit(f) {
		f(p.ended)
	}
}

// IsUnitMode reports false: unit mode is a matter of consumers.
func (p *DefaultProducer) IsUnitMode() bool { return false }

// PublishTopicList lists the topics that this producer has sent to, in no order.
func (p *DefaultProducer) PublishTopicList() []string { return p.topics.names() }

// IsPublishTopicNeedUpdate reports whether no queue of topic is known to which
// this producer can send.
func (p *DefaultProducer) IsPublishTopicNeedUpdate(topic string) bool {
	t := p.topics.find(topic)
	if t == nil {
		return true
	}
	q := t.queues.Load()
	return q == nil || len(q.list) == 0
}
