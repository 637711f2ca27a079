package mqtest

import (
	"time"

	"github.com/rocketmq-go/rocketmq/internal/mqserver"
)

// AnyCode makes [Cluster.OnCommand] see every request.
const AnyCode int32 = mqserver.AnyCode

// Command is a request as a server received it.
type Command struct {
	Code   int32             // request code, for instance 310 for a send
	Broker string            // name of the broker; empty: a name server
	Addr   string            // address of the server that received it
	From   string            // address of the client's end of the connection
	OneWay bool              // the client expects no answer
	Remark string            // remark of the request's header
	Fields map[string]string // extension fields, a copy
	Body   []byte            // shared with the server: do not write to it
}

// Reply says what happens to a request instead of, or before, its normal
// handling. Exactly one of Close, Drop, Raw, Pass or an answer (everything
// else) takes place, looked at in this order, once Delay has passed.
type Reply struct {
	Code   int32             // response code of the answer
	Remark string            // remark of the answer
	Fields map[string]string // extension fields of the answer
	Body   []byte            // body of the answer

	Delay time.Duration // wait that long first; other requests go on
	Pass  bool          // handle the request normally
	Drop  bool          // never answer
	Close bool          // close the connection
	Raw   []byte        // write these bytes to the connection as they are
}

// OnCommand calls fn for each request with that code, on brokers and name
// servers, before it is handled. The answer nil means: handle it normally. The
// function registered last is asked first, and the first Reply that is not nil
// counts. A one-way request is never answered, whatever Reply says.
//
// fn runs on the connection's goroutine and may run on several at once. It may
// block, which blocks that connection, but must not stop servers or close the
// cluster: those wait for it. remove takes fn out again.
func (c *Cluster) OnCommand(code int32, fn func(*Command) *Reply) (remove func()) {
	return c.s.OnCommand(code, func(in *mqserver.Command) *mqserver.Reply {
		out := fn((*Command)(in))
		return (*mqserver.Reply)(out)
	})
}

// Requests returns how many requests with that code arrived so far, over all
// brokers and name servers; [AnyCode] counts them all.
func (c *Cluster) Requests(code int32) int { return c.s.Requests(code) }
