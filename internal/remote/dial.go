package remote

import (
	"context"
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"time"
)

// dial is the goroutine that makes the connection which the parked calls wait for. There is at most one
// for an address.
func (p *peer) dial(ctx context.Context) {
	nc, err := p.connect(ctx)
	if err != nil {
		p.dialFailed(err)
		return
	}
	up := time.Now() // before any request: what is answered later was sent over this connection
	c := newConn(p, nc)
	p.mu.Lock()
	p.dialing = false
	if p.closed || !p.startLocked(c) {
		calls := p.emptyParkedLocked()
		p.mu.Unlock()
		_ = nc.Close()
		for _, cl := range calls {
			p.abandon(cl, "send", false, ErrClosed)
		}
		return
	}
	// The calls that waited go first; only then can others find the connection. So what one
	// caller sends stays in order.
	var rejected []*call
	for cl, buf := p.popParkedLocked(); cl != nil; cl, buf = p.popParkedLocked() {
		if !c.enqueue(cl, buf) {
			p.client.buffers.put(buf)
			rejected = append(rejected, cl)
		}
	}
	if p.timer != nil {
		p.timer.Stop()
		p.timerAt = never
	}
	p.conn.Store(c) // should it have ended already: lostConn waits for this lock to take it out again
	p.mu.Unlock()

	for _, cl := range rejected {
		p.abandon(cl, "send", false, c.cause())
	}
	if f := p.client.cfg.OnConnect; f != nil && !p.vip {
		p.client.group.Go("remote on-connect "+p.addr, func(context.Context) { f(p.addr, up) })
	}
}

// startLocked starts the two goroutines of a connection.
func (p *peer) startLocked(c *conn) bool {
	p.open[c] = struct{}{}
	if !p.client.group.Go("remote reader "+p.addr, c.readLoop) {
		delete(p.open, c)
		return false
	}
	if !p.client.group.Go("remote writer "+p.addr, c.writeLoop) {
		delete(p.open, c)
		return false // the reader ends when the socket is closed
	}
	return true
}

func (p *peer) dialFailed(err error) {
	p.mu.Lock()
	p.dialing = false
	p.failedLocked(err)
	now := time.Now()
	log := !p.closed && !p.loggedStreak && now.Sub(p.loggedDial) >= logPause
	if log {
		p.loggedStreak, p.loggedDial = true, now
	}
	calls := p.emptyParkedLocked()
	closed := p.closed
	p.mu.Unlock()
	if log {
		p.client.cfg.Logger.Warning("cannot connect", map[string]any{"addr": p.addr, "error": err.Error()})
	}
	op := "dial"
	if closed {
		op, err = "send", ErrClosed
	}
	for _, cl := range calls {
		p.abandon(cl, op, false, err)
	}
}

// failedLocked starts or prolongs the backoff.
func (p *peer) failedLocked(err error) {
	p.failures++
	p.lastErr = err
	p.retryAt = p.client.clock.now() + int64(backoff(p.client.cfg.BackoffMin, p.client.cfg.BackoffMax, p.failures))
}

// backoff returns the pause after n failures in a row: doubling from least to most, and of that a random
// part of at least a half, so that many clients do not come back at the same moment.
func backoff(least, most time.Duration, n int) time.Duration {
	d := most
	if shift := n - 1; shift < 32 && least<<shift>>shift == least {
		d = min(least<<shift, most)
	}
	return d - rand.N(d/2+1)
}

// connect dials and, with TLS, shakes hands, within ConnectTimeout. A panic in a hook of the
// user's (Dial, or a callback of TLS) is a failed dial.
func (p *peer) connect(ctx context.Context) (_ net.Conn, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("dial panicked: %v", v)
			p.client.logPanic("dial panicked", p.addr, 0, v)
		}
	}()
	cfg := &p.client.cfg
	ctx, cancel := context.WithTimeout(ctx, cfg.ConnectTimeout)
	defer cancel()
	nc, err := cfg.Dial(ctx, "tcp", p.addr)
	if err != nil {
		return nil, err
	}
	if tcp, ok := nc.(*net.TCPConn); ok {
		// Go's default; said because the coalescing writer relies on it.
		_ = tcp.SetNoDelay(true)
	}
	if cfg.TLS == nil {
		return nc, nil
	}
	tlsConn := tls.Client(nc, tlsConfig(cfg.TLS, p.addr))
	if err := tlsConn.HandshakeContext(ctx); err != nil {
		_ = nc.Close()
		return nil, err
	}
	return tlsConn, nil
}

// tlsConfig returns base with a server name, which is the host of addr unless base has one.
func tlsConfig(base *tls.Config, addr string) *tls.Config {
	if base.ServerName != "" {
		return base
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	cfg := base.Clone()
	cfg.ServerName = host
	return cfg
}
