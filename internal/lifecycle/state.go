package lifecycle

import (
	"sync"

	"go.uber.org/atomic"
)

// Phase is where a component stands between New and Stopped.
type Phase int32

// The phases, in the order in which a component goes through them.
const (
	PhaseNew Phase = iota
	PhaseStarting
	PhaseRunning
	PhaseStopping
	PhaseStopped
)

// String returns the phase's name in lower case.
func (p Phase) String() string {
	switch p {
	case PhaseNew:
		return "new"
	case PhaseStarting:
		return "starting"
	case PhaseRunning:
		return "running"
	case PhaseStopping:
		return "stopping"
	case PhaseStopped:
		return "stopped"
	default:
		return "unknown"
	}
}

// State guards Start and Stop of a component. The zero value is ready to use, and every method
// is safe for concurrent use. Phase and Running are one atomic load.
type State struct {
	phase atomic.Int32

	mu      sync.Mutex
	changed chan struct{} // closed when Starting or Stopping ends; nil in the other phases
	err     error         // what the stop function returned
}

// Start runs f unless the component was started before. While f runs the phase is Starting.
// When f returns nil the component runs; otherwise f must have cleaned up after itself, its error
// is returned and Start may be tried again.
//
// It returns ErrAlreadyStarted while another Start runs, after one has succeeded and while Stop
// runs, and ErrStopped once stopped.
func (s *State) Start(f func() error) error {
	s.mu.Lock()
	switch s.Phase() {
	case PhaseNew:
	case PhaseStopped:
		s.mu.Unlock()
		return ErrStopped
	default:
		s.mu.Unlock()
		return ErrAlreadyStarted
	}
	s.beginLocked(PhaseStarting)
	s.mu.Unlock()

	next := PhaseNew // also when f panics: a Stop that waits must not wait for ever
	defer func() { s.end(next, nil) }()
	err := f()
	if err == nil {
		next = PhaseRunning
	}
	return err
}

// Stop runs f once, if the component was started, and leaves it Stopped whatever f returns.
// A Stop during Start waits for Start to return. Later and concurrent calls wait for the first and
// return its error. A component that was never started successfully is Stopped without calling f.
func (s *State) Stop(f func() error) error {
	s.mu.Lock()
	for s.changed != nil { // Starting or Stopping
		changed := s.changed
		s.mu.Unlock()
		<-changed
		s.mu.Lock()
	}
	switch s.Phase() {
	case PhaseNew:
		s.phase.Store(int32(PhaseStopped))
		s.mu.Unlock()
		return nil
	case PhaseStopped:
		defer s.mu.Unlock()
		return s.err
	}
	s.beginLocked(PhaseStopping)
	s.mu.Unlock()

	var err error
	defer func() { s.end(PhaseStopped, err) }()
	err = f()
	return err
}

func (s *State) beginLocked(p Phase) {
	s.phase.Store(int32(p))
	s.changed = make(chan struct{})
}

func (s *State) end(p Phase, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase.Store(int32(p))
	s.err = err
	close(s.changed)
	s.changed = nil
}

// Phase returns the current phase.
func (s *State) Phase() Phase { return Phase(s.phase.Load()) }

// Running reports whether Start has succeeded and Stop has not been called yet.
func (s *State) Running() bool { return s.Phase() == PhaseRunning }
