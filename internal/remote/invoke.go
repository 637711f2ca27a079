package remote

import (
	"context"
	"fmt"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// invoke sends a request on the caller's goroutine and waits: for the answer or, one-way, until the
// writer has it.
func (p *peer) invoke(ctx context.Context, req *Request, oneWay bool) (*wire.Command, error) {
	cl := p.client.calls.get()
	cl.peer, cl.req, cl.oneWay = p, req, oneWay
	resp, err := p.invokeCall(ctx, cl)
	p.client.calls.put(cl)
	return resp, err
}

func (p *peer) invokeCall(ctx context.Context, cl *call) (*wire.Command, error) {
	if err := p.admit(ctx, cl); err != nil {
		return nil, err
	}
	if !cl.oneWay { // one-way: whoever takes it out of the queue
		defer p.release()
	}
	for {
		buf, err := p.encode(cl)
		if err == nil && ctx.Err() != nil {
			p.client.buffers.put(buf)
			err = contextError(ctx.Err())
		}
		if err != nil {
			if cl.oneWay {
				p.release()
			}
			return nil, cl.error("send", false, err)
		}
		p.submit(cl, buf)
		select {
		case <-cl.done:
		case <-ctx.Done():
			if sent, ok := p.withdraw(cl); ok {
				if cl.oneWay {
					p.release()
				}
				return nil, cl.error(opOf(sent), sent, contextError(ctx.Err()))
			}
			<-cl.done // somebody is finishing it
		}
		if cl.err != nil || cl.resp == nil || cl.resp.Code != goAwayCode || cl.resent {
			return cl.resp, cl.err
		}
		cl.resent, cl.resp = true, nil
	}
}

// invokeAsync sends a request and returns. done is called once.
func (p *peer) invokeAsync(ctx context.Context, req *Request, done func(*wire.Command, error)) {
	cl := &call{peer: p, req: req, ctx: ctx, callback: done}
	if err := p.admit(ctx, cl); err != nil {
		done(nil, err)
		return
	}
	buf, err := p.encode(cl)
	if err != nil {
		p.release()
		done(nil, cl.error("send", false, err))
		return
	}
	if ctx.Done() != nil {
		cl.stopWatcher = context.AfterFunc(ctx, func() {
			p.client.callback(func() { p.watch(cl) })
		})
	}
	p.submit(cl, buf)
	p.watch(cl) // the context may have ended before the call was in any table
}

// admit fixes the deadline, runs the hooks and takes a permit, for which it may have to wait.
func (p *peer) admit(ctx context.Context, cl *call) error {
	if err := ctx.Err(); err != nil {
		return cl.error("send", false, contextError(err))
	}
	req, err := p.client.prepare(p.addr, cl.req)
	if err != nil {
		return cl.error("send", false, err)
	}
	cl.req = req
	cl.deadline = p.client.deadline(ctx, req)
	if cl.deadline <= p.client.clock.now() {
		return cl.error("send", false, ErrTimeout)
	}
	select {
	case p.permits <- struct{}{}:
		return nil
	default:
	}
	if req.NoWait {
		return cl.error("send", false, ErrTooManyInFlight)
	}
	timer := time.NewTimer(p.client.clock.until(cl.deadline))
	defer timer.Stop()
	select {
	case p.permits <- struct{}{}:
		return nil
	case <-timer.C:
		err = ErrTimeout
	case <-ctx.Done():
		err = contextError(ctx.Err())
	case <-p.client.group.Context().Done():
		return cl.error("send", false, ErrClosed)
	}
	return cl.error("send", false, fmt.Errorf("%w: %w", ErrTooManyInFlight, err))
}

// deadline returns the earlier of the request's and the context's deadline.
func (c *Client) deadline(ctx context.Context, req *Request) int64 {
	d := int64(never)
	if !req.Deadline.IsZero() {
		d = c.clock.at(req.Deadline)
	}
	if t, ok := ctx.Deadline(); ok {
		d = min(d, c.clock.at(t))
	}
	if d == never { // neither is set: a time.Time that far away would have been cut to never-1
		d = c.clock.now() + int64(c.cfg.RequestTimeout)
	}
	return d
}
