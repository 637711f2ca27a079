package consumer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// owned returns the queues of a topic that a consumer holds and pulls.
func owned(p *PushConsumer, topic string) []primitive.MessageQueue {
	var out []primitive.MessageQueue
	s := p.session.Load()
	s.loop.call(context.Background(), func() {
		for mq, q := range s.table {
			if mq.Topic == topic && q.state == queueFetching {
				out = append(out, mq)
			}
		}
	})
	slices.SortFunc(out, compareQueues)
	return out
}

// TestV05_ErrorForTheConsumerListKeepsTheQueues: what a broker that has just restarted says changes nothing.
func TestV05_ErrorForTheConsumerListKeepsTheQueues(t *testing.T) {
	t.Parallel()
	list := command.ConsumerList{ConsumerIDList: []string{"somebody@else"}}
	strangers, err := list.Encode()
	require.NoError(t, err)
	empty, err := (&command.ConsumerList{}).Encode()
	require.NoError(t, err)
	for name, reply := range map[string]*mqtest.Reply{
		"error":          {Code: command.SystemError, Remark: "no consumer for this group, group"},
		"busy":           {Code: command.SystemBusy, Remark: "[OVERLOAD]"},
		"empty list":     {Body: empty},
		"strangers only": {Body: strangers},
		"not JSON":       {Body: []byte("{{{")},
		"no answer":      {Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
			got := newDeliveries()
			p := start(t, c, "topic", got.handler)
			eventually(t, func() bool { return len(owned(p, "topic")) == 4 }, "all queues are held")
			remove := c.OnCommand(codeMembers, func(*mqtest.Command) *mqtest.Reply { return reply })
			before := c.Requests(codeMembers)
			p.Rebalance()
			eventually(t, func() bool { return c.Requests(codeMembers) >= before+2 }, "it is asked again soon")
			require.Len(t, owned(p, "topic"), 4)
			newSender(t, c).many("topic", 4, 0, 40)
			eventually(t, func() bool { return got.distinct() == 40 }, "consumption goes on")
			remove()
			p.Rebalance()
			eventually(t, func() bool { return c.Requests(codeMembers) > before+2 && len(owned(p, "topic")) == 4 }, "and after it")
			require.Equal(t, 40, got.all())
		})
	}
}

// With several brokers the answer of another one counts.
func TestConsumerListOfAnotherBroker(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(3), mqtest.WithTopic("topic", 2))
	first := c.Brokers()[0]
	c.OnCommand(codeMembers, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Broker == first {
			return &mqtest.Reply{Code: command.SystemError, Remark: "no consumer for this group"}
		}
		return nil
	})
	p := start(t, c, "topic", newDeliveries().handler)
	eventually(t, func() bool { return len(owned(p, "topic")) == 6 }, "all queues are held")
}

// TestV06_LosingAQueueTouchesNoOtherOffset: with every queue that goes, its offset is committed; those of the others
// stay as they are, and nothing that was consumed is forgotten.
func TestV06_LosingAQueueTouchesNoOtherOffset(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
	newSender(t, c).many("topic", 4, 0, 40)
	got := newDeliveries()
	var allowed atomic.Int64
	allowed.Store(4)
	p := start(t, c, "topic", got.handler, WithStrategy(
		func(_, _ string, all []*primitive.MessageQueue, _ []string) []*primitive.MessageQueue {
			return slices.Clone(all[:min(int(allowed.Load()), len(all))])
		}))
	eventually(t, func() bool { return got.distinct() == 40 }, "all are consumed")
	var mu sync.Mutex
	var commits []string
	c.OnCommand(codeCommit, func(cmd *mqtest.Command) *mqtest.Reply {
		mu.Lock()
		defer mu.Unlock()
		if cmd.Fields["topic"] == "topic" {
			commits = append(commits, cmd.Fields["queueId"]+"="+cmd.Fields["commitOffset"])
		}
		return nil
	})
	allowed.Store(3)
	p.Rebalance()
	eventually(t, func() bool { return len(owned(p, "topic")) == 3 }, "one queue is gone")
	eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return slices.Contains(commits, "3=10") }, "its offset is committed")
	s := p.session.Load()
	s.loop.call(context.Background(), func() {
		for _, q := range s.table {
			if q.mq.Topic == "topic" {
				require.EqualValues(t, 10, q.pq.Load().committable(), "the other positions are untouched")
			}
		}
	})
	newSender(t, c).many("topic", 4, 40, 40)
	eventually(t, func() bool { return got.distinct() == 70 }, "the other queues are consumed on")
	require.NoError(t, p.Shutdown())
	require.Equal(t, 70, got.all())
	for q, want := range []int64{20, 20, 20, 10} {
		require.Equal(t, want, c.CommittedOffset("group", "topic", c.Brokers()[0], q))
	}
}

// Each commit that ever leaves the consumer is at most the lowest offset that is not done.
func TestCommitsNeverPassAnUnfinishedMessage(t *testing.T) {
	t.Parallel()
	const total = 600
	c := mqtest.Start(t, mqtest.WithTopic("topic", 2), mqtest.WithDelayLevels("1ms 1ms 1ms"))
	newSender(t, c).many("topic", 2, 0, total)
	var mu sync.Mutex
	finished := map[string]map[int64]bool{"0": {}, "1": {}}
	lowest := func(queue string) int64 {
		for o := int64(0); ; o++ {
			if !finished[queue][o] {
				return o
			}
		}
	}
	check := func(queue, offset string) {
		mu.Lock()
		defer mu.Unlock()
		n, err := strconv.ParseInt(offset, 10, 64)
		if err != nil || n > lowest(queue) {
			t.Errorf("offset %s of queue %s was committed, %d is not done", offset, queue, lowest(queue))
		}
	}
	c.OnCommand(codeCommit, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] == "topic" {
			check(cmd.Fields["queueId"], cmd.Fields["commitOffset"])
		}
		return nil
	})
	c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply {
		if flag, _ := strconv.Atoi(cmd.Fields["sysFlag"]); cmd.Fields["topic"] == "topic" && flag&int(command.PullCommitOffset) != 0 {
			check(cmd.Fields["queueId"], cmd.Fields["commitOffset"])
		}
		return nil
	})
	// A message that fails is done once the broker has taken it back: not before this request arrives.
	c.OnCommand(codeBack, func(cmd *mqtest.Command) *mqtest.Reply {
		for _, m := range c.Stored("topic") {
			if fmt.Sprint(m.CommitLogOffset) == cmd.Fields["offset"] {
				mu.Lock()
				finished[fmt.Sprint(m.Queue.QueueId)][m.QueueOffset] = true
				mu.Unlock()
			}
		}
		return nil
	})
	got := newDeliveries()
	p := start(t, c, "topic", func(_ context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		m := msgs[0]
		fail := m.ReconsumeTimes == 0 && m.QueueOffset%50 == 7
		defer got.note(m)
		if fail {
			return ConsumeRetryLater, nil
		}
		if m.ReconsumeTimes == 0 {
			time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond) // out of order
			mu.Lock()
			finished[fmt.Sprint(m.Queue.QueueId)][m.QueueOffset] = true
			mu.Unlock()
		}
		return ConsumeSuccess, nil
	})
	eventually(t, func() bool { _ = p.PersistConsumerOffset(); return got.all() >= total+12 }, "all are consumed, failed ones twice")
	require.NoError(t, p.Shutdown())
	for q := range 2 {
		require.EqualValues(t, total/2, c.CommittedOffset("group", "topic", c.Brokers()[0], q))
	}
}

// Whatever happens to the members of a group, in the end each queue is held by exactly one of them.
func TestMembersShareAllQueues(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("topic", 5))
	rng := rand.New(rand.NewPCG(3, 4))
	var members []*PushConsumer
	for step := range 12 {
		if len(members) == 0 || len(members) < 5 && rng.IntN(2) == 0 {
			p := unstarted(t, c, WithHandoverGrace(20*time.Millisecond))
			require.NoError(t, p.Subscribe("topic", MessageSelector{}, newDeliveries().handler))
			require.NoError(t, p.Start())
			members = append(members, p)
		} else {
			i := rng.IntN(len(members))
			require.NoError(t, members[i].Shutdown())
			members = slices.Delete(members, i, i+1)
		}
		if len(members) == 0 {
			continue
		}
		eventually(t, func() bool {
			held := map[primitive.MessageQueue]int{}
			for _, p := range members {
				for _, mq := range owned(p, "topic") {
					held[mq]++
				}
			}
			for _, n := range held {
				if n != 1 {
					return false
				}
			}
			return len(held) == 10
		}, "step %d with %d members", step, len(members))
	}
	for _, p := range members {
		require.NoError(t, p.Shutdown())
	}
}

// A strategy that panics, computes nothing or names strange queues does no harm.
func TestStrategyIsNotTrusted(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
	var mode atomic.String
	p := start(t, c, "topic", newDeliveries().handler, WithStrategy(
		func(group, id string, all []*primitive.MessageQueue, ids []string) []*primitive.MessageQueue {
			switch mode.Load() {
			case "panic":
				panic("strategy")
			case "nil":
				return nil
			case "strange":
				return append([]*primitive.MessageQueue{nil, {Topic: "other", BrokerName: "x"}, all[0], all[0]}, all[1])
			case "spoil":
				ids[0], *all[0] = "", primitive.MessageQueue{}
				return all[1:2]
			case "none":
				return []*primitive.MessageQueue{}
			}
			require.Equal(t, "group", group)
			return all
		}))
	holds := func(n int) func() bool { return func() bool { return len(owned(p, "topic")) == n } }
	eventually(t, holds(4), "all")
	for _, bad := range []string{"panic", "nil"} {
		mode.Store(bad)
		before := c.Requests(codeMembers)
		p.Rebalance()
		eventually(t, func() bool { return c.Requests(codeMembers) >= before+2 }, "it is tried again")
		require.Len(t, owned(p, "topic"), 4, bad)
	}
	mode.Store("strange")
	p.Rebalance()
	eventually(t, holds(2), "queues of the route only, each once")
	mode.Store("")
	p.Rebalance()
	eventually(t, holds(4), "all again")
	mode.Store("spoil")
	p.Rebalance()
	eventually(t, holds(1), "one")
	mode.Store("none")
	p.Rebalance()
	eventually(t, holds(0), "none")
}

// A configured list has the names that the user knows.
func TestConfiguredQueuesInANamespace(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("ns%topic", 4))
	p := start(t, c, "topic", newDeliveries().handler, WithNamespace("ns"), WithStrategy(AllocateByConfig([]*primitive.MessageQueue{
		{Topic: "topic", BrokerName: c.Brokers()[0], QueueId: 2}, {Topic: "topic", BrokerName: c.Brokers()[0], QueueId: 9},
	})))
	eventually(t, func() bool { return len(owned(p, "ns%topic")) == 1 }, "the queue that exists")
	require.Equal(t, 2, owned(p, "ns%topic")[0].QueueId)
}

// Members that join are noticed at once, and one that leaves hands its queues over at once.
func TestMembershipChangesAreFast(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
	a := start(t, c, "topic", newDeliveries().handler)
	eventually(t, func() bool { return len(owned(a, "topic")) == 4 }, "all queues")
	b := unstarted(t, c)
	require.NoError(t, b.Subscribe("topic", MessageSelector{}, newDeliveries().handler))
	began := time.Now()
	require.NoError(t, b.Start())
	eventually(t, func() bool { return len(owned(a, "topic")) == 2 && len(owned(b, "topic")) == 2 }, "shared")
	require.Less(t, time.Since(began), 3*time.Second)
	began = time.Now()
	require.NoError(t, b.Shutdown())
	require.Equal(t, 1, c.Requests(codeUnregister), "the broker is told")
	eventually(t, func() bool { return len(owned(a, "topic")) == 4 }, "all queues again")
	require.Less(t, time.Since(began), 3*time.Second)
}

// A flood of notices is not a flood of questions.
func TestNoticesAreCoalesced(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
	p := start(t, c, "topic", newDeliveries().handler)
	eventually(t, func() bool { return len(owned(p, "topic")) == 4 && len(owned(p, "%RETRY%group")) == 1 }, "all queues")
	before := c.Requests(codeMembers)
	began := time.Now()
	for range 100_000 {
		p.session.Load().ConsumerIDsChanged()
	}
	eventually(t, func() bool { return c.Requests(codeMembers) > before }, "they are heard")
	require.LessOrEqual(t, c.Requests(codeMembers)-before, 2+int(time.Since(began)/rebalanceGap))
}
