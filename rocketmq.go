package rocketmq

import (
	"context"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

// Producer sends messages. All methods are safe for concurrent use. Each failed
// send returns a *primitive.SendError, which says whether the message may have
// been stored.
type Producer interface {
	// Start connects. It succeeds when the cluster is down for the moment, and fails
	// on what waiting does not cure, such as refused credentials.
	Start() error
	// Shutdown waits for the sends under way, for as long as a send may take, and
	// closes. With a context of your own: the function Shutdown of this package.
	Shutdown() error
	// SendSync sends a message, or a batch of several, and returns where it is stored.
	SendSync(ctx context.Context, mq ...*primitive.Message) (*primitive.SendResult, error)
	// SendAsync accepts a message, or a batch, and calls mq exactly once with a result
	// or an error; it does not when it returns an error itself.
	SendAsync(ctx context.Context, mq func(ctx context.Context, result *primitive.SendResult, err error),
		msg ...*primitive.Message) error
	// SendOneWay sends a message, or a batch, and hears nothing back.
	SendOneWay(ctx context.Context, mq ...*primitive.Message) error
}

// NewProducer returns a producer that is not started yet. The error names each
// option that is wrong.
func NewProducer(opts ...producer.Option) (Producer, error) {
	p, err := producer.NewDefaultProducer(opts...)
	if err != nil {
		return nil, err // not p: a nil pointer in an interface is not nil
	}
	return p, nil
}

// PushConsumer pulls messages and hands them to functions. All methods are safe
// for concurrent use.
type PushConsumer interface {
	// Start begins to consume. Topics that do not exist yet are consumed once they do.
	Start() error
	// Shutdown stops fetching, waits for handlers (consumer.WithShutdownTimeout at
	// most), commits offsets, leaves the group and closes. With a context of your own:
	// the function Shutdown of this package.
	Shutdown() error
	// Subscribe sets the function that handles the topic's messages, before or after
	// Start.
	Subscribe(topic string, selector consumer.MessageSelector,
		f func(context.Context, ...*primitive.MessageExt) (consumer.ConsumeResult, error)) error
	// Unsubscribe ends a subscription.
	Unsubscribe(topic string) error
	// Suspend stops handing messages out until Resume.
	Suspend()
	// Resume ends Suspend.
	Resume()
	// GetOffsetDiffMap returns for each topic how many messages are not consumed yet.
	GetOffsetDiffMap() map[string]int64
}

// NewPushConsumer returns a consumer that is not started yet. The error names each
// option that is wrong.
func NewPushConsumer(opts ...consumer.Option) (PushConsumer, error) {
	c, err := consumer.NewPushConsumer(opts...)
	if err != nil {
		return nil, err // see NewProducer
	}
	return c, nil
}

// Shutdown stops a producer or consumer and lets what runs finish until ctx ends;
// then it is cut short and the error says what was not finished. The interfaces of
// this package have the methods of rocketmq-client-go v2 and no more, so that
// applications' own implementations of them, mocks for instance, still compile;
// one without a ShutdownContext method is stopped by its Shutdown method.
func Shutdown(ctx context.Context, client interface{ Shutdown() error }) error {
	if c, ok := client.(interface {
		ShutdownContext(ctx context.Context) error
	}); ok {
		return c.ShutdownContext(ctx)
	}
	return client.Shutdown()
}
