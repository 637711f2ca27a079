package conformance

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func broadcastCases() []Case {
	return []Case{
		{Name: "broadcast-reaches-everyone", Row: "6.14, 8.4 #83", Run: broadcastEveryone},
		{Name: "broadcast-resumes-from-file", Row: "6.7", Run: broadcastResumes},
		{Name: "broadcast-failure-is-dropped", Row: "V9", Run: broadcastFailure},
	}
}

func broadcastOptions(dir string) []consumer.Option {
	return []consumer.Option{consumer.WithConsumerModel(consumer.BroadCasting), consumer.WithOffsetStoreDir(dir)}
}

func broadcastEveryone(t *testing.T, e *Env) {
	topic, group := e.Topic(3), e.Group()
	e.Send(e.Producer(), Messages(topic, "all", 30)...)
	want := Bodies("all", 30)
	slices.Sort(want)
	inboxes := []*Inbox{{}, {}}
	for _, in := range inboxes {
		e.Consume(group, topic, "*", in, broadcastOptions(t.TempDir())...)
	}
	e.WaitMembers(group, 2)
	for _, in := range inboxes {
		in.Wait(e, 30, 15*time.Second)
		require.Equal(t, want, in.Bodies())
	}
	e.requireCommitted(group, topic, 0, time.Second) // offsets stay with the members
}

func broadcastResumes(t *testing.T, e *Env) {
	topic, group, dir := e.Topic(2), e.Group(), t.TempDir()
	p := e.Producer()
	e.Send(p, Messages(topic, "one", 10)...)
	first := &Inbox{}
	c := e.Consume(group, topic, "*", first, broadcastOptions(dir)...)
	first.Wait(e, 10, 15*time.Second)
	require.NoError(t, c.Shutdown())

	e.Send(p, Messages(topic, "two", 10)...)
	second := &Inbox{}
	e.Consume(group, topic, "*", second, broadcastOptions(dir)...)
	second.Wait(e, 10, 15*time.Second)
	for _, body := range second.Bodies() {
		require.True(t, strings.HasPrefix(body, "two-"), body)
	}
}

func broadcastFailure(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	e.Send(e.Producer(), Messages(topic, "m", 50)...)
	inbox := &Inbox{Decide: func(_ context.Context, msgs []*primitive.MessageExt) (consumer.ConsumeResult, error) {
		if string(msgs[0].Body) == "m-3" {
			return consumer.ConsumeRetryLater, nil
		}
		return consumer.ConsumeSuccess, nil
	}}
	group := e.Group()
	e.Consume(group, topic, "*", inbox, broadcastOptions(t.TempDir())...)
	inbox.Wait(e, 50, 15*time.Second)
	require.Equal(t, 50, distinct(inbox))
	require.Len(t, inbox.All(), 50)
}
