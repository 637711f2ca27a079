package route

import (
	"context"
	"fmt"
	"net"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// resolution is one question to the resolver.
type resolution struct {
	done  chan struct{}
	err   error // set before done is closed
	asked time.Time
}

// resolve asks the resolver in the background, unless that is under way. It has a goroutine of its own because a
// resolver may be slow, and one that takes no context cannot be hurried.
func (t *Table) resolve() *resolution {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r := t.resolving; r != nil {
		select {
		case <-r.done:
		default:
			return r
		}
	}
	r := &resolution{done: make(chan struct{}), asked: time.Now()}
	t.resolving = r
	if !t.group.Go("name server list", func(ctx context.Context) { t.runResolver(ctx, r) }) {
		r.err = rmqerrors.ErrClosed
		close(r.done)
	}
	return r
}

func (t *Table) runResolver(ctx context.Context, r *resolution) {
	list, err := t.list(ctx)
	if err == nil {
		t.servers.set(list)
	} else if ctx.Err() == nil && len(t.servers.addrs()) > 0 {
		t.warn.line("name servers cannot be looked up, known ones stay in use", err)
	}
	r.err = err
	close(r.done)
	t.hosts.closeMoved(ctx, list, t.cfg.Remote.CloseConn)
}

// list asks the resolver and checks what it says.
func (t *Table) list(ctx context.Context) ([]string, error) {
	list, err := t.cfg.Resolver.Resolve(ctx)
	if err == nil {
		list, err = ParseAddrs(list...)
	}
	if err == nil {
		list, err = resolveSRV(ctx, list, net.DefaultResolver.LookupSRV)
	}
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%w: the resolver found none", rmqerrors.ErrNoNameserver)
	}
	return list, err
}

// resolveAgain has the resolver asked once more because no name server answers, but not all the time.
func (t *Table) resolveAgain() {
	if i, ok := t.cfg.Resolver.(invalidator); ok {
		i.invalidate()
	}
	t.mu.Lock()
	wait := t.resolving != nil && time.Since(t.resolving.asked) < resolveGap
	t.mu.Unlock()
	if !wait {
		t.resolve()
	}
}

// ensureServers makes sure that there is a name server to ask.
func (t *Table) ensureServers(ctx context.Context) error {
	if len(t.servers.addrs()) > 0 {
		return nil
	}
	r := t.resolve()
	select {
	case <-r.done:
	case <-ctx.Done():
		return fmt.Errorf("%w: the resolver is slow: %w", rmqerrors.ErrNoNameserver, ctx.Err())
	}
	if r.err != nil && len(t.servers.addrs()) == 0 {
		return fmt.Errorf("%w: %w", rmqerrors.ErrNoNameserver, r.err)
	}
	return nil
}

// QueryNameServer sends req to the name server in use, and to the next ones when it fails, hesitates or says that it
// cannot answer now. What the answer's code means is up to the caller. Several servers may get the request, so it must
// not change anything there; and it must not be changed itself, not even when the call has returned. Without a deadline
// in ctx, Config.Timeout applies. The error matches errors.ErrNoNameserver when no server is known, and else holds what
// each of them gave.
func (t *Table) QueryNameServer(ctx context.Context, req *remote.Request) (*wire.Command, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t.cfg.Timeout)
		defer cancel()
	}
	if err := t.ensureServers(ctx); err != nil {
		return nil, err
	}
	var refused *wire.Command
	a, err := t.servers.query(ctx, req, func(a answer) error {
		if sick(a.cmd.Code) {
			refused = a.cmd
			return &primitive.BrokerError{Code: a.cmd.Code, Remark: a.cmd.Remark, Addr: a.addr}
		}
		return nil
	})
	switch {
	case err == nil:
		return a.cmd, nil
	case refused != nil && ctx.Err() == nil:
		return refused, nil
	}
	return nil, err
}
