package producer

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// queuesOf makes n queues on each of the brokers.
func queuesOf(n int, brokers ...string) []*primitive.MessageQueue {
	var out []*primitive.MessageQueue
	for _, b := range brokers {
		for i := range n {
			out = append(out, &primitive.MessageQueue{Topic: "t", BrokerName: b, QueueId: i})
		}
	}
	return out
}

func TestRoundRobinTakesQueuesInTurn(t *testing.T) {
	t.Parallel()
	queues := queuesOf(4, "a", "b")
	for name, s := range map[string]QueueSelector{"round robin": NewRoundRobinQueueSelector(), "default": newDefaultSelector()} {
		count := map[*primitive.MessageQueue]int{}
		for range 80 {
			count[s.Select(message("t", "x"), queues, "")]++
		}
		for _, q := range queues {
			require.Equal(t, 10, count[q], "%s: %v", name, q)
		}
	}
}

func TestRoundRobinCountsEachTopicAlone(t *testing.T) {
	t.Parallel()
	s := newRoundRobin()
	queues := queuesOf(4, "a")
	a, b := message("a", "x"), message("b", "x")
	firstA, firstB := s.Select(a, queues, "").QueueId, s.Select(b, queues, "").QueueId
	for i := 1; i < 10; i++ {
		require.Equal(t, (firstA+i)%4, s.Select(a, queues, "").QueueId)
		require.Equal(t, (firstB+i)%4, s.Select(b, queues, "").QueueId)
	}
}

func TestRoundRobinStartsAnywhere(t *testing.T) {
	t.Parallel()
	queues := queuesOf(64, "a")
	starts := map[int]bool{}
	for range 32 {
		starts[newRoundRobin().Select(message("t", "x"), queues, "").QueueId] = true
	}
	require.Greater(t, len(starts), 8)
}

func TestRoundRobinIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	s := newRoundRobin()
	queues := queuesOf(4, "a")
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 500 {
				s.Select(message(fmt.Sprintf("topic-%d", (g+i)%20), "x"), queues, "")
			}
		}()
	}
	wg.Wait()
	require.Len(t, *s.topics.Load(), 20)
}

func TestSelectorsAvoidTheBrokerThatFailed(t *testing.T) {
	t.Parallel()
	two, one := queuesOf(4, "a", "b"), queuesOf(4, "a")
	for name, s := range map[string]QueueSelector{
		"round robin": NewRoundRobinQueueSelector(), "random": NewRandomQueueSelector(),
		"default": newDefaultSelector(), "hash without key": NewHashQueueSelector(),
	} {
		for range 50 {
			require.Equal(t, "b", s.Select(message("t", "x"), two, "a").BrokerName, name)
			require.Equal(t, "a", s.Select(message("t", "x"), one, "a").BrokerName, "%s: the only one", name)
		}
	}
}

func TestRandomReachesAllQueues(t *testing.T) {
	t.Parallel()
	queues := queuesOf(8, "a")
	seen := map[int]bool{}
	for range 1000 {
		seen[NewRandomQueueSelector().Select(message("t", "x"), queues, "").QueueId] = true
	}
	require.Len(t, seen, 8)
}

// The vectors are Math.abs("key".hashCode() % size) of Java.
func TestHashIsJavas(t *testing.T) {
	t.Parallel()
	tests := []struct {
		key  string
		size int
		want int
	}{
		{"a", 4, 1}, // 97
		{"order-1", 7, javaHashModulo("order-1", 7)},
		{"hello", 10, 2}, // 99162322
		{"polygenelubricants", 7, 2147483648 % 7}, // Integer.MIN_VALUE: % before abs, or it stays negative
		{"Fdopwa", 5, javaHashModulo("Fdopwa", 5)},
		{"中文", 4, 20013 * 31 % 4}, // see below
	}
	tests[5].want = int((20013*31 + 25991) % 4)
	for _, tt := range tests {
		m := message("t", "x").WithShardingKey(tt.key)
		for name, s := range map[string]QueueSelector{"hash": NewHashQueueSelector(), "default": newDefaultSelector()} {
			for _, last := range []string{"", "a"} {
				require.Equal(t, tt.want, s.Select(m, queuesOf(tt.size, "a"), last).QueueId, "%s %s", name, tt.key)
			}
		}
	}
}

func javaHashModulo(s string, size int) int {
	i := int(record.JavaHash(s)) % size
	if i < 0 {
		i = -i
	}
	return i
}

func TestManualTakesTheMessagesQueue(t *testing.T) {
	t.Parallel()
	m := message("t", "x")
	require.Nil(t, NewManualQueueSelector().Select(m, queuesOf(4, "a"), ""))
	m.Queue = &primitive.MessageQueue{Topic: "t", BrokerName: "a", QueueId: 3}
	require.Same(t, m.Queue, NewManualQueueSelector().Select(m, queuesOf(4, "a"), "a"))
}

func TestShardingKeyAloneIsEnoughToBeOrdered(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 4))
		p := newProducer(t, c)
		used := map[primitive.MessageQueue]bool{}
		for i := range 40 {
			key := fmt.Sprintf("key-%d", i%8)
			r, err := send(p, background(t), message("orders", key).WithShardingKey(key))
			require.NoError(t, err)
			at := javaHashModulo(key, 8) // broker-0 has queues 0 to 3, broker-1 the rest
			require.Equal(t, primitive.MessageQueue{Topic: "orders", BrokerName: c.Brokers()[at/4], QueueId: at % 4}, *r.MessageQueue)
			used[*r.MessageQueue] = true
		}
		require.Greater(t, len(used), 2)
	})
}

// Ordered messages and messages to a given queue are tried again there and nowhere else.
func TestPinnedMessagesStayOnTheirQueue(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithBrokers(3), mqtest.WithTopic("orders", 4))
		w := watch(c, codeSend, func(int, *mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Code: 14} })
		given := &primitive.MessageQueue{Topic: "orders", BrokerName: c.Brokers()[1], QueueId: 2}
		manual := message("orders", "x")
		manual.Queue = given
		keyed := message("orders", "x").WithShardingKey("k")

		tests := []struct {
			name string
			opts []Option
			msg  *primitive.Message
			call QueueSelector
		}{
			{"sharding key", nil, keyed, nil},
			{"hash", []Option{WithQueueSelector(NewHashQueueSelector())}, keyed, nil},
			{"manual", []Option{WithQueueSelector(NewManualQueueSelector())}, manual, nil},
			{"for one call", nil, message("orders", "x"), pick(func(_ *primitive.Message, qs []*primitive.MessageQueue, last string) *primitive.MessageQueue {
				return nextFrom(5, qs, last)
			})},
			{"manual for one call", nil, manual, NewManualQueueSelector()},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				before := len(w.seen())
				p := newProducer(t, c, append(tt.opts, WithRetry(4))...)
				ctx := background(t)
				if tt.call != nil {
					ctx = ContextWithSelector(ctx, tt.call)
				}
				_, err := send(p, ctx, tt.msg)
				failed := sendError(t, err)
				require.Equal(t, 5, failed.Attempts)
				for _, a := range w.seen()[before:] {
					require.Equal(t, failed.Queue.BrokerName, a.broker)
					require.Equal(t, fmt.Sprint(failed.Queue.QueueId), a.fields["e"])
				}
				if tt.msg == manual {
					require.Equal(t, given, failed.Queue)
				}
			})
		}
	})
}

// pick is a QueueSelector made of a function.
type pick func(*primitive.Message, []*primitive.MessageQueue, string) *primitive.MessageQueue

func (f pick) Select(m *primitive.Message, qs []*primitive.MessageQueue, last string) *primitive.MessageQueue {
	return f(m, qs, last)
}

func TestSelectorOfTheApplication(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 2))
		var lasts []string
		p := newProducer(t, c, WithQueueSelector(pick(func(m *primitive.Message, qs []*primitive.MessageQueue, last string) *primitive.MessageQueue {
			switch string(m.Body) {
			case "none":
				return nil
			case "other topic":
				return &primitive.MessageQueue{Topic: "x", BrokerName: qs[0].BrokerName}
			case "panic":
				panic("selector is broken")
			}
			lasts = append(lasts, last)
			return nextFrom(0, qs, last)
		})))

		watch(c, codeSend, func(n int, _ *mqtest.Command) *mqtest.Reply {
			if n == 0 {
				return &mqtest.Reply{Code: 14}
			}
			return nil
		})
		r, err := send(p, background(t), message("orders", "x"))
		require.NoError(t, err)
		require.Equal(t, c.Brokers()[1], r.MessageQueue.BrokerName)
		require.Equal(t, []string{"", c.Brokers()[0]}, lasts, "it is asked again, and told what failed")

		for _, body := range []string{"none", "other topic", "panic"} {
			_, err := send(p, background(t), message("orders", body))
			require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome, body)
			require.ErrorContains(t, err, "queue", body)
		}
		_, err = send(p, background(t), message("orders", "fine"))
		require.NoError(t, err)
	})
}
