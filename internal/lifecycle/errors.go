package lifecycle

import "errors"

var (
	// ErrAlreadyStarted is returned by State.Start when the component starts, runs or stops.
	ErrAlreadyStarted = errors.New("already started")

	// ErrStopped is returned when the component or group has been stopped: make a new one.
	ErrStopped = errors.New("stopped")
)
