package primitive

import "context"

// Invoker is the call that an Interceptor stands before.
type Invoker func(ctx context.Context, req, reply interface{}) error

// Interceptor runs around the sending of a message or the handling of a batch of messages and calls next to go on.
// Of a producer, req is a *Message (of a batch, one with Batch set and the encoded messages as its Body) and reply the
// *SendResult; of a push consumer, req is the []*MessageExt and reply a *consumer.ConsumeResultHolder.
type Interceptor func(ctx context.Context, req, reply interface{}, next Invoker) error

// ChainInterceptors makes one Interceptor of several; the first runs outermost. It returns nil for none.
func ChainInterceptors(interceptors ...Interceptor) Interceptor {
	switch len(interceptors) {
	case 0:
		return nil
	case 1:
		return interceptors[0]
	}
	first, rest := interceptors[0], ChainInterceptors(interceptors[1:]...)
	return func(ctx context.Context, req, reply interface{}, next Invoker) error {
		return first(ctx, req, reply, func(ctx context.Context, req, reply interface{}) error {
			return rest(ctx, req, reply, next)
		})
	}
}
