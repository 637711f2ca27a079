package remote

import (
	"context"
	"fmt"
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

func TestInvoke(t *testing.T) {
	t.Parallel()
	for _, s := range []wire.Serialization{wire.JSON, wire.RocketMQ} {
		heads := make(chan *wire.Command, 10)
		srv := serve(t, func(c *scriptedConn) {
			for cmd := c.next(); cmd != nil; cmd = c.next() {
				heads <- cmd
				c.answerCode(cmd, 17, "no such topic")
			}
		})
		c := newClient(t, Config{Serialization: s})
		resp, err := c.Invoke(context.Background(), srv.addr, &Request{
			Code: 105, Header: wire.Fields{{Key: "topic", Value: "T"}}, Extra: []wire.Field{{Key: "bname", Value: "b"}},
			Body: []byte("body"), Remark: "hello",
		})
		require.NoError(t, err, "a code other than 0 is not an error here")
		require.EqualValues(t, 17, resp.Code)
		require.Equal(t, "no such topic", resp.Remark)

		sent := <-heads
		require.Equal(t, s, sent.Serialization)
		require.Equal(t, wire.Head{Code: 105, Language: wire.LanguageGo, Version: wire.Version, Opaque: 1, Remark: "hello"}, sent.Head)
		require.Equal(t, map[string]string{"topic": "T", "bname": "b"}, sent.FieldMap())
		require.Equal(t, "body", string(sent.Body))
		require.True(t, c.Connected(srv.addr))
		require.False(t, c.Connected("127.0.0.1:1"))
	}
}

func TestPOPCodesGoAsJSON(t *testing.T) {
	t.Parallel()
	got := make(chan *wire.Command, 1)
	srv := serve(t, func(c *scriptedConn) {
		cmd := c.next()
		got <- cmd
		c.answer(cmd)
	})
	c := newClient(t, Config{Serialization: wire.RocketMQ})
	_, err := c.Invoke(context.Background(), srv.addr, &Request{Code: 200050})
	require.NoError(t, err)
	cmd := <-got
	require.EqualValues(t, 200050, cmd.Code)
	require.Equal(t, wire.JSON, cmd.Serialization)
}

func TestOneWay(t *testing.T) {
	t.Parallel()
	got := make(chan *wire.Command, 10)
	srv := serve(t, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			got <- cmd
		}
	})
	c := newClient(t, Config{MaxInflight: 1})
	for range 5 { // with one permit: each is given back when the request is written
		require.NoError(t, c.InvokeOneWay(context.Background(), srv.addr, &Request{Code: 15}))
		cmd := <-got
		require.True(t, cmd.IsOneWay())
		require.False(t, cmd.IsResponse())
	}
}

// What is queued when Shutdown begins still leaves: offsets are committed one-way at the very end.
func TestOneWayBeforeShutdownIsWritten(t *testing.T) {
	t.Parallel()
	var got atomic.Int32
	srv := serve(t, func(c *scriptedConn) {
		for c.next() != nil {
			got.Inc()
		}
	})
	c := newClient(t, Config{})
	const n = 2000
	for range n {
		require.NoError(t, c.InvokeOneWay(context.Background(), srv.addr, &Request{Code: 15, Body: make([]byte, 100)}))
	}
	shutdown(t, c)
	eventually(t, func() bool { return got.Load() == n }, "all requests arrive")
}

func TestInvokeAsync(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	c := newClient(t, Config{})
	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Add(1)
		want := fmt.Sprint(i)
		c.InvokeAsync(context.Background(), srv.addr, &Request{Code: 1, Body: []byte(want)}, func(resp *wire.Command, err error) {
			defer wg.Done()
			if err != nil || string(resp.Body) != want {
				t.Errorf("got %v, %v; want %s", resp, err, want)
			}
		})
	}
	wg.Wait()
}

// Frames leave in the order in which one caller gives them, from the first on, when there is no
// connection yet.
func TestOrderOfOneCaller(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	got := map[byte][]int{}
	srv := serve(t, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			mu.Lock()
			got[cmd.Body[0]] = append(got[cmd.Body[0]], int(cmd.Body[1])<<8|int(cmd.Body[2]))
			mu.Unlock()
			c.answer(cmd)
		}
	})
	c := newClient(t, Config{})
	var wg sync.WaitGroup
	for caller := range 4 {
		wg.Go(func() {
			for i := range 1000 {
				wg.Add(1)
				c.InvokeAsync(context.Background(), srv.addr, &Request{Body: []byte{byte(caller), byte(i >> 8), byte(i)}},
					func(*wire.Command, error) { wg.Done() })
			}
		})
	}
	wg.Wait()
	for caller := range 4 {
		require.Len(t, got[byte(caller)], 1000)
		for i, n := range got[byte(caller)] {
			require.Equal(t, i, n)
		}
	}
}

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

func TestDeadline(t *testing.T) {
	t.Parallel()
	srv := serve(t, swallow)
	c := newClient(t, Config{RequestTimeout: 50 * time.Millisecond})
	soon := func() time.Time { return time.Now().Add(50 * time.Millisecond) }
	for name, try := range map[string]func() error{
		"request": func() error {
			_, err := c.Invoke(context.Background(), srv.addr, &Request{Deadline: soon()})
			return err
		},
		"context": func() error {
			ctx, cancel := context.WithDeadline(context.Background(), soon())
			defer cancel()
			_, err := c.Invoke(ctx, srv.addr, &Request{Deadline: time.Now().Add(time.Hour)})
			return err
		},
		"default": func() error {
			_, err := c.Invoke(context.Background(), srv.addr, &Request{})
			return err
		},
		"async": func() error {
			result := make(chan error, 1)
			c.InvokeAsync(context.Background(), srv.addr, &Request{Deadline: soon()}, func(_ *wire.Command, err error) { result <- err })
			return <-result
		},
		"async context": func() error {
			ctx, cancel := context.WithDeadline(context.Background(), soon())
			defer cancel()
			result := make(chan error, 1)
			c.InvokeAsync(ctx, srv.addr, &Request{}, func(_ *wire.Command, err error) { result <- err })
			return <-result
		},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			err := try()
			require.ErrorIs(t, err, ErrTimeout)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.True(t, failure(t, err).Timeout())
			require.True(t, failure(t, err).Sent)
			require.GreaterOrEqual(t, time.Since(start), 45*time.Millisecond)
			require.Less(t, time.Since(start), 2*time.Second)
		})
	}
	require.EqualValues(t, 1, srv.accepted.Load(), "short timeouts do not cost the connection")
}

func TestDeadlinesInAnyOrder(t *testing.T) {
	t.Parallel()
	srv := serve(t, swallow)
	c := newClient(t, Config{})
	invokeReady(t, c, srv.addr)
	start := time.Now()
	var mu sync.Mutex
	var order []int
	var wg sync.WaitGroup
	for _, ms := range []int{300, 100, 200, 50, 250, 150} {
		wg.Add(1)
		c.InvokeAsync(context.Background(), srv.addr, &Request{Deadline: start.Add(time.Duration(ms) * time.Millisecond)},
			func(_ *wire.Command, err error) {
				defer wg.Done()
				if took := time.Since(start); took < time.Duration(ms)*time.Millisecond {
					t.Errorf("%d ms expired after %v: %v", ms, took, err)
				}
				mu.Lock()
				order = append(order, ms)
				mu.Unlock()
			})
	}
	wg.Wait()
	require.Equal(t, []int{50, 100, 150, 200, 250, 300}, order)
}

// invokeReady makes the connection with a request that nobody answers.
func invokeReady(t *testing.T, c *Client, addr string) {
	require.NoError(t, c.InvokeOneWay(context.Background(), addr, &Request{}))
}

func TestPastDeadlineSendsNothing(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{Dial: func(context.Context, string, string) (net.Conn, error) {
		t.Error("dialled")
		return nil, io.EOF
	}})
	_, err := c.Invoke(context.Background(), "x:1", &Request{Deadline: time.Now().Add(-time.Second)})
	require.ErrorIs(t, err, ErrTimeout)
	require.False(t, failure(t, err).Sent)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = c.Invoke(ctx, "x:1", &Request{})
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, failure(t, err).Sent)
	require.ErrorIs(t, c.InvokeOneWay(ctx, "x:1", &Request{}), context.Canceled)
	calls := 0
	c.InvokeAsync(ctx, "x:1", &Request{}, func(_ *wire.Command, err error) {
		calls++
		require.ErrorIs(t, err, context.Canceled)
	})
	require.Equal(t, 1, calls)
}

func TestCancelWhileWaitingForTheAnswer(t *testing.T) {
	t.Parallel()
	got := make(chan struct{}, 2)
	srv := serve(t, func(c *scriptedConn) {
		for c.next() != nil {
			got <- struct{}{}
		}
	})
	c := newClient(t, Config{})
	req := &Request{Deadline: time.Now().Add(time.Minute)}
	for name, start := range map[string]func(ctx context.Context, done chan<- error){
		"sync": func(ctx context.Context, done chan<- error) {
			go func() {
				_, err := c.Invoke(ctx, srv.addr, req)
				done <- err
			}()
		},
		"async": func(ctx context.Context, done chan<- error) {
			c.InvokeAsync(ctx, srv.addr, req, func(_ *wire.Command, err error) { done <- err })
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan error, 1)
			start(ctx, done)
			<-got
			begin := time.Now()
			cancel()
			err := <-done
			require.ErrorIs(t, err, context.Canceled)
			require.True(t, failure(t, err).Sent)
			require.Less(t, time.Since(begin), time.Second)
		})
	}
}

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

func TestLateDuplicateAndUnknownAnswers(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(c *scriptedConn) {
		first := c.next()
		second := c.next()
		c.send(&wire.Head{Opaque: 4711, Flag: wire.FlagResponse}, nil) // never asked
		c.send(&wire.Head{Opaque: second.Opaque + 1, Flag: wire.FlagResponse}, []byte("too early"))
		c.answer(first) // too late
		c.answer(second)
		c.answer(second) // twice
		third := c.next()
		c.answer(third)
		c.next()
	})
	log := &recordingLogger{}
	c := newClient(t, Config{Logger: log})
	_, err := c.Invoke(context.Background(), srv.addr, &Request{Deadline: time.Now().Add(20 * time.Millisecond), Body: []byte("one")})
	require.ErrorIs(t, err, ErrTimeout)
	invoke(t, c, srv.addr, "two")
	invoke(t, c, srv.addr, "three")
	require.EqualValues(t, 1, srv.accepted.Load())
	require.Empty(t, log.all())
}

func TestFrameTooLargeIsNotSent(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	c := newClient(t, Config{MaxFrameSize: 1 << 20})
	invoke(t, c, srv.addr, "fine")
	_, err := c.Invoke(context.Background(), srv.addr, &Request{Body: make([]byte, 1<<20)})
	require.ErrorIs(t, err, ErrFrameTooLarge)
	require.False(t, failure(t, err).Sent)
	require.ErrorIs(t, c.InvokeOneWay(context.Background(), srv.addr, &Request{Body: make([]byte, 1<<20)}), ErrFrameTooLarge)
	result := make(chan error, 1)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Body: make([]byte, 1<<20)}, func(_ *wire.Command, err error) { result <- err })
	require.ErrorIs(t, <-result, ErrFrameTooLarge)
	invoke(t, c, srv.addr, "fine")
	require.EqualValues(t, 1, srv.accepted.Load(), "others keep their connection")
}
