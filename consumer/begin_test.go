package consumer

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
)

// Where a new group begins, when the broker has no offset (code 22).
func TestNewGroupBeginsWhereItIsTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		where ConsumeFromWhere
		want  int64 // first offset pulled
	}{
		{ConsumeFromLastOffset, 30},
		{ConsumeFromFirstOffset, 0},
		{ConsumeFromTimestamp, 20},
	} {
		t.Run(tt.where.String(), func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
			s := newSender(t, c)
			s.many("topic", 1, 0, 30)
			c.OnCommand(codeQuery, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Code: command.QueryNotFound} })
			c.OnCommand(command.CodeSearchOffsetByTimestamp, func(*mqtest.Command) *mqtest.Reply {
				return &mqtest.Reply{Fields: map[string]string{"offset": "20"}}
			})
			c.OnCommand(codeMaxOffset, func(*mqtest.Command) *mqtest.Reply { // of the retry topic as well
				return &mqtest.Reply{Fields: map[string]string{"offset": "30"}}
			})
			seen, retry := pulls(c, "topic"), pulls(c, "%RETRY%group")
			got := newDeliveries()
			start(t, c, "topic", got.handler, WithConsumeFromWhere(tt.where))
			eventually(t, func() bool { return len(seen()) > 0 && len(retry()) > 0 }, "pulled")
			require.Equal(t, strconv.FormatInt(tt.want, 10), seen()[0]["queueOffset"])
			require.Equal(t, "0", retry()[0]["queueOffset"], "retries are never skipped")
			eventually(t, func() bool { return got.distinct() == 30-int(tt.want) }, "consumed from there")
			s.to(c.Brokers()[0], 0, numbered("topic", 100))
			eventually(t, func() bool { return got.times("message 100") == 1 }, "and on")
			require.Equal(t, 31-int(tt.want), got.all())
		})
	}
}

// TestV18_TimestampIsLocalTime: yyyyMMddHHmmss is read in the local time zone.
func TestV18_TimestampIsLocalTime(t *testing.T) {
	// Not parallel: it changes time.Local.
	zone := time.FixedZone("CST", 8*3600) // Asia/Shanghai, also where there is no time zone database
	old := time.Local
	time.Local = zone
	defer func() { time.Local = old }()

	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	asked := make(chan string, 10)
	c.OnCommand(codeQuery, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Code: command.QueryNotFound} })
	c.OnCommand(command.CodeSearchOffsetByTimestamp, func(cmd *mqtest.Command) *mqtest.Reply {
		asked <- cmd.Fields["timestamp"]
		return nil
	})
	p := unstarted(t, c, WithConsumeFromWhere(ConsumeFromTimestamp), WithConsumeTimestamp("20131223171201"))
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, newDeliveries().handler))
	require.NoError(t, p.Start())
	require.Equal(t, strconv.FormatInt(time.Date(2013, 12, 23, 17, 12, 1, 0, zone).UnixMilli(), 10), <-asked)
	require.NoError(t, p.Shutdown())

	p = unstarted(t, c, WithGroupName("other"), WithConsumeFromWhere(ConsumeFromTimestamp))
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, newDeliveries().handler))
	require.NoError(t, p.Start())
	ms, err := strconv.ParseInt(<-asked, 10, 64)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(-30*time.Minute), time.UnixMilli(ms), 10*time.Second, "the default is half an hour ago")
	require.NoError(t, p.Shutdown())
}

// A stored offset counts, wherever a new group would begin.
func TestStoredOffsetCounts(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	s := newSender(t, c)
	s.many("topic", 1, 0, 10)
	got := newDeliveries()
	for _, where := range []ConsumeFromWhere{ConsumeFromFirstOffset, ConsumeFromLastOffset, ConsumeFromTimestamp} {
		before := got.all()
		p := unstarted(t, c, WithConsumeFromWhere(where))
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, got.handler))
		require.NoError(t, p.Start())
		s.many("topic", 1, before+10, 10)
		eventually(t, func() bool { return got.distinct() == before+10 || got.distinct() == before+20 }, "consumed")
		eventually(t, func() bool {
			_ = p.PersistConsumerOffset()
			return c.CommittedOffset("group", "topic", c.Brokers()[0], 0) == int64(c.StoredCount("topic"))
		}, "all done")
		require.NoError(t, p.Shutdown())
		require.Equal(t, c.StoredCount("topic"), got.all(), "none twice, none missing")
	}
}

// The place where a group begins is stored before it has consumed anything: what comes while it is away is not skipped.
func TestBeginIsStored(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	s := newSender(t, c)
	s.many("topic", 1, 0, 5)
	c.OnCommand(codeQuery, func(cmd *mqtest.Command) *mqtest.Reply {
		if c.CommittedOffset("group", "topic", c.Brokers()[0], 0) < 0 {
			return &mqtest.Reply{Code: command.QueryNotFound}
		}
		return nil
	})
	got := newDeliveries()
	p := unstarted(t, c, WithConsumeFromWhere(ConsumeFromLastOffset))
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, got.handler))
	require.NoError(t, p.Start())
	eventually(t, func() bool { return len(owned(p, "topic")) == 1 }, "begun")
	require.NoError(t, p.Shutdown())
	s.many("topic", 1, 5, 5)
	start(t, c, "topic", got.handler, WithConsumeFromWhere(ConsumeFromLastOffset))
	eventually(t, func() bool { return got.distinct() == 5 }, "what came meanwhile")
}

// Look-ups that fail are tried again; the queue is not given up.
func TestBeginIsLookedUpAgain(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
	newSender(t, c).many("topic", 4, 0, 40)
	n := 0
	c.OnCommand(codeQuery, func(cmd *mqtest.Command) *mqtest.Reply { // one connection, so one goroutine
		if n++; cmd.Fields["topic"] == "topic" && n < 20 {
			return &mqtest.Reply{Code: command.SystemBusy, Remark: "[PCBUSY_CLEAN_QUEUE]"}
		}
		return nil
	})
	got := newDeliveries()
	start(t, c, "topic", got.handler)
	eventually(t, func() bool { return got.distinct() == 40 }, "consumed")
	require.Equal(t, 40, got.all())
}

// Alone, a consumer begins at once; with others, it waits for the grace and for the offset to be at rest.
func TestHandoverGrace(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 2))
	newSender(t, c).many("topic", 2, 0, 20)
	took := func(opts ...Option) time.Duration {
		p := unstarted(t, c, opts...)
		got := newDeliveries()
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, got.handler))
		began := time.Now()
		require.NoError(t, p.Start())
		t.Cleanup(func() { require.NoError(t, p.Shutdown()) })
		eventually(t, func() bool { return len(owned(p, "topic")) > 0 }, "holds a queue")
		return time.Since(began)
	}
	require.Less(t, took(WithGroupName("alone"), WithHandoverGrace(5*time.Second)), 4*time.Second)
	took(WithGroupName("pair"))
	require.GreaterOrEqual(t, took(WithGroupName("pair"), WithHandoverGrace(time.Second)), time.Second)

	// Without a grace the offset is read once, and there is no waiting for a second read that agrees.
	var reads atomic.Int64
	c.OnCommand(codeQuery, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] == "topic" && cmd.Fields["consumerGroup"] == "hasty" {
			reads.Inc()
		}
		return nil
	})
	took(WithGroupName("hasty"))
	require.EqualValues(t, 2, reads.Load(), "one for each queue")
	took(WithGroupName("hasty"), WithHandoverGrace(-1))
	require.EqualValues(t, 3, reads.Load(), "and one for the queue that changed hands")
}

// While somebody else still commits, the offset is not at rest and the queue is not begun.
func TestHandoverWaitsForAnOffsetThatMoves(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 2))
	a := start(t, c, "topic", newDeliveries().handler)
	eventually(t, func() bool { return len(owned(a, "topic")) == 2 }, "first member")
	moving := time.Now().Add(1500 * time.Millisecond)
	last := int64(0)
	c.OnCommand(codeQuery, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] != "topic" {
			return nil
		}
		if time.Now().Before(moving) {
			last++
		}
		return &mqtest.Reply{Fields: map[string]string{"offset": strconv.FormatInt(last, 10)}}
	})
	seen := pulls(c, "topic")
	b := start(t, c, "topic", newDeliveries().handler)
	eventually(t, func() bool { return len(owned(b, "topic")) == 1 }, "the second one takes its queue")
	require.False(t, time.Now().Before(moving), "not before it is at rest")
	eventually(t, func() bool {
		return slices.ContainsFunc(seen(), func(f map[string]string) bool { return f["queueOffset"] == strconv.FormatInt(last, 10) })
	}, "and begins there")
}
