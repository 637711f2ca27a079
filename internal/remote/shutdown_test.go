package remote

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func TestShutdown(t *testing.T) {
	t.Parallel()
	srv := serve(t, swallow)
	c := newClient(t, Config{})
	results := make(chan error, 3)
	deadline := time.Now().Add(time.Minute)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Deadline: deadline}, func(_ *wire.Command, err error) { results <- err })
	go func() {
		_, err := c.Invoke(context.Background(), srv.addr, &Request{Deadline: deadline})
		results <- err
	}()
	eventually(t, func() bool { return inFlight(c, srv.addr) == 2 }, "both are in flight")
	start := time.Now()
	shutdown(t, c)
	for range 2 {
		err := <-results
		require.ErrorIs(t, err, ErrClosed)
		require.True(t, failure(t, err).Sent)
	}
	require.Less(t, time.Since(start), 2*time.Second)

	_, err := c.Invoke(context.Background(), srv.addr, &Request{})
	require.ErrorIs(t, err, ErrClosed)
	require.False(t, failure(t, err).Sent)
	_, err = c.Invoke(context.Background(), "new:1", &Request{})
	require.ErrorIs(t, err, ErrClosed)
	require.ErrorIs(t, c.InvokeOneWay(context.Background(), srv.addr, &Request{}), ErrClosed)
	calls := 0
	for _, addr := range []string{srv.addr, "other:1"} {
		c.InvokeAsync(context.Background(), addr, &Request{}, func(_ *wire.Command, err error) {
			calls++
			require.ErrorIs(t, err, ErrClosed)
		})
	}
	require.Equal(t, 2, calls)
	require.False(t, c.Connected(srv.addr))
	c.CloseConn(srv.addr)
	shutdown(t, c)
}

func inFlight(c *Client, addr string) int {
	conn := theConn(c, addr)
	if conn == nil {
		return 0
	}
	conn.mu.Lock()
	defer conn.mu.Unlock()
	n := 0
	for _, cl := range conn.pending {
		if cl.sentAt != 0 {
			n++
		}
	}
	return n
}

func TestShutdownUnusedTwiceConcurrently(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{})
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { shutdown(t, c) })
	}
	wg.Wait()
}

// A peer that reads nothing does not hold Shutdown longer than its context.
func TestShutdownWithStuckWriter(t *testing.T) {
	t.Parallel()
	srv := stuckPeer(t)
	c, err := New(Config{WriteTimeout: time.Hour, Logger: &recordingLogger{}})
	require.NoError(t, err)
	result := make(chan error, 1)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Body: make([]byte, 15<<20), Deadline: time.Now().Add(time.Hour)},
		func(_ *wire.Command, err error) { result <- err })
	eventually(t, func() bool { return c.Connected(srv.addr) && writerBusy(c, srv.addr) }, "the writer is stuck")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, c.Shutdown(ctx), context.DeadlineExceeded)
	require.ErrorIs(t, <-result, ErrClosed)
	require.NoError(t, c.group.Wait(context.Background()), "the connection was closed all the same")
}

// Shutdown returns after the last callback, also of calls that end in that moment.
func TestShutdownWaitsForCallbacks(t *testing.T) {
	t.Parallel()
	srv := serve(t, swallow)
	for range 50 {
		c := newClient(t, Config{})
		ctx, cancel := context.WithCancel(context.Background())
		var started, done atomic.Int32
		for range 20 {
			started.Inc()
			c.InvokeAsync(ctx, srv.addr, &Request{Deadline: time.Now().Add(time.Minute)}, func(*wire.Command, error) { done.Inc() })
		}
		go cancel()
		shutdown(t, c)
		require.Equal(t, started.Load(), done.Load())
	}
}

func TestCloseConn(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			if cmd.Code == 1 {
				c.answer(cmd)
			}
		}
	})
	log := &recordingLogger{}
	c := newClient(t, Config{Logger: log})
	c.CloseConn(srv.addr) // nothing there
	invoke(t, c, srv.addr, "x")
	result := make(chan error, 1)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Code: 2}, func(_ *wire.Command, err error) { result <- err })
	c.CloseConn(srv.addr)
	require.ErrorIs(t, <-result, ErrConnectionLost)
	invoke(t, c, srv.addr, "y")
	require.EqualValues(t, 2, srv.accepted.Load())
	require.Empty(t, log.all(), "it was our decision")
}

// 200 × New, Invoke, Shutdown: no goroutine, connection or timer is left.
func TestManyClientsLeaveNothing(t *testing.T) {
	srv := serve(t, echo)
	silent := serve(t, swallow)
	cycle := func() {
		c := newClient(t, Config{})
		invoke(t, c, srv.addr, "x")
		c.InvokeAsync(context.Background(), silent.addr, &Request{Deadline: time.Now().Add(time.Hour)}, func(*wire.Command, error) {})
		shutdown(t, c)
		require.Empty(t, c.group.Running())
	}
	cycle()
	eventually(t, func() bool { return open(srv)+open(silent) == 0 }, "warm-up is over")
	before := runtime.NumGoroutine()
	for range 200 {
		cycle()
	}
	eventually(t, func() bool { return open(srv)+open(silent) == 0 }, "the peers see every connection end")
	eventually(t, func() bool { return runtime.NumGoroutine() <= before }, "no goroutine is left")
}

// open counts the peer's connections that still run.
func open(s *scripted) int { return int(s.alive.Load()) }
