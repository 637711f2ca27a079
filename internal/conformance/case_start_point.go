package conformance

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/internal/conformance/observe"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func startPointCases() []Case {
	return []Case{
		{Name: "start-from-first", Row: "6.4", Run: startFromFirst},
		{Name: "start-from-last", Row: "6.4", Run: startFromLast},
		{Name: "start-from-committed", Row: "6.4", Run: startFromCommitted},
		{Name: "start-from-timestamp", Row: "6.4, V18", Run: startFromTimestamp},
	}
}

func startFromFirst(t *testing.T, e *Env) {
	topic := e.Topic(2)
	p := e.Producer()
	e.Send(p, Messages(topic, "old", 10)...)
	inbox := &Inbox{}
	e.Consume(e.Group(), topic, "*", inbox)
	inbox.Wait(e, 10, 15*time.Second)
	e.Send(p, Messages(topic, "new", 10)...)
	inbox.Wait(e, 20, 15*time.Second)
	require.Equal(t, 20, distinct(inbox))
}

// wantStart is where Java's client begins without a stored offset: at the offset
// that the broker answers for a young queue (0 while the first message is in
// memory), else where consumeFromWhere says.
func wantStart(t *testing.T, e *Env, group string, q observe.Queue, otherwise int64) int64 {
	offset, found, err := e.Observer.OffsetOrYoung(e.Ctx, group, q)
	require.NoError(t, err)
	if found {
		return offset
	}
	return otherwise
}

func startFromLast(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	p := e.Producer()
	e.Send(p, Messages(topic, "old", 10)...)
	e.Stored(topic, 10)
	queues, err := e.Observer.Queues(e.Ctx, topic)
	require.NoError(t, err)
	want := wantStart(t, e, group, queues[0], 10)
	inbox := &Inbox{}
	e.Consume(group, topic, "*", inbox, consumer.WithConsumeFromWhere(consumer.ConsumeFromLastOffset))
	e.WaitMembers(group, 1)
	if want > 0 {
		// What arrives before the queue is begun counts as old. That it is begun shows in
		// the first offset that is committed.
		e.Eventually(15*time.Second, func() error {
			offset, found, err := e.Observer.OffsetOrYoung(e.Ctx, group, queues[0])
			if err == nil && (!found || offset != want) {
				err = fmt.Errorf("committed offset %d (%t), want %d", offset, found, want)
			}
			return err
		})
	}
	e.Send(p, Messages(topic, "new", 10)...)
	n := int(20 - want)
	inbox.Wait(e, n, 15*time.Second)
	require.Equal(t, n, distinct(inbox))
	lowest := int64(100)
	for _, d := range inbox.All() {
		lowest = min(lowest, d.QueueOffset)
	}
	require.Equal(t, want, lowest)
}

func startFromCommitted(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	p := e.Producer()
	e.Send(p, Messages(topic, "m", 10)...)
	queues, err := e.Observer.Queues(e.Ctx, topic)
	require.NoError(t, err)
	require.NoError(t, e.Observer.CreateGroup(e.Ctx, group, 1, 16))
	require.NoError(t, e.Observer.Commit(e.Ctx, group, queues[0], 7))
	for _, where := range []consumer.ConsumeFromWhere{consumer.ConsumeFromFirstOffset, consumer.ConsumeFromLastOffset} {
		inbox := &Inbox{}
		c := e.Consume(group, topic, "*", inbox, consumer.WithConsumeFromWhere(where))
		want := []string{"m-7", "m-8", "m-9"}
		inbox.Wait(e, len(want), 15*time.Second)
		require.Equal(t, want, inbox.Bodies(), where.String())
		require.NoError(t, c.Shutdown())
		require.NoError(t, e.Observer.Commit(e.Ctx, group, queues[0], 7))
	}
}

func startFromTimestamp(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	p := e.Producer()
	e.Send(p, Messages(topic, "old", 5)...)
	e.Stored(topic, 5)
	// The option has seconds: the messages must lie in different ones.
	boundary := time.Now().Truncate(time.Second).Add(2 * time.Second)
	e.Eventually(5*time.Second, func() error {
		if now := time.Now(); now.Before(boundary) {
			return fmt.Errorf("%v is before %v", now, boundary)
		}
		return nil
	})
	e.Send(p, Messages(topic, "new", 5)...)
	e.Stored(topic, 10)
	queues, err := e.Observer.Queues(e.Ctx, topic)
	require.NoError(t, err)
	want := wantStart(t, e, group, queues[0], 5)
	inbox := &Inbox{}
	e.Consume(group, topic, "*", inbox,
		consumer.WithConsumeFromWhere(consumer.ConsumeFromTimestamp),
		consumer.WithConsumeTimestamp(boundary.Local().Format("20060102150405")))
	inbox.Wait(e, int(10-want), 15*time.Second)
	e.Send(p, primitive.NewMessage(topic, []byte("end")))
	inbox.Wait(e, int(11-want), 15*time.Second)
	require.Equal(t, int(11-want), distinct(inbox))
}
