package conformance

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func offsetCases() []Case {
	return []Case{
		{Name: "offset-committed-at-shutdown", Row: "6.2, 6.7", Run: offsetAtShutdown},
		{Name: "offset-committed-while-running", Row: "6.7", Run: offsetWhileRunning},
		{Name: "offset-stops-before-unfinished", Row: "V6, user problem 4", Run: offsetUnfinished},
		{Name: "offset-shutdown-waits-for-handlers", Row: "user problem 21", Run: offsetShutdownDrains},
	}
}

// requireCommitted waits until the offsets that a group has committed for a topic
// sum up to want.
func (e *Env) requireCommitted(group, topic string, want int64, within time.Duration) {
	e.t.Helper()
	e.Eventually(within, func() error {
		queues, err := e.Observer.Queues(e.Ctx, topic)
		if err != nil {
			return err
		}
		var sum int64
		var each []string
		for _, q := range queues {
			offset, err := e.Observer.CommittedOffset(e.Ctx, group, q)
			if err != nil {
				return err
			}
			end, err := e.Observer.MaxOffset(e.Ctx, q)
			if err != nil {
				return err
			}
			sum += max(offset, 0)
			each = append(each, fmt.Sprintf("%s:%d %d/%d", q.Broker, q.ID, offset, end))
		}
		if sum != want {
			return fmt.Errorf("group %s has committed %d of topic %s, want %d: %v", group, sum, topic, want, each)
		}
		return nil
	})
}

// The offsets are at the broker when Shutdown returns, and the next member goes
// on exactly there.
func offsetAtShutdown(t *testing.T, e *Env) {
	topic, group := e.Topic(3), e.Group()
	p := e.Producer()
	e.Send(p, Messages(topic, "one", 30)...)
	first := &Inbox{}
	c := e.Consume(group, topic, "*", first)
	first.Wait(e, 30, 15*time.Second)
	require.NoError(t, c.Shutdown())
	e.requireCommitted(group, topic, 30, time.Second)

	e.Send(p, Messages(topic, "two", 30)...)
	second := &Inbox{}
	c = e.Consume(group, topic, "*", second)
	second.Wait(e, 30, 15*time.Second)
	require.NoError(t, c.Shutdown())
	for _, body := range second.Bodies() {
		require.True(t, strings.HasPrefix(body, "two-"), body)
	}
	require.Len(t, second.All(), 30)
	require.Len(t, first.All(), 30)
	e.requireCommitted(group, topic, 60, time.Second)
}

func offsetWhileRunning(t *testing.T, e *Env) {
	topic, group := e.Topic(2), e.Group()
	e.Send(e.Producer(), Messages(topic, "m", 20)...)
	inbox := &Inbox{}
	e.Consume(group, topic, "*", inbox)
	inbox.Wait(e, 20, 15*time.Second)
	require.Equal(t, 20, distinct(inbox))
	e.requireCommitted(group, topic, 20, 12*time.Second) // every 5 s
}

// A message whose handler has not returned is never behind the committed offset,
// however many later ones are done.
func offsetUnfinished(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	e.Send(e.Producer(), Messages(topic, "m", 40)...)
	release := make(chan struct{})
	inbox := &Inbox{Decide: func(ctx context.Context, msgs []*primitive.MessageExt) (consumer.ConsumeResult, error) {
		if string(msgs[0].Body) == "m-5" {
			select {
			case <-release:
			case <-ctx.Done():
			}
		}
		return consumer.ConsumeSuccess, nil
	}}
	e.Consume(group, topic, "*", inbox, consumer.WithConsumeGoroutineNums(4))
	inbox.Wait(e, 40, 15*time.Second)
	e.requireCommitted(group, topic, 5, 12*time.Second)
	close(release)
	e.requireCommitted(group, topic, 40, 12*time.Second)
}

func offsetShutdownDrains(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	e.Send(e.Producer(), Messages(topic, "m", 4)...)
	entered := make(chan struct{}, 4)
	inbox := &Inbox{Decide: func(ctx context.Context, _ []*primitive.MessageExt) (consumer.ConsumeResult, error) {
		entered <- struct{}{}
		select {
		case <-time.After(time.Second): // a handler with work to do
			return consumer.ConsumeSuccess, nil
		case <-ctx.Done():
			return consumer.ConsumeRetryLater, ctx.Err()
		}
	}}
	c := e.Consume(group, topic, "*", inbox, consumer.WithConsumeGoroutineNums(4))
	for range 4 {
		select {
		case <-entered:
		case <-e.Ctx.Done():
			t.Fatal("not every handler ran")
		}
	}
	require.NoError(t, c.Shutdown())
	e.requireCommitted(group, topic, 4, time.Second)
}
