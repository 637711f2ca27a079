package consumer

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// Start succeeds while a topic does not exist, and consumes it within 5 s of its creation; another topic is not held up.
func TestTopicCreatedLaterIsConsumed(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("there", 2), mqtest.WithAutoCreateTopic(false))
	s := newSender(t, c)
	got := newDeliveries()
	log := newRecorder()
	p := unstarted(t, c, WithLogger(log))
	require.NoError(t, p.Subscribe("there", MessageSelector{}, got.handler))
	require.NoError(t, p.Subscribe("later", MessageSelector{}, got.handler))
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	require.Len(t, log.find("topic does not exist yet, it will be consumed once it does"), 1)
	s.many("there", 2, 0, 10)
	eventually(t, func() bool { return got.distinct() == 10 }, "the topic that exists is consumed")
	require.NoError(t, c.CreateTopic("later", 2))
	began := time.Now()
	s.many("later", 2, 10, 10)
	eventually(t, func() bool { return got.distinct() == 20 }, "the new topic is consumed")
	require.Less(t, time.Since(began), 5*time.Second)
	require.Equal(t, 20, got.all())
}

// The same when not one topic exists, so that not one broker is known at the start.
func TestOnlyTopicCreatedLaterIsConsumed(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t)
	got := newDeliveries()
	start(t, c, "later", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		if msgs[0].ReconsumeTimes == 0 {
			cc, _ := primitive.GetConcurrentlyCtx(ctx)
			cc.DelayLevelWhenNextConsume = 1
			return ConsumeRetryLater, nil
		}
		return got.handler(ctx, msgs...)
	})
	s := newSender(t, c)
	s.to(c.Brokers()[0], 0, numbered("later", 0)) // creates it
	began := time.Now()
	eventually(t, func() bool { return got.all() == 1 }, "consumed, and retried")
	require.Less(t, time.Since(began), 8*time.Second)
}

// Queues and brokers that are added while the consumer runs are consumed once the route says so.
func TestNewQueuesAreConsumed(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("topic", 4))
	require.NoError(t, c.StopBroker(c.Brokers()[1]))
	s := newSender(t, c)
	got := newDeliveries()
	p := start(t, c, "topic", got.handler)
	eventually(t, func() bool { return len(owned(p, "topic")) == 4 }, "four queues")
	require.NoError(t, c.StartBroker(c.Brokers()[1]))
	require.NoError(t, c.CreateTopic("topic", 16))
	p.client.Routes().RefreshSoon("topic") // else it is the next refresh, 30 s at most
	eventually(t, func() bool { return len(owned(p, "topic")) == 32 }, "all queues of both brokers")
	s.many("topic", 16, 0, 64)
	eventually(t, func() bool { return got.distinct() == 64 }, "are consumed")
	require.Equal(t, 64, got.all())
}

// Subscribing and unsubscribing while the consumer runs; brokers are told at once.
func TestSubscriptionsChangeAtRunTime(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("a", 2), mqtest.WithTopic("b", 2))
	s := newSender(t, c)
	a, b := newDeliveries(), newDeliveries()
	p := start(t, c, "a", a.handler)
	s.many("a", 2, 0, 10)
	eventually(t, func() bool { return a.distinct() == 10 }, "a is consumed")
	beats := c.Requests(codeHeartbeat)
	require.NoError(t, p.Subscribe("b", MessageSelector{}, b.handler))
	began := time.Now()
	s.many("b", 2, 0, 10)
	eventually(t, func() bool { return b.distinct() == 10 }, "b is consumed")
	require.Less(t, time.Since(began), 2*time.Second)
	require.Greater(t, c.Requests(codeHeartbeat), beats)

	require.NoError(t, p.Unsubscribe("a"))
	eventually(t, func() bool { return len(owned(p, "a")) == 0 }, "the queues of a are given away")
	eventually(t, func() bool { return c.CommittedOffset("group", "a", c.Brokers()[0], 0) == 5 }, "and committed")
	s.many("a", 2, 10, 10)
	s.many("b", 2, 10, 10)
	eventually(t, func() bool { return b.distinct() == 20 }, "b goes on")
	require.Equal(t, 10, a.all())
	_, ok := p.Stats("a")
	require.False(t, ok)
	stats, ok := p.Stats("b")
	require.True(t, ok)
	require.EqualValues(t, 20, stats.OK)
	require.Positive(t, stats.PullTPS)

	again := newDeliveries()
	require.NoError(t, p.Subscribe("a", MessageSelector{}, again.handler))
	eventually(t, func() bool { return again.distinct() == 10 }, "a again, by its new handler")
	require.Equal(t, 10, a.all())
	require.Equal(t, 10, again.all(), "from where it was left")
}

// A subscription that is replaced: handler and tags change, queues stay.
func TestSubscriptionIsReplaced(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 2))
	s := newSender(t, c)
	one, two := newDeliveries(), newDeliveries()
	p := start(t, c, "topic", one.handler)
	eventually(t, func() bool { return len(owned(p, "topic")) == 2 }, "held")
	require.NoError(t, p.Subscribe("topic", MessageSelector{Expression: "x"}, two.handler))
	for i, tag := range []string{"x", "y", "x"} {
		m := numbered("topic", i)
		m.WithTag(tag)
		s.to(c.Brokers()[0], i%2, m)
	}
	eventually(t, func() bool { return two.distinct() == 2 }, "by the new handler")
	require.Zero(t, one.all())
	require.Equal(t, 0, two.times("message 1"))
}

// Messages cached when a topic is unsubscribed are not sent back: they are left to the others.
func TestUnsubscribeGivesNothingBack(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).many("topic", 1, 0, 500)
	got := newDeliveries()
	var once atomic.Bool
	var p *PushConsumer
	ready := make(chan struct{})
	p = start(t, c, "topic", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		<-ready
		if got.all() > 50 && once.CompareAndSwap(false, true) {
			if err := p.Unsubscribe("topic"); err != nil { // in a handler
				panic(err)
			}
		}
		return got.handler(ctx, msgs...)
	})
	close(ready)
	eventually(t, func() bool { return once.Load() && len(owned(p, "topic")) == 0 }, "unsubscribed")
	require.Zero(t, c.Requests(codeBack))
	done := got.all()
	require.Less(t, done, 500)
	eventually(t, func() bool {
		return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == int64(got.all())
	}, "what is done is committed")
}

func TestSuspendAndResume(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 2))
	s := newSender(t, c)
	got := newDeliveries()
	p := start(t, c, "topic", got.handler, WithConsumerPullTimeout(time.Second))
	s.many("topic", 2, 0, 10)
	eventually(t, func() bool { return got.distinct() == 10 }, "consumed")
	p.Suspend()
	quiet := func() bool { // pulls under way end, and no new ones are sent
		n := false
		p.session.Load().loop.call(context.Background(), func() {
			for _, q := range p.session.Load().table {
				n = n || q.pulling
			}
		})
		return !n
	}
	eventually(t, quiet, "nothing is pulled")
	pulls := c.Requests(codePull)
	s.many("topic", 2, 10, 10)
	p.RebalanceIfNotPaused()
	p.Rebalance()
	time.Sleep(50 * time.Millisecond) // nothing must happen
	require.Equal(t, pulls, c.Requests(codePull))
	require.Equal(t, 10, got.all())
	p.Resume()
	began := time.Now()
	eventually(t, func() bool { return got.distinct() == 20 }, "consumed at once")
	require.Less(t, time.Since(began), time.Second)

	p.Suspend()
	p.Resume()
	s.many("topic", 2, 20, 10)
	eventually(t, func() bool { return got.distinct() == 30 }, "also when it was short")
}

func TestOffsetDiff(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("ns%topic", 2))
	release := make(chan struct{})
	p := start(t, c, "topic", func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error) {
		<-release
		return ConsumeSuccess, nil
	}, WithNamespace("ns"))
	newSender(t, c).many("ns%topic", 2, 0, 100)
	eventually(t, func() bool { return p.GetOffsetDiffMap()["topic"] == 100 }, "nothing is done: %v", p.GetOffsetDiffMap())
	close(release)
	eventually(t, func() bool { return p.GetOffsetDiffMap()["topic"] == 0 }, "all is done")
}
