package producer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// journal collects what interceptors see.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) add(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

func (j *journal) interceptor(name string) primitive.Interceptor {
	return func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
		j.add("%s before", name)
		err := next(ctx, req, reply)
		j.add("%s after", name)
		return err
	}
}

func TestInterceptorsSurroundEachSendOnce(t *testing.T) {
	t.Parallel()
	ways := map[string]func(p *DefaultProducer, ctx context.Context, msgs ...*primitive.Message) error{
		"sync": func(p *DefaultProducer, ctx context.Context, msgs ...*primitive.Message) error {
			_, err := p.SendSync(ctx, msgs...)
			return err
		},
		"async": func(p *DefaultProducer, ctx context.Context, msgs ...*primitive.Message) error {
			done, results := collect(1)
			if err := p.SendAsync(ctx, done, msgs...); err != nil {
				return err
			}
			r := <-results
			return r.err
		},
		"one-way": func(p *DefaultProducer, ctx context.Context, msgs ...*primitive.Message) error {
			return p.SendOneWay(ctx, msgs...)
		},
	}
	for name, send := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{1, 3} {
				c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
				j := &journal{}
				p := newProducer(t, c, WithInterceptor(j.interceptor("a"), j.interceptor("b")), WithInterceptor(j.interceptor("c")))
				msgs := []*primitive.Message{message("orders", "0"), message("orders", "1"), message("orders", "2")}[:n]
				require.NoError(t, send(p, background(t), msgs...))
				require.Equal(t, []string{"a before", "b before", "c before", "c after", "b after", "a after"}, j.lines)
				require.Eventually(t, func() bool { return c.StoredCount("orders") == n }, waitFor, tick)
				_, err := p.SendSync(background(t), message("orders", "last"))
				require.NoError(t, err)
				require.Equal(t, n+1, c.StoredCount("orders"), "sent once")
			}
		})
	}
}

func TestInterceptorSeesTheSend(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("ns%orders", 1))
	check := func(mode primitive.CommunicationMode, batch bool) Option {
		return WithInterceptor(func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
			pctx, ok := primitive.GetProducerCtx(ctx)
			require.True(t, ok)
			m := req.(*primitive.Message)
			require.Equal(t, mode, primitive.GetMethod(ctx))
			require.Equal(t, mode, pctx.CommunicationMode)
			require.Equal(t, "g", pctx.ProducerGroup)
			require.Equal(t, "ns", pctx.Namespace)
			require.Equal(t, "10.1.2.3", pctx.BornHost)
			require.Equal(t, "orders", m.Topic)
			require.Equal(t, batch, m.Batch)
			require.Equal(t, m.Topic, pctx.Message.Topic)
			require.Equal(t, batch, m.GetProperty("UNIQ_KEY") == "", "a batch has none, each of its messages has")
			if mode == primitive.SendSync {
				require.IsType(t, (*primitive.SendResult)(nil), reply)
			}
			err := next(ctx, req, reply)
			if mode == primitive.SendSync {
				require.Same(t, pctx.SendResult, reply)
				require.Equal(t, primitive.SendOK, pctx.SendResult.Status)
				require.Equal(t, "orders", pctx.MQ.Topic)
				require.Equal(t, c.BrokerAddr(c.Brokers()[0]), pctx.BrokerAddr)
				if !batch {
					require.Equal(t, m.GetProperty("UNIQ_KEY"), pctx.SendResult.MsgID)
				}
			}
			return err
		})
	}
	for _, batch := range []bool{false, true} {
		msgs := []*primitive.Message{message("orders", "x")}
		if batch {
			msgs = append(msgs, message("orders", "y"))
		}
		with := func(mode primitive.CommunicationMode) *DefaultProducer {
			return newProducer(t, c, WithNamespace("ns"), WithGroupName("g"), WithClientIP("10.1.2.3"), check(mode, batch))
		}
		r, err := with(primitive.SendSync).SendSync(background(t), msgs...)
		require.NoError(t, err)
		require.Equal(t, primitive.SendOK, r.Status)

		done, results := collect(1)
		require.NoError(t, with(primitive.SendAsync).SendAsync(background(t), done, msgs...))
		got := receive(t, results)
		require.NoError(t, got.err)
		pctx, ok := primitive.GetProducerCtx(got.ctx)
		require.True(t, ok, "the callback's context has the result")
		require.Same(t, got.result, pctx.SendResult)
		require.Equal(t, *got.result.MessageQueue, pctx.MQ)
		require.Equal(t, c.BrokerAddr(c.Brokers()[0]), pctx.BrokerAddr)

		require.NoError(t, with(primitive.SendOneway).SendOneWay(background(t), msgs...))
	}
}

func TestInterceptorChangesTheMessage(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		c := mqtest.Start(t, mqtest.WithTopic("orders", 1), mqtest.WithTopic("other", 1))
		batches := watch(c, codeBatch, nil)
		p := newProducer(t, c, WithInterceptor(func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
			m := req.(*primitive.Message)
			m.WithProperty("trace", "1")
			if !m.Batch {
				m.Topic = "other"
				m.Body = []byte("changed")
			}
			return next(ctx, req, reply)
		}))
		_, err := send(p, background(t), message("orders", "x"))
		require.NoError(t, err)
		stored := c.Stored("other")
		require.Len(t, stored, 1)
		require.Equal(t, "changed", string(stored[0].Body))
		require.Equal(t, "1", stored[0].GetProperty("trace"))

		r, err := send(p, background(t), message("orders", "x"), message("orders", "y"))
		require.NoError(t, err)
		require.Contains(t, batches.seen()[0].fields["i"], "trace\x011\x02")
		require.Equal(t, c.Stored("orders")[0].MsgId+","+c.Stored("orders")[1].MsgId, r.MsgID)
	})
}

func TestInterceptorEndsTheSend(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	own := errors.New("not today")
	p := newProducer(t, c, WithInterceptor(func(context.Context, interface{}, interface{}, primitive.Invoker) error { return own }))
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.ErrorIs(t, err, own)
	require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
	require.ErrorIs(t, p.SendOneWay(background(t), message("orders", "x")), own)
	require.ErrorIs(t, p.SendAsync(background(t), func(context.Context, *primitive.SendResult, error) { t.Error("called") }, message("orders", "x")), own)
	require.Zero(t, c.Requests(codeSend))

	silent := newProducer(t, c, WithInterceptor(func(context.Context, interface{}, interface{}, primitive.Invoker) error { return nil }))
	r, err := silent.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
	require.Equal(t, primitive.SendUnknownError, r.Status, "nobody has sent anything")
}

func TestInterceptorErrorAfterTheSend(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	own := errors.New("after all, no")
	p := newProducer(t, c, WithInterceptor(func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
		if err := next(ctx, req, reply); err != nil {
			return err
		}
		return own
	}))
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.ErrorIs(t, err, own)
	require.Equal(t, primitive.OutcomeStored, sendError(t, err).Outcome)
}

func TestInterceptorSendsAgain(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	p := newProducer(t, c, WithRetry(0), WithInterceptor(func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
		if err := next(ctx, req, reply); err != nil {
			return next(ctx, req, reply)
		}
		return nil
	}))
	w := watch(c, codeSend, func(n int, _ *mqtest.Command) *mqtest.Reply {
		if n == 0 {
			return &mqtest.Reply{Code: 13}
		}
		return nil
	})
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
	require.Equal(t, 1, c.StoredCount("orders"))
	require.Equal(t, w.seen()[0].fields["i"], w.seen()[1].fields["i"], "it is the same message with the same id")
}

func TestInterceptorPassesSomethingElseOn(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	p := newProducer(t, c, WithInterceptor(func(ctx context.Context, _, reply interface{}, next primitive.Invoker) error {
		return next(ctx, "text", reply)
	}))
	everyWay(p, background(t), t, func(err error) {
		require.ErrorIs(t, err, rmqerrors.ErrIllegalOption)
		require.ErrorContains(t, err, "string")
	}, message("orders", "x"))
}

func TestInterceptedSendIsCheckedFirst(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	j := &journal{}
	p := newProducer(t, c, WithInterceptor(j.interceptor("a")))
	everyWay(p, background(t), t, func(err error) { require.ErrorIs(t, err, rmqerrors.ErrMessageBody) }, message("orders", ""))
	require.Empty(t, j.lines)
}

func TestInterceptorSeesFailures(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	c.OnCommand(codeSend, func(*mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Code: 13, Remark: "no"} })
	seen := make(chan error, 1)
	p := newProducer(t, c, WithInterceptor(func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
		err := next(ctx, req, reply)
		seen <- err
		return err
	}))
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.Equal(t, err, receive(t, seen))
	require.EqualValues(t, 13, sendError(t, err).Code)
}
