package remote

import (
	"context"
	"maps"
	"sync"

	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Client sends requests to any number of addresses, over one connection each, and answers the
// requests that come back on them. It is safe for concurrent use.
type Client struct {
	cfg           Config
	plain         bool // nothing touches a request before it is encoded
	responseHooks []ResponseHook
	clock         clock
	group         *lifecycle.Group
	handlers      *lifecycle.Executor
	buffers       bufferPool
	calls         callPool

	// Snapshots that are replaced, never changed.
	peers atomic.Pointer[map[peerKey]*peer]
	serve atomic.Pointer[map[int32]Handler]

	mu     sync.Mutex // for those who replace a snapshot
	closed bool
	stop   lifecycle.State
}

// peerKey tells the VIP connection of a broker from the ordinary one to the same port.
type peerKey struct {
	addr string
	vip  bool
}

// New returns a client that has no connection yet: they are opened when needed. It fails when a
// field of cfg is out of range.
func New(cfg Config) (*Client, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, clock: newClock(), group: lifecycle.NewGroup("remote")}
	c.handlers = lifecycle.NewExecutor(c.group, "remote handler", cfg.HandlerWorkers, cfg.HandlerQueue)
	c.plain = cfg.NamespaceV2 == "" && !cfg.Stream && len(cfg.Hooks) == 0 && cfg.Signer == nil
	for _, h := range cfg.Hooks {
		if rh, ok := h.(ResponseHook); ok {
			c.responseHooks = append(c.responseHooks, rh)
		}
	}
	c.peers.Store(&map[peerKey]*peer{})
	c.serve.Store(&map[int32]Handler{})
	return c, c.stop.Start(func() error { return nil })
}

// Handle registers h for requests with the given code that brokers send, in place of an earlier one. It is
// meant to be called before the first request. Codes without a handler are answered
// REQUEST_CODE_NOT_SUPPORTED.
func (c *Client) Handle(code int32, h Handler) {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := maps.Clone(*c.serve.Load())
	next[code] = h
	c.serve.Store(&next)
}

// Invoke sends a request and waits for the answer, whatever its code. It fails with an *Error: at
// the deadline, when ctx ends (within milliseconds), when the connection is lost, when it cannot be
// made, and after Shutdown.
//
// A GO_AWAY answer makes the client connect again and send the request once more (Java:
// enableReconnectForGoAway); a second one is returned.
func (c *Client) Invoke(ctx context.Context, addr string, req *Request) (*wire.Command, error) {
	return c.invoke(ctx, addr, req, false)
}

// InvokeOneWay sends a request that is not answered. It returns nil when the request is queued on a
// live connection, and waits for one if need be. A request that is queued when Shutdown begins is still
// written; one that is queued when the connection breaks is lost.
func (c *Client) InvokeOneWay(ctx context.Context, addr string, req *Request) error {
	_, err := c.invoke(ctx, addr, req, true)
	return err
}

func (c *Client) invoke(ctx context.Context, addr string, req *Request, oneWay bool) (*wire.Command, error) {
	p, err := c.peer(addr, req)
	if err != nil {
		return nil, err
	}
	resp, err := p.invoke(ctx, req, oneWay)
	if c.responseHooks != nil {
		c.afterResponse(p.addr, req, resp, err)
	}
	return resp, err
}

// InvokeAsync sends a request and calls done exactly once: with the answer, whatever its code, or
// with an *Error as Invoke returns it. done may run on the connection's reader, on a goroutine of
// its own, or before InvokeAsync returns: it must not block.
//
// InvokeAsync itself never waits for a connection. It waits while Config.MaxInflight requests to addr
// are in flight, unless Request.NoWait is set.
func (c *Client) InvokeAsync(ctx context.Context, addr string, req *Request, done func(*wire.Command, error)) {
	p, err := c.peer(addr, req)
	if err != nil {
		done(nil, err)
		return
	}
	if c.responseHooks != nil {
		inner := done
		done = func(resp *wire.Command, err error) {
			c.afterResponse(p.addr, req, resp, err)
			inner(resp, err)
		}
	}
	p.invokeAsync(ctx, req, done)
}

// Connected reports whether there is a connection to addr that takes requests.
func (c *Client) Connected(addr string) bool {
	p := (*c.peers.Load())[peerKey{addr: addr}]
	if p == nil {
		return false
	}
	conn := p.conn.Load()
	return conn != nil && conn.alive()
}

// CloseConn closes the connections to addr, if there are any; what is in flight on them fails with
// ErrConnectionLost. The next request connects again.
func (c *Client) CloseConn(addr string) {
	for key, p := range *c.peers.Load() {
		if key.addr == addr || key.vip && key.addr == VIPAddr(addr) {
			p.closeConn()
		}
	}
}

// Shutdown fails everything in flight with ErrClosed, writes the one-way requests that are queued, closes
// all connections and waits for the goroutines, handlers and callbacks included, until ctx ends;
// then connections are closed as they are and the error says what still runs. It may be called more
// than once. It must not be called from a handler or callback.
func (c *Client) Shutdown(ctx context.Context) error {
	return c.stop.Stop(func() error {
		c.mu.Lock()
		c.closed = true
		peers := *c.peers.Load()
		c.mu.Unlock()
		for _, p := range peers {
			p.shutdown()
		}
		err := c.group.Stop(ctx)
		if err != nil {
			for _, p := range peers {
				p.kill()
			}
		}
		return err
	})
}

// callback runs f, which the runtime has called on a goroutine of its own, so that Shutdown waits
// for it. After Shutdown there is nothing left to do for it.
func (c *Client) callback(f func()) {
	c.group.Do("remote callback", func(context.Context) { f() })
}

// peer returns the peer for addr and makes it if need be.
func (c *Client) peer(addr string, req *Request) (*peer, error) {
	key := peerKey{addr: addr}
	if req.VIP && c.cfg.VIPChannel {
		key = peerKey{addr: VIPAddr(addr), vip: true}
	}
	if p := (*c.peers.Load())[key]; p != nil {
		return p, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, &Error{Op: "send", Addr: key.addr, Code: req.Code, Err: ErrClosed}
	}
	old := *c.peers.Load()
	if p := old[key]; p != nil {
		return p, nil
	}
	next := maps.Clone(old)
	p := newPeer(c, key.addr, key.vip)
	next[key] = p
	c.peers.Store(&next)
	return p, nil
}
