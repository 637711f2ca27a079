package remote

import (
	"context"
	"sync"

	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// call is one request on its way. At each moment one of three holds it: the peer, in its list of calls
// that wait for a connection; a connection, in its table of requests in flight; or the goroutine that
// removed it from there under the lock of that holder. Only the last may finish it, so a
// call is finished exactly once whatever races.
type call struct {
	peer     *peer
	req      *Request // the caller's, or the copy that hooks and signer have worked on
	deadline int64    // client clock, nanoseconds
	oneWay   bool
	head     wire.Head // here to save an allocation
	resent   bool      // sent a second time after GO_AWAY; touched by the goroutine that owns the call

	// Where to look for the call. Written by whoever owns it, read by those who want to withdraw it.
	opaque atomic.Int32
	conn   atomic.Pointer[conn]

	// Guarded by the holder's lock.
	parked    bool   // the peer holds it
	place     uint64 // in the holder's queue
	heapIndex int    // in the holder's deadlines
	sentAt    int64  // when the writer took it, client clock; 0: not yet
	chunk     uint64 // which of the connection's chunks it is in
	offset    int    // where in that chunk it starts

	// The result, written before done is signalled.
	resp *wire.Command
	err  error
	done chan struct{} // synchronous calls: room for one element

	// Asynchronous calls.
	callback    func(*wire.Command, error)
	ctx         context.Context
	stopWatcher func() bool // ends the wait for ctx; nil when ctx cannot end
}

// callPool keeps the calls of Invoke and InvokeOneWay. Asynchronous ones are not pooled, because the
// watcher of their context may look at them late.
type callPool struct{ p sync.Pool }

func (p *callPool) get() *call {
	if c, ok := p.p.Get().(*call); ok {
		return c
	}
	return &call{done: make(chan struct{}, 1)}
}

// put takes back a call that nobody else can see: it is in no table and its done is drained.
func (p *callPool) put(c *call) {
	c.peer, c.req, c.resp, c.err = nil, nil, nil, nil
	c.oneWay, c.resent = false, false
	c.conn.Store(nil)
	p.p.Put(c)
}

// finish delivers the result. The caller owns the call, holds no lock, and must not touch the call
// afterwards.
func (c *call) finish(resp *wire.Command, err error) {
	if c.callback == nil {
		c.resp, c.err = resp, err
		c.done <- struct{}{}
		return
	}
	if c.stopWatcher != nil {
		c.stopWatcher()
	}
	c.peer.release()
	c.callback(resp, err)
}

// fail is finish with an *Error.
func (c *call) fail(op string, sent bool, cause error) {
	c.finish(nil, c.error(op, sent, cause))
}

func (c *call) error(op string, sent bool, cause error) *Error {
	return &Error{Op: op, Addr: c.peer.addr, Code: c.req.Code, Sent: sent, Err: cause}
}
