package mqserver

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// conn is one client's connection to one server. A reader goroutine handles requests one after the other; a writer
// goroutine writes whatever has gathered meanwhile in one piece.
type conn struct {
	server *server
	nc     net.Conn
	remote netip.AddrPort
	from   string // remote as text
	opaque atomic.Int32

	mu      sync.Mutex
	out     []byte // frames that wait for the writer
	closed  bool
	wake    *lifecycle.Signal // the writer has work, or the connection is closed
	drained *lifecycle.Signal // out went below outboxLimit
}

func newConn(s *server, nc net.Conn) *conn {
	c := &conn{server: s, nc: nc, wake: lifecycle.NewSignal(), drained: lifecycle.NewSignal()}
	if a, ok := nc.RemoteAddr().(*net.TCPAddr); ok {
		ap := a.AddrPort()
		c.remote = netip.AddrPortFrom(ap.Addr().Unmap().WithZone(""), ap.Port())
	}
	c.from = c.remote.String()
	return c
}

// read handles requests until the connection ends.
func (c *conn) read(ctx context.Context) {
	defer c.server.gone(c)
	r := wire.NewReader(c.nc, wire.MaxFrameSize)
	for {
		frame, err := r.Next()
		if err != nil {
			c.server.cluster.log.Debug("connection ended", map[string]interface{}{"from": c.from, "err": err.Error()})
			return
		}
		cmd, err := wire.Decode(frame)
		if err != nil {
			c.server.cluster.log.Warning("bad frame, connection closed", map[string]interface{}{"from": c.from, "err": err.Error()})
			return
		}
		if !cmd.IsResponse() { // nothing here asks clients for an answer
			c.server.receive(&request{Command: cmd, conn: c})
		}
		if !c.room(ctx) {
			return
		}
	}
}

// room waits until the client has taken most of its answers. It returns false when the connection ended.
func (c *conn) room(ctx context.Context) bool {
	for {
		c.mu.Lock()
		closed, full := c.closed, len(c.out) > outboxLimit
		c.mu.Unlock()
		if closed {
			return false
		}
		if !full {
			return true
		}
		select {
		case <-c.drained.C():
		case <-ctx.Done():
			return false
		}
	}
}

func (c *conn) write(context.Context) {
	var buf []byte
	for range c.wake.C() {
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return
		}
		full := len(c.out) > outboxLimit
		buf, c.out = c.out, buf[:0]
		c.mu.Unlock()
		if full {
			c.drained.Set()
		}
		if len(buf) == 0 {
			continue
		}
		_ = c.nc.SetWriteDeadline(time.Now().Add(writeTimeout)) // a deadline of the socket, not of the emulation
		if _, err := c.nc.Write(buf); err != nil {
			c.close()
			return
		}
		if cap(buf) > outboxKeep {
			buf = nil
		}
	}
}

// close ends the connection; both goroutines notice. It may be called from anywhere, any number of times.
func (c *conn) close() {
	c.mu.Lock()
	was := c.closed
	c.closed = true
	c.out = nil
	c.mu.Unlock()
	if !was {
		_ = c.nc.Close()
		c.wake.Set()
		c.drained.Set()
	}
}

// send queues a frame whose body is the concatenation of bodies. It never blocks.
func (c *conn) send(head *wire.Head, fields wire.FieldAppender, bodies ...[]byte) {
	n := 0
	for _, b := range bodies {
		n += len(b)
	}
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	out, err := wire.AppendFrameHeader(c.out, wire.JSON, head, fields, nil, n)
	if err == nil {
		for _, b := range bodies {
			out = append(out, b...)
		}
		c.out = out
	}
	c.mu.Unlock()
	if err != nil { // only a header beyond 16 MiB: the client sent, say, such a topic name and got it back in the remark
		c.close()
		return
	}
	c.wake.Set()
}

// sendRaw queues bytes as they are.
func (c *conn) sendRaw(b []byte) {
	c.mu.Lock()
	if !c.closed {
		c.out = append(c.out, b...)
	}
	c.mu.Unlock()
	c.wake.Set()
}

// ask sends a one-way request to the client.
func (c *conn) ask(code int32, fields wire.FieldAppender, body []byte) {
	c.send(&wire.Head{
		Code: code, Language: wire.LanguageJava, Version: protocolVersion,
		Opaque: c.opaque.Inc(), Flag: wire.FlagOneWay,
	}, fields, body)
}
