package consumer

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// One message of 1,000 in a queue gives trouble: the others are delivered at once, and what is committed never
// passes a message that is not done.
func TestV08_OneBadMessageHoldsUpNothing(t *testing.T) {
	t.Parallel()
	const total, bad = 1000, 7
	for _, tt := range []struct {
		name    string
		handler func(ctx context.Context, release <-chan struct{}) (ConsumeResult, error)
		refuse  bool // brokers take nothing back
		opts    []Option
		pinned  bool // the bad message is never done
		backs   int
	}{
		{name: "panic", handler: func(context.Context, <-chan struct{}) (ConsumeResult, error) { panic("bad message") }, backs: 1},
		{name: "error", handler: func(context.Context, <-chan struct{}) (ConsumeResult, error) {
			return ConsumeSuccess, errors.New("bad message")
		}, backs: 1},
		{name: "later", handler: func(context.Context, <-chan struct{}) (ConsumeResult, error) { return ConsumeRetryLater, nil }, backs: 1},
		{name: "orderly result", handler: func(context.Context, <-chan struct{}) (ConsumeResult, error) {
			return SuspendCurrentQueueAMoment, nil
		}, backs: 1},
		{name: "hangs", handler: func(_ context.Context, release <-chan struct{}) (ConsumeResult, error) {
			<-release
			return ConsumeSuccess, nil
		}, pinned: true},
		{name: "hangs beyond the consume timeout", handler: func(_ context.Context, release <-chan struct{}) (ConsumeResult, error) {
			<-release
			return ConsumeSuccess, nil
		}, opts: []Option{WithConsumeTimeout(time.Second)}, backs: 1},
		{name: "send back refused", handler: func(context.Context, <-chan struct{}) (ConsumeResult, error) { return ConsumeRetryLater, nil },
			refuse: true, pinned: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
			if tt.refuse {
				c.OnCommand(codeBack, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Code: command.SystemError, Remark: "no"} })
				c.OnCommand(codeSend, func(cmd *mqtest.Command) *mqtest.Reply {
					if strings.HasPrefix(cmd.Fields["b"], "%RETRY%") {
						return &mqtest.Reply{Code: command.SystemError, Remark: "no"}
					}
					return nil
				})
			}
			newSender(t, c).many("topic", 1, 0, total)
			var badBody string
			for _, m := range c.Stored("topic") {
				if m.QueueOffset == bad {
					badBody = string(m.Body)
				}
			}
			got := newDeliveries()
			release := make(chan struct{})
			log := newRecorder()
			p := unstarted(t, c, append([]Option{WithLogger(log)}, tt.opts...)...)
			require.NoError(t, p.Subscribe("topic", MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
				if string(msgs[0].Body) == badBody {
					return tt.handler(ctx, release)
				}
				return got.handler(ctx, msgs...)
			}))
			require.NoError(t, p.Start())
			began := time.Now()
			eventually(t, func() bool { return got.distinct() == total-1 }, "all others are delivered")
			require.Less(t, time.Since(began), 5*time.Second)

			committed := func() int64 { return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) }
			want := int64(total)
			if tt.pinned {
				want = bad
			}
			require.NoError(t, p.PersistConsumerOffset())
			eventually(t, func() bool { _ = p.PersistConsumerOffset(); return committed() == want }, "offset %d is committed, not %d", want, committed())
			if tt.backs > 0 {
				require.Equal(t, tt.backs, c.Requests(codeBack))
			}
			if tt.name == "panic" {
				lines := log.find("handler panicked")
				require.Len(t, lines, 1)
				require.Equal(t, "bad message", lines[0].fields["underlayError"])
				require.Contains(t, lines[0].fields["stack"], "trouble_test.go")
			}
			close(release)
			require.NoError(t, p.Shutdown())
			switch {
			case tt.refuse:
				want = bad // it stays for the next owner of the queue
			default:
				want = total
			}
			require.Equal(t, want, committed())
			require.Equal(t, total-1, got.all(), "no other message is delivered twice")
		})
	}
}

// A message that the broker would not take back is not lost: it is tried again until a broker has it.
func TestRefusedMessagesAreGivenBackLater(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1), mqtest.WithDelayLevels("10ms 20ms"))
	refuse := func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Code == codeBack || strings.HasPrefix(cmd.Fields["b"], "%RETRY%") {
			return &mqtest.Reply{Code: command.SystemError, Remark: "disk full"}
		}
		return nil
	}
	allowBack, allowSend := c.OnCommand(codeBack, refuse), c.OnCommand(codeSend, refuse)
	newSender(t, c).to(c.Brokers()[0], 0, numbered("topic", 0))
	got := newDeliveries()
	start(t, c, "topic", func(_ context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		got.note(msgs...)
		if msgs[0].ReconsumeTimes == 0 {
			return ConsumeRetryLater, nil
		}
		return ConsumeSuccess, nil
	})
	eventually(t, func() bool { return c.Requests(codeBack) >= 2 }, "it is tried again")
	require.Equal(t, 1, got.all(), "the handler is not run again for it")
	allowBack()
	allowSend()
	eventually(t, func() bool { return got.all() == 2 }, "it is delivered again once a broker has taken it")
}

// When the broker that holds a message does not take it back, the copy keeps what the message had.
func TestCopyToTheRetryTopicIsComplete(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1), mqtest.WithDelayLevels("10ms 20ms 30ms 40ms 50ms"))
	c.OnCommand(codeBack, func(*mqtest.Command) *mqtest.Reply {
		return &mqtest.Reply{Code: command.SystemError, Remark: "look message by offset failed, 5"}
	})
	m := numbered("topic", 0)
	m.WithTag("tag").WithKeys([]string{"k1", "k2"}).WithProperty("user", "value")
	newSender(t, c).to(c.Brokers()[0], 0, m)
	first, second := make(chan *primitive.MessageExt, 1), make(chan *primitive.MessageExt, 1)
	start(t, c, "topic", func(_ context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		if msgs[0].ReconsumeTimes == 0 {
			first <- msgs[0]
			return ConsumeRetryLater, nil
		}
		second <- msgs[0]
		return ConsumeSuccess, nil
	})
	a, b := <-first, <-second
	require.Equal(t, a.Body, b.Body)
	require.Equal(t, "topic", b.Topic)
	require.EqualValues(t, 1, b.ReconsumeTimes)
	require.Equal(t, a.MsgId, b.MsgId)
	require.Equal(t, "tag", b.GetTags())
	require.Equal(t, "k1 k2", b.GetKeys())
	require.Equal(t, "value", b.GetProperty("user"))
	require.Equal(t, "topic", b.GetProperty(primitive.PropertyRetryTopic))
	require.Equal(t, a.MsgId, b.GetProperty(primitive.PropertyOriginMessageId))
}

// In broadcasting mode a failed message is dropped with one line in the log, and nothing waits for it.
func TestV09_BroadcastFailureDropsTheMessage(t *testing.T) {
	t.Parallel()
	const total = 3000
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).many("topic", 1, 0, total)
	got := newDeliveries()
	log := newRecorder()
	p := unstarted(t, c, WithConsumerModel(BroadCasting), WithOffsetStoreDir(t.TempDir()), WithLogger(log))
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		if msgs[0].QueueOffset == 5 {
			return ConsumeRetryLater, nil
		}
		return got.handler(ctx, msgs...)
	}))
	require.NoError(t, p.Start())
	eventually(t, func() bool { return got.distinct() == total-1 }, "all others are delivered")
	require.NoError(t, p.Shutdown())
	require.Len(t, log.find("message failed and is dropped: broadcasting has no retry"), 1)
	require.Zero(t, c.Requests(codeBack))
	require.EqualValues(t, -1, c.CommittedOffset("group", "topic", c.Brokers()[0], 0), "the brokers' offset is left alone")
}

// A queue that does not move is reported.
func TestStalledQueueIsReported(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).many("topic", 1, 0, 200)
	log := newRecorder()
	release := make(chan struct{})
	got := newDeliveries()
	p := unstarted(t, c, WithLogger(log), WithConsumeConcurrentlyMaxSpan(20))
	require.Equal(t, 10*time.Second, p.opts.stalledAfter)
	p.opts.stalledAfter = 300 * time.Millisecond
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		if msgs[0].QueueOffset == 0 {
			<-release
		}
		return got.handler(ctx, msgs...)
	}))
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	defer close(release)
	eventually(t, func() bool { return len(log.find("queue is not pulled: its oldest message is not done")) == 1 }, "it is reported")
	l := log.find("queue is not pulled: its oldest message is not done")[0]
	require.Equal(t, "span", l.fields["limit"])
	require.EqualValues(t, 0, l.fields["queueOffset"])
	require.NotZero(t, p.GetOffsetDiffMap()["topic"])
}
