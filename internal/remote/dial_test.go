package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

var errRefused = errors.New("refused by test")

// A thousand requests to a new address make one connection.
func TestDialStormIsOneDial(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	var dials atomic.Int32
	c := newClient(t, Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		dials.Inc()
		time.Sleep(20 * time.Millisecond) // so that everybody comes while it lasts
		return new(net.Dialer).DialContext(ctx, network, addr)
	}})
	var wg sync.WaitGroup
	for range 1000 {
		wg.Go(func() {
			if _, err := c.Invoke(context.Background(), srv.addr, &Request{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, dials.Load())
}

// An address that never answers the dial delays nobody else, and asynchronous calls to it return at once.
func TestBlackHoleDelaysNobody(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	c := newClient(t, Config{ConnectTimeout: time.Minute, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr == "blackhole:1" {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}})
	start := time.Now()
	results := make(chan error, 100)
	for range 100 {
		c.InvokeAsync(context.Background(), "blackhole:1", &Request{Deadline: start.Add(300 * time.Millisecond)},
			func(_ *wire.Command, err error) { results <- err })
	}
	for range 20 {
		invoke(t, c, srv.addr, "healthy")
	}
	require.Empty(t, results, "all that took less than 300 ms")
	require.Less(t, time.Since(start), 300*time.Millisecond)

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := c.Invoke(ctx, "blackhole:1", &Request{})
	require.ErrorIs(t, err, ErrTimeout)
	require.False(t, failure(t, err).Sent)
	require.ErrorIs(t, c.InvokeOneWay(ctx, "blackhole:1", &Request{}), ErrTimeout)

	for range 100 {
		err := <-results
		require.ErrorIs(t, err, ErrTimeout)
		e := failure(t, err)
		require.False(t, e.Sent)
		require.Equal(t, "dial", e.Op)
	}
	require.Less(t, time.Since(start), 5*time.Second)
}

// pipes is a Dial hook whose connections are in memory, so that time can be virtual.
type pipes struct {
	dials  atomic.Int32
	fail   atomic.Bool
	script func(c *scriptedConn)
	wg     sync.WaitGroup
}

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	nth := int(p.dials.Inc())
	if p.fail.Load() {
		return nil, errRefused
	}
	ours, theirs := net.Pipe()
	p.wg.Go(func() {
		defer theirs.Close()
		p.script(&scriptedConn{Conn: theirs, frames: wire.NewReader(theirs, 0), nth: nth})
	})
	return ours, nil
}

func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &pipes{script: echo}
		net.fail.Store(true)
		log := &recordingLogger{}
		c := newClient(t, Config{Dial: net.dial, Logger: log, BackoffMin: 100 * time.Millisecond, BackoffMax: 2 * time.Second})
		start := time.Now()
		attempts := 0
		var pauses []time.Duration
		last := start
		for time.Since(start) < 10*time.Second {
			_, err := c.Invoke(context.Background(), "a:1", &Request{})
			require.ErrorIs(t, err, errRefused, "during the backoff the last error is returned")
			e := failure(t, err)
			require.Equal(t, "dial", e.Op)
			require.False(t, e.Sent)
			if n := int(net.dials.Load()); n > attempts {
				attempts = n
				pauses = append(pauses, time.Since(last))
				last = time.Now()
			}
			time.Sleep(10 * time.Millisecond) // virtual
		}
		require.GreaterOrEqual(t, attempts, 8)
		require.LessOrEqual(t, attempts, 20)
		require.GreaterOrEqual(t, pauses[1], 50*time.Millisecond)
		require.LessOrEqual(t, pauses[1], 120*time.Millisecond)
		for _, pause := range pauses[7:] {
			require.GreaterOrEqual(t, pause, time.Second)
			require.LessOrEqual(t, pause, 2*time.Second+20*time.Millisecond, "the cap holds with jitter")
		}
		require.Len(t, log.all(), 1, "one line for the streak")

		// Recovered: used again within the cap; the next loss is followed by an immediate dial.
		net.fail.Store(false)
		time.Sleep(2 * time.Second)
		invoke(t, c, "a:1", "back")
		dials := net.dials.Load()
		c.CloseConn("a:1")
		invoke(t, c, "a:1", "at once")
		require.Equal(t, dials+1, net.dials.Load())
		shutdown(t, c)
		net.wg.Wait()
	})
}

// A peer that accepts and closes is not dialled in a loop.
func TestLossBeforeFirstAnswerBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &pipes{script: func(c *scriptedConn) {}}
		log := &recordingLogger{}
		c := newClient(t, Config{Dial: net.dial, Logger: log})
		for range 1000 {
			_, err := c.Invoke(context.Background(), "a:1", &Request{})
			require.ErrorIs(t, err, ErrConnectionLost)
			time.Sleep(10 * time.Millisecond) // virtual
		}
		require.LessOrEqual(t, net.dials.Load(), int32(25), "in 10 s")
		require.LessOrEqual(t, len(log.all()), 1)
		shutdown(t, c)
		net.wg.Wait()
	})
}

func TestBackoffDurations(t *testing.T) {
	t.Parallel()
	for n := 1; n < 200; n++ {
		d := backoff(50*time.Millisecond, 2*time.Second, n)
		want := 2 * time.Second
		if n <= 6 {
			want = 50 * time.Millisecond << (n - 1)
		}
		require.LessOrEqual(t, d, want, "n=%d", n)
		require.GreaterOrEqual(t, d, want/2, "n=%d", n)
	}
}

// A dial hook that ignores its context does not take the callers with it.
func TestDialHookThatIgnoresItsContext(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	c, err := New(Config{ConnectTimeout: time.Millisecond, Dial: func(context.Context, string, string) (net.Conn, error) {
		<-release
		return nil, errRefused
	}})
	require.NoError(t, err)
	_, err = c.Invoke(context.Background(), "a:1", &Request{Deadline: time.Now().Add(30 * time.Millisecond)})
	require.ErrorIs(t, err, ErrTimeout)

	ctx, cancel := context.WithCancel(context.Background())
	cancelled := make(chan error, 1)
	c.InvokeAsync(ctx, "a:1", &Request{Deadline: time.Now().Add(time.Hour)}, func(_ *wire.Command, err error) { cancelled <- err })
	cancel()
	err = <-cancelled
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, failure(t, err).Sent)

	waiting := make(chan error, 1)
	c.InvokeAsync(context.Background(), "a:1", &Request{Deadline: time.Now().Add(time.Hour)}, func(_ *wire.Command, err error) { waiting <- err })
	ctx, cancel = context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	err = c.Shutdown(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "remote dialer a:1")
	require.ErrorIs(t, <-waiting, ErrClosed)
	close(release)
	require.NoError(t, c.group.Wait(context.Background()))
}

func TestOnConnect(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	connected := make(chan string, 10)
	var c *Client
	ready := make(chan struct{})
	c = newClient(t, Config{VIPChannel: true, OnConnect: func(addr string, _ time.Time) {
		<-ready
		if _, err := c.Invoke(context.Background(), addr, &Request{Code: 34}); err != nil { // as a heartbeat does
			t.Error(err)
		}
		connected <- addr
	}})
	close(ready)
	invoke(t, c, srv.addr, "x")
	require.Equal(t, srv.addr, <-connected)
	c.CloseConn(srv.addr)
	invoke(t, c, srv.addr, "y")
	require.Equal(t, srv.addr, <-connected)
	require.Empty(t, connected)
}

func TestVIPChannel(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"10.0.0.1:10911": "10.0.0.1:10909", "[::1]:10911": "[::1]:10909", "broker:3": "broker:1",
		"broker:2": "broker:2", "broker": "broker", "broker:x": "broker:x", "": "",
	} {
		require.Equal(t, want, VIPAddr(addr))
	}
	dialled := make(chan string, 10)
	dial := func(_ context.Context, _, addr string) (net.Conn, error) {
		dialled <- addr
		return nil, errRefused
	}
	on := newClient(t, Config{VIPChannel: true, Dial: dial})
	_, _ = on.Invoke(context.Background(), "b:10911", &Request{VIP: true})
	require.Equal(t, "b:10909", <-dialled)
	_, _ = on.Invoke(context.Background(), "b:10911", &Request{})
	require.Equal(t, "b:10911", <-dialled)
	off := newClient(t, Config{Dial: dial})
	_, _ = off.Invoke(context.Background(), "b:10911", &Request{VIP: true})
	require.Equal(t, "b:10911", <-dialled)
}

func TestIPv6(t *testing.T) {
	t.Parallel()
	dialled := make(chan string, 1)
	c := newClient(t, Config{Dial: func(_ context.Context, _, addr string) (net.Conn, error) {
		dialled <- addr
		return nil, errRefused
	}})
	_, err := c.Invoke(context.Background(), "[2001:db8::1]:10911", &Request{})
	require.ErrorIs(t, err, errRefused)
	require.Equal(t, "[2001:db8::1]:10911", <-dialled)
	require.Equal(t, "2001:db8::1", tlsConfig(&tls.Config{}, "[2001:db8::1]:10911").ServerName)
	require.Equal(t, "broker", tlsConfig(&tls.Config{}, "broker:10911").ServerName)
	require.Equal(t, "given", tlsConfig(&tls.Config{ServerName: "given"}, "broker:10911").ServerName)
}

// A dial that ends after Shutdown leaves no connection behind.
func TestDialEndsAfterShutdown(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	ours, theirs := net.Pipe()
	c, err := New(Config{Logger: &recordingLogger{}, Dial: func(context.Context, string, string) (net.Conn, error) {
		<-release
		return ours, nil
	}})
	require.NoError(t, err)
	result := make(chan error, 1)
	c.InvokeAsync(context.Background(), "a:1", &Request{}, func(_ *wire.Command, err error) { result <- err })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, c.Shutdown(ctx), context.Canceled)
	require.ErrorIs(t, <-result, ErrClosed)
	close(release)
	_, err = theirs.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "closed")
	require.NoError(t, c.group.Wait(context.Background()))
}

// A connection that ends while the parked calls are moved to it: each of them still ends once.
func TestConnectionThatEndsAtOnce(t *testing.T) {
	t.Parallel()
	const n = 2000
	c := newClient(t, Config{BackoffMin: time.Microsecond, BackoffMax: time.Microsecond})
	var dials atomic.Int32
	begin := make(chan struct{})
	c.cfg.Dial = func(context.Context, string, string) (net.Conn, error) {
		dials.Inc()
		<-begin
		ours, theirs := net.Pipe()
		_ = theirs.Close()
		return ours, nil
	}
	results := make(chan error, n)
	for range n {
		c.InvokeAsync(context.Background(), "a:1", &Request{}, func(_ *wire.Command, err error) { results <- err })
	}
	close(begin)
	for range n {
		require.ErrorIs(t, <-results, ErrConnectionLost)
	}
	p := (*c.peers.Load())[peerKey{addr: "a:1"}]
	require.Empty(t, p.permits)
	require.EqualValues(t, 1, dials.Load())
}

func TestDialHookThatPanics(t *testing.T) {
	t.Parallel()
	log := &recordingLogger{}
	c := newClient(t, Config{Logger: log, Dial: func(context.Context, string, string) (net.Conn, error) { panic("no route") }})
	_, err := c.Invoke(context.Background(), "a:1", &Request{})
	require.ErrorContains(t, err, "no route")
	require.Equal(t, "dial", failure(t, err).Op)
	require.True(t, log.contains("dial_test.go"), "the stack is logged")
}

func TestUnknownHostAndBadAddress(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{})
	for _, addr := range []string{"", "no-port", "127.0.0.1:99999"} {
		_, err := c.Invoke(context.Background(), addr, &Request{})
		e := failure(t, err)
		require.Equal(t, "dial", e.Op, addr)
		require.False(t, e.Sent)
	}
}
