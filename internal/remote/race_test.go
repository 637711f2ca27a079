package remote

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// moody answers, answers late or twice, stays silent, says GO_AWAY, or hangs up.
func moody(c *scriptedConn) {
	for cmd := c.next(); cmd != nil; cmd = c.next() {
		if cmd.IsOneWay() {
			continue
		}
		switch n := rand.IntN(1000); {
		case n < 700:
			c.answer(cmd)
		case n < 850:
			c.answer(cmd)
			c.answer(cmd)
		case n < 990:
			// never
		case n < 995:
			c.answerCode(cmd, command.GoAway, "")
		default:
			return
		}
	}
}

// Answer, timeout, cancel, loss of the connection and Shutdown race: done is called exactly once, with
// exactly one of answer and error, and an answer belongs to its request.
func TestDoneExactlyOnce(t *testing.T) {
	t.Parallel()
	iterations := 30_000
	if raceEnabled || testing.Short() { // the detector makes each some ten times slower
		iterations = 20_000
	}
	const callers = 8
	srv := serve(t, moody)
	c := newClient(t, Config{
		MaxInflight: 500, BackoffMin: time.Microsecond, BackoffMax: 10 * time.Microsecond,
		SilenceTimeout: 100 * time.Millisecond,
	})
	counts := make([]atomic.Uint32, iterations)
	var answers, failures, wrong atomic.Int32
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for i := caller; i < iterations; i += callers {
				body := []byte{byte(i), byte(i >> 8), byte(i >> 16)}
				ctx, cancel := context.Background(), context.CancelFunc(func() {})
				if i%3 == 0 {
					ctx, cancel = context.WithCancel(ctx)
				}
				req := &Request{Body: body, Deadline: time.Now().Add(time.Duration(1+rand.IntN(4)) * time.Millisecond)}
				check := func(resp *wire.Command, err error) {
					counts[i].Inc()
					switch {
					case (resp == nil) == (err == nil):
						wrong.Inc()
					case err != nil:
						failures.Inc()
					case string(resp.Body) != string(body):
						wrong.Inc()
					default:
						answers.Inc()
					}
				}
				switch {
				case i%7 == 0:
					if i%21 == 0 {
						go cancel()
					}
					check(c.Invoke(ctx, srv.addr, req))
				default:
					c.InvokeAsync(ctx, srv.addr, req, check)
				}
				if i%6 == 0 {
					go cancel()
				} else {
					time.AfterFunc(5*time.Millisecond, cancel)
				}
				if i%5000 == 0 {
					c.CloseConn(srv.addr)
				}
			}
		})
	}
	wg.Wait()
	c.InvokeAsync(context.Background(), srv.addr, &Request{Code: 1, Deadline: time.Now().Add(time.Minute)}, func(*wire.Command, error) {})
	shutdown(t, c)
	for i := range counts {
		if n := counts[i].Load(); n != 1 {
			t.Fatalf("call %d: done was called %d times", i, n)
		}
	}
	require.Zero(t, wrong.Load())
	require.Positive(t, answers.Load())
	require.Positive(t, failures.Load())
	for _, p := range *c.peers.Load() {
		require.Empty(t, p.permits, "every permit came back")
	}
	t.Logf("%d answers, %d failures, %d connections", answers.Load(), failures.Load(), srv.accepted.Load())
}

// Shutdown in the middle of everything, also of dials.
func TestShutdownRaces(t *testing.T) {
	t.Parallel()
	srv := serve(t, moody)
	for round := range 30 {
		dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
			switch {
			case addr == "refused:1":
				return nil, io.EOF
			case addr == "slow:1":
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return new(net.Dialer).DialContext(ctx, network, addr)
		}
		c := newClient(t, Config{Dial: dial, MaxInflight: 20, BackoffMin: time.Microsecond, BackoffMax: time.Microsecond})
		var started, done atomic.Int32
		var wg sync.WaitGroup
		ctx, cancel := context.WithCancel(context.Background())
		for _, addr := range []string{srv.addr, "refused:1", "slow:1"} {
			for caller := range 3 {
				wg.Go(func() {
					for ctx.Err() == nil {
						started.Inc()
						switch caller {
						case 0:
							c.InvokeAsync(ctx, addr, &Request{}, func(*wire.Command, error) { done.Inc() })
						case 1:
							_, _ = c.Invoke(ctx, addr, &Request{})
							done.Inc()
						default:
							_ = c.InvokeOneWay(ctx, addr, &Request{})
							done.Inc()
						}
					}
				})
			}
		}
		time.AfterFunc(time.Duration(round%10)*time.Millisecond, func() { _ = c.Shutdown(context.Background()) })
		eventually(t, func() bool { _, err := c.Invoke(ctx, "refused:1", &Request{}); return errors.Is(err, ErrClosed) }, "shut down")
		shutdown(t, c)
		cancel()
		wg.Wait()
		require.Equal(t, started.Load(), done.Load())
		for _, p := range *c.peers.Load() {
			require.Empty(t, p.permits)
		}
	}
}
