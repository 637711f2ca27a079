package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

func runtimeCases() []Case {
	return []Case{
		{Name: "runtime-suspend-resume", Row: "8.4 #95", Quiet: true, Run: runtimeSuspend},
		{Name: "runtime-subscribe-more", Row: "8.4 #114", Run: runtimeSubscribe},
		{Name: "runtime-unsubscribe", Row: "8.4 #114", Run: runtimeUnsubscribe},
		{Name: "runtime-topic-created-later", Row: "user problem 14", Quiet: true, Run: runtimeTopicLater},
		{Name: "runtime-topic-grows", Row: "user problem 27", Run: runtimeTopicGrows},
		{Name: "runtime-shutdown-is-private", Row: "user problem 10", Run: runtimeShutdownPrivate},
		{Name: "runtime-shared-client", Row: "8.2 #21", Run: runtimeSharedClient},
	}
}

func runtimeSuspend(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	p := e.Producer()
	inbox := &Inbox{}
	c := e.Consume(e.Group(), topic, "*", inbox)
	e.Send(p, primitive.NewMessage(topic, []byte("before")))
	inbox.Wait(e, 1, 15*time.Second)
	c.Suspend()
	// A poll that was already waiting may still bring something.
	e.Send(p, primitive.NewMessage(topic, []byte("edge")))
	select {
	case <-time.After(300 * time.Millisecond): // what was under way has arrived by then
	case <-e.Ctx.Done():
	}
	before := inbox.Len()
	e.Send(p, Messages(topic, "suspended", 5)...)
	select {
	case <-time.After(time.Second): // nothing may happen, for a while
	case <-e.Ctx.Done():
	}
	require.Equal(t, before, inbox.Len(), "a suspended consumer was given messages")
	c.Resume()
	resumed := time.Now()
	inbox.Wait(e, 7, 10*time.Second)
	require.Less(t, time.Since(resumed), 3*time.Second)
	require.Equal(t, 7, distinct(inbox))
}

func runtimeSubscribe(t *testing.T, e *Env) {
	first, second := e.SingleQueue(), e.SingleQueue()
	p := e.Producer()
	e.Send(p, Messages(first, "first", 5)...)
	e.Send(p, Messages(second, "second", 5)...)
	inbox, more := &Inbox{}, &Inbox{}
	c := e.Consume(e.Group(), first, "*", inbox)
	inbox.Wait(e, 5, 15*time.Second)
	require.NoError(t, c.Subscribe(second, consumer.MessageSelector{}, more.Handle))
	more.Wait(e, 5, 10*time.Second)
	for _, d := range more.All() {
		require.Equal(t, second, d.Topic)
	}
	e.Send(p, Messages(first, "again", 5)...)
	inbox.Wait(e, 10, 10*time.Second)
	require.Equal(t, 10, Total(inbox))
}

func runtimeUnsubscribe(t *testing.T, e *Env) {
	kept, dropped := e.SingleQueue(), e.SingleQueue()
	group := e.Group()
	p := e.Producer()
	inbox, gone := &Inbox{}, &Inbox{}
	c := e.Consumer(group)
	require.NoError(t, c.Subscribe(kept, consumer.MessageSelector{}, inbox.Handle))
	require.NoError(t, c.Subscribe(dropped, consumer.MessageSelector{}, gone.Handle))
	require.NoError(t, c.Start())
	e.Send(p, Messages(kept, "k", 5)...)
	e.Send(p, Messages(dropped, "d", 5)...)
	inbox.Wait(e, 5, 15*time.Second)
	gone.Wait(e, 5, 15*time.Second)
	require.NoError(t, c.Unsubscribe(dropped))
	// What was consumed is committed, and later messages stay for a later member.
	e.requireCommitted(group, dropped, 5, 5*time.Second)
	e.Send(p, Messages(dropped, "later", 5)...)
	e.Send(p, Messages(kept, "still", 5)...)
	inbox.Wait(e, 10, 10*time.Second)
	require.Len(t, gone.All(), 5)
	require.NoError(t, c.Subscribe(dropped, consumer.MessageSelector{}, gone.Handle))
	gone.Wait(e, 10, 10*time.Second)
	require.Equal(t, 10, distinct(gone))
}

func runtimeTopicLater(t *testing.T, e *Env) {
	exists, missing := e.SingleQueue(), e.Name()
	p := e.Producer()
	inbox, late := &Inbox{}, &Inbox{}
	c := e.Consumer(e.Group())
	require.NoError(t, c.Subscribe(exists, consumer.MessageSelector{}, inbox.Handle))
	require.NoError(t, c.Subscribe(missing, consumer.MessageSelector{}, late.Handle))
	require.NoError(t, c.Start(), "a topic that does not exist yet is no reason to fail")
	e.Send(p, Messages(exists, "now", 3)...)
	inbox.Wait(e, 3, 15*time.Second)

	require.NoError(t, e.Observer.CreateTopic(e.Ctx, missing, 2, 6))
	created := time.Now()
	e.Send(p, Messages(missing, "late", 4)...)
	late.Wait(e, 4, 20*time.Second)
	require.Less(t, time.Since(created), 8*time.Second)
}

// A topic that grows from 2 to 6 queues is consumed in full, at the latest after
// one refresh of the route.
func runtimeTopicGrows(t *testing.T, e *Env) {
	topic := e.Topic(2)
	inbox := &Inbox{}
	client, err := rocketmq.NewClient(rocketmq.WithNameServer(e.NameServers()), rocketmq.WithRouteInterval(2*time.Second))
	require.NoError(t, err)
	c, err := rocketmq.NewPushConsumer(consumer.WithClient(client), consumer.WithGroupName(e.Group()),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
	require.NoError(t, err)
	require.NoError(t, c.Subscribe(topic, consumer.MessageSelector{}, inbox.Handle))
	require.NoError(t, c.Start())
	t.Cleanup(func() { require.NoError(t, c.Shutdown()) })
	e.Send(e.Producer(), Messages(topic, "small", 2)...)
	inbox.Wait(e, 2, 15*time.Second)
	require.NoError(t, e.Observer.CreateTopic(e.Ctx, topic, 6, 6))
	grown := e.Producer() // a fresh route
	e.Send(grown, Messages(topic, "grown", 60)...)
	e.Eventually(20*time.Second, func() error {
		if got := distinct(inbox); got != 62 {
			return fmt.Errorf("%d of 62 messages", got)
		}
		return nil
	})
}

// A consumer that is shut down leaves the other clients of the process alone.
func runtimeShutdownPrivate(t *testing.T, e *Env) {
	topic := e.Topic(2)
	p := e.Producer()
	stays, goes := &Inbox{}, &Inbox{}
	e.Consume(e.Group(), topic, "*", stays)
	c := e.Consume(e.Group(), topic, "*", goes)
	e.Send(p, Messages(topic, "one", 10)...)
	stays.Wait(e, 10, 15*time.Second)
	goes.Wait(e, 10, 15*time.Second)
	require.NoError(t, c.Shutdown())
	e.Send(p, Messages(topic, "two", 10)...)
	stays.Wait(e, 20, 5*time.Second)
	for _, body := range goes.Bodies() {
		require.True(t, strings.HasPrefix(body, "one-"))
	}
}

// A producer and two consumer groups share one client: its connections outlive
// the first of them that is shut down.
func runtimeSharedClient(t *testing.T, e *Env) {
	topic := e.Topic(2)
	client, err := rocketmq.NewClient(rocketmq.WithNameServer(e.NameServers()))
	require.NoError(t, err)
	p, err := rocketmq.NewProducer(producer.WithClient(client), producer.WithGroupName(e.Group()))
	require.NoError(t, err)
	require.NoError(t, p.Start())
	t.Cleanup(func() { require.NoError(t, p.Shutdown()) })

	inboxes, groups := []*Inbox{{}, {}}, []string{e.Group(), e.Group()}
	consumers := make([]rocketmq.PushConsumer, 2)
	for i, in := range inboxes {
		c, err := rocketmq.NewPushConsumer(consumer.WithClient(client), consumer.WithGroupName(groups[i]),
			consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
		require.NoError(t, err)
		require.NoError(t, c.Subscribe(topic, consumer.MessageSelector{}, in.Handle))
		require.NoError(t, c.Start())
		t.Cleanup(func() { require.NoError(t, c.Shutdown()) })
		consumers[i] = c
	}
	e.Send(p, Messages(topic, "one", 10)...)
	for i, in := range inboxes {
		in.Wait(e, 10, 15*time.Second)
		require.Len(t, e.WaitMembers(groups[i], 1), 1)
	}
	require.Equal(t, e.WaitMembers(groups[0], 1), e.WaitMembers(groups[1], 1), "one client, one id")

	require.NoError(t, consumers[0].Shutdown())
	e.WaitMembers(groups[0], 0)
	e.Send(p, Messages(topic, "two", 10)...)
	inboxes[1].Wait(e, 20, 10*time.Second)
	e.WaitMembers(groups[1], 1)
	require.Len(t, inboxes[0].All(), 10)
}
