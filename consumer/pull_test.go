package consumer

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// pulls returns the fields of the pulls of a topic so far.
func pulls(c *mqtest.Cluster, topic string) func() []map[string]string {
	var mu sync.Mutex
	var list []map[string]string
	c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] == topic {
			mu.Lock()
			list = append(list, cmd.Fields)
			mu.Unlock()
		}
		return nil
	})
	return func() []map[string]string {
		mu.Lock()
		defer mu.Unlock()
		return append([]map[string]string(nil), list...)
	}
}

func TestPullRequestIsJavas(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	seen := pulls(c, "topic")
	newSender(t, c).to(c.Brokers()[0], 0, numbered("topic", 0))
	got := newDeliveries()
	start(t, c, "topic", got.handler, WithPullBatchSize(7))
	eventually(t, func() bool { return len(seen()) >= 2 && got.all() == 1 }, "the queue is pulled on")
	first := seen()[0]
	require.NotEmpty(t, first["subVersion"])
	require.NotEmpty(t, first["bname"])
	for _, k := range []string{"subVersion", "bname"} {
		delete(first, k)
	}
	require.Equal(t, map[string]string{
		"consumerGroup": "group", "topic": "topic", "queueId": "0", "queueOffset": "0", "maxMsgNums": "7", "sysFlag": "2",
		"commitOffset": "0", "suspendTimeoutMillis": "15000", "expressionType": "TAG", "maxMsgBytes": "262144",
	}, first)
	newSender(t, c).to(c.Brokers()[0], 0, numbered("topic", 1))
	eventually(t, func() bool { list := seen(); return list[len(list)-1]["queueOffset"] == "2" }, "on")
	last := seen()[len(seen())-1]
	require.Equal(t, "3", last["sysFlag"], "with the offset to commit")
	eventually(t, func() bool { return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) >= 1 }, "which the broker stores")
}

// No message at the offset: the queue continues at the broker's offset within a second, and stays assigned.
func TestOffsetMovedIsCorrectedAtOnce(t *testing.T) {
	t.Parallel()
	for name, committed := range map[string]int64{"too large": 1000, "too small": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
			s := newSender(t, c)
			s.many("topic", 1, 0, 20)
			var shift atomic.Bool
			shift.Store(true)
			if name == "too small" { // as if the first ten had expired
				c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
					if o, _ := strconv.Atoi(cmd.Fields["queueOffset"]); cmd.Fields["topic"] == "topic" && o < 10 {
						return &mqtest.Reply{Code: command.PullOffsetMoved, Remark: "OFFSET_TOO_SMALL", Fields: map[string]string{
							"nextBeginOffset": "10", "minOffset": "10", "maxOffset": "20", "suggestWhichBrokerId": "0"}}
					}
					return nil
				})
			}
			c.OnCommand(codeQuery, func(cmd *mqtest.Command) *mqtest.Reply {
				if cmd.Fields["topic"] != "topic" {
					return nil
				}
				return &mqtest.Reply{Fields: map[string]string{"offset": strconv.FormatInt(committed, 10)}}
			})
			got := newDeliveries()
			began := time.Now()
			p := start(t, c, "topic", got.handler)
			if name == "too small" {
				eventually(t, func() bool { return got.distinct() == 10 }, "what is there is consumed")
			} else {
				eventually(t, func() bool { return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == 20 }, "corrected and committed")
				s.many("topic", 1, 20, 5)
				eventually(t, func() bool { return got.distinct() == 5 }, "new messages are consumed")
			}
			require.Less(t, time.Since(began), 2*time.Second)
			require.Len(t, owned(p, "topic"), 1)
		})
	}
}

// A queue whose messages were lost by the broker starts over; offsets that are used again are not taken for
// duplicates.
func TestTopicThatIsMadeAnewIsConsumed(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	s := newSender(t, c)
	got := newDeliveries()
	// A pull that is held at the time finds out when its time is over, at real brokers too.
	p := start(t, c, "topic", got.handler, WithConsumerPullTimeout(time.Second))
	s.many("topic", 1, 0, 30)
	eventually(t, func() bool { return got.distinct() == 30 }, "consumed")
	seen := pulls(c, "topic")
	require.NoError(t, c.DeleteTopic("topic"))
	require.NoError(t, c.CreateTopic("topic", 1))
	eventually(t, func() bool { list := seen(); return len(list) > 0 && list[len(list)-1]["queueOffset"] == "0" }, "from the start")
	s.many("topic", 1, 100, 5)
	eventually(t, func() bool { return got.distinct() == 35 }, "consumed again")
	eventually(t, func() bool {
		_ = p.PersistConsumerOffset()
		return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == 5
	}, "and committed")
	require.Equal(t, 35, got.all())
}

// A slave that is behind its master knows nothing about offsets.
func TestOffsetMovedFromASlaveIsNotBelieved(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithSlaves(1), mqtest.WithTopic("topic", 1))
	broker := c.Brokers()[0]
	slave := c.SlaveAddr(broker, 1)
	s := newSender(t, c)
	s.many("topic", 1, 0, 10)
	var toSlave atomic.Bool
	c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
		switch {
		case cmd.Fields["topic"] != "topic":
		case cmd.Addr == slave:
			toSlave.Store(true)
			return &mqtest.Reply{Code: command.PullOffsetMoved, Fields: map[string]string{"nextBeginOffset": "3", "suggestWhichBrokerId": "1"}}
		case !toSlave.Load() && cmd.Fields["queueOffset"] == "10":
			return &mqtest.Reply{Code: command.PullNotFound, Fields: map[string]string{
				"nextBeginOffset": "10", "minOffset": "0", "maxOffset": "10", "suggestWhichBrokerId": "1"}}
		}
		return nil
	})
	got := newDeliveries()
	start(t, c, "topic", got.handler)
	eventually(t, toSlave.Load, "the slave is asked as the master suggests")
	s.many("topic", 1, 10, 5)
	eventually(t, func() bool { return got.distinct() == 15 }, "the master is asked again")
	require.Equal(t, 15, got.all())
}

// Messages that no tag of this consumer matches still move the committed offset.
func TestOffsetMovesOverMessagesOfOtherTags(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	s := newSender(t, c)
	for i := range 500 {
		m := numbered("topic", i)
		m.WithTag("other")
		s.to(c.Brokers()[0], 0, m)
	}
	got := newDeliveries()
	p := unstarted(t, c)
	require.NoError(t, p.Subscribe("topic", MessageSelector{Type: TAG, Expression: "mine"}, got.handler))
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	eventually(t, func() bool { return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == 500 }, "committed within 5 s and a bit")
	require.Zero(t, got.all())
}

// Brokers compare hashes of tags; tags with the same hash are told apart here.
func TestTagsAreComparedAsText(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	s := newSender(t, c)
	require.Equal(t, record.TagHash("AaAa"), record.TagHash("BBBB"))
	for i, tag := range []string{"AaAa", "BBBB", "AaBB", "", "标签", "AaAa"} {
		m := numbered("topic", i)
		if tag != "" {
			m.WithTag(tag)
		}
		s.to(c.Brokers()[0], 0, m)
	}
	got := newDeliveries()
	p := unstarted(t, c)
	require.NoError(t, p.Subscribe("topic", MessageSelector{Type: TAG, Expression: "AaAa || 标签"}, got.handler))
	require.NoError(t, p.Start())
	eventually(t, func() bool { return got.distinct() == 3 }, "the wanted ones")
	require.NoError(t, p.Shutdown())
	require.Equal(t, []string{"message 0", "message 4", "message 5"}, sortedCopy(got.order))
	require.EqualValues(t, 6, c.CommittedOffset("group", "topic", c.Brokers()[0], 0), "the others are done as well")
}

// TestV14_HandlersGetPlainBodies: whatever producers compress with.
func TestV14_HandlersGetPlainBodies(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	s := newSender(t, c)
	plain := strings.Repeat("compress me ", 1000)
	for i, kind := range []record.Compression{record.LZ4, record.ZSTD, record.Zlib} {
		z, err := record.NewCompressor(kind, 5)
		require.NoError(t, err)
		m := numbered("topic", i)
		m.Body, err = z.Compress(nil, []byte(plain+kind.String()))
		require.NoError(t, err)
		s.raw(c.Brokers()[0], 0, m, record.FlagCompressed|z.SysFlag())
	}
	got := newDeliveries()
	start(t, c, "topic", got.handler)
	eventually(t, func() bool { return got.all() == 3 }, "all")
	for _, kind := range []record.Compression{record.LZ4, record.ZSTD, record.Zlib} {
		require.Equal(t, 1, got.times(plain+kind.String()), kind.String())
	}
}

// A message that cannot be read is not handed out, not lost, and holds up nothing: it goes back to the broker and ends
// in the dead-letter queue.
func TestMessageOfUnknownCompressionEndsAsDeadLetter(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1), mqtest.WithDelayLevels("5ms 5ms 5ms 5ms 5ms"))
	s := newSender(t, c)
	for i := range 3 {
		m := numbered("topic", i)
		flag := int32(0)
		if i == 1 {
			flag = record.FlagCompressed | 0x700
		}
		s.raw(c.Brokers()[0], 0, m, flag)
	}
	got := newDeliveries()
	p := start(t, c, "topic", got.handler, WithMaxReconsumeTimes(2))
	eventually(t, func() bool { return c.StoredCount("%DLQ%group") == 1 }, "in the dead-letter queue")
	require.Equal(t, 1, got.times("message 0"))
	require.Equal(t, 1, got.times("message 2"))
	require.Zero(t, got.times("message 1"))
	eventually(t, func() bool {
		_ = p.PersistConsumerOffset()
		return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == 3
	}, "the offset moves on")
}

// encodeRecords returns stored messages as a pull brings them.
func encodeRecords(t *testing.T, offsets ...int64) []byte {
	t.Helper()
	var b []byte
	for _, o := range offsets {
		rec := record.Message{QueueOffset: o, PhysicalOffset: 1000 + o, Topic: []byte("topic"), Body: []byte("message " + strconv.FormatInt(o, 10))}
		var err error
		b, err = rec.Append(b)
		require.NoError(t, err)
	}
	return b
}

// Answers that are damaged are asked for again; what stays unreadable is left out, and nothing else.
func TestDamagedAnswers(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(records [][]byte){
		"magic code": func(r [][]byte) { binary.BigEndian.PutUint32(r[2][4:], 0xDEADBEEF) },
		"length":     func(r [][]byte) { binary.BigEndian.PutUint32(r[2], 1<<30) },
		"body size":  func(r [][]byte) { binary.BigEndian.PutUint32(r[2][84:], 1<<20) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
			s := newSender(t, c)
			for i := range 5 {
				s.to(c.Brokers()[0], 0, numbered("topic", i))
			}
			c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
				from, _ := strconv.Atoi(cmd.Fields["queueOffset"])
				if cmd.Fields["topic"] != "topic" || from > 2 {
					return nil
				}
				n, _ := strconv.Atoi(cmd.Fields["maxMsgNums"])
				to := min(from+n, 5)
				var all [][]byte
				for o := range 5 {
					all = append(all, encodeRecords(t, int64(o)))
				}
				damage(all)
				var body []byte
				for _, r := range all[from:to] {
					body = append(body, r...)
				}
				return &mqtest.Reply{Body: body, Fields: map[string]string{
					"nextBeginOffset": strconv.Itoa(to), "minOffset": "0", "maxOffset": "5", "suggestWhichBrokerId": "0"}}
			})
			got := newDeliveries()
			log := newRecorder()
			p := start(t, c, "topic", got.handler, WithLogger(log), WithMaxReconsumeTimes(3))
			eventually(t, func() bool { return got.distinct() >= 4 }, "all that can be read")
			require.Equal(t, []string{"message 0", "message 1", "message 3", "message 4"}, sortedCopy(got.order))
			if name == "body size" { // its bounds and its place are known, so the broker can deliver it again
				eventually(t, func() bool { return c.Requests(codeBack) == 1 }, "it is sent back")
			}
			eventually(t, func() bool { return len(log.find(msgLeftOut)) == 1 }, "the loss is reported")
			eventually(t, func() bool {
				_ = p.PersistConsumerOffset()
				return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == 5
			}, "the offset moves on")
		})
	}
}

// A broker that answers the same messages again, or loses the answer, has nothing delivered twice.
func TestV10_RepeatedAnswersAreDeliveredOnce(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).many("topic", 1, 0, 3)
	var n atomic.Int32
	c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] != "topic" {
			return nil
		}
		if i := n.Inc(); i <= 5 { // the whole answer, whatever was asked for
			return &mqtest.Reply{Body: encodeRecords(t, 0, 1, 2), Fields: map[string]string{
				"nextBeginOffset": "3", "minOffset": "0", "maxOffset": "3", "suggestWhichBrokerId": "0"}}
		}
		return nil
	})
	got := newDeliveries()
	start(t, c, "topic", got.handler)
	eventually(t, func() bool { return n.Load() > 5 }, "it is answered several times")
	require.Equal(t, 3, got.all())
}

// Queue offsets of static topics are shifted by what the broker says.
func TestOffsetDeltaIsAdded(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	var once atomic.Bool
	c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] != "topic" || once.Swap(true) {
			return nil
		}
		return &mqtest.Reply{Body: encodeRecords(t, 3, 4), Fields: map[string]string{
			"nextBeginOffset": "105", "minOffset": "0", "maxOffset": "105", "suggestWhichBrokerId": "0", "offsetDelta": "100"}}
	})
	offsets := make(chan int64, 10)
	start(t, c, "topic", func(_ context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		offsets <- msgs[0].QueueOffset
		return ConsumeSuccess, nil
	})
	require.ElementsMatch(t, []int64{103, 104}, []int64{<-offsets, <-offsets})
}

// Refusals and lost connections are tried again with growing pauses, and few lines in the log.
func TestFailingPullsAreTriedAgainQuietly(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]*mqtest.Reply{
		"error":      {Code: command.SystemError, Remark: "oops"},
		"closed":     {Close: true},
		"no header":  {Code: command.Success, Body: []byte("x")},
		"moved, but": {Code: command.PullOffsetMoved},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 8))
			var failing atomic.Bool
			failing.Store(true)
			var asked atomic.Int32
			c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
				if cmd.Fields["topic"] == "topic" && failing.Load() {
					asked.Inc()
					return reply
				}
				return nil
			})
			newSender(t, c).many("topic", 8, 0, 80)
			got := newDeliveries()
			log := newRecorder()
			start(t, c, "topic", got.handler, WithLogger(log))
			eventually(t, func() bool { return asked.Load() >= 5 }, "it is tried again")
			failing.Store(false)
			began := time.Now()
			eventually(t, func() bool { return got.distinct() == 80 }, "and works when the broker does")
			require.Less(t, time.Since(began), 3*time.Second)
			require.LessOrEqual(t, len(log.all()), 24, "%v", log.all())
		})
	}
}

// The broker's own flow control is answered with a short pause.
func TestFlowControlledPullsAreRepeatedSoon(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	var n atomic.Int32
	c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] == "topic" && n.Inc() <= 10 {
			return &mqtest.Reply{Code: command.FlowControl}
		}
		return nil
	})
	newSender(t, c).many("topic", 1, 0, 3)
	got := newDeliveries()
	log := newRecorder()
	began := time.Now()
	start(t, c, "topic", got.handler, WithLogger(log))
	eventually(t, func() bool { return got.distinct() == 3 }, "consumed")
	require.GreaterOrEqual(t, time.Since(began), 10*flowControlPause)
	require.Empty(t, log.all())
}

// A broker that does not know the group gets a heartbeat.
func TestUnknownSubscriptionSendsAHeartbeat(t *testing.T) {
	t.Parallel()
	for _, code := range []int32{command.SubscriptionNotExist, command.SubscriptionNotLatest, command.SubscriptionGroupNotExist} {
		t.Run(command.ResponseText(code), func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
			var beats atomic.Int32
			c.OnCommand(codeHeartbeat, func(*mqtest.Command) *mqtest.Reply { beats.Inc(); return nil })
			c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
				if cmd.Fields["topic"] == "topic" {
					if beats.Load() < 2 {
						return &mqtest.Reply{Code: code, Remark: "the consumer's subscription not exist"}
					}
				}
				return nil
			})
			newSender(t, c).many("topic", 4, 0, 8)
			got := newDeliveries()
			start(t, c, "topic", got.handler)
			eventually(t, func() bool { return got.distinct() == 8 }, "consumed after heartbeats")
			require.LessOrEqual(t, beats.Load(), int32(8), "at most one a second")
		})
	}
}

// The master is down: its slave is read, and offsets are committed when the master is back.
func TestSlaveIsReadWhileTheMasterIsDown(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithSlaves(1), mqtest.WithTopic("topic", 2))
	s := newSender(t, c)
	s.many("topic", 2, 0, 200)
	got := newDeliveries()
	var hold atomic.Bool
	p := start(t, c, "topic", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		if got.all() >= 20 && hold.CompareAndSwap(false, true) {
			_ = c.KillBroker(c.Brokers()[0])
		}
		return got.handler(ctx, msgs...)
	}, WithPullBatchSize(8), WithPullThresholdForQueue(8), WithConsumeGoroutineNums(2))
	eventually(t, func() bool { return got.distinct() == 200 }, "the slave is read")
	require.Less(t, c.CommittedOffset("group", "topic", c.Brokers()[0], 0), int64(100))
	require.NoError(t, c.StartBroker(c.Brokers()[0]))
	eventually(t, func() bool {
		_ = p.PersistConsumerOffset()
		return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == 100 && c.CommittedOffset("group", "topic", c.Brokers()[0], 1) == 100
	}, "offsets are committed")
	require.Equal(t, 200, got.all())
}

// A broker restarts: consumption comes back within seconds, and the other broker's queues never pause.
func TestBrokerRestart(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("topic", 2))
	s := newSender(t, c)
	got := newDeliveries()
	start(t, c, "topic", got.handler)
	victim, other := c.Brokers()[0], c.Brokers()[1]
	s.to(victim, 0, numbered("topic", 0))
	eventually(t, func() bool { return got.distinct() == 1 }, "consumed")
	require.NoError(t, c.KillBroker(victim))
	for i := range 20 {
		began := time.Now()
		s.to(other, i%2, numbered("topic", 1+i))
		eventually(t, func() bool { return got.distinct() == 2+i }, "the other broker goes on")
		require.Less(t, time.Since(began), 2*time.Second)
	}
	require.NoError(t, c.StartBroker(victim))
	began := time.Now()
	s.to(victim, 1, numbered("topic", 100))
	eventually(t, func() bool { return got.distinct() == 22 }, "the restarted one as well")
	require.Less(t, time.Since(began), 5*time.Second)
	require.Equal(t, 22, got.all())
}

// A broker that is down does not hold up a shutdown, which says that its offsets are not stored.
func TestShutdownWithABrokerDown(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("topic", 1))
	got := newDeliveries()
	p := unstarted(t, c)
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, got.handler))
	require.NoError(t, p.Start())
	newSender(t, c).many("topic", 1, 0, 20)
	eventually(t, func() bool { return got.distinct() == 20 }, "consumed")
	require.NoError(t, c.KillBroker(c.Brokers()[0]))
	began := time.Now()
	err := p.Shutdown()
	require.Less(t, time.Since(began), 5*time.Second)
	require.ErrorContains(t, err, "not stored")
	require.ErrorContains(t, err, c.Brokers()[0])
	require.EqualValues(t, 10, c.CommittedOffset("group", "topic", c.Brokers()[1], 0), "the other broker's are")
}
