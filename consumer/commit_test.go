package consumer

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
)

// An offset that has not changed is not stored for ever; the first one is stored twice, because brokers may lose it when
// the first offsets of a group come together.
func TestUnchangedOffsetsAreNotStoredAgain(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	var commits atomic.Int32
	c.OnCommand(codeCommit, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] == "topic" {
			commits.Inc()
		}
		return nil
	})
	newSender(t, c).many("topic", 1, 0, 10)
	got := newDeliveries()
	p := start(t, c, "topic", got.handler)
	eventually(t, func() bool { return got.all() == 10 }, "consumed")
	for range 10 {
		require.NoError(t, p.PersistConsumerOffset())
		time.Sleep(5 * time.Millisecond) // for the answer
	}
	require.EqualValues(t, 10, c.CommittedOffset("group", "topic", c.Brokers()[0], 0))
	require.Contains(t, []int32{1, 2}, commits.Load())
}

// A commit that fails is tried again, and a queue has one commit under way at most.
func TestFailedCommitsAreTriedAgain(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	var failing atomic.Bool
	var last, good atomic.Int32
	failing.Store(true)
	c.OnCommand(codeCommit, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] != "topic" {
			return nil
		}
		n, _ := strconv.Atoi(cmd.Fields["commitOffset"])
		last.Store(int32(n))
		if failing.Load() {
			return &mqtest.Reply{Code: command.SystemBusy, Remark: "[OVERLOAD]", Delay: 20 * time.Millisecond}
		}
		good.Inc()
		return nil
	})
	newSender(t, c).many("topic", 1, 0, 10)
	got := newDeliveries()
	log := newRecorder()
	p := start(t, c, "topic", got.handler, WithLogger(log))
	eventually(t, func() bool { return got.all() == 10 }, "consumed")
	eventually(t, func() bool { _ = p.PersistConsumerOffset(); return last.Load() == 10 }, "it is tried")
	eventually(t, func() bool { return len(log.find("offset not stored, will be tried again")) == 1 }, "it failed")
	failing.Store(false)
	eventually(t, func() bool { _ = p.PersistConsumerOffset(); return good.Load() > 0 }, "it is tried again")
	require.EqualValues(t, 10, c.CommittedOffset("group", "topic", c.Brokers()[0], 0))
}
