package producer

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// shutdownSlack is what Shutdown allows beyond the time of the last send.
const shutdownSlack = 2 * time.Second

// Shutdown is [DefaultProducer.ShutdownContext] with the time that a send may
// take, and a little more.
func (p *DefaultProducer) Shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), p.opts.sendTimeout+shutdownSlack)
	defer cancel()
	return p.ShutdownContext(ctx)
}

// ShutdownContext refuses new sends, waits for those under way and their callbacks
// until ctx ends, tells the brokers (UNREGISTER_CLIENT), and closes the connections
// unless a shared client still needs them. It leaves no goroutine behind. An error
// that matches ctx's says that sends were still under way when ctx ended: they fail
// with errors.ErrClosed, and their callbacks are called.
//
// It may be called more than once, by any goroutine but that of a callback, which
// it would wait for. Sends after it fail with an error that matches
// errors.ErrClosed and errors.ErrNotRunning.
func (p *DefaultProducer) ShutdownContext(ctx context.Context) error {
	return p.state.Stop(func() error { return p.stop(ctx) })
}

func (p *DefaultProducer) stop(ctx context.Context) error {
	var errs []error
	if err := p.drain(ctx); err != nil {
		errs = append(errs, err)
	}
	p.aborted.Store(true)
	p.retries.flush()
	if ctx.Err() == nil {
		// Brokers that do not answer forget the producer with its connection.
		_ = p.client.UnregisterProducer(ctx, p.group)
	} else {
		_ = p.client.UnregisterProducer(p.ended, p.group)
	}
	errs = append(errs, p.client.Release(ctx), p.work.Stop(ctx))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("producer: shutdown: %w", err)
	}
	return nil
}

// drain waits until no call is under way.
func (p *DefaultProducer) drain(ctx context.Context) error {
	for p.active.Load() > 0 {
		select {
		case <-p.drained.C():
		case <-ctx.Done():
			return fmt.Errorf("%d sends were still under way: %w", p.active.Load(), ctx.Err())
		}
	}
	return nil
}
