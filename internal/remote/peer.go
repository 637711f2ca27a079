package remote

import (
	"errors"
	"sync"
	"time"

	"go.uber.org/atomic"
)

// peer is everything the client knows about one address. Its lock is never held during I/O, and no other
// address needs it: an unreachable peer delays nobody.
//
//	          first request                 dial ok
//	no conn ───────────────► dialling ───────────────────► conn
//	 ▲   ▲                      │ failed                     │ lost
//	 │   └──── backoff over ────┤                            │
//	 │      (until then requests fail with the last error)   │
//	 └───────────────────────────────────────────────────────┘
//
// A connection that is lost before it answered anything counts as a failed dial, so that a peer
// that accepts and closes is not dialled in a loop.
type peer struct {
	client  *Client
	addr    string
	vip     bool
	permits chan struct{} // one element for each request in flight
	opaque  atomic.Int32  // the last one used; every connection of the peer has its own table
	conn    atomic.Pointer[conn]

	mu       sync.Mutex // before conn.mu
	closed   bool
	dialing  bool
	parked   queue // calls that wait for the dial
	waiting  deadlines
	timer    *time.Timer // fires at the first deadline of waiting
	timerAt  int64
	failures int   // since the last answer
	retryAt  int64 // no dial before this, client clock
	lastErr  error // of the last failure
	open     map[*conn]struct{}

	loggedStreak bool      // the present streak of failed dials has been logged
	loggedDial   time.Time // last line about a failed dial
	loggedLoss   time.Time // last line about a lost connection
}

func newPeer(c *Client, addr string, vip bool) *peer {
	return &peer{
		client: c, addr: addr, vip: vip,
		permits: make(chan struct{}, c.cfg.MaxInflight),
		timerAt: never,
		open:    make(map[*conn]struct{}),
	}
}

// release gives back the permit of a request that is no longer in flight.
func (p *peer) release() { <-p.permits }

// submit hands a call over to the connection, or lets it wait for one. It never blocks. The call may
// be finished before submit returns.
func (p *peer) submit(cl *call, buf *buffer) {
	if c := p.conn.Load(); c != nil && c.enqueue(cl, buf) {
		return
	}
	if op, err := p.park(cl, buf); err != nil {
		p.client.buffers.put(buf)
		p.abandon(cl, op, false, err)
	}
}

// abandon fails a call that is in no table.
func (p *peer) abandon(cl *call, op string, sent bool, cause error) {
	if cl.oneWay {
		p.release()
	}
	cl.fail(op, sent, cause)
}

// park is the slow path of submit: there is no connection, or it has just ended.
func (p *peer) park(cl *call, buf *buffer) (op string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return "send", ErrClosed
	}
	if c := p.conn.Load(); c != nil {
		if c.enqueue(cl, buf) {
			return "", nil
		}
		// It has ended, and perhaps lostConn has not been here yet.
		p.noteLossLocked(c)
	}
	if !p.dialing {
		if p.client.clock.now() < p.retryAt {
			return "dial", p.lastErr
		}
		if !p.client.group.Go("remote dialer "+p.addr, p.dial) {
			return "send", ErrClosed
		}
		p.dialing = true
	}
	cl.parked = true
	cl.place = p.parked.push(outgoing{buf: buf, call: cl})
	p.waiting.push(cl)
	p.armLocked()
	return "", nil
}

// armLocked makes the timer fire at the first deadline among the parked calls.
func (p *peer) armLocked() {
	next := p.waiting.next()
	if next >= p.timerAt || next == never {
		return // an early shot does no harm
	}
	p.timerAt = next
	wait := p.client.clock.until(next)
	if p.timer == nil {
		p.timer = time.AfterFunc(wait, func() { p.client.callback(p.expireParked) })
		return
	}
	p.timer.Reset(wait)
}

// expireParked fails the parked calls whose deadline has passed.
func (p *peer) expireParked() {
	p.mu.Lock()
	p.timerAt = never
	now := p.client.clock.now()
	var expired []*call
	for p.waiting.next() <= now {
		cl := p.waiting.h[0]
		p.unparkLocked(cl)
		expired = append(expired, cl)
	}
	p.armLocked()
	p.mu.Unlock()
	for _, cl := range expired {
		p.abandon(cl, "dial", false, ErrTimeout)
	}
}

func (p *peer) unparkLocked(cl *call) {
	cl.parked = false
	p.waiting.remove(cl)
	p.client.buffers.put(p.parked.drop(cl.place).buf)
}

// popParkedLocked takes the oldest parked call and its frame.
func (p *peer) popParkedLocked() (*call, *buffer) {
	o, ok := p.parked.pop()
	if !ok {
		return nil, nil
	}
	o.call.parked = false
	p.waiting.remove(o.call)
	return o.call, o.buf
}

// emptyParkedLocked takes all parked calls.
func (p *peer) emptyParkedLocked() []*call {
	var calls []*call
	for cl, buf := p.popParkedLocked(); cl != nil; cl, buf = p.popParkedLocked() {
		p.client.buffers.put(buf)
		calls = append(calls, cl)
	}
	if p.timer != nil {
		p.timer.Stop()
		p.timerAt = never
	}
	return calls
}

// withdraw takes the call back for a caller who has lost interest. sent says whether bytes of it
// may have left. ok is false when somebody else is finishing it, or sending it again, right now.
func (p *peer) withdraw(cl *call) (sent, ok bool) {
	p.mu.Lock()
	if cl.parked {
		p.unparkLocked(cl)
		p.mu.Unlock()
		return false, true
	}
	p.mu.Unlock()
	if c := cl.conn.Load(); c != nil {
		return c.withdraw(cl)
	}
	return false, false
}

// lostConn is called once for each connection, when it ends.
func (p *peer) lostConn(c *conn, err error, idle bool) {
	p.mu.Lock()
	delete(p.open, c)
	p.noteLossLocked(c)
	now := time.Now()
	log := !p.closed && !quiet(err, idle) && now.Sub(p.loggedLoss) >= logPause
	if log {
		p.loggedLoss = now
	}
	p.mu.Unlock()
	if log {
		p.client.cfg.Logger.Warning("connection lost", map[string]any{"addr": p.addr, "error": err.Error()})
	}
}

// noteLossLocked makes room for the next connection.
func (p *peer) noteLossLocked(c *conn) {
	p.conn.CompareAndSwap(c, nil)
	if c.noted {
		return
	}
	c.mu.Lock()
	err := c.err
	c.mu.Unlock()
	if err == nil {
		return // only draining or closing
	}
	c.noted = true
	if !c.answered.Load() && !errors.Is(err, errIdle) && !errors.Is(err, errClosedByUs) && !errors.Is(err, ErrClosed) {
		p.failedLocked(err)
	}
}

// proved is called when a connection brings its first answer: the address works.
func (p *peer) proved(*conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failures, p.retryAt, p.lastErr, p.loggedStreak = 0, 0, nil, false
}

// retire stops using a connection whose peer said GO_AWAY; it ends with its last answer.
func (p *peer) retire(c *conn) {
	p.conn.CompareAndSwap(c, nil)
	c.drain()
}

// closeConn closes the connection, if there is one.
func (p *peer) closeConn() {
	if c := p.conn.Load(); c != nil {
		c.fail(lost(errClosedByUs))
	}
}

// resend sends an asynchronous call again whose first answer was GO_AWAY.
func (p *peer) resend(cl *call) {
	cl.resent = true
	buf, err := p.encode(cl)
	if err != nil {
		cl.fail("send", false, err)
		return
	}
	p.submit(cl, buf)
	p.watch(cl) // the context may have ended while the call was in no table
}

// watch withdraws an asynchronous call whose context has ended.
func (p *peer) watch(cl *call) {
	err := cl.ctx.Err()
	if err == nil {
		return
	}
	if sent, ok := p.withdraw(cl); ok {
		cl.fail(opOf(sent), sent, contextError(err))
	}
}

// shutdown fails everything and lets the connections write what nobody waits for.
func (p *peer) shutdown() {
	p.mu.Lock()
	p.closed = true
	calls := p.emptyParkedLocked()
	conns := p.connsLocked()
	p.mu.Unlock()
	for _, cl := range calls {
		p.abandon(cl, "send", false, ErrClosed)
	}
	for _, c := range conns {
		c.shutdown()
	}
}

// kill closes the connections at once.
func (p *peer) kill() {
	p.mu.Lock()
	conns := p.connsLocked()
	p.mu.Unlock()
	for _, c := range conns {
		c.fail(ErrClosed)
	}
}

func (p *peer) connsLocked() []*conn {
	conns := make([]*conn, 0, len(p.open))
	for c := range p.open {
		conns = append(conns, c)
	}
	return conns
}
