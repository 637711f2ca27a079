package consumer

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
)

// limiterRest is the pause after a ContextLimiter has failed.
const limiterRest = 100 * time.Millisecond

// throttle delays a worker before it takes messages: WithConsumeTPS, WithLimiter and WithContextLimiter.
type throttle struct {
	rate    *rate.Limiter // nil: no bound
	plain   Limiter
	context ContextLimiter
	warn    func(topic string, err error)
}

// newThrottle returns nil when nothing limits the consumer.
func newThrottle(o *options, warn func(topic string, err error)) *throttle {
	if o.limiter == nil && o.contextLimiter == nil && o.tps == 0 {
		return nil
	}
	t := &throttle{plain: o.limiter, context: o.contextLimiter, warn: warn}
	if o.tps > 0 {
		t.rate = rate.NewLimiter(rate.Limit(o.tps), 1)
	}
	return t
}

// before waits until messages of topic may be taken. It returns false when ctx has ended.
func (t *throttle) before(ctx context.Context, topic string) bool {
	if t.plain != nil {
		t.plain(topic)
	}
	for t.context != nil {
		err := t.context(ctx, topic)
		if err == nil {
			break
		}
		if ctx.Err() == nil {
			t.warn(topic, err)
		}
		if lifecycle.Sleep(ctx, limiterRest) != nil {
			return false
		}
	}
	return ctx.Err() == nil && (t.rate == nil || t.rate.Wait(ctx) == nil)
}

// after makes the next worker wait for the messages of a batch beyond the first, which before has counted.
func (t *throttle) after(taken int) {
	if t.rate != nil && taken > 1 {
		// One by one: a reservation beyond the burst of one would be refused.
		for range taken - 1 {
			t.rate.Reserve()
		}
	}
}
