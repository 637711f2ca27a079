package consumer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTopicStatsForgetWhatIsOld(t *testing.T) {
	t.Parallel()
	s := newTopicStats()
	now := time.Unix(1_700_000_000, 0)
	s.pull(now, 10*time.Millisecond, 32)
	s.pull(now.Add(time.Second), 20*time.Millisecond, 28)
	s.consume(now.Add(time.Second), 4*time.Millisecond, 54, 6)

	got := s.read(now.Add(2 * time.Second))
	require.Equal(t, 15*time.Millisecond, got.PullRT)
	require.InDelta(t, 1.0, got.PullTPS, 1e-9)
	require.Equal(t, 4*time.Millisecond, got.ConsumeRT)
	require.InDelta(t, 0.9, got.ConsumeOKTPS, 1e-9)
	require.InDelta(t, 0.1, got.FailedTPS, 1e-9)
	require.EqualValues(t, 6, got.FailedPerHour)

	got = s.read(now.Add(2 * time.Minute))
	require.Zero(t, got.PullRT)
	require.Zero(t, got.ConsumeOKTPS)
	require.EqualValues(t, 6, got.FailedPerHour)
	require.EqualValues(t, 54, got.OK)

	got = s.read(now.Add(2 * time.Hour))
	require.Zero(t, got.FailedPerHour)
	require.EqualValues(t, 6, got.Failed)
}
