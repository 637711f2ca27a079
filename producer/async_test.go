package producer

import (
	"bytes"
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// holdSends keeps sends waiting until the returned function is called.
func holdSends(t *testing.T, c *mqtest.Cluster) (release func()) {
	t.Helper()
	c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Drop: true} })
	return func() { c.CloseConnections() }
}

func TestAsyncBufferFullFailsAtOnce(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	release := holdSends(t, c)
	p := newProducer(t, c, WithAsyncLimit(10, 1<<20), WithAsyncFailFast(true), WithRetry(0))
	done, results := collect(100)
	accepted := 0
	for range 30 {
		if err := p.SendAsync(background(t), done, message("orders", "x")); err == nil {
			accepted++
		} else {
			require.ErrorIs(t, err, rmqerrors.ErrBufferFull)
			require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
		}
	}
	require.Equal(t, 10, accepted)
	require.Eventually(t, func() bool { return c.Requests(codeSend) == 10 }, waitFor, tick)
	release()
	for range 10 {
		require.Error(t, receive(t, results).err)
	}
	require.Eventually(t, func() bool { return p.SendAsync(background(t), done, message("orders", "x")) == nil }, waitFor, tick, "there is room again")
	require.Eventually(t, func() bool { return c.Requests(codeSend) == 11 }, waitFor, tick)
	release()
	receive(t, results)
}

func TestAsyncBufferIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	release := holdSends(t, c)
	p := newProducer(t, c, WithAsyncLimit(1000, 100_000), WithAsyncFailFast(true), WithRetry(0), WithCompressMsgBodyOverHowmuch(1<<30))
	done, results := collect(100)
	body := bytes.Repeat([]byte("x"), 40_000)
	m := primitive.NewMessage("orders", body)
	require.NoError(t, p.SendAsync(background(t), done, m))
	require.NoError(t, p.SendAsync(background(t), done, m))
	require.ErrorIs(t, p.SendAsync(background(t), done, m), rmqerrors.ErrBufferFull)
	require.Eventually(t, func() bool { return c.Requests(codeSend) == 2 }, waitFor, tick)
	release()
	receive(t, results)
	receive(t, results)
}

func TestAsyncBufferFullWaits(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	gate := make(chan struct{})
	c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply {
		<-gate
		return nil
	})
	p := newProducer(t, c, WithAsyncLimit(5, 1<<20), WithSendMsgTimeout(10*time.Second))
	done, results := collect(100)
	for range 5 {
		require.NoError(t, p.SendAsync(background(t), done, message("orders", "x")))
	}

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := p.SendAsync(ctx, done, message("orders", "x"))
	require.ErrorIs(t, err, context.DeadlineExceeded, "the caller's context ends the wait")
	require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)

	sent := make(chan error, 1)
	go func() { sent <- p.SendAsync(background(t), done, message("orders", "y")) }()
	require.Eventually(t, func() bool { return len(waiting(p.limit)) == 1 }, waitFor, tick)
	require.Empty(t, sent)
	close(gate)
	require.NoError(t, receive(t, sent))
	for range 6 {
		require.NoError(t, receive(t, results).err)
	}
}

// A slow broker costs memory within the bound and no goroutines.
func TestAsyncManyInFlight(t *testing.T) {
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	gate := make(chan struct{})
	c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply {
		<-gate
		return nil
	})
	p := newProducer(t, c, WithAsyncLimit(5000, 1<<30), WithSendMsgTimeout(30*time.Second))
	_, err := p.SendSync(func() context.Context { ctx, cancel := context.WithCancel(context.Background()); cancel(); return ctx }(), message("orders", "x"))
	require.Error(t, err)
	done, results := collect(5000)
	before := runtime.NumGoroutine()
	for range 5000 {
		require.NoError(t, p.SendAsync(background(t), done, message("orders", "x")))
	}
	require.Less(t, runtime.NumGoroutine(), before+50)
	close(gate)
	for range 5000 {
		require.NoError(t, receive(t, results).err)
	}
	require.Equal(t, 5000, c.StoredCount("orders"))
}

func TestAsyncCallbackPanics(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	log := &recorder{Logger: rlog.Discard()}
	p := newProducer(t, c, WithLogger(log), WithAsyncLimit(4, 1<<20))
	for range 10 {
		require.NoError(t, p.SendAsync(background(t), func(context.Context, *primitive.SendResult, error) {
			panic("callback is broken")
		}, message("orders", "x")))
	}
	done, results := collect(1)
	require.NoError(t, p.SendAsync(background(t), done, message("orders", "x")))
	require.NoError(t, receive(t, results).err)
	require.Eventually(t, func() bool { return log.count("callback panicked") == 10 }, waitFor, tick)
	require.Equal(t, "callback is broken", log.all()[0].fields["panic"])
	require.Contains(t, log.all()[0].fields[rlog.LogKeyStack], "async_test.go")
}

func TestAsyncCallbacksRunOnFewGoroutines(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c)
	workers := callbackWorkers()
	var running, most, total atomic.Int64
	gate := make(chan struct{})
	for range 100 {
		require.NoError(t, p.SendAsync(background(t), func(context.Context, *primitive.SendResult, error) {
			if n := running.Inc(); n > most.Load() {
				most.Store(n)
			}
			<-gate
			running.Dec()
			total.Inc()
		}, message("orders", "x")))
	}
	require.Eventually(t, func() bool { return running.Load() == int64(workers) }, waitFor, tick)
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err, "callbacks that block do not block other sends")
	close(gate)
	require.Eventually(t, func() bool { return total.Load() == 100 }, waitFor, tick)
	require.EqualValues(t, workers, most.Load())
}

// A callback that sends must not wait for its own place in a full buffer.
func TestAsyncCallbackSends(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c, WithAsyncLimit(2, 1<<20))
	var wg sync.WaitGroup
	var chain func(n int)
	chain = func(n int) {
		err := p.SendAsync(background(t), func(_ context.Context, _ *primitive.SendResult, err error) {
			defer wg.Done()
			if err == nil && n > 1 {
				chain(n - 1)
			}
		}, message("orders", "x"))
		if err != nil {
			t.Error(err)
		}
	}
	for range 20 {
		wg.Add(10)
		go chain(10)
	}
	wg.Wait()
	require.Equal(t, 200, c.StoredCount("orders"))
}

func TestAsyncReturnsFastWhileABrokerIsBlackHoled(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 4))
	hole := c.BrokerAddr(c.Brokers()[0])
	dialer := blackHole(hole)
	p := newProducer(t, c, WithDialer(dialer), WithAttemptTimeout(100*time.Millisecond))
	done, results := collect(100)
	var slowest time.Duration
	for range 40 {
		start := time.Now()
		require.NoError(t, p.SendAsync(background(t), done, message("orders", "x")))
		slowest = max(slowest, time.Since(start))
	}
	require.Less(t, slowest, 500*time.Millisecond) // far below the dial's 3 s, with room for a loaded machine
	for range 40 {
		r := receive(t, results)
		require.NoError(t, r.err)
		require.Equal(t, c.Brokers()[1], r.result.MessageQueue.BrokerName)
	}
}

// The first sends to a topic are many at once: one query for its route.
func TestFirstSendsShareOneRouteQuery(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	var queries atomic.Int64
	c.OnCommand(codeRoute, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] == "orders" {
			queries.Inc()
			return &mqtest.Reply{Delay: 50 * time.Millisecond, Pass: true}
		}
		return nil
	})
	p := newProducer(t, c)
	var wg sync.WaitGroup
	var failed atomic.Int64
	done, results := collect(500)
	for i := range 1000 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var err error
			if i%2 == 0 {
				_, err = p.SendSync(background(t), message("orders", "x"))
			} else {
				err = p.SendAsync(background(t), done, message("orders", "x"))
			}
			if err != nil {
				failed.Inc()
			}
		}()
	}
	wg.Wait()
	for range 500 {
		require.NoError(t, receive(t, results).err)
	}
	require.Zero(t, failed.Load())
	require.EqualValues(t, 1, queries.Load())
	require.Equal(t, 1000, c.StoredCount("orders"))
}
