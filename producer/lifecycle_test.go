package producer

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

const (
	codeHeartbeat  = 34
	codeUnregister = 35
)

func TestSendBeforeStartAndAfterShutdown(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	p := unstarted(t, c)
	everyWay(p, background(t), t, func(err error) {
		require.ErrorIs(t, err, rmqerrors.ErrNotRunning)
		require.NotErrorIs(t, err, rmqerrors.ErrClosed)
		require.ErrorContains(t, err, "call Start")
		require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
	}, message("orders", "x"))
	require.NoError(t, p.Start())
	require.NoError(t, p.Shutdown())
	everyWay(p, background(t), t, func(err error) {
		require.ErrorIs(t, err, rmqerrors.ErrNotRunning)
		require.ErrorIs(t, err, rmqerrors.ErrClosed)
		require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
	}, message("orders", "x"))
}

func TestStartAndShutdownAreIdempotent(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	p := unstarted(t, c)
	require.NoError(t, p.Start())
	require.NoError(t, p.Start())
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
	require.NoError(t, p.Shutdown())
	require.NoError(t, p.Shutdown())
	require.NoError(t, p.ShutdownContext(background(t)))
	err = p.Start()
	require.ErrorIs(t, err, rmqerrors.ErrClosed)
	require.ErrorContains(t, err, "make a new producer")

	unused := unstarted(t, c)
	require.NoError(t, unused.Shutdown())
	require.ErrorIs(t, unused.Start(), rmqerrors.ErrClosed)
}

func TestConcurrentStartAndShutdown(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	for range 10 {
		p := unstarted(t, c)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if i%2 == 0 {
					_ = p.Start()
				} else {
					_ = p.Shutdown()
				}
				_, _ = p.SendSync(background(t), message("orders", "x"))
			}()
		}
		wg.Wait()
		require.NoError(t, p.Shutdown())
	}
}

func TestStartFailsOnceThenSucceeds(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	remove := c.OnCommand(codeHeartbeat, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Code: 16, Remark: "not yet"} })
	p := unstarted(t, c)
	err := p.Start()
	require.ErrorIs(t, err, rmqerrors.ErrNoPermission)
	remove()
	require.NoError(t, p.Start())
	_, err = p.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
	require.NoError(t, p.Shutdown())
}

func TestStartWhileBrokersAreDown(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	require.NoError(t, c.KillBroker(c.Brokers()[0]))
	log := &recorder{Logger: rlog.Discard()}
	p := unstarted(t, c, WithLogger(log))
	require.NoError(t, p.Start())
	require.Equal(t, 1, log.count("go on trying"), "one warning of the producer")
	require.NoError(t, c.StartBroker(c.Brokers()[0]))
	require.Eventually(t, func() bool {
		_, err := p.SendSync(background(t), message("orders", "x"))
		return err == nil
	}, waitFor, tick)
	require.NoError(t, p.Shutdown())
}

func TestShutdownTellsTheBrokersAndLeavesNothing(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 1))
	var mu sync.Mutex
	told := map[string]string{}
	c.OnCommand(codeUnregister, func(cmd *mqtest.Command) *mqtest.Reply {
		mu.Lock()
		defer mu.Unlock()
		told[cmd.Broker] = cmd.Fields["producerGroup"]
		return nil
	})
	p := unstarted(t, c, WithGroupName("billing"))
	require.NoError(t, p.Start())
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
	require.NoError(t, p.Shutdown())
	mu.Lock()
	require.Equal(t, map[string]string{c.Brokers()[0]: "billing", c.Brokers()[1]: "billing"}, told)
	mu.Unlock()
	require.Eventually(t, func() bool { return c.Connections() == 0 }, waitFor, tick)
}

func TestShutdownWaitsForAsyncSends(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply {
		return &mqtest.Reply{Delay: 100 * time.Millisecond, Pass: true}
	})
	p := unstarted(t, c)
	require.NoError(t, p.Start())
	const n = 50
	var done atomic.Int64
	for range n {
		require.NoError(t, p.SendAsync(background(t), func(_ context.Context, _ *primitive.SendResult, err error) {
			if err == nil {
				done.Inc()
			}
		}, message("orders", "x")))
	}
	require.NoError(t, p.Shutdown())
	require.EqualValues(t, n, done.Load(), "all callbacks ran before Shutdown returned")
	require.Equal(t, n, c.StoredCount("orders"))
}

func TestShutdownContextIsBounded(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Drop: true} })
	p := unstarted(t, c, WithSendMsgTimeout(time.Minute))
	require.NoError(t, p.Start())
	done, results := collect(3)
	for range 3 {
		require.NoError(t, p.SendAsync(background(t), done, message("orders", "x")))
	}
	syncErr := make(chan error, 1)
	go func() {
		_, err := p.SendSync(background(t), message("orders", "x"))
		syncErr <- err
	}()
	require.Eventually(t, func() bool { return c.Requests(codeSend) == 4 }, waitFor, tick)

	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := p.ShutdownContext(ctx)
	require.Less(t, time.Since(start), 2*time.Second)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "4 sends")
	for range 3 {
		r := receive(t, results)
		require.ErrorIs(t, r.err, rmqerrors.ErrClosed)
		require.Equal(t, primitive.OutcomeUnknown, sendError(t, r.err).Outcome)
	}
	require.ErrorIs(t, receive(t, syncErr), rmqerrors.ErrClosed)
	require.Eventually(t, func() bool { return c.Connections() == 0 }, waitFor, tick)
}

// A send that pauses before a retry does not hold Shutdown up beyond its context.
func TestShutdownEndsPauses(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Code: 2} })
	p := unstarted(t, c, WithRetry(100), WithSendMsgTimeout(time.Minute))
	require.NoError(t, p.Start())
	done, results := collect(1)
	require.NoError(t, p.SendAsync(background(t), done, message("orders", "x")))
	require.Eventually(t, func() bool { return c.Requests(codeSend) >= 3 }, waitFor, tick)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, p.ShutdownContext(ctx), context.DeadlineExceeded)
	require.ErrorIs(t, receive(t, results).err, rmqerrors.ErrClosed)
}

func TestSharedClient(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	shared, err := instance.New(instance.Config{NameServers: c.NameServers(), Logger: rlog.Discard(), Namespace: "ns"})
	require.NoError(t, err)
	made := func(group string) *DefaultProducer {
		p, err := NewDefaultProducer(WithClient(shared), WithGroupName(group))
		require.NoError(t, err)
		return p
	}
	a, b, twin := made("a"), made("b"), made("a")
	require.NoError(t, a.Start())
	require.NoError(t, b.Start())
	require.ErrorIs(t, twin.Start(), rmqerrors.ErrProducerCreated)
	require.NoError(t, twin.Shutdown())
	for _, p := range []*DefaultProducer{a, b} {
		_, err := p.SendSync(background(t), message("orders", "x"))
		require.NoError(t, err)
	}
	require.Equal(t, 2, c.StoredCount("ns%orders"), "the client's namespace counts")
	require.Equal(t, 2, c.Connections(), "one to the name server, one to the broker")
	require.NoError(t, a.Shutdown())
	for range 20 {
		_, err := b.SendSync(background(t), message("orders", "x"))
		require.NoError(t, err)
	}
	require.NoError(t, b.Shutdown())
	require.Eventually(t, func() bool { return c.Connections() == 0 }, waitFor, tick)
}

func TestIdleProducerHasNoGoroutinesOfItsOwn(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c)
	done, results := collect(100)
	for range 100 {
		require.NoError(t, p.SendAsync(background(t), done, message("orders", "x")))
	}
	for range 100 {
		require.NoError(t, receive(t, results).err)
	}
	require.Eventually(t, func() bool { return len(p.work.Running()) == 0 }, waitFor, tick)
}

func TestManyCyclesLeaveNoGoroutine(t *testing.T) {
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	cycle := func() {
		p := unstarted(t, c)
		require.NoError(t, p.Start())
		_, err := p.SendSync(background(t), message("orders", "x"))
		require.NoError(t, err)
		require.NoError(t, p.Shutdown())
	}
	cycle()
	require.Eventually(t, func() bool { return c.Connections() == 0 }, waitFor, tick)
	before := runtime.NumGoroutine()
	for range 50 {
		cycle()
	}
	// Eventually has goroutines of its own; a leak would be 50 and more.
	require.Eventually(t, func() bool { return c.Connections() == 0 && runtime.NumGoroutine() <= before+5 }, waitFor, tick)
}

// recorder counts what is logged.
type recorder struct {
	rlog.Logger
	mu    sync.Mutex
	lines []line
}

type line struct {
	msg    string
	fields map[string]interface{}
}

func (r *recorder) note(msg string, fields map[string]interface{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, line{msg, fields})
}

func (r *recorder) Info(msg string, f map[string]interface{})    { r.note(msg, f) }
func (r *recorder) Warning(msg string, f map[string]interface{}) { r.note(msg, f) }
func (r *recorder) Error(msg string, f map[string]interface{})   { r.note(msg, f) }

// count is the number of lines that hold text.
func (r *recorder) count(text string) int {
	n := 0
	for _, l := range r.all() {
		if strings.Contains(l.msg, text) {
			n++
		}
	}
	return n
}

func (r *recorder) all() []line {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]line(nil), r.lines...)
}
