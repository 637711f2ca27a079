package remote

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"

	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// conn is one connection: a queue of frames to write, a table of requests in flight, and two
// goroutines. The writer empties the queue. The reader matches answers with requests, and it also
// watches the deadlines: the read deadline of the socket is always set to the next moment at which
// something expires, so neither a timer nor a third goroutine is needed, and a writer stuck in a
// write does not stop the clock.
type conn struct {
	// First, because 64-bit atomics must be aligned on 32-bit machines and only the first word is.
	lastRead  atomic.Int64 // client clock
	lastWrite atomic.Int64

	peer   *peer
	client *Client
	nc     net.Conn
	exact  bool // a failed write's count can be trusted: bytes beyond it did not leave (not so under TLS)

	wake *lifecycle.Signal // for the writer
	dead chan struct{}     // closed by fail

	answered   atomic.Bool // at least one frame was read
	draining   atomic.Bool // takes nothing new, ends with its last answer; set under mu
	noted      bool        // guarded by peer.mu: the peer has taken notice of the loss
	frameStart int64       // reader only: when the frame that is being read began; 0 between frames

	mu          sync.Mutex
	err         error // why it ended; nil while it lives
	closing     bool  // takes nothing new, ends when the queue is written
	pending     map[int32]*call
	deadlines   deadlines
	armed       int64 // the read deadline that is set
	silentSince int64 // see Config.SilenceTimeout; 0: not silent
	queue       queue
	replies     int    // replies in the queue
	writerIdle  bool   // the writer waits for wake
	writing     bool   // the writer has taken a chunk
	chunk       uint64 // number of the chunk taken last
}

func newConn(p *peer, nc net.Conn) *conn {
	_, isTLS := nc.(*tls.Conn)
	c := &conn{
		peer: p, client: p.client, nc: nc, exact: !isTLS,
		wake: lifecycle.NewSignal(), dead: make(chan struct{}),
		pending: make(map[int32]*call),
	}
	now := c.client.clock.now()
	c.lastRead.Store(now)
	c.lastWrite.Store(now)
	c.armed = never
	c.arm(now + int64(min(c.client.cfg.IdleTimeout, c.client.cfg.FrameTimeout)))
	return c
}

// arm makes the reader look at the clock at t, if it would not look earlier anyway. Guarded by mu.
func (c *conn) arm(t int64) {
	if t < c.armed {
		c.armed = t
		// An error means that the connection is broken, which the reader finds out by itself.
		_ = c.nc.SetReadDeadline(c.client.clock.time(t))
	}
}

// enqueue takes a call and its frame over. It returns false, and takes nothing, when the connection
// accepts no more requests.
func (c *conn) enqueue(cl *call, buf *buffer) bool {
	c.mu.Lock()
	if !c.acceptsLocked() {
		c.mu.Unlock()
		return false
	}
	if cl.oneWay {
		c.pushLocked(outgoing{buf: buf, kind: kindOneWay})
		c.mu.Unlock()
		cl.finish(nil, nil)
		return true
	}
	cl.sentAt = 0
	cl.conn.Store(c)
	c.pending[cl.opaque.Load()] = cl
	c.deadlines.push(cl)
	c.arm(cl.deadline)
	cl.place = c.pushLocked(outgoing{buf: buf, call: cl})
	c.mu.Unlock()
	return true
}

func (c *conn) acceptsLocked() bool { return c.err == nil && !c.draining.Load() && !c.closing }

func (c *conn) pushLocked(o outgoing) (place uint64) {
	place = c.queue.push(o)
	if c.writerIdle {
		c.writerIdle = false
		c.wake.Set()
	}
	return place
}

// reply queues the answer to a request of the broker.
func (c *conn) reply(buf *buffer) {
	c.mu.Lock()
	full := c.replies >= maxQueuedReplies
	accepted := c.err == nil && !c.closing && !full
	if accepted {
		c.replies++
		c.pushLocked(outgoing{buf: buf, kind: kindReply})
	}
	c.mu.Unlock()
	if accepted {
		return
	}
	c.client.buffers.put(buf)
	if full {
		c.fail(lost(errUnreadReply))
	}
}

// take removes the call that waits for the answer with this opaque; nil when there is none, as
// after a timeout, or when the request has not even been written.
func (c *conn) take(opaque int32) *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	cl := c.pending[opaque]
	if cl == nil || cl.sentAt == 0 {
		return nil
	}
	c.removeLocked(cl)
	return cl
}

// withdraw removes cl for its caller, who has lost interest. sent says whether its bytes may have
// left; ok is false when the call is not here any more.
func (c *conn) withdraw(cl *call) (sent, ok bool) {
	c.mu.Lock()
	if c.pending[cl.opaque.Load()] != cl {
		c.mu.Unlock()
		return false, false
	}
	sent = cl.sentAt != 0
	c.removeLocked(cl)
	done := c.drainedLocked()
	c.mu.Unlock()
	if done {
		c.fail(lost(errDrained))
	}
	return sent, true
}

// removeLocked takes cl out of the table, and its frame out of the queue if it is still there.
func (c *conn) removeLocked(cl *call) {
	delete(c.pending, cl.opaque.Load())
	c.deadlines.remove(cl)
	if cl.sentAt == 0 {
		c.client.buffers.put(c.queue.drop(cl.place).buf)
	}
}

// drain makes the connection end as soon as its last answer is in.
func (c *conn) drain() {
	c.mu.Lock()
	c.draining.Store(true)
	done := c.drainedLocked()
	c.mu.Unlock()
	if done {
		c.fail(lost(errDrained))
	}
}

// drained reports whether a draining connection has nothing left to do.
func (c *conn) drained() bool {
	if !c.draining.Load() {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drainedLocked()
}

func (c *conn) drainedLocked() bool {
	return c.draining.Load() && !c.writing && len(c.pending) == 0 && c.queue.live == 0
}

// shutdown fails what is in flight and ends the connection once the one-way requests and replies
// in its queue are written.
func (c *conn) shutdown() {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	c.closing = true
	calls, sent := c.emptyLocked(0, false)
	c.wake.Set()
	c.mu.Unlock()
	failAll(calls, sent, ErrClosed)
}

// fail ends the connection: everything in flight fails at once with err. Only the first call has
// an effect.
func (c *conn) fail(err error) { c.failWritten(err, 0, false) }

// failWritten is fail after a write of which only the first n bytes of the current chunk left.
func (c *conn) failWritten(err error, n int, counted bool) {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	c.err = err
	idle := len(c.pending) == 0 && c.queue.live == 0
	calls, sent := c.emptyLocked(n, counted)
	for {
		o, ok := c.queue.pop()
		if !ok {
			break
		}
		c.client.buffers.put(o.buf)
		if o.kind == kindOneWay {
			c.peer.release()
		}
	}
	close(c.dead)
	c.mu.Unlock()

	_ = c.nc.Close()
	c.peer.lostConn(c, err, idle)
	failAll(calls, sent, err)
}

// emptyLocked removes all calls and says of each whether it may have reached the peer. With counted, only
// n bytes of the current chunk did.
func (c *conn) emptyLocked(n int, counted bool) (calls []*call, sent []bool) {
	if len(c.pending) == 0 {
		return nil, nil
	}
	calls = make([]*call, 0, len(c.pending))
	sent = make([]bool, 0, len(c.pending))
	for _, cl := range c.pending {
		left := cl.sentAt != 0
		if left && counted && cl.chunk == c.chunk && cl.offset >= n {
			left = false
		}
		if cl.sentAt == 0 {
			c.client.buffers.put(c.queue.drop(cl.place).buf)
		}
		calls = append(calls, cl)
		sent = append(sent, left)
	}
	clear(c.pending)
	c.deadlines = deadlines{}
	return calls, sent
}

func failAll(calls []*call, sent []bool, cause error) {
	for i, cl := range calls {
		cl.fail(opOf(sent[i]), sent[i], cause)
	}
}

// opOf names what a request was doing when it failed.
func opOf(sent bool) string {
	if sent {
		return "receive"
	}
	return "send"
}

// alive reports whether the connection takes requests.
func (c *conn) alive() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.acceptsLocked()
}

// cause returns why the connection takes no more requests.
func (c *conn) cause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	return ErrClosed
}

// quiet reports whether the end of a connection is nothing to talk about. idle says that nothing
// was in flight.
func quiet(err error, idle bool) bool {
	return errors.Is(err, ErrClosed) || errors.Is(err, errClosedByUs) ||
		idle && (errors.Is(err, io.EOF) || errors.Is(err, errIdle) || errors.Is(err, errDrained))
}

// handle is called by the reader for each frame.
func (c *conn) handle(cmd *wire.Command) {
	if !cmd.IsResponse() {
		c.dispatch(cmd)
		return
	}
	goAway := cmd.Code == goAwayCode
	if goAway {
		// Before the answer is passed on, so that the request is not sent here again.
		c.peer.retire(c)
	}
	cl := c.take(cmd.Opaque)
	switch {
	case cl == nil: // too late, or never asked
	case goAway && cl.callback != nil && !cl.resent:
		c.peer.resend(cl)
	default:
		cl.finish(cmd, nil)
	}
}
