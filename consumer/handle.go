package consumer

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"time"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// PanicError is the error into which a panic of a handler or interceptor is turned.
type PanicError struct {
	Topic string
	Value any    // what panic was called with
	Stack []byte // of the goroutine that panicked
}

// Error returns the topic and the value of the panic, not the stack.
func (e *PanicError) Error() string {
	return fmt.Sprintf("handler of topic %s panicked: %v", e.Topic, e.Value)
}

// Unwrap returns the value of the panic if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// propCtxType is the property of ConsumeMessageContext that tells interceptors how the handler ended.
const propCtxType = "ConsumeContextType"

// handle runs interceptors and handler. A panic becomes an error.
func (c *session) handle(sub *subscription, k *call, msgs []*primitive.MessageExt, began time.Time) (result ConsumeResult, err error) {
	if sub == nil || sub.handler == nil {
		return ConsumeRetryLater, fmt.Errorf("no handler for topic %s: it was unsubscribed", msgs[0].Topic)
	}
	k.concurrently.MQ = *msgs[0].Queue
	k.concurrently.AckIndex = math.MaxInt32
	k.message.ConsumerGroup, k.message.Msgs, k.message.MQ = c.opts.group, msgs, &k.concurrently.MQ
	ctx := primitive.WithConsumerCtx(c.workCtx, &k.message)
	ctx = primitive.WithConcurrentlyCtx(ctx, &k.concurrently)
	if c.interceptor == nil {
		return callHandler(ctx, sub, msgs)
	}
	defer func() {
		if p := recover(); p != nil {
			result, err = ConsumeRetryLater, &PanicError{Topic: sub.name, Value: p, Stack: debug.Stack()}
		}
	}()
	k.message.Properties = make(map[string]string)
	k.result.ConsumeResult = ConsumeRetryLater // an interceptor that never calls on has not consumed anything
	err = c.interceptor(ctx, msgs, &k.result, func(ctx context.Context, req, reply interface{}) error {
		given, ok := req.([]*primitive.MessageExt)
		holder, isHolder := reply.(*ConsumeResultHolder)
		if !ok || !isHolder {
			return fmt.Errorf("interceptor passes on a %T and a %T instead of []*primitive.MessageExt and *ConsumeResultHolder", req, reply)
		}
		r, err := callHandler(ctx, sub, given)
		holder.ConsumeResult = r
		k.message.Success = err == nil && r == ConsumeSuccess
		k.message.Properties[propCtxType] = string(c.returnType(r, err, time.Since(began)))
		return err
	})
	return k.result.ConsumeResult, err
}

func callHandler(ctx context.Context, sub *subscription, msgs []*primitive.MessageExt) (result ConsumeResult, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = ConsumeRetryLater, &PanicError{Topic: sub.name, Value: p, Stack: debug.Stack()}
		}
	}()
	return sub.handler(ctx, msgs...)
}

// returnType says how a handler ended (Java: ConsumeReturnType).
func (c *session) returnType(r ConsumeResult, err error, took time.Duration) primitive.ConsumeReturnType {
	switch {
	case err != nil:
		return primitive.ExceptionReturn
	case took >= c.opts.consumeTimeout:
		return primitive.TimeoutReturn
	case r == ConsumeSuccess:
		return primitive.SuccessReturn
	}
	return primitive.FailedReturn
}
