package producer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// attempt is a request as the brokers saw it.
type attempt struct {
	broker string
	fields map[string]string
	body   string
}

// watcher records sends and answers them.
type watcher struct {
	remove func() // ends the watch

	mu       sync.Mutex
	attempts []attempt
}

// watch lets answer decide about each send, given how many came before; nil passes it on.
func watch(c *mqtest.Cluster, code int32, answer func(n int, cmd *mqtest.Command) *mqtest.Reply) *watcher {
	w := &watcher{}
	w.remove = c.OnCommand(code, func(cmd *mqtest.Command) *mqtest.Reply {
		w.mu.Lock()
		n := len(w.attempts)
		w.attempts = append(w.attempts, attempt{cmd.Broker, cmd.Fields, string(cmd.Body)})
		w.mu.Unlock()
		if answer == nil {
			return nil
		}
		return answer(n, cmd)
	})
	return w
}

func (w *watcher) seen() []attempt {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]attempt(nil), w.attempts...)
}

// bothWays runs a test for SendSync and SendAsync: a retry policy must not differ.
func bothWays(t *testing.T, f func(t *testing.T, send func(*DefaultProducer, context.Context, ...*primitive.Message) (*primitive.SendResult, error))) {
	t.Helper()
	t.Run("sync", func(t *testing.T) {
		t.Parallel()
		f(t, (*DefaultProducer).SendSync)
	})
	t.Run("async", func(t *testing.T) {
		t.Parallel()
		f(t, func(p *DefaultProducer, ctx context.Context, msgs ...*primitive.Message) (*primitive.SendResult, error) {
			done, results := collect(1)
			if err := p.SendAsync(ctx, done, msgs...); err != nil {
				return nil, err
			}
			r := receive(t, results)
			return r.result, r.err
		})
	})
}

type sender = func(*DefaultProducer, context.Context, ...*primitive.Message) (*primitive.SendResult, error)

func TestRetryCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		code  int32
		retry bool
	}{
		{1, true}, {2, true}, {14, true}, {16, true}, {17, true}, {204, true}, {205, true}, {1500, true},
		{3, false}, {13, false}, {26, false}, {29, false}, {215, false}, {604, false}, {9999, false},
		{777, true}, // by WithRetryCodes
	}
	bothWays(t, func(t *testing.T, send sender) {
		for _, tt := range tests {
			t.Run(fmt.Sprint(tt.code), func(t *testing.T) {
				t.Parallel()
				c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
				w := watch(c, codeSend, func(int, *mqtest.Command) *mqtest.Reply {
					return &mqtest.Reply{Code: tt.code, Remark: "no"}
				})
				p := newProducer(t, c, WithRetry(1), WithRetryCodes(777))
				_, err := send(p, background(t), message("orders", "x"))
				failed := sendError(t, err)
				want := 1
				if tt.retry {
					want = 2
				}
				// A connection is opened anew after GO_AWAY and the request repeated there,
				// which is no attempt of the producer's.
				if tt.code != 1500 {
					require.Len(t, w.seen(), want)
				}
				require.Equal(t, want, failed.Attempts)
				if tt.code == 1500 {
					return
				}
				require.Equal(t, primitive.OutcomeRejected, failed.Outcome)
				require.Equal(t, tt.code, failed.Code)
				require.Equal(t, "no", failed.Remark)
				require.Equal(t, c.BrokerAddr(c.Brokers()[0]), failed.Addr)
				require.Equal(t, &primitive.MessageQueue{Topic: "orders", BrokerName: c.Brokers()[0]}, failed.Queue)
				var refused *primitive.BrokerError
				require.True(t, errors.As(err, &refused))
				require.Equal(t, tt.code, refused.Code)
				require.Equal(t, c.Brokers()[0], refused.Broker)
				require.Equal(t, "orders", refused.Topic)
			})
		}
	})
}

func TestRetryCountAndUniqueKey(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
		w := watch(c, codeSend, func(int, *mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Code: 14} })
		for retries, attempts := range map[int]int{0: 1, 2: 3, 5: 6} {
			before := len(w.seen())
			p := newProducer(t, c, WithRetry(retries))
			_, err := send(p, background(t), message("orders", "x"))
			require.Equal(t, attempts, sendError(t, err).Attempts)
			seen := w.seen()[before:]
			require.Len(t, seen, attempts)
			for _, a := range seen {
				require.Equal(t, seen[0].fields["i"], a.fields["i"], "the same UNIQ_KEY in each attempt")
				require.Equal(t, seen[0].fields["g"], a.fields["g"], "born once")
				require.Equal(t, "x", a.body)
			}
			require.NoError(t, p.Shutdown())
		}
	})
}

func TestDefaultIsTwoRetries(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	p := newProducer(t, c)
	c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Code: 1} })
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.Equal(t, 3, sendError(t, err).Attempts)
}

// Each attempt names the queue and the broker that it goes to, unlike the Java
// client's asynchronous retry, which repeats the first choice's header.
func TestFailoverToTheOtherBroker(t *testing.T) {
	t.Parallel()
	failures := map[string]*mqtest.Reply{
		"refusal": {Code: 14, Remark: "disk full"},
		"busy":    {Code: 2, Remark: "[TIMEOUT_CLEAN_QUEUE]broker busy"},
		"close":   {Close: true},
	}
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothWays(t, func(t *testing.T, send sender) {
				c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 4))
				bad := c.Brokers()[0]
				w := watch(c, codeSend, func(_ int, cmd *mqtest.Command) *mqtest.Reply {
					if cmd.Broker == bad {
						return failure
					}
					return nil
				})
				p := newProducer(t, c)
				const n = 20
				for range n {
					r, err := send(p, background(t), message("orders", "x"))
					require.NoError(t, err)
					require.Equal(t, c.Brokers()[1], r.MessageQueue.BrokerName)
				}
				require.Equal(t, n, c.StoredCount("orders"))
				tried := 0
				for _, a := range w.seen() {
					require.Equal(t, a.broker, a.fields["n"], "the header names the broker asked")
					if a.broker == bad {
						tried++
					}
				}
				require.Positive(t, tried, "the bad broker was tried at all")
			})
		})
	}
}

func TestFailoverWhenABrokerIsGone(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 4))
		p := newProducer(t, c)
		_, err := send(p, background(t), message("orders", "x"))
		require.NoError(t, err)
		require.NoError(t, c.KillBroker(c.Brokers()[0]))
		for range 20 {
			r, err := send(p, background(t), message("orders", "x"))
			require.NoError(t, err)
			require.Equal(t, c.Brokers()[1], r.MessageQueue.BrokerName)
		}
	})
}

// A machine that vanishes without a word: the dial hangs. Half of the time is left
// for the other broker.
func TestFailoverWhenABrokerCannotBeDialled(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 1))
		p := newProducer(t, c, WithSendMsgTimeout(600*time.Millisecond), WithDialer(blackHole(c.BrokerAddr(c.Brokers()[0]))))
		for range 4 {
			r, err := send(p, background(t), message("orders", "x"))
			require.NoError(t, err)
			require.Equal(t, c.Brokers()[1], r.MessageQueue.BrokerName)
		}
	})
}

func TestBusyBrokerIsNotStormed(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	w := watch(c, codeSend, func(n int, _ *mqtest.Command) *mqtest.Reply {
		if n < 2 {
			return &mqtest.Reply{Code: 2, Remark: "[PCBUSY_CLEAN_QUEUE]"}
		}
		return nil
	})
	p := newProducer(t, c)
	start := time.Now()
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
	require.Len(t, w.seen(), 3)
	// Pauses of at least 20 ms and 40 ms.
	require.GreaterOrEqual(t, time.Since(start), 60*time.Millisecond)
}

func TestOneDeadlineForAllAttempts(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
		c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Drop: true} })
		p := newProducer(t, c, WithSendMsgTimeout(150*time.Millisecond), WithRetry(5))
		start := time.Now()
		_, err := send(p, background(t), message("orders", "x"))
		took := time.Since(start)
		failed := sendError(t, err)
		require.Equal(t, primitive.OutcomeUnknown, failed.Outcome, "the broker may have it")
		require.Equal(t, 1, failed.Attempts)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, rmqerrors.ErrRequestTimeout)
		require.True(t, primitive.IsRemotingErr(err))
		require.GreaterOrEqual(t, took, 140*time.Millisecond)
		require.Less(t, took, time.Second)
	})
}

func TestEarlierDeadlineOfTheContextWins(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
		c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Drop: true} })
		p := newProducer(t, c)
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := send(p, ctx, message("orders", "x"))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Less(t, time.Since(start), time.Second)
	})
}

func TestAttemptTimeoutLeavesTimeForAnotherBroker(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("orders", 1))
		silent := c.Brokers()[0]
		c.OnCommand(codeSend, func(cmd *mqtest.Command) *mqtest.Reply {
			if cmd.Broker == silent {
				return &mqtest.Reply{Drop: true}
			}
			return nil
		})
		p := newProducer(t, c, WithAttemptTimeout(50*time.Millisecond))
		for range 4 {
			r, err := send(p, background(t), message("orders", "x"))
			require.NoError(t, err)
			require.Equal(t, c.Brokers()[1], r.MessageQueue.BrokerName)
		}
	})
}

// A retry that is refused does not take back that the first attempt may have worked.
func TestUnknownStaysUnknown(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
		watch(c, codeSend, func(n int, _ *mqtest.Command) *mqtest.Reply {
			if n == 0 {
				return &mqtest.Reply{Close: true}
			}
			return &mqtest.Reply{Code: 13, Remark: "illegal"}
		})
		p := newProducer(t, c)
		_, err := send(p, background(t), message("orders", "x"))
		failed := sendError(t, err)
		require.Equal(t, primitive.OutcomeUnknown, failed.Outcome)
		require.EqualValues(t, 13, failed.Code)
		require.Equal(t, 2, failed.Attempts)
	})
}

func TestNothingListens(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
		p := newProducer(t, c)
		_, err := send(p, background(t), message("orders", "x"))
		require.NoError(t, err)
		require.NoError(t, c.KillBroker(c.Brokers()[0]))
		require.Eventually(t, func() bool {
			_, err = send(p, background(t), message("orders", "x"))
			return sendError(t, err).Outcome == primitive.OutcomeNotSent
		}, waitFor, tick)
		require.ErrorContains(t, err, c.BrokerAddr(c.Brokers()[0]))
		require.True(t, primitive.IsRemotingErr(err), "%v", err)
		require.NoError(t, c.StartBroker(c.Brokers()[0]))
		require.Eventually(t, func() bool {
			_, err := send(p, background(t), message("orders", "x"))
			return err == nil
		}, waitFor, tick)
	})
}

// V1: a cancelled context ends a send at once, is found by errors.Is, and nothing
// more is written. rocketmq-client-go sends four copies and reports a timeout.
func TestV01_CancelledContextSendsNothingMore(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
		p := newProducer(t, c)
		_, err := p.SendSync(background(t), message("orders", "warm"))
		require.NoError(t, err)

		t.Run("before the call", func(t *testing.T) {
			before := c.Requests(codeSend)
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_, err := send(p, ctx, message("orders", "x"))
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
			_, err = p.SendSync(background(t), message("orders", "after"))
			require.NoError(t, err)
			require.Equal(t, before+1, c.Requests(codeSend), "only the last one was written")
		})

		t.Run("while waiting for the answer", func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			arrived := make(chan struct{}, 8)
			remove := c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply {
				arrived <- struct{}{}
				cancel()
				return &mqtest.Reply{Drop: true}
			})
			start := time.Now()
			_, err := send(p, ctx, message("orders", "x"))
			require.ErrorIs(t, err, context.Canceled)
			require.Less(t, time.Since(start), time.Second, "not the timeout of 3 s")
			require.Equal(t, primitive.OutcomeUnknown, sendError(t, err).Outcome)
			remove()
			_, err = p.SendSync(background(t), message("orders", "after"))
			require.NoError(t, err)
			require.Len(t, arrived, 1, "one copy of the frame")
		})

		t.Run("while pausing before a retry", func(t *testing.T) {
			// The answer must win against the cancellation, or there is no pause: on a busy
			// machine it may take more than one try.
			require.Eventually(t, func() bool {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				w := watch(c, codeSend, func(_ int, cmd *mqtest.Command) *mqtest.Reply {
					if string(cmd.Body) != "x" {
						return nil
					}
					time.AfterFunc(5*time.Millisecond, cancel) // the pause after a busy broker is at least 20 ms
					return &mqtest.Reply{Code: 2}
				})
				defer w.remove()
				_, err := send(p, ctx, message("orders", "x"))
				if !errors.Is(err, context.Canceled) || sendError(t, err).Outcome != primitive.OutcomeRejected {
					return false
				}
				assert.EqualValues(t, 2, sendError(t, err).Code, "and what went before is told")
				_, err = p.SendSync(background(t), message("orders", "after"))
				return assert.NoError(t, err) && assert.Len(t, w.seen(), 2)
			}, waitFor, tick)
		})
	})
}

func TestPauseGrowsAndVaries(t *testing.T) {
	t.Parallel()
	for _, busy := range []bool{false, true} {
		first := pauseFirst
		if busy {
			first = pauseBusy
		}
		for attempts := 1; attempts <= 40; attempts++ {
			want := first
			for i := 1; i < attempts && want < pauseMost; i++ {
				want *= 2
			}
			want = min(want, pauseMost)
			for range 20 {
				got := pause(attempts, busy)
				require.GreaterOrEqual(t, got, want/2)
				require.Less(t, got, want/2+want)
			}
		}
	}
}
