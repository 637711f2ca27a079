package conformance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func consumeCases() []Case {
	return []Case{
		{Name: "consume-message-as-sent", Row: "8.4 #80", Run: consumeAsSent},
		{Name: "consume-one-member", Row: "8.4 #80", Run: func(t *testing.T, e *Env) { consumeShared(t, e, 1) }},
		{Name: "consume-two-members", Row: "8.4 #86", Run: func(t *testing.T, e *Env) { consumeShared(t, e, 2) }},
		{Name: "consume-three-members", Row: "8.4 #86", Run: func(t *testing.T, e *Env) { consumeShared(t, e, 3) }},
		{Name: "consume-two-groups", Row: "8.4 #80", Run: consumeTwoGroups},
		{Name: "consume-batch", Row: "8.4 #93", Run: consumeBatch},
		{Name: "consume-under-flow-control", Row: "8.4 #91", Run: consumeFlowControl},
		{Name: "consume-soon-after-send", Row: "6.5", Quiet: true, Run: consumeLatency},
		{Name: "consume-in-queue-order", Row: "6.5", Run: consumeInOrder},
		{Name: "consume-namespace", Row: "5.13", Run: consumeNamespace},
	}
}

func consumeAsSent(t *testing.T, e *Env) {
	topic := e.Topic(2)
	p := e.Producer()
	m := primitive.NewMessage(topic, []byte("payload \x00\xfe"))
	m.Flag = 3
	m.WithTag("标签").WithKeys([]string{"k1", "k2"})
	m.WithProperty("имя", "значение")
	r := e.Send(p, m)[0]
	inbox := &Inbox{}
	e.Consume(e.Group(), topic, "*", inbox)
	got := inbox.Wait(e, 1, 15*time.Second)[0]
	require.Equal(t, m.Body, got.Body)
	require.Equal(t, topic, got.Topic)
	require.Equal(t, m.Flag, got.Flag)
	require.Equal(t, "标签", got.GetTags())
	require.Equal(t, "k1 k2", got.GetKeys())
	require.Equal(t, "значение", got.GetProperty("имя"))
	require.Equal(t, r.MsgID, got.MsgId)
	require.Equal(t, r.OffsetMsgID, got.OffsetMsgId)
	require.Equal(t, r.QueueOffset, got.QueueOffset)
	require.Equal(t, *r.MessageQueue, got.Queue)
	require.NotNil(t, got.MessageExt.Message.Queue)
	require.Equal(t, *r.MessageQueue, *got.MessageExt.Message.Queue)
	require.Zero(t, got.ReconsumeTimes)
	require.InDelta(t, time.Now().UnixMilli(), got.BornTimestamp, 60_000)
	require.InDelta(t, got.BornTimestamp, got.StoreTimestamp, 60_000)
	require.True(t, strings.HasPrefix(got.BornHost, "127.0.0.1:"), got.BornHost)
	require.True(t, strings.HasPrefix(got.StoreHost, "127.0.0.1:"), got.StoreHost)
	require.Equal(t, e.Stored(topic, 1)[0].PhysicalOffset, got.CommitLogOffset)
}

// consumeShared lets the members of one group share a topic: every message goes
// to exactly one of them, every queue to exactly one of them.
func consumeShared(t *testing.T, e *Env, members int) {
	const n = 240
	topic, group := e.Topic(6), e.Group()
	inboxes := make([]*Inbox, members)
	for i := range inboxes {
		inboxes[i] = &Inbox{}
		e.Consume(group, topic, "*", inboxes[i])
	}
	require.Len(t, e.WaitMembers(group, members), members)
	// Messages flow until every member has had some: then the queues are shared.
	p := e.Producer()
	sent := 0
	e.Eventually(40*time.Second, func() error {
		e.Send(p, Messages(topic, fmt.Sprint("early", sent), 6)...)
		sent += 6
		for i, in := range inboxes {
			if in.Len() == 0 {
				return fmt.Errorf("member %d of %d has got nothing", i, members)
			}
		}
		return nil
	})
	e.Eventually(20*time.Second, func() error {
		if got := distinct(inboxes...); got != sent {
			return fmt.Errorf("%d of %d messages", got, sent)
		}
		return nil
	})
	settled := make([]int, members)
	for i, in := range inboxes {
		settled[i] = in.Len()
	}
	e.Send(p, Messages(topic, "shared", n)...)
	e.Eventually(20*time.Second, func() error {
		if got := distinct(inboxes...); got != sent+n {
			return fmt.Errorf("%d of %d messages", got, sent+n)
		}
		return nil
	})
	owner, bodies := map[string]int{}, map[string]int{}
	for i, in := range inboxes {
		deliveries := in.All()[settled[i]:]
		require.NotEmpty(t, deliveries, "member %d", i)
		for _, d := range deliveries {
			bodies[string(d.Body)]++
			q := queueNumber(d.Queue)
			if other, taken := owner[q]; taken {
				require.Equal(t, other, i, "queue %s was read by two members", q)
			}
			owner[q] = i
		}
	}
	queues, err := e.Observer.Queues(e.Ctx, topic)
	require.NoError(t, err)
	require.Len(t, owner, len(queues))
	require.Len(t, bodies, n)
	for body, times := range bodies {
		require.Equal(t, 1, times, body)
	}
}

// distinct counts the different bodies in the inboxes.
func distinct(inboxes ...*Inbox) int {
	bodies := map[string]bool{}
	for _, in := range inboxes {
		for _, d := range in.All() {
			bodies[string(d.Body)] = true
		}
	}
	return len(bodies)
}

func consumeTwoGroups(t *testing.T, e *Env) {
	topic := e.Topic(2)
	e.Send(e.Producer(), Messages(topic, "both", 20)...)
	want := Bodies("both", 20)
	slices.Sort(want)
	for range 2 {
		inbox := &Inbox{}
		e.Consume(e.Group(), topic, "*", inbox)
		inbox.Wait(e, 20, 15*time.Second)
		require.Equal(t, want, inbox.Bodies())
	}
}

func consumeBatch(t *testing.T, e *Env) {
	const n = 100
	topic := e.SingleQueue()
	_, err := e.Producer().SendSync(e.Ctx, Messages(topic, "b", n)...)
	require.NoError(t, err)
	inbox := &Inbox{}
	e.Consume(e.Group(), topic, "*", inbox, consumer.WithConsumeMessageBatchMaxSize(8))
	largest := 0
	for _, d := range inbox.Wait(e, n, 15*time.Second) {
		require.LessOrEqual(t, d.Batch, 8)
		largest = max(largest, d.Batch)
	}
	require.Greater(t, largest, 1, "the handler never got more than one message")
	require.Len(t, inbox.All(), n)
}

// A small cache and slow handlers: everything still arrives, once.
func consumeFlowControl(t *testing.T, e *Env) {
	const n = 300
	topic := e.Topic(2)
	p := e.Producer()
	for range n / 50 {
		_, err := p.SendSync(e.Ctx, Messages(topic, fmt.Sprint("f", time.Now().UnixNano()), 50)...)
		require.NoError(t, err)
	}
	inbox := &Inbox{Decide: func(ctx context.Context, _ []*primitive.MessageExt) (consumer.ConsumeResult, error) {
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Millisecond): // slower than pulling
		}
		return consumer.ConsumeSuccess, nil
	}}
	e.Consume(e.Group(), topic, "*", inbox, consumer.WithPullThresholdForQueue(10), consumer.WithPullBatchSize(8), consumer.WithConsumeGoroutineNums(2))
	inbox.Wait(e, n, 30*time.Second)
	require.Equal(t, n, distinct(inbox))
	require.Len(t, inbox.All(), n)
}

// A waiting consumer gets a message as soon as it is stored.
func consumeLatency(t *testing.T, e *Env) {
	topic := e.Topic(2)
	p := e.Producer()
	inbox := &Inbox{}
	e.Consume(e.Group(), topic, "*", inbox)
	e.Send(p, primitive.NewMessage(topic, []byte("warm"))) // waits for the first allocation
	inbox.Wait(e, 1, 15*time.Second)
	fastest := time.Hour
	for i := range 10 {
		sent := time.Now()
		e.Send(p, primitive.NewMessage(topic, fmt.Appendf(nil, "timed-%d", i)))
		got := inbox.Wait(e, i+2, 10*time.Second)
		fastest = min(fastest, got[i+1].At.Sub(sent))
	}
	require.Less(t, fastest, 250*time.Millisecond)
}

// With one worker the messages of a queue arrive in their order.
func consumeInOrder(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	p := e.Producer()
	e.Send(p, Messages(topic, "o", 50)...)
	inbox := &Inbox{}
	e.Consume(e.Group(), topic, "*", inbox, consumer.WithConsumeGoroutineNums(1))
	for i, d := range inbox.Wait(e, 50, 15*time.Second) {
		require.Equal(t, fmt.Sprintf("o-%d", i), string(d.Body))
		require.EqualValues(t, i, d.QueueOffset)
	}
}

func consumeNamespace(t *testing.T, e *Env) {
	topic, group := e.Name(), e.Group()
	require.NoError(t, e.Observer.CreateTopic(e.Ctx, "NS2%"+topic, 1, 6))
	name, addr := e.Master()
	require.NotEmpty(t, name)
	require.Equal(t, command.Success, e.RawSend(addr, rawSend{Topic: "NS2%" + topic}, "inside").Code)
	inbox := &Inbox{}
	e.Consume(group, topic, "*", inbox, consumer.WithNamespace("NS2"))
	got := inbox.Wait(e, 1, 15*time.Second)[0]
	require.Equal(t, topic, got.Topic)
	require.Equal(t, topic, got.Queue.Topic)
	e.WaitMembers("NS2%"+group, 1)
}
