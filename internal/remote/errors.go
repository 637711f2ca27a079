package remote

import (
	"context"
	"errors"
	"fmt"
)

var (
	// ErrClosed says that the client was shut down, before the call or during it.
	ErrClosed = errors.New("client is closed")

	// ErrConnectionLost says that the connection ended while the request was on it. The cause is
	// wrapped beside it.
	ErrConnectionLost = errors.New("connection lost")

	// ErrTimeout says that no answer came by the deadline. errors.Is(err,
	// context.DeadlineExceeded) holds too.
	ErrTimeout error = timeoutError{}

	// ErrTooManyInFlight says that the address had Config.MaxInflight requests in flight and none
	// ended in time: send more slowly, or look why it does not answer.
	ErrTooManyInFlight = errors.New("too many requests in flight")

	// ErrFrameTooLarge says that the request exceeds Config.MaxFrameSize. The peer would have closed
	// the connection that others use.
	ErrFrameTooLarge = errors.New("frame too large")
)

// Why a connection of ours ended by our own decision; wrapped beside ErrConnectionLost.
var (
	errIdle        = errors.New("idle")
	errDrained     = errors.New("peer went away gracefully")
	errSilent      = errors.New("requests time out and the peer sends nothing")
	errSlowFrame   = errors.New("a frame did not complete in time")
	errUnreadReply = errors.New("peer sends requests but does not read the answers")
	errClosedByUs  = errors.New("closed by this client")
)

type timeoutError struct{}

func (timeoutError) Error() string        { return "timed out" }
func (timeoutError) Timeout() bool        { return true }
func (timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// Error is what every failed call returns.
type Error struct {
	Op   string // what failed: "dial", "send" (before the request left) or "receive"
	Addr string // the address as it was dialled
	Code int32  // request code

	// Sent reports whether bytes of the request may have reached the peer. False is certain: the
	// peer has not seen it, and it may be sent elsewhere without risk of a duplicate.
	Sent bool

	// Err is the cause: ErrTimeout, ErrConnectionLost, ErrClosed, ErrTooManyInFlight, context.Canceled, or
	// the dial's own error, wrapped or not.
	Err error
}

// Error names the operation, the address and the request code.
func (e *Error) Error() string {
	return fmt.Sprintf("remote: %s %s, request %d: %v", e.Op, e.Addr, e.Code, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Timeout reports whether the cause is that time ran out.
func (e *Error) Timeout() bool { return errors.Is(e.Err, context.DeadlineExceeded) }

// Remoting reports whether the failure lies in the connection or the peer, and not in the caller's own
// decision to stop. primitive.IsRemotingErr asks for it.
func (e *Error) Remoting() bool { return !errors.Is(e.Err, context.Canceled) }

// contextError turns the end of a context into the error a caller expects: running out of time is
// ErrTimeout however the deadline was given.
func contextError(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrTimeout
	}
	return err
}

func lost(cause error) error { return fmt.Errorf("%w: %w", ErrConnectionLost, cause) }
