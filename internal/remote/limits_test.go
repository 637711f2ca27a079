package remote

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func TestInflightLimit(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := serve(t, func(c *scriptedConn) {
		<-release
		echo(c)
	})
	healthy := serve(t, echo)
	c := newClient(t, Config{MaxInflight: 3})
	results := make(chan error, 10)
	send := func(ctx context.Context, req *Request) {
		c.InvokeAsync(ctx, srv.addr, req, func(_ *wire.Command, err error) { results <- err })
	}
	long := time.Now().Add(time.Minute)
	for range 3 {
		send(context.Background(), &Request{Deadline: long})
	}

	start := time.Now()
	_, err := c.Invoke(context.Background(), srv.addr, &Request{Deadline: start.Add(50 * time.Millisecond)})
	require.ErrorIs(t, err, ErrTooManyInFlight)
	require.ErrorIs(t, err, ErrTimeout)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.False(t, failure(t, err).Sent)
	require.GreaterOrEqual(t, time.Since(start), 50*time.Millisecond, "it waits for its turn")

	start = time.Now()
	_, err = c.Invoke(context.Background(), srv.addr, &Request{Deadline: long, NoWait: true})
	require.ErrorIs(t, err, ErrTooManyInFlight)
	require.NotErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 5*time.Second)

	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	require.ErrorIs(t, c.InvokeOneWay(ctx, srv.addr, &Request{Deadline: long}), context.Canceled)

	invoke(t, c, healthy.addr, "the limit is for each address")

	blocked := make(chan struct{})
	go func() {
		send(context.Background(), &Request{Deadline: long}) // blocks in InvokeAsync
		close(blocked)
	}()
	close(release)
	<-blocked
	for range 4 {
		require.NoError(t, <-results)
	}
}

// Under back-pressure nothing is lost and the bound is never exceeded.
func TestInflightLimitUnderLoad(t *testing.T) {
	t.Parallel()
	const limit, n = 10, 2000
	var inPeer, most atomic.Int32
	srv := serve(t, func(c *scriptedConn) {
		cmds := make(chan *wire.Command, n)
		var wg sync.WaitGroup
		wg.Go(func() {
			for cmd := range cmds {
				inPeer.Dec()
				c.answer(cmd)
			}
		})
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			if v := inPeer.Inc(); v > most.Load() {
				most.Store(v)
			}
			cmds <- cmd
		}
		close(cmds)
		wg.Wait()
	})
	c := newClient(t, Config{MaxInflight: limit})
	var wg, done sync.WaitGroup
	done.Add(n)
	for range 8 {
		wg.Go(func() {
			for range n / 8 {
				c.InvokeAsync(context.Background(), srv.addr, &Request{}, func(_ *wire.Command, err error) {
					if err != nil {
						t.Error(err)
					}
					done.Done()
				})
			}
		})
	}
	wg.Wait()
	done.Wait()
	require.LessOrEqual(t, most.Load(), int32(limit))
	p := (*c.peers.Load())[peerKey{addr: srv.addr}]
	require.Empty(t, p.permits)
}

// A callback may send the next request to an address at its limit.
func TestCallbackMaySendAgain(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	c := newClient(t, Config{MaxInflight: 1})
	done := make(chan error, 1)
	n := 0
	var next func(*wire.Command, error)
	next = func(_ *wire.Command, err error) {
		if n++; n == 100 || err != nil {
			done <- err
			return
		}
		c.InvokeAsync(context.Background(), srv.addr, &Request{NoWait: true}, next)
	}
	next(nil, nil)
	require.NoError(t, <-done)
}

func TestConfigValidation(t *testing.T) {
	t.Parallel()
	for field, cfg := range map[string]Config{
		"ConnectTimeout": {ConnectTimeout: -1},
		"RequestTimeout": {RequestTimeout: -1},
		"WriteTimeout":   {WriteTimeout: -1},
		"IdleTimeout":    {IdleTimeout: -1},
		"SilenceTimeout": {SilenceTimeout: -1},
		"FrameTimeout":   {FrameTimeout: -1},
		"BackoffMin":     {BackoffMin: -1},
		"BackoffMax":     {BackoffMin: time.Second, BackoffMax: time.Millisecond},
		"MaxFrameSize":   {MaxFrameSize: -1},
		"MaxInflight":    {MaxInflight: 1 << 30},
		"HandlerWorkers": {HandlerWorkers: -1},
		"HandlerQueue":   {HandlerQueue: -5},
		"serialization":  {Serialization: 7},
	} {
		c, err := New(cfg)
		require.ErrorContains(t, err, field)
		require.Nil(t, c)
	}
	c, err := New(Config{})
	require.NoError(t, err)
	require.Equal(t, 3*time.Second, c.cfg.ConnectTimeout)
	require.Equal(t, 120*time.Second, c.cfg.IdleTimeout)
	require.Equal(t, 65535, c.cfg.MaxInflight)
	require.Equal(t, wire.LanguageGo, c.cfg.Language)
	require.NoError(t, c.Shutdown(context.Background()))
}
