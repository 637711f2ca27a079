package conformance

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// Delivery is one message as a handler got it.
type Delivery struct {
	*primitive.MessageExt
	Queue primitive.MessageQueue // from the handler's context
	Batch int                    // how many messages the call had
	At    time.Time
}

// Inbox collects what a consumer's handler receives. Its zero value acknowledges
// everything.
type Inbox struct {
	// Decide says what the handler returns; nil is success.
	Decide func(ctx context.Context, msgs []*primitive.MessageExt) (consumer.ConsumeResult, error)

	mu         sync.Mutex
	deliveries []Delivery
}

// Handle is the handler for Subscribe.
func (in *Inbox) Handle(ctx context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
	now := time.Now()
	var queue primitive.MessageQueue
	if c, ok := primitive.GetConcurrentlyCtx(ctx); ok {
		queue = c.MQ
	}
	in.mu.Lock()
	for _, m := range msgs {
		in.deliveries = append(in.deliveries, Delivery{MessageExt: m, Queue: queue, Batch: len(msgs), At: now})
	}
	in.mu.Unlock()
	if in.Decide != nil {
		return in.Decide(ctx, msgs)
	}
	return consumer.ConsumeSuccess, nil
}

// All returns what has arrived so far, in order of arrival.
func (in *Inbox) All() []Delivery {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.deliveries)
}

// Len returns how many deliveries there were.
func (in *Inbox) Len() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.deliveries)
}

// Bodies returns the bodies that have arrived, sorted, repeated ones repeated.
func (in *Inbox) Bodies() []string {
	var bodies []string
	for _, d := range in.All() {
		bodies = append(bodies, string(d.Body))
	}
	slices.Sort(bodies)
	return bodies
}

// Wait returns the deliveries once there are at least n of them.
func (in *Inbox) Wait(e *Env, n int, within time.Duration) []Delivery {
	e.t.Helper()
	e.Eventually(within, func() error {
		if got := in.Len(); got < n {
			return fmt.Errorf("%d messages delivered, want %d", got, n)
		}
		return nil
	})
	return in.All()
}

// Total sums the deliveries of several inboxes.
func Total(inboxes ...*Inbox) int {
	n := 0
	for _, in := range inboxes {
		n += in.Len()
	}
	return n
}
