package remote

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// V2: the peer closes right after the request. The peer's Go client waits for its whole timeout.
func TestV02_ConnectionLossFailsInFlightAtOnce(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(c *scriptedConn) { c.next() })
	c := newClient(t, Config{})
	start := time.Now()
	_, err := c.Invoke(context.Background(), srv.addr, &Request{Code: 11, Deadline: start.Add(30 * time.Second)})
	require.ErrorIs(t, err, ErrConnectionLost)
	require.ErrorIs(t, err, io.EOF)
	e := failure(t, err)
	require.True(t, e.Sent, "the peer has read it")
	require.Equal(t, "receive", e.Op)
	require.Equal(t, srv.addr, e.Addr)
	require.EqualValues(t, 11, e.Code)
	require.Less(t, time.Since(start), 2*time.Second)
}

func TestV02_AllInFlightFailTogether(t *testing.T) {
	t.Parallel()
	const n = 500
	closeIt := make(chan struct{})
	srv := serve(t, func(c *scriptedConn) {
		for range n {
			c.next()
		}
		close(closeIt)
	})
	c := newClient(t, Config{})
	results := make(chan error, n)
	for range n {
		c.InvokeAsync(context.Background(), srv.addr, &Request{Deadline: time.Now().Add(30 * time.Second)},
			func(_ *wire.Command, err error) { results <- err })
	}
	<-closeIt
	start := time.Now()
	for range n {
		require.ErrorIs(t, <-results, ErrConnectionLost)
	}
	require.Less(t, time.Since(start), 2*time.Second)
}

// V3: a frame with a negative length. The peer's Go client loses its reader and keeps the connection.
func TestV03_BadFrameClosesTheConnection(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string][]byte{
		"negative length":  {0xff, 0xff, 0xff, 0xf0, 0, 0, 0, 0},
		"huge length":      {0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0},
		"length too small": {0, 0, 0, 1, 0},
		"header too long":  {0, 0, 0, 8, 0, 0, 0xff, 0xff, 1, 2, 3, 4},
		"garbage header":   {0, 0, 0, 10, 0, 0, 0, 6, 'g', 'a', 'r', 'b', 'l', 'e'},
		"unknown type":     {0, 0, 0, 6, 9, 0, 0, 2, '{', '}'},
		"HTTP":             []byte("HTTP/1.1 400 Bad Request\r\n\r\n"),
		"TLS alert":        {0x15, 3, 3, 0, 2, 2, 40},
		"half a frame":     {0, 0, 0, 200, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gone := make(chan struct{})
			srv := serve(t, func(c *scriptedConn) {
				if c.nth > 1 {
					echo(c)
					return
				}
				c.next()
				_, _ = c.Write(bad)
				if name == "half a frame" {
					return
				}
				c.next() // nil: the client closes
				close(gone)
			})
			log := &recordingLogger{}
			c := newClient(t, Config{Logger: log, BackoffMin: time.Millisecond, BackoffMax: time.Millisecond})
			_, err := c.Invoke(context.Background(), srv.addr, &Request{Deadline: time.Now().Add(30 * time.Second)})
			require.ErrorIs(t, err, ErrConnectionLost)
			require.True(t, failure(t, err).Sent)
			switch name {
			case "half a frame":
				require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			default:
				var fe *wire.FrameError
				require.ErrorAs(t, err, &fe)
				<-gone
			}
			// The next request makes a new connection.
			eventually(t, func() bool {
				_, err := c.Invoke(context.Background(), srv.addr, &Request{})
				return err == nil
			}, "works again")
			require.Len(t, log.all(), 1)
		})
	}
}

// countingConn counts the calls of Write.
type countingConn struct {
	net.Conn
	writes *atomic.Int32
	hold   chan struct{} // when not nil: the first write waits for it
	once   *sync.Once
}

func (c countingConn) Write(p []byte) (int, error) {
	c.writes.Inc()
	if c.hold != nil {
		c.once.Do(func() { <-c.hold })
	}
	return c.Conn.Write(p)
}

// V4: one write for a request, and one for all requests that wait. The peer's Go client makes four for each.
func TestV04_OneWritePerRequestAndForAllThatWait(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	var writes atomic.Int32
	hold := make(chan struct{})
	c := newClient(t, Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		nc, err := new(net.Dialer).DialContext(ctx, network, addr)
		return countingConn{nc, &writes, hold, new(sync.Once)}, err
	}})
	results := make(chan error, 101)
	send := func() {
		c.InvokeAsync(context.Background(), srv.addr, &Request{Header: wire.Fields{{Key: "k", Value: "v"}}, Body: make([]byte, 1024)},
			func(_ *wire.Command, err error) { results <- err })
	}
	send()
	eventually(t, func() bool { return writes.Load() == 1 }, "the first write begins")
	for range 100 { // 100 KiB: they fit one chunk
		send()
	}
	close(hold)
	for range 101 {
		require.NoError(t, <-results)
	}
	require.EqualValues(t, 2, writes.Load())

	writes.Store(0)
	for range 10 {
		send()
		require.NoError(t, <-results)
	}
	require.EqualValues(t, 10, writes.Load(), "one write a request")
}
