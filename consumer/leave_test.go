package consumer

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// Brokers store the offset that comes with a pull on another thread than the one of a commit. The last commit must not
// be undone by a pull that was sent before it and is handled after it.
func TestLastCommitIsNotUndoneByAPull(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
		if flag, _ := strconv.Atoi(cmd.Fields["sysFlag"]); cmd.Fields["topic"] == "topic" && flag&int(command.PullCommitOffset) != 0 {
			return &mqtest.Reply{Delay: 40 * time.Millisecond, Pass: true}
		}
		return nil
	})
	s := newSender(t, c)
	s.many("topic", 1, 0, 5)
	got := newDeliveries()
	var away atomic.Bool
	p := start(t, c, "topic", got.handler, WithStrategy(func(_, _ string, all []*primitive.MessageQueue, _ []string) []*primitive.MessageQueue {
		if away.Load() {
			return []*primitive.MessageQueue{}
		}
		return all
	}))
	eventually(t, func() bool { return got.all() == 5 }, "the first messages")
	s.many("topic", 1, 5, 5)
	eventually(t, func() bool { return got.all() == 10 }, "more")
	away.Store(true)
	p.Rebalance() // a pull with an older offset is under way
	eventually(t, func() bool { return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == 10 }, "committed")
	time.Sleep(60 * time.Millisecond) // until the broker has handled every pull
	require.EqualValues(t, 10, c.CommittedOffset("group", "topic", c.Brokers()[0], 0))
}

// leaver is a consumer whose queue is taken away while one of its handlers runs.
type leaver struct {
	c       *mqtest.Cluster
	p       *PushConsumer
	got     *deliveries
	release chan struct{}
	holds   atomic.Bool
}

// newLeaver has consumed ten messages but for the one at offset 5, whose handler runs until release is closed.
func newLeaver(t *testing.T) *leaver {
	l := &leaver{c: mqtest.Start(t, mqtest.WithTopic("topic", 1)), got: newDeliveries(), release: make(chan struct{})}
	l.holds.Store(true)
	newSender(t, l.c).many("topic", 1, 0, 10)
	l.p = start(t, l.c, "topic", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		if msgs[0].QueueOffset == 5 {
			<-l.release
		}
		return l.got.handler(ctx, msgs...)
	}, WithStrategy(func(_, _ string, all []*primitive.MessageQueue, _ []string) []*primitive.MessageQueue {
		if !l.holds.Load() {
			return []*primitive.MessageQueue{}
		}
		return all
	}))
	eventually(t, func() bool { return l.got.all() == 9 }, "all others are done")
	return l
}

func (l *leaver) committed() int64 {
	return l.c.CommittedOffset("group", "topic", l.c.Brokers()[0], 0)
}

func (l *leaver) take() {
	l.holds.Store(false)
	l.p.Rebalance()
}

// in says whether the queue is in the consumer's table.
func (l *leaver) in() bool {
	for _, q := range l.p.session.Load().held() {
		if q.mq.Topic == "topic" {
			return true
		}
	}
	return false
}

// What is done is committed at once, for a new owner that does not wait for the rest; the rest when it is done, also
// when that takes long.
func TestQueueLeavesWhenItsHandlersHaveFinished(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	l.take()
	eventually(t, func() bool { return l.committed() == 5 }, "what is done is committed")
	time.Sleep(lateCommit + 50*time.Millisecond) // it takes long
	require.True(t, l.in())
	require.EqualValues(t, 5, l.committed())
	close(l.release)
	eventually(t, func() bool { return l.committed() == 10 }, "all is committed")
	eventually(t, func() bool { return !l.in() }, "the queue is gone")
}

// When somebody else has moved the offset meanwhile, it is left alone.
func TestQueueThatLeavesLateSparesTheNextOwnersOffset(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	l.take()
	eventually(t, func() bool { return l.committed() == 5 }, "what is done is committed")
	time.Sleep(lateCommit + 50*time.Millisecond) // the next owner has begun
	s := newSender(t, l.c)
	_, err := s.r.Invoke(context.Background(), l.c.BrokerAddr(l.c.Brokers()[0]), &remote.Request{
		Code:   codeCommit,
		Header: &command.UpdateConsumerOffsetRequest{ConsumerGroup: "group", Topic: "topic", CommitOffset: 8},
	})
	require.NoError(t, err)
	commits := l.c.Requests(codeCommit)
	close(l.release)
	eventually(t, func() bool { return !l.in() }, "the queue is gone")
	require.Equal(t, commits, l.c.Requests(codeCommit))
	require.EqualValues(t, 8, l.committed())
}

// A queue that comes back while it is leaving is taken again when it is gone: what still runs is not started twice.
func TestQueueComesBackWhileItLeaves(t *testing.T) {
	t.Parallel()
	l := newLeaver(t)
	l.take()
	eventually(t, func() bool { return l.committed() == 5 }, "it is leaving")
	l.holds.Store(true)
	l.p.Rebalance()
	time.Sleep(50 * time.Millisecond) // nothing must happen
	require.Equal(t, 9, l.got.all())
	close(l.release)
	newSender(t, l.c).many("topic", 1, 10, 10)
	eventually(t, func() bool { return l.got.distinct() == 20 }, "it is consumed on")
	require.Equal(t, 20, l.got.all(), "nothing twice")
}
