package conformance

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/internal/conformance/observe"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func retryCases() []Case {
	return []Case{
		{Name: "retry-level-1-in-3-s", Row: "issue: must show", Quiet: true, Run: retryQuickly},
		{Name: "retry-level-2", Row: "8.4 #81", Quiet: true, Run: func(t *testing.T, e *Env) { retryLevel(t, e, 2, 2) }},
		{Name: "retry-default-level", Row: "6.10", Quiet: true, Run: func(t *testing.T, e *Env) { retryLevel(t, e, 0, 3) }},
		{Name: "retry-after-error", Row: "6.9", Quiet: true, Run: retryAfterError},
		{Name: "retry-after-panic", Row: "V8", Quiet: true, Run: retryAfterPanic},
		{Name: "retry-part-of-batch", Row: "8.4 #81", Quiet: true, Run: retryAckIndex},
		{Name: "retry-ends-in-dead-letters", Row: "6.10, 8.4 #96", Quiet: true, Run: retryToDeadLetters},
		{Name: "retry-straight-to-dead-letters", Row: "6.10", Run: retryStraightToDeadLetters},
		{Name: "retry-does-not-hold-others", Row: "user problem 1", Run: retryDoesNotHold},
	}
}

// failing returns an inbox whose handler fails the first n deliveries of each
// message, asking for a delay level.
func failing(n int32, level int) *Inbox {
	return &Inbox{Decide: func(ctx context.Context, msgs []*primitive.MessageExt) (consumer.ConsumeResult, error) {
		if msgs[0].ReconsumeTimes >= n {
			return consumer.ConsumeSuccess, nil
		}
		if c, ok := primitive.GetConcurrentlyCtx(ctx); ok {
			c.DelayLevelWhenNextConsume = level
		}
		return consumer.ConsumeRetryLater, nil
	}}
}

// retryQuickly: a message that fails once at delay level 1 comes again within
// three seconds, although the group, and with it its retry topic, is new.
func retryQuickly(t *testing.T, e *Env) {
	topic, group := e.Topic(4), e.Group()
	p := e.Producer()
	m := primitive.NewMessage(topic, []byte("again"))
	m.WithTag("T").WithKeys([]string{"k"})
	m.WithProperty("user", "value")
	r := e.Send(p, m)[0]
	inbox := failing(1, 1)
	e.Consume(group, topic, "T", inbox)
	got := inbox.Wait(e, 2, 30*time.Second)
	first, second := got[0], got[1]
	require.LessOrEqual(t, second.At.Sub(first.At), 3*time.Second)
	require.GreaterOrEqual(t, second.At.Sub(first.At), e.Target.DelayLevels[0]-100*time.Millisecond)
	require.Zero(t, first.ReconsumeTimes)
	require.EqualValues(t, 1, second.ReconsumeTimes)
	require.Equal(t, "again", string(second.Body))
	require.Equal(t, topic, second.Topic, "the retry topic is an inner matter")
	require.Equal(t, "%RETRY%"+group, second.Queue.Topic, "the context names the real queue, as Java's does")
	require.Equal(t, r.MsgID, second.MsgId)
	require.Equal(t, topic, second.GetProperty("RETRY_TOPIC"))
	require.Equal(t, r.OffsetMsgID, second.GetProperty("ORIGIN_MESSAGE_ID"))
	require.Equal(t, "T", second.GetTags())
	require.Equal(t, "k", second.GetKeys())
	require.Equal(t, "value", second.GetProperty("user"))
}

// retryLevel asks for a level and expects the delay of another: 0 leaves it to
// the broker, which takes 3 for the first time.
func retryLevel(t *testing.T, e *Env, ask, want int) {
	topic := e.SingleQueue()
	e.Send(e.Producer(), primitive.NewMessage(topic, []byte("again")))
	inbox := failing(1, ask)
	e.Consume(e.Group(), topic, "*", inbox)
	delay := e.Target.DelayLevels[want-1]
	got := inbox.Wait(e, 2, delay+20*time.Second)
	waited := got[1].At.Sub(got[0].At)
	require.GreaterOrEqual(t, waited, delay-100*time.Millisecond)
	require.Less(t, waited, delay+2500*time.Millisecond)
	require.EqualValues(t, 1, got[1].ReconsumeTimes)
}

func retryAfterError(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	e.Send(e.Producer(), primitive.NewMessage(topic, []byte("again")))
	inbox := &Inbox{Decide: func(ctx context.Context, msgs []*primitive.MessageExt) (consumer.ConsumeResult, error) {
		if msgs[0].ReconsumeTimes > 0 {
			return consumer.ConsumeSuccess, nil
		}
		c, _ := primitive.GetConcurrentlyCtx(ctx)
		c.DelayLevelWhenNextConsume = 1
		return consumer.ConsumeSuccess, errors.New("an error counts, not the result")
	}}
	e.Consume(e.Group(), topic, "*", inbox)
	require.EqualValues(t, 1, inbox.Wait(e, 2, 20*time.Second)[1].ReconsumeTimes)
}

func retryAfterPanic(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	e.Send(e.Producer(), Messages(topic, "p", 20)...)
	inbox := &Inbox{Decide: func(ctx context.Context, msgs []*primitive.MessageExt) (consumer.ConsumeResult, error) {
		if string(msgs[0].Body) == "p-7" && msgs[0].ReconsumeTimes == 0 {
			c, _ := primitive.GetConcurrentlyCtx(ctx)
			c.DelayLevelWhenNextConsume = 1
			panic("a handler's mistake")
		}
		return consumer.ConsumeSuccess, nil
	}}
	e.Consume(group, topic, "*", inbox)
	got := inbox.Wait(e, 21, 20*time.Second)
	require.Equal(t, "p-7", string(got[20].Body))
	require.EqualValues(t, 1, got[20].ReconsumeTimes)
	require.Equal(t, 20, distinct(inbox))
}

// Of a batch of four the first two are acknowledged.
func retryAckIndex(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	_, err := e.Producer().SendSync(e.Ctx, Messages(topic, "a", 4)...)
	require.NoError(t, err)
	inbox := &Inbox{Decide: func(ctx context.Context, msgs []*primitive.MessageExt) (consumer.ConsumeResult, error) {
		if len(msgs) == 4 {
			c, _ := primitive.GetConcurrentlyCtx(ctx)
			c.AckIndex = 1
			c.DelayLevelWhenNextConsume = 1
		}
		return consumer.ConsumeSuccess, nil
	}}
	e.Stored(topic, 4)
	e.Consume(e.Group(), topic, "*", inbox, consumer.WithConsumeMessageBatchMaxSize(4))
	got := inbox.Wait(e, 6, 20*time.Second)
	require.Equal(t, 4, got[0].Batch, "the four messages were not one batch")
	again := map[string]bool{}
	for _, d := range got[4:] {
		require.EqualValues(t, 1, d.ReconsumeTimes)
		again[string(d.Body)] = true
	}
	require.Equal(t, map[string]bool{"a-2": true, "a-3": true}, again)
}

// deadLetters reads %DLQ%group. Releases before 4.9.2 make it write-only.
func deadLetters(t *testing.T, e *Env, group string, n int) []observe.Stored {
	dead := "%DLQ%" + group
	e.Eventually(15*time.Second, func() error {
		_, err := e.Observer.Route(e.Ctx, dead)
		return err
	})
	broker, _ := e.Master()
	require.NoError(t, e.Observer.CreateTopicOn(e.Ctx, broker, dead, 1, 6))
	return e.Stored(dead, n)
}

func retryToDeadLetters(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	m := primitive.NewMessage(topic, []byte("hopeless"))
	m.WithTag("T").WithKeys([]string{"k"})
	m.WithProperty("user", "value")
	r := e.Send(e.Producer(), m)[0]
	inbox := failing(100, 1)
	e.Consume(group, topic, "*", inbox, consumer.WithMaxReconsumeTimes(2))
	got := inbox.Wait(e, 3, 40*time.Second)
	for i, d := range got {
		require.EqualValues(t, i, d.ReconsumeTimes)
	}
	s := deadLetters(t, e, group, 1)[0]
	require.Equal(t, "hopeless", string(s.Body))
	require.Equal(t, "%DLQ%"+group, s.Topic)
	require.EqualValues(t, 3, s.ReconsumeTimes)
	require.Equal(t, topic, s.Properties["RETRY_TOPIC"])
	require.Equal(t, r.OffsetMsgID, s.Properties["ORIGIN_MESSAGE_ID"])
	require.Equal(t, r.MsgID, s.Properties["UNIQ_KEY"])
	require.Equal(t, "T", s.Properties["TAGS"])
	require.Equal(t, "k", s.Properties["KEYS"])
	require.Equal(t, "value", s.Properties["user"])
	require.Len(t, inbox.All(), 3, "a dead letter was delivered")
}

func retryStraightToDeadLetters(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	e.Send(e.Producer(), primitive.NewMessage(topic, []byte("poison")))
	inbox := failing(100, -1)
	e.Consume(group, topic, "*", inbox)
	inbox.Wait(e, 1, 15*time.Second)
	s := deadLetters(t, e, group, 1)[0]
	require.Equal(t, "poison", string(s.Body))
	require.EqualValues(t, 1, s.ReconsumeTimes)
	require.Len(t, inbox.All(), 1)
}

// One message that fails again and again does not keep the others, nor the
// committed offset, from moving.
func retryDoesNotHold(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	p := e.Producer()
	e.Send(p, primitive.NewMessage(topic, []byte("bad")))
	e.Send(p, Messages(topic, "good", 100)...)
	inbox := &Inbox{Decide: func(_ context.Context, msgs []*primitive.MessageExt) (consumer.ConsumeResult, error) {
		if string(msgs[0].Body) == "bad" {
			return consumer.ConsumeRetryLater, nil
		}
		return consumer.ConsumeSuccess, nil
	}}
	c := e.Consume(group, topic, "*", inbox)
	inbox.Wait(e, 101, 15*time.Second)
	e.requireCommitted(group, topic, 101, 15*time.Second)
	require.NoError(t, c.Shutdown())
}
