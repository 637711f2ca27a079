package mqserver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
)

func TestSchedulerOrder(t *testing.T) {
	t.Parallel()
	g := lifecycle.NewGroup("t")
	clk := newFakeClock()
	s := newScheduler(clk)
	got := make(chan int, 10)
	s.after(3*time.Second, func() { got <- 3 })
	s.after(time.Second, func() { got <- 1 })
	s.after(2*time.Second, func() { got <- 2 })
	s.after(2*time.Second, func() { got <- 22 })
	gone := s.after(time.Second, func() { got <- 99 })
	s.cancel(gone)
	s.cancel(gone)
	clk.move(2500 * time.Millisecond)
	require.True(t, g.Go("scheduler", s.run))
	for _, want := range []int{1, 2, 22} {
		require.Equal(t, want, <-got)
	}
	require.Empty(t, got)
	clk.move(time.Second)
	require.Equal(t, 3, <-got)
	require.NoError(t, g.Stop(t.Context()))
}

func TestSchedulerEarlierEventWakesIt(t *testing.T) {
	t.Parallel()
	clk := realClock{}
	s := newScheduler(clk)
	g := lifecycle.NewGroup("t")
	require.True(t, g.Go("scheduler", s.run))
	got := make(chan struct{})
	s.after(time.Hour, func() {})
	s.after(time.Millisecond, func() { close(got) })
	<-got
	require.NoError(t, g.Stop(t.Context()))
}

func TestSchedulerEvery(t *testing.T) {
	t.Parallel()
	s := newScheduler(realClock{})
	g := lifecycle.NewGroup("t")
	require.True(t, g.Go("scheduler", s.run))
	got := make(chan struct{}, 100)
	s.every(time.Millisecond, func() { got <- struct{}{} })
	for range 3 {
		<-got
	}
	require.NoError(t, g.Stop(t.Context()))
}
