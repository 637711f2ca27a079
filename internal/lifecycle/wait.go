package lifecycle

import (
	"context"
	"time"
)

// Sleep waits for d or for the end of ctx, whichever comes first, and returns ctx.Err() when it
// was cut short. Its timer is released either way. With d ≤ 0 it only checks ctx.
func Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Signal is a wake-up that coalesces: any number of Set calls before the receiver looks are one.
// It is safe for concurrent use.
type Signal struct{ c chan struct{} }

// NewSignal returns a signal that is not set.
func NewSignal() *Signal { return &Signal{c: make(chan struct{}, 1)} }

// Set wakes the receiver, now or when it next looks. It never blocks.
func (s *Signal) Set() {
	select {
	case s.c <- struct{}{}:
	default:
	}
}

// C returns the channel to receive from; a receive takes the signal.
func (s *Signal) C() <-chan struct{} { return s.c }
