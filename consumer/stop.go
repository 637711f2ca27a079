package consumer

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// stop ends the session in this order: fetching ends; handlers that run finish while ctx lives, then their context is
// cancelled; offsets are committed and that is confirmed; only then the brokers are told that this member has left,
// which makes the others read those offsets; at last goroutines are joined and connections let go.
func (c *session) stop(ctx context.Context) error {
	c.cancelFetch()
	c.ready.close()
	c.loop.do(func() {
		c.stopping = true
		if len(c.table) == 0 {
			close(c.emptied)
			return
		}
		for _, q := range c.held() {
			c.leave(q, time.Time{})
		}
	})
	drained := c.drain(ctx)
	c.cancelWork()

	c.life.Cancel() // the loop and the rebalancer are not needed any more
	var errs []error
	if drained != nil {
		errs = append(errs, drained)
	}
	if c.emptiedBy(ctx) {
		errs = append(errs, c.uncommitted...)
	}
	if c.local != nil {
		if err := c.local.save(); err != nil {
			errs = append(errs, err)
		}
	}
	c.unsubscribe()
	c.watch(nil)
	step := func(f func(context.Context) error) error { // each gets a little time, even when those before it used all
		last, cancel := lastContext(ctx)
		defer cancel()
		return f(last)
	}
	if err := step(func(ctx context.Context) error { return c.client.UnregisterConsumer(ctx, c.group) }); err != nil {
		c.logs.warn("unregister", "brokers not told that the consumer has left, they will notice later", map[string]any{"error": err.Error()})
	}
	if err := step(c.life.Wait); err != nil {
		errs = append(errs, fmt.Errorf("handlers still run: %w", err))
	}
	if err := step(c.client.Release); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// drain waits until every queue has left. Of the time that ctx gives it keeps a part for committing what is done when
// handlers do not finish.
func (c *session) drain(ctx context.Context) error {
	reserve := time.Duration(0)
	patient := ctx
	if deadline, ok := ctx.Deadline(); ok {
		reserve = min(max(time.Until(deadline)/10, 0), 300*time.Millisecond)
		var cancel context.CancelFunc
		patient, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
		defer cancel()
	}
	if c.emptiedBy(patient) {
		return nil
	}
	c.cancelWork()
	err := fmt.Errorf("shutdown does not wait for running handlers any longer: %w", context.Cause(patient))
	brief, cancel := context.WithTimeout(context.Background(), max(reserve/3, 10*time.Millisecond))
	defer cancel()
	if c.emptiedBy(brief) {
		return err // they have noticed
	}
	c.loop.do(func() {
		c.forced = true
		for _, q := range c.held() {
			c.leaveStep(q)
		}
	})
	forced, cancelForced := context.WithTimeout(context.Background(), max(reserve/2, lastTimeout))
	defer cancelForced()
	c.emptiedBy(forced)
	return err
}

func (c *session) emptiedBy(ctx context.Context) bool {
	select {
	case <-c.emptied:
		return true
	case <-ctx.Done():
	}
	select {
	case <-c.emptied:
		return true
	default:
		return false
	}
}

// lastContext returns a context for what has to be tried even when ctx has ended.
func lastContext(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline := time.Now().Add(lastTimeout)
	if d, ok := ctx.Deadline(); ok && d.After(deadline) {
		deadline = d
	} else if !ok && ctx.Err() == nil {
		deadline = time.Now().Add(startTimeout)
	}
	return context.WithDeadline(context.WithoutCancel(ctx), deadline)
}
