package lifecycle

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"
)

var errTest = errors.New("test")

func succeed() error { return nil }

func TestStateOrdinaryLife(t *testing.T) {
	t.Parallel()
	var s State
	require.Equal(t, PhaseNew, s.Phase())
	require.NoError(t, s.Start(func() error {
		require.Equal(t, PhaseStarting, s.Phase())
		require.False(t, s.Running())
		require.ErrorIs(t, s.Start(succeed), ErrAlreadyStarted)
		return nil
	}))
	require.True(t, s.Running())
	require.ErrorIs(t, s.Start(succeed), ErrAlreadyStarted)
	require.NoError(t, s.Stop(func() error {
		require.Equal(t, PhaseStopping, s.Phase())
		require.ErrorIs(t, s.Start(succeed), ErrAlreadyStarted)
		return nil
	}))
	require.Equal(t, PhaseStopped, s.Phase())
	require.ErrorIs(t, s.Start(succeed), ErrStopped)
	require.NoError(t, s.Stop(func() error { t.Error("ran twice"); return nil }))
}

func TestStateStopBeforeStart(t *testing.T) {
	t.Parallel()
	var s State
	require.NoError(t, s.Stop(func() error { t.Error("nothing to stop"); return nil }))
	require.ErrorIs(t, s.Start(succeed), ErrStopped)
}

func TestStateFailedStartMayBeRepeated(t *testing.T) {
	t.Parallel()
	var s State
	require.ErrorIs(t, s.Start(func() error { return errTest }), errTest)
	require.Equal(t, PhaseNew, s.Phase())
	require.NoError(t, s.Start(succeed))
	require.True(t, s.Running())
}

func TestStateStopReturnsItsErrorToEveryone(t *testing.T) {
	t.Parallel()
	var s State
	require.NoError(t, s.Start(succeed))
	var ran atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			err := s.Stop(func() error { ran.Inc(); return errTest })
			if !errors.Is(err, errTest) {
				t.Errorf("Stop: %v", err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, ran.Load())
}

func TestStateStopDuringStart(t *testing.T) {
	for _, startErr := range []error{nil, errTest} {
		synctest.Test(t, func(t *testing.T) {
			var s State
			finish := make(chan struct{})
			started, stopped := make(chan error, 1), make(chan error, 1)
			stops := 0
			go func() { started <- s.Start(func() error { <-finish; return startErr }) }()
			synctest.Wait()
			go func() { stopped <- s.Stop(func() error { stops++; return nil }) }()
			synctest.Wait()
			require.Equal(t, PhaseStarting, s.Phase())
			close(finish)
			require.Equal(t, startErr, <-started)
			require.NoError(t, <-stopped)
			require.Equal(t, PhaseStopped, s.Phase())
			if startErr == nil {
				require.Equal(t, 1, stops)
			} else {
				require.Zero(t, stops, "a failed start cleans up after itself")
			}
		})
	}
}

func TestStatePanicsDoNotBlockTheOthers(t *testing.T) {
	t.Parallel()
	var s State
	require.Panics(t, func() { _ = s.Start(func() error { panic("start") }) })
	require.NoError(t, s.Start(succeed))
	require.Panics(t, func() { _ = s.Stop(func() error { panic("stop") }) })
	require.Equal(t, PhaseStopped, s.Phase())
	require.NoError(t, s.Stop(succeed))
}

// Many goroutines start and stop: one start wins, one stop runs, and after it nothing runs.
func TestStateConcurrent(t *testing.T) {
	t.Parallel()
	for range 300 {
		var s State
		var starts, stops atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { _ = s.Start(func() error { starts.Inc(); return nil }) })
			wg.Go(func() { _ = s.Stop(func() error { stops.Inc(); return nil }) })
		}
		wg.Wait()
		require.Equal(t, PhaseStopped, s.Phase())
		require.LessOrEqual(t, starts.Load(), int32(1))
		require.Equal(t, starts.Load(), stops.Load())
	}
}

func TestPhaseString(t *testing.T) {
	t.Parallel()
	for p, want := range map[Phase]string{
		PhaseNew: "new", PhaseStarting: "starting", PhaseRunning: "running",
		PhaseStopping: "stopping", PhaseStopped: "stopped", 99: "unknown",
	} {
		require.Equal(t, want, p.String())
	}
}
