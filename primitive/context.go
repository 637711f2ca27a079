package primitive

import (
	"context"
	"math"
	"strconv"
)

// CommunicationMode is the way a message is sent.
type CommunicationMode string

// ConsumeReturnType is how a handler ended, in traces and hooks.
type ConsumeReturnType string

const (
	// SendSync waits for the broker's answer.
	SendSync CommunicationMode = "SendSync"
	// SendOneway does not ask for an answer.
	SendOneway CommunicationMode = "SendOneway"
	// SendAsync calls back with the answer.
	SendAsync CommunicationMode = "SendAsync"

	// ConsumerPush is the method name of push consumers.
	ConsumerPush = "ConsumerPush"
	// ConsumerPull is the method name of pull consumers.
	ConsumerPull = "ConsumerPull"

	// SuccessReturn says that the handler consumed the messages.
	SuccessReturn ConsumeReturnType = "SUCCESS"
	// TimeoutReturn says that the handler took longer than the consume timeout.
	TimeoutReturn ConsumeReturnType = "TIMEOUT"
	// ExceptionReturn says that the handler panicked or returned an error.
	ExceptionReturn ConsumeReturnType = "EXCEPTION"
	// NullReturn says that the handler returned nothing.
	NullReturn ConsumeReturnType = "RETURNNULL"
	// FailedReturn says that the handler wants the messages again.
	FailedReturn ConsumeReturnType = "FAILED"
)

// Ordinal returns the number that message traces have for it, 0 for an unknown one.
func (c ConsumeReturnType) Ordinal() int {
	switch c {
	case TimeoutReturn:
		return 1
	case ExceptionReturn:
		return 2
	case NullReturn:
		return 3
	case FailedReturn:
		return 4
	}
	return 0
}

type ctxKey int

const (
	methodKey ctxKey = iota
	consumerKey
	orderlyKey
	concurrentlyKey
	producerKey
)

// WithMethod returns a context that carries the way of sending.
func WithMethod(ctx context.Context, m CommunicationMode) context.Context {
	return context.WithValue(ctx, methodKey, m)
}

// GetMethod returns what WithMethod put in, "" when nothing did.
func GetMethod(ctx context.Context) CommunicationMode {
	m, _ := ctx.Value(methodKey).(CommunicationMode)
	return m
}

// ConsumeMessageContext describes to interceptors the messages that a push consumer handles.
type ConsumeMessageContext struct {
	ConsumerGroup string
	Msgs          []*MessageExt
	MQ            *MessageQueue
	Success       bool
	Status        string
	Properties    map[string]string
}

// String returns the context in one line.
func (c *ConsumeMessageContext) String() string {
	if c == nil {
		return "ConsumeMessageContext [nil]"
	}
	return "ConsumeMessageContext [group=" + c.ConsumerGroup + ", msgs=" + strconv.Itoa(len(c.Msgs)) + ", mq=" + c.MQ.String() +
		", success=" + strconv.FormatBool(c.Success) + ", status=" + c.Status + "]"
}

// WithConsumerCtx returns a context that carries c.
func WithConsumerCtx(ctx context.Context, c *ConsumeMessageContext) context.Context {
	return context.WithValue(ctx, consumerKey, c)
}

// GetConsumerCtx returns what WithConsumerCtx put in; push consumers do.
func GetConsumerCtx(ctx context.Context) (*ConsumeMessageContext, bool) {
	c, ok := ctx.Value(consumerKey).(*ConsumeMessageContext)
	return c, ok
}

// ConsumeOrderlyContext is what a handler of an orderly consumer can read and set.
type ConsumeOrderlyContext struct {
	MQ MessageQueue
	// AutoCommit false leaves committing to the handler's result.
	AutoCommit bool
	// SuspendCurrentQueueTimeMillis is how long the queue rests after a failure, -1 leaves it to the consumer.
	SuspendCurrentQueueTimeMillis int
}

// NewConsumeOrderlyContext returns a context with AutoCommit that leaves the time to the consumer.
func NewConsumeOrderlyContext() *ConsumeOrderlyContext {
	return &ConsumeOrderlyContext{AutoCommit: true, SuspendCurrentQueueTimeMillis: -1}
}

// String returns the context in one line.
func (c *ConsumeOrderlyContext) String() string {
	if c == nil {
		return "ConsumeOrderlyContext [nil]"
	}
	return "ConsumeOrderlyContext [mq=" + c.MQ.String() + ", autoCommit=" + strconv.FormatBool(c.AutoCommit) +
		", suspendCurrentQueueTimeMillis=" + strconv.Itoa(c.SuspendCurrentQueueTimeMillis) + "]"
}

// WithOrderlyCtx returns a context that carries c.
func WithOrderlyCtx(ctx context.Context, c *ConsumeOrderlyContext) context.Context {
	return context.WithValue(ctx, orderlyKey, c)
}

// GetOrderlyCtx returns what WithOrderlyCtx put in; orderly consumers do for their handlers.
func GetOrderlyCtx(ctx context.Context) (*ConsumeOrderlyContext, bool) {
	c, ok := ctx.Value(orderlyKey).(*ConsumeOrderlyContext)
	return c, ok
}

// ConsumeConcurrentlyContext is what a handler of a concurrent consumer can read and set.
type ConsumeConcurrentlyContext struct {
	MQ MessageQueue
	// DelayLevelWhenNextConsume is the delay of the next delivery after a failure: 0 grows with each, -1 none at all:
	// straight to the dead letters, greater than 0 that delay level.
	DelayLevelWhenNextConsume int
	// AckIndex is the last of the batch that counts as consumed when the handler succeeds.
	AckIndex int32
}

// NewConsumeConcurrentlyContext returns a context in which the whole batch counts as consumed.
func NewConsumeConcurrentlyContext() *ConsumeConcurrentlyContext {
	return &ConsumeConcurrentlyContext{AckIndex: math.MaxInt32}
}

// String returns the context in one line.
func (c *ConsumeConcurrentlyContext) String() string {
	if c == nil {
		return "ConsumeConcurrentlyContext [nil]"
	}
	return "ConsumeConcurrentlyContext [mq=" + c.MQ.String() + ", delayLevelWhenNextConsume=" +
		strconv.Itoa(c.DelayLevelWhenNextConsume) + ", ackIndex=" + strconv.Itoa(int(c.AckIndex)) + "]"
}

// WithConcurrentlyCtx returns a context that carries c.
func WithConcurrentlyCtx(ctx context.Context, c *ConsumeConcurrentlyContext) context.Context {
	return context.WithValue(ctx, concurrentlyKey, c)
}

// GetConcurrentlyCtx returns what WithConcurrentlyCtx put in; concurrent consumers do for their handlers.
func GetConcurrentlyCtx(ctx context.Context) (*ConsumeConcurrentlyContext, bool) {
	c, ok := ctx.Value(concurrentlyKey).(*ConsumeConcurrentlyContext)
	return c, ok
}

// ProducerCtx describes to interceptors the message that a producer sends.
type ProducerCtx struct {
	ProducerGroup     string
	Message           Message
	MQ                MessageQueue
	BrokerAddr        string
	BornHost          string
	CommunicationMode CommunicationMode
	SendResult        *SendResult
	Props             map[string]string
	MsgType           MessageType
	Namespace         string
}

// String returns the context in one line.
func (c *ProducerCtx) String() string {
	if c == nil {
		return "ProducerCtx [nil]"
	}
	return "ProducerCtx [group=" + c.ProducerGroup + ", mq=" + c.MQ.String() + ", brokerAddr=" + c.BrokerAddr +
		", mode=" + string(c.CommunicationMode) + ", msgType=" + c.MsgType.String() + ", " + c.Message.String() + "]"
}

// WithProducerCtx returns a context that carries c.
func WithProducerCtx(ctx context.Context, c *ProducerCtx) context.Context {
	return context.WithValue(ctx, producerKey, c)
}

// GetProducerCtx returns what WithProducerCtx put in; producers do for their interceptors.
func GetProducerCtx(ctx context.Context) (*ProducerCtx, bool) {
	c, ok := ctx.Value(producerKey).(*ProducerCtx)
	return c, ok
}
