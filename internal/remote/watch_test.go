package remote

import (
	"context"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// virtual runs a test in virtual time, over connections in memory.
func virtual(t *testing.T, cfg Config, script func(c *scriptedConn), test func(t *testing.T, c *Client, net *pipes, log *recordingLogger)) {
	synctest.Test(t, func(t *testing.T) {
		net := &pipes{script: script}
		log := &recordingLogger{}
		cfg.Dial, cfg.Logger = net.dial, log
		c, err := New(cfg)
		require.NoError(t, err)
		defer func() {
			shutdown(t, c)
			net.wg.Wait()
		}()
		test(t, c, net, log)
	})
}

func TestIdleConnectionIsClosed(t *testing.T) {
	virtual(t, Config{}, echo, func(t *testing.T, c *Client, net *pipes, log *recordingLogger) {
		invoke(t, c, "a:1", "x")
		start := time.Now()
		for range 5 { // use keeps it open
			time.Sleep(100 * time.Second)
			invoke(t, c, "a:1", "x")
		}
		require.EqualValues(t, 1, net.dials.Load())
		last := time.Now()
		net.wg.Wait() // the peer sees the end of the connection
		require.Equal(t, 120*time.Second, time.Since(last))
		require.Equal(t, 500*time.Second, last.Sub(start))
		synctest.Wait()
		require.False(t, c.Connected("a:1"))
		require.Empty(t, c.group.Running())
		invoke(t, c, "a:1", "again")
		require.EqualValues(t, 2, net.dials.Load())
		require.Empty(t, log.all(), "nothing happened")
	})
}

// What the broker sends, or what is sent one-way, keeps a connection open as well.
func TestIdleCountsReadsAndWrites(t *testing.T) {
	virtual(t, Config{}, func(c *scriptedConn) {
		go swallow(c)
		for range 3 {
			time.Sleep(100 * time.Second)
			c.send(&wire.Head{Code: 40, Flag: wire.FlagOneWay}, nil)
		}
		time.Sleep(time.Hour)
	}, func(t *testing.T, c *Client, net *pipes, _ *recordingLogger) {
		require.NoError(t, c.InvokeOneWay(context.Background(), "a:1", &Request{}))
		time.Sleep(350 * time.Second)
		require.NoError(t, c.InvokeOneWay(context.Background(), "a:1", &Request{}))
		time.Sleep(119 * time.Second)
		require.True(t, c.Connected("a:1"))
		time.Sleep(2 * time.Second)
		require.False(t, c.Connected("a:1"))
		require.EqualValues(t, 1, net.dials.Load())
	})
}

// A peer that went silent: the connection is given up after SilenceTimeout, not at the first timeout.
func TestSilentPeerIsGivenUp(t *testing.T) {
	virtual(t, Config{SilenceTimeout: 2 * time.Second}, func(c *scriptedConn) {
		c.answer(c.next())
		swallow(c)
	}, func(t *testing.T, c *Client, net *pipes, log *recordingLogger) {
		invoke(t, c, "a:1", "fine")
		poll := make(chan error, 1)
		c.InvokeAsync(context.Background(), "a:1", &Request{Code: 11, Deadline: time.Now().Add(time.Hour)}, func(_ *wire.Command, err error) { poll <- err })
		time.Sleep(30 * time.Second) // a long poll that is held is not silence
		require.True(t, c.Connected("a:1"))
		start := time.Now()
		for i := range 4 {
			_, err := c.Invoke(context.Background(), "a:1", &Request{Deadline: time.Now().Add(500 * time.Millisecond)})
			require.ErrorIs(t, err, ErrTimeout)
			if i < 3 {
				synctest.Wait()
				require.Empty(t, poll)
			}
		}
		require.ErrorIs(t, <-poll, ErrConnectionLost)
		require.Less(t, time.Since(start), 2100*time.Millisecond)
		require.False(t, c.Connected("a:1"))
		require.Len(t, log.all(), 1)
		require.Contains(t, log.all()[0], errSilent.Error())
	})
}

// A peer that answers some requests is not silent, however many others time out.
func TestSlowPeerKeepsItsConnection(t *testing.T) {
	virtual(t, Config{}, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			if cmd.Code == 1 {
				c.answer(cmd)
			}
		}
	}, func(t *testing.T, c *Client, net *pipes, _ *recordingLogger) {
		for range 20 {
			result := make(chan error, 1)
			c.InvokeAsync(context.Background(), "a:1", &Request{Code: 2}, func(_ *wire.Command, err error) { result <- err })
			time.Sleep(time.Second)
			invoke(t, c, "a:1", "fine")
			require.ErrorIs(t, <-result, ErrTimeout)
		}
		require.EqualValues(t, 1, net.dials.Load())
	})
}

// A frame that drips in, one byte a second, blocks the connection for its FrameTimeout at most; the
// deadlines of requests hold meanwhile.
func TestSlowDrip(t *testing.T) {
	virtual(t, Config{FrameTimeout: 10 * time.Second}, func(c *scriptedConn) {
		if c.nth > 1 {
			echo(c)
			return
		}
		cmd := c.next()
		go swallow(c)
		frame, _ := wire.AppendFrame(nil, wire.JSON, &wire.Head{Opaque: cmd.Opaque, Flag: wire.FlagResponse}, nil, nil, nil)
		for i := range frame {
			if _, err := c.Write(frame[i : i+1]); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}, func(t *testing.T, c *Client, net *pipes, _ *recordingLogger) {
		start := time.Now()
		_, err := c.Invoke(context.Background(), "a:1", &Request{})
		require.ErrorIs(t, err, ErrTimeout)
		require.InDelta(t, 3, time.Since(start).Seconds(), 0.01)
		_, err = c.Invoke(context.Background(), "a:1", &Request{Deadline: time.Now().Add(time.Hour)})
		require.ErrorIs(t, err, ErrConnectionLost)
		require.ErrorIs(t, err, errSlowFrame)
		require.LessOrEqual(t, time.Since(start), 12*time.Second)
		time.Sleep(time.Second) // the backoff of a connection that never answered
		invoke(t, c, "a:1", "fine")
	})
}

// Half a frame and then nothing.
func TestHalfFrameThenSilence(t *testing.T) {
	virtual(t, Config{}, func(c *scriptedConn) {
		c.next()
		_, _ = c.Write([]byte{0, 0, 1, 0, 0, 0})
		swallow(c)
	}, func(t *testing.T, c *Client, net *pipes, _ *recordingLogger) {
		start := time.Now()
		_, err := c.Invoke(context.Background(), "a:1", &Request{Deadline: time.Now().Add(time.Hour)})
		require.ErrorIs(t, err, errSlowFrame)
		require.True(t, failure(t, err).Sent)
		require.LessOrEqual(t, time.Since(start), time.Minute)
	})
}

// A large frame in small pieces is not a drip.
func TestFrameInManyPieces(t *testing.T) {
	virtual(t, Config{}, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			frame, _ := wire.AppendFrame(nil, wire.JSON, &wire.Head{Opaque: cmd.Opaque, Flag: wire.FlagResponse}, nil, nil, cmd.Body)
			frame = append(frame, frame...) // the second is a duplicate
			for len(frame) > 0 {
				n := min(7, len(frame))
				_, _ = c.Write(frame[:n])
				frame = frame[n:]
				time.Sleep(time.Millisecond)
			}
		}
	}, func(t *testing.T, c *Client, net *pipes, _ *recordingLogger) {
		for range 3 {
			invoke(t, c, "a:1", "abcdefghijklmnopqrstuvwxyz")
		}
		require.EqualValues(t, 1, net.dials.Load())
	})
}

// If this process was stopped for a while, the answers that arrived meanwhile still count.
func TestAnswersThatWaitedInTheSocketCount(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	c := newClient(t, Config{})
	invoke(t, c, srv.addr, "x")
	block, blocked := make(chan struct{}), make(chan struct{})
	c.InvokeAsync(context.Background(), srv.addr, &Request{}, func(*wire.Command, error) {
		close(blocked)
		<-block // keeps the reader from reading, as a stopped process would
	})
	<-blocked
	result := make(chan error, 1)
	deadline := time.Now().Add(50 * time.Millisecond)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Deadline: deadline}, func(_ *wire.Command, err error) { result <- err })
	time.Sleep(time.Until(deadline) + 50*time.Millisecond) // real sockets: the deadline must pass while nobody reads
	close(block)
	require.NoError(t, <-result)
}

// Goroutines: two for each connection, nothing else, and no timer for a request.
func TestGoroutineLedger(t *testing.T) {
	t.Parallel()
	const n = 5
	c := newClient(t, Config{})
	var addrs []string
	for range n {
		addrs = append(addrs, serve(t, func(c *scriptedConn) {
			for cmd := c.next(); cmd != nil; cmd = c.next() {
				if cmd.Code == 1 {
					c.answer(cmd)
				}
			}
		}).addr)
	}
	var wg sync.WaitGroup
	for _, addr := range addrs {
		invoke(t, c, addr, "x")
		for range 200 { // long polls cost nothing
			wg.Add(1)
			c.InvokeAsync(context.Background(), addr, &Request{Code: 11, Deadline: time.Now().Add(time.Hour)},
				func(*wire.Command, error) { wg.Done() })
		}
	}
	var want []string
	for _, addr := range addrs {
		want = append(want, "remote reader "+addr, "remote writer "+addr)
	}
	eventually(t, func() bool { return len(c.group.Running()) == 2*n }, "2 goroutines a connection")
	require.ElementsMatch(t, want, c.group.Running())
	shutdown(t, c)
	wg.Wait()
	require.Empty(t, c.group.Running())
}

// Cutting the link for a minute under load: few dials, few lines.
func TestOutageIsQuiet(t *testing.T) {
	virtual(t, Config{}, echo, func(t *testing.T, c *Client, net *pipes, log *recordingLogger) {
		invoke(t, c, "a:1", "x")
		net.fail.Store(true)
		theConn(c, "a:1").fail(lost(io.EOF))
		before := net.dials.Load()
		var wg sync.WaitGroup
		end := time.Now().Add(time.Minute)
		for range 64 {
			wg.Go(func() {
				for time.Now().Before(end) {
					_, err := c.Invoke(context.Background(), "a:1", &Request{})
					if err == nil {
						t.Error("the link is cut")
					}
					time.Sleep(50 * time.Millisecond)
				}
			})
		}
		wg.Wait()
		require.LessOrEqual(t, net.dials.Load()-before, int32(75))
		require.LessOrEqual(t, len(log.all()), 2)
		net.fail.Store(false)
		time.Sleep(2 * time.Second)
		invoke(t, c, "a:1", "back")
	})
}
