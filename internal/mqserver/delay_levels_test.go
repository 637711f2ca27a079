package mqserver

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseDelayLevels(t *testing.T) {
	t.Parallel()
	levels, err := parseDelayLevels(defaultDelayLevels)
	require.NoError(t, err)
	require.Len(t, levels, 18)
	require.Equal(t, 2*time.Hour, levels[17])
	levels, err = parseDelayLevels("10ms  2d")
	require.NoError(t, err)
	require.Equal(t, delayLevels{10 * time.Millisecond, 48 * time.Hour}, levels)
	for _, bad := range []string{"", "1", "x", "0s", "-1s", "xd", "1s 2"} {
		_, err := parseDelayLevels(bad)
		require.Error(t, err, bad)
	}
}

func TestDelayedDelivery(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 2), func(c *Config) { c.DelayLevels = "1s 10s" })
	p, consumer := dialBroker(t, c), dialBroker(t, c)
	h := holdingPull("T", time.Hour)
	h.QueueID = 1
	opaque := consumer.hold(c, h)
	late, soon := v2("T", "DELAY", "2", "TIMER_DELAY_MS", "5"), v2("T", "DELAY", "1")
	late.QueueID, soon.QueueID = 1, 1
	out := p.send(late, "late")
	require.EqualValues(t, 1, out.QueueID, "the answer speaks of the real queue")
	p.send(soon, "soon")
	p.send(soon, "soon too")
	require.Equal(t, 3, c.StoredCount(scheduleTopic))
	require.Zero(t, c.StoredCount("T"))
	clk.move(time.Second)
	_, _, msgs := pulled(t, consumer.answerTo(opaque))
	require.Equal(t, "soon", string(msgs[0].Body))
	require.Equal(t, "1", property(string(msgs[0].Properties), "DELAY"), "what delayed it stays on the message")
	require.Equal(t, "T", property(string(msgs[0].Properties), "REAL_TOPIC"))
	require.Equal(t, int64(1700000000000), msgs[0].BornTimestamp)
	require.Equal(t, clk.Now().UnixMilli(), msgs[0].StoreTimestamp)
	require.Eventually(t, func() bool { return c.StoredCount("T") == 2 }, waitFor, time.Millisecond)
	clk.move(9 * time.Second)
	require.Eventually(t, func() bool { return c.StoredCount("T") == 3 }, waitFor, time.Millisecond)
	require.Equal(t, 3, c.StoredCount(scheduleTopic), "they stay where they were")
}

// A broker that is down delivers nothing, and catches up when it is back.
func TestDelayedDeliveryAcrossARestart(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 1))
	p := dialBroker(t, c)
	for i := range 3 {
		p.send(v2("T", "DELAY", "1"), fmt.Sprint(i))
	}
	require.NoError(t, c.StopBroker("broker-0", 0, false))
	clk.move(time.Minute)
	require.Zero(t, c.StoredCount("T"))
	require.NoError(t, c.StartBroker("broker-0", 0))
	require.Eventually(t, func() bool { return c.StoredCount("T") == 3 }, waitFor, time.Millisecond)
}

func TestDelayIsCutToTheLastLevel(t *testing.T) {
	t.Parallel()
	clk := newFakeClock()
	c := startWithClock(t, clk, withTopic("T", 1), func(c *Config) { c.DelayLevels = "1s 2s" })
	dialBroker(t, c).send(v2("T", "DELAY", "9"), "x")
	require.Equal(t, 1, c.Stored(scheduleTopic)[0].ID)
	clk.move(2 * time.Second)
	require.Eventually(t, func() bool { return c.StoredCount("T") == 1 }, waitFor, time.Millisecond)
}
