package remote

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// stuckPeer accepts and reads nothing, so that a write of some MiB blocks.
func stuckPeer(t *testing.T) *scripted {
	hold := make(chan struct{})
	srv := serve(t, func(c *scriptedConn) {
		_ = c.Conn.(*net.TCPConn).SetReadBuffer(64 << 10) // else the kernel may take it all
		<-hold
		swallow(c)
	})
	t.Cleanup(func() { close(hold) }) // before the peer's own cleanup, which waits for the script
	return srv
}

// A request that still waits in the writer's queue is dropped when its context ends: not a byte of it leaves.
func TestCancelledInQueueIsNeverWritten(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	bodies := make(chan string, 10)
	srv := serve(t, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			bodies <- string(cmd.Body[:1])
			c.answer(cmd)
		}
	})
	var writes atomic.Int32
	c := newClient(t, Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		nc, err := new(net.Dialer).DialContext(ctx, network, addr)
		return countingConn{nc, &writes, hold, new(sync.Once)}, err
	}})
	results := make(chan error, 10)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Body: []byte("A")}, func(_ *wire.Command, err error) { results <- err })
	eventually(t, func() bool { return writes.Load() == 1 }, "the writer is stuck in the first frame")

	ctx, cancel := context.WithCancel(context.Background())
	dropped := make(chan error, 2)
	c.InvokeAsync(ctx, srv.addr, &Request{Body: []byte("B")}, func(_ *wire.Command, err error) { dropped <- err })
	go func() {
		_, err := c.Invoke(ctx, srv.addr, &Request{Body: []byte("C")})
		dropped <- err
	}()
	// One that times out in the queue, and one that stays.
	c.InvokeAsync(context.Background(), srv.addr, &Request{Body: []byte("D"), Deadline: time.Now().Add(30 * time.Millisecond)},
		func(_ *wire.Command, err error) { dropped <- err })
	err := <-dropped
	require.ErrorIs(t, err, ErrTimeout)
	require.False(t, failure(t, err).Sent)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Body: []byte("E")}, func(_ *wire.Command, err error) { results <- err })
	eventually(t, func() bool { return queued(c, srv.addr) == 3 }, "B, C and E are queued")

	cancel()
	for range 2 {
		err := <-dropped
		require.ErrorIs(t, err, context.Canceled)
		require.False(t, failure(t, err).Sent)
	}
	close(hold)
	require.NoError(t, <-results)
	require.NoError(t, <-results)
	require.Equal(t, "A", <-bodies)
	require.Equal(t, "E", <-bodies)
	require.Empty(t, bodies)
}

func theConn(c *Client, addr string) *conn {
	p := (*c.peers.Load())[peerKey{addr: addr}]
	if p == nil {
		return nil
	}
	return p.conn.Load()
}

func writerBusy(c *Client, addr string) bool {
	conn := theConn(c, addr)
	conn.mu.Lock()
	defer conn.mu.Unlock()
	return conn.writing && conn.queue.live == 0
}

func queued(c *Client, addr string) int {
	conn := theConn(c, addr)
	conn.mu.Lock()
	defer conn.mu.Unlock()
	return conn.queue.live
}

// A peer that never reads: the write deadline ends the connection; who was only queued was NotSent.
func TestPeerThatNeverReads(t *testing.T) {
	t.Parallel()
	srv := stuckPeer(t)
	c := newClient(t, Config{WriteTimeout: 200 * time.Millisecond})
	results := make(chan error, 2)
	deadline := time.Now().Add(time.Minute)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Code: 1, Body: make([]byte, 15<<20), Deadline: deadline},
		func(_ *wire.Command, err error) { results <- err })
	eventually(t, func() bool { return c.Connected(srv.addr) && writerBusy(c, srv.addr) }, "the writer is stuck")
	c.InvokeAsync(context.Background(), srv.addr, &Request{Code: 2, Deadline: deadline}, func(_ *wire.Command, err error) { results <- err })
	for range 2 {
		err := <-results
		require.ErrorIs(t, err, ErrConnectionLost)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		e := failure(t, err)
		require.Equal(t, e.Code == 1, e.Sent, "request %d", e.Code)
	}
}

// A failed write tells how far it got: requests beyond that were not sent.
func TestSentAfterFailedWrite(t *testing.T) {
	t.Parallel()
	srv := serve(t, swallow)
	hold := make(chan struct{})
	begun := make(chan struct{})
	c := newClient(t, Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		nc, err := new(net.Dialer).DialContext(ctx, network, addr)
		return &breakingConn{Conn: nc, hold: hold, begun: begun}, err
	}})
	type result struct {
		name string
		err  error
	}
	results := make(chan result, 4)
	send := func(name string) {
		c.InvokeAsync(context.Background(), srv.addr, &Request{Body: []byte(name)}, func(_ *wire.Command, err error) {
			results <- result{name, err}
		})
	}
	send("first")
	<-begun
	send("second")
	send("third")
	send("fourth")
	close(hold)
	sent := map[string]bool{}
	for range 4 {
		r := <-results
		require.ErrorIs(t, r.err, ErrConnectionLost)
		sent[r.name] = failure(t, r.err).Sent
	}
	require.Equal(t, map[string]bool{"first": true, "second": true, "third": false, "fourth": false}, sent)
}

// breakingConn lets the first write pass when hold is closed, and breaks in the second after 10 bytes.
type breakingConn struct {
	net.Conn
	hold, begun chan struct{}
	n           int
}

func (c *breakingConn) Write(p []byte) (int, error) {
	c.n++
	if c.n == 1 {
		close(c.begun)
		<-c.hold
		return c.Conn.Write(p)
	}
	n, _ := c.Conn.Write(p[:10])
	return n, io.ErrClosedPipe
}
