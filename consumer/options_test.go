package consumer

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/hooks"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// Each test here fails when the option it names is ignored. Options with a file of their own: WithConsumeFromWhere and
// WithConsumeTimestamp (begin), WithHandoverGrace (begin), WithMaxReconsumeTimes (retry), WithStrategy and
// WithNamespace (rebalance), WithConsumerModel, WithOffsetStoreDir, WithInstance and WithClientIP (broadcast),
// WithClient, WithCredentials (lifecycle), WithPullBatchSize (pull), WithConsumeTimeout (trouble).

func TestWithConsumeGoroutineNums(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("a", 4), mqtest.WithTopic("b", 4))
	s := newSender(t, c)
	s.many("a", 4, 0, 40)
	s.many("b", 4, 40, 40)
	var running, most atomic.Int32
	got := newDeliveries()
	h := func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		n := running.Inc()
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			continue
		}
		time.Sleep(10 * time.Millisecond) // so that handlers overlap
		running.Dec()
		return got.handler(ctx, msgs...)
	}
	p := unstarted(t, c, WithConsumeGoroutineNums(3))
	require.NoError(t, p.Subscribe("a", MessageSelector{}, h))
	require.NoError(t, p.Subscribe("b", MessageSelector{}, h))
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	eventually(t, func() bool { return got.distinct() == 80 }, "all")
	require.EqualValues(t, 3, most.Load(), "for the whole consumer")
}

func TestWithConsumeMessageBatchMaxSize(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).many("topic", 1, 0, 64)
	var largest atomic.Int32
	got := newDeliveries()
	var kept sync.Map // a handler may keep what it got
	start(t, c, "topic", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		if n := int32(len(msgs)); n > largest.Load() {
			largest.Store(n)
		}
		kept.Store(string(msgs[0].Body), msgs)
		return got.handler(ctx, msgs...)
	}, WithConsumeMessageBatchMaxSize(10), WithConsumeGoroutineNums(1))
	eventually(t, func() bool { return got.distinct() == 64 }, "all")
	require.EqualValues(t, 10, largest.Load())
	kept.Range(func(first, msgs any) bool {
		require.Equal(t, first, string(msgs.([]*primitive.MessageExt)[0].Body))
		return true
	})
}

func TestWithConsumeTPSAndLimiters(t *testing.T) {
	t.Parallel()
	var plain, ctxAware atomic.Int32
	for name, opt := range map[string]Option{
		"tps":     WithConsumeTPS(100),
		"limiter": WithLimiter(func(topic string) { plain.Inc(); requireTopic(topic); time.Sleep(10 * time.Millisecond) }),
		"context": WithContextLimiter(func(ctx context.Context, topic string) error {
			ctxAware.Inc()
			requireTopic(topic)
			time.Sleep(10 * time.Millisecond)
			return nil
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("ns%topic", 1))
			newSender(t, c).many("ns%topic", 1, 0, 40)
			got := newDeliveries()
			began := time.Now()
			start(t, c, "topic", got.handler, opt, WithConsumeGoroutineNums(1), WithNamespace("ns"))
			eventually(t, func() bool { return got.distinct() == 40 }, "all")
			require.Greater(t, time.Since(began), 350*time.Millisecond)
		})
	}
}

func requireTopic(topic string) {
	if topic != "topic" {
		panic("limiter is called with " + topic)
	}
}

// A limiter that blocks is no reason for a shutdown to wait.
func TestLimiterEndsWithTheShutdown(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]Option{
		"context": WithContextLimiter(func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }),
		"tps":     WithConsumeTPS(1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
			newSender(t, c).many("topic", 1, 0, 40)
			p := unstarted(t, c, opt)
			require.NoError(t, p.Subscribe("topic", MessageSelector{}, newDeliveries().handler))
			require.NoError(t, p.Start())
			eventually(t, func() bool { return p.GetOffsetDiffMap()["topic"] > 0 }, "cached")
			began := time.Now()
			require.NoError(t, p.Shutdown())
			require.Less(t, time.Since(began), time.Second)
		})
	}
}

func TestWithPullInterval(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).many("topic", 1, 0, 20)
	got := newDeliveries()
	began := time.Now()
	start(t, c, "topic", got.handler, WithPullBatchSize(4), WithPullInterval(100*time.Millisecond))
	eventually(t, func() bool { return got.distinct() == 20 }, "all")
	require.Greater(t, time.Since(began), 400*time.Millisecond)
}

func TestWithConsumerPullTimeout(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	c.OnCommand(codePull, func(cmd *mqtest.Command) *mqtest.Reply { return &mqtest.Reply{Drop: true} })
	seen := pulls(c, "topic") // asked first
	log := newRecorder()
	start(t, c, "topic", newDeliveries().handler, WithConsumerPullTimeout(1200*time.Millisecond), WithLogger(log))
	eventually(t, func() bool { return len(log.find("pull failed, will be tried again")) > 0 }, "it times out")
	eventually(t, func() bool { return len(seen()) >= 2 }, "and is sent again")
	require.Equal(t, "600", seen()[0]["suspendTimeoutMillis"])
}

// Each limit keeps the cache small, and the queue is pulled on as soon as there is room.
func TestFlowControl(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		opts  []Option
		body  int
		most  int64 // messages the consumer may be ahead, with the last pull
		queue int
	}{
		{"WithPullThresholdForQueue", []Option{WithPullThresholdForQueue(10)}, 10, 10 + 4, 1},
		{"WithPullThresholdForTopic", []Option{WithPullThresholdForTopic(20), WithPullThresholdForQueue(1000)}, 10, 10 + 4, 2},
		{"WithPullThresholdSizeForQueue", []Option{WithPullThresholdSizeForQueue(1)}, 100 << 10, 11 + 4, 1},
		{"WithPullThresholdSizeForTopic", []Option{WithPullThresholdSizeForTopic(2)}, 100 << 10, 11 + 4, 2},
		{"WithConsumeConcurrentlyMaxSpan", []Option{WithConsumeConcurrentlyMaxSpan(10)}, 10, 11 + 4, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithTopic("topic", tt.queue))
			s := newSender(t, c)
			for i := range 200 * tt.queue {
				m := numbered("topic", i)
				m.Body = append([]byte(fmt.Sprintf("message %d ", i)), bytes.Repeat([]byte("x"), tt.body)...)
				s.to(c.Brokers()[0], i%tt.queue, m)
			}
			release := make(chan struct{})
			got := newDeliveries()
			p := start(t, c, "topic", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
				<-release
				return got.handler(ctx, msgs...)
			}, append(tt.opts, WithPullBatchSize(4), WithConsumeGoroutineNums(2))...)
			blocked := func() bool {
				n := 0
				p.session.Load().loop.call(context.Background(), func() {
					for mq, q := range p.session.Load().table {
						if mq.Topic == "topic" && q.blocked.Load() && !q.pulling {
							n++
							count, _, _ := q.pq.Load().load()
							require.LessOrEqual(t, int64(count), tt.most)
							require.GreaterOrEqual(t, int64(count), tt.most-8)
						}
					}
				})
				return n == tt.queue
			}
			eventually(t, blocked, "the queues are not pulled on")
			close(release)
			began := time.Now()
			eventually(t, func() bool { return got.distinct() == 200*tt.queue }, "all are consumed")
			// 50 pulls a queue: with a look every 50 ms this would take 2.5 s.
			require.Less(t, time.Since(began), 2*time.Second)
		})
	}
}

// With a limit shared by the queues of a topic, losing queues makes room.
func TestTopicLimitGrowsWhenQueuesGo(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 4))
	newSender(t, c).many("topic", 4, 0, 400)
	release := make(chan struct{})
	var share atomic.Int32
	share.Store(4)
	p := start(t, c, "topic", func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error) {
		<-release
		return ConsumeSuccess, nil
	}, WithPullThresholdForTopic(40), WithPullBatchSize(1), WithStrategy(
		func(_, _ string, all []*primitive.MessageQueue, _ []string) []*primitive.MessageQueue {
			return all[:min(len(all), int(share.Load()))]
		}), WithConsumeGoroutineNums(1))
	defer close(release)
	cached := func(want int) func() bool {
		return func() bool {
			n := 0
			s := p.session.Load()
			s.loop.call(context.Background(), func() {
				if q := s.table[primitive.MessageQueue{Topic: "topic", BrokerName: c.Brokers()[0]}]; q != nil && q.pq.Load() != nil {
					n, _, _ = q.pq.Load().load()
				}
			})
			return n == want
		}
	}
	eventually(t, cached(11), "a quarter of the limit")
	share.Store(1)
	p.Rebalance()
	eventually(t, cached(41), "all of it")
}

func TestWithInterceptor(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	s := newSender(t, c)
	for i := range 4 {
		s.to(c.Brokers()[0], 0, numbered("topic", i))
	}
	var mu sync.Mutex
	var events []string
	note := func(format string, args ...any) {
		mu.Lock()
		events = append(events, fmt.Sprintf(format, args...))
		mu.Unlock()
	}
	wrap := func(name string) primitive.Interceptor {
		return func(ctx context.Context, req, reply any, next primitive.Invoker) error {
			msgs := req.([]*primitive.MessageExt)
			note("%s before %s", name, msgs[0].Body)
			err := next(ctx, req, reply)
			mc, ok := primitive.GetConsumerCtx(ctx)
			if !ok || mc.ConsumerGroup != "group" || mc.MQ.BrokerName != c.Brokers()[0] || mc.Msgs[0] != msgs[0] {
				panic("wrong context")
			}
			note("%s after %s: %v %v %v %s", name, msgs[0].Body, reply.(*ConsumeResultHolder).ConsumeResult, err, mc.Success, mc.Properties["ConsumeContextType"])
			if string(msgs[0].Body) == "message 3" {
				panic("interceptor")
			}
			return err
		}
	}
	start(t, c, "topic", func(_ context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		note("handler %s", msgs[0].Body)
		switch string(msgs[0].Body) {
		case "message 1":
			return ConsumeRetryLater, nil
		case "message 2":
			return ConsumeSuccess, errors.New("no")
		}
		return ConsumeSuccess, nil
	}, WithInterceptor(wrap("outer")), WithInterceptor(wrap("inner")), WithConsumeGoroutineNums(1))
	eventually(t, func() bool { return c.Requests(codeBack) == 3 }, "the failed ones, and the one whose interceptor panicked, go back")
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, []string{
		"outer before message 0", "inner before message 0", "handler message 0",
		"inner after message 0: ConsumeSuccess <nil> true SUCCESS", "outer after message 0: ConsumeSuccess <nil> true SUCCESS",
		"outer before message 1", "inner before message 1", "handler message 1",
		"inner after message 1: ConsumeRetryLater <nil> false FAILED", "outer after message 1: ConsumeRetryLater <nil> false FAILED",
		"outer before message 2", "inner before message 2", "handler message 2",
		"inner after message 2: ConsumeSuccess no false EXCEPTION", "outer after message 2: ConsumeSuccess no false EXCEPTION",
		"outer before message 3", "inner before message 3", "handler message 3",
		"inner after message 3: ConsumeSuccess <nil> true SUCCESS",
	}, events[:19])
}

func TestInterceptorThatDoesNotCallOn(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).to(c.Brokers()[0], 0, numbered("topic", 0))
	got := newDeliveries()
	start(t, c, "topic", got.handler, WithInterceptor(func(context.Context, any, any, primitive.Invoker) error { return nil }))
	eventually(t, func() bool { return c.Requests(codeBack) == 1 }, "the message is not done")
	require.Zero(t, got.all())
}

func TestWithFilterMessageHook(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("ns%topic", 1))
	s := newSender(t, c)
	for i := range 6 {
		s.to(c.Brokers()[0], 0, numbered("ns%topic", i))
	}
	got := newDeliveries()
	log := newRecorder()
	p := start(t, c, "topic", got.handler, WithNamespace("ns"), WithLogger(log), WithFilterMessageHook([]hooks.FilterMessageHook{
		func(ctx *hooks.FilterMessageContext) ([]*primitive.MessageExt, error) {
			return nil, errors.New("keeps all")
		},
		func(ctx *hooks.FilterMessageContext) ([]*primitive.MessageExt, error) { panic("keeps all") },
		func(ctx *hooks.FilterMessageContext) ([]*primitive.MessageExt, error) {
			if ctx.ConsumerGroup != "group" || ctx.MQ.Topic != "topic" || ctx.MQ.BrokerName != c.Brokers()[0] {
				return nil, fmt.Errorf("wrong context %v", ctx)
			}
			var out []*primitive.MessageExt
			for i := len(ctx.Msg) - 1; i >= 0; i-- { // in another order
				if ctx.Msg[i].QueueOffset%2 == 0 {
					out = append(out, ctx.Msg[i])
				}
			}
			return out, nil
		},
	}))
	eventually(t, func() bool {
		_ = p.PersistConsumerOffset()
		return c.CommittedOffset("ns%group", "ns%topic", c.Brokers()[0], 0) == 6
	}, "what is left out counts as done")
	require.Equal(t, []string{"message 0", "message 2", "message 4"}, sortedCopy(got.order))
	require.Len(t, log.find("filter hook failed, all messages are kept"), 1)
}

func TestHandlerContextAndMessage(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("ns%topic", 1))
	m := numbered("ns%topic", 0)
	m.WithTag("tag").WithProperty("user", "value")
	newSender(t, c).to(c.Brokers()[0], 0, m)
	type seen struct {
		msg *primitive.MessageExt
		cc  primitive.ConsumeConcurrentlyContext
		mc  primitive.ConsumeMessageContext
		how primitive.CommunicationMode
	}
	results := make(chan seen, 1)
	start(t, c, "topic", func(ctx context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
		cc, _ := primitive.GetConcurrentlyCtx(ctx)
		mc, _ := primitive.GetConsumerCtx(ctx)
		results <- seen{msgs[0], *cc, *mc, primitive.GetMethod(ctx)}
		return ConsumeSuccess, nil
	}, WithNamespace("ns"))
	r := <-results
	mq := primitive.MessageQueue{Topic: "topic", BrokerName: c.Brokers()[0], QueueId: 0}
	require.Equal(t, "topic", r.msg.Topic)
	require.Equal(t, mq, *r.msg.Queue)
	require.Equal(t, mq, r.cc.MQ)
	require.EqualValues(t, 1<<31-1, r.cc.AckIndex)
	require.Zero(t, r.cc.DelayLevelWhenNextConsume)
	require.Equal(t, mq, *r.mc.MQ)
	require.Equal(t, "group", r.mc.ConsumerGroup)
	require.Equal(t, r.msg, r.mc.Msgs[0])
	require.EqualValues(t, primitive.ConsumerPush, r.how)
	require.Equal(t, "tag", r.msg.GetTags())
	require.Equal(t, "value", r.msg.GetProperty("user"))
	require.Equal(t, "0", r.msg.GetProperty(primitive.PropertyMinOffset))
	require.Equal(t, "1", r.msg.GetProperty(primitive.PropertyMaxOffset))
	require.NotEmpty(t, r.msg.GetProperty(primitive.PropertyConsumeStartTime))
	require.Equal(t, "ID000000000000000000000000000000", r.msg.MsgId)
}

func TestWithRetryTriesOtherBrokers(t *testing.T) {
	t.Parallel()
	for retries, want := range map[int]int{0: 1, 2: 3} {
		t.Run(fmt.Sprint(retries), func(t *testing.T) {
			t.Parallel()
			c := mqtest.Start(t, mqtest.WithBrokers(3), mqtest.WithTopic("topic", 1))
			var mu sync.Mutex
			var asked []string
			refuse := func(cmd *mqtest.Command) *mqtest.Reply {
				if strings.HasPrefix(cmd.Fields["b"], "%RETRY%") {
					mu.Lock()
					asked = append(asked, cmd.Broker)
					mu.Unlock()
				} else if cmd.Fields["b"] != "" {
					return nil
				}
				return &mqtest.Reply{Code: 1, Remark: "no"}
			}
			c.OnCommand(codeBack, refuse)
			c.OnCommand(codeSend, refuse)
			p := start(t, c, "topic", func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error) {
				return ConsumeRetryLater, nil
			}, WithRetry(retries))
			eventually(t, func() bool { return len(owned(p, "%RETRY%group")) == 3 }, "the retry topic is known on all brokers")
			newSender(t, c).to(c.Brokers()[0], 0, numbered("topic", 0))
			eventually(t, func() bool { return c.Requests(codeBack) == 2 }, "a second round begins")
			mu.Lock()
			defer mu.Unlock()
			require.Len(t, asked[:want], want)
			distinct := map[string]bool{}
			for _, b := range asked[:want] {
				distinct[b] = true
			}
			require.Len(t, distinct, want, "each time another broker")
		})
	}
}

// Wrong credentials and TLS settings of one consumer are its own affair: see producer's V18 too.
func TestWithTLSConfigAndWithTls(t *testing.T) {
	t.Parallel()
	server, roots := certificate(t)
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1), mqtest.WithTLS(server))
	got := newDeliveries()
	start(t, c, "topic", got.handler, WithTLSConfig(&tls.Config{RootCAs: roots}))
	strict := unstarted(t, c, WithTls(true), WithGroupName("strict"))
	require.NoError(t, strict.Subscribe("topic", MessageSelector{}, got.handler))
	err := strict.Start()
	var unknown x509.UnknownAuthorityError
	var verify *tls.CertificateVerificationError
	require.True(t, errors.As(err, &unknown) || errors.As(err, &verify), "%v", err)
	plain := unstarted(t, c, WithGroupName("plain"))
	require.NoError(t, plain.Subscribe("topic", MessageSelector{}, got.handler))
	require.Error(t, plain.Start(), "plain TCP does not reach a TLS server")
}

func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}

func TestWithDialerVIPChannelAndSerialization(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).to(c.Brokers()[0], 0, numbered("topic", 0))
	host, port, err := net.SplitHostPort(c.BrokerAddr(c.Brokers()[0]))
	require.NoError(t, err)
	var n int
	_, err = fmt.Sscan(port, &n)
	require.NoError(t, err)
	vip := net.JoinHostPort(host, fmt.Sprint(n-2))
	var dialled sync.Map
	got := newDeliveries()
	p := start(t, c, "topic", got.handler, WithVIPChannel(true), WithSerialization(primitive.SerializationRocketMQ),
		WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
			dialled.Store(addr, true)
			if addr == vip {
				addr = c.BrokerAddr(c.Brokers()[0]) // the cluster has no VIP port
			}
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			return &firstBytes{Conn: conn, seen: &dialled}, err
		}))
	eventually(t, func() bool { return got.all() == 1 }, "consumed")
	_, ok := dialled.Load(vip)
	require.True(t, ok, "offsets are asked for at the VIP port")
	_, ok = dialled.Load("binary header")
	require.True(t, ok)
	_ = p
}

// firstBytes looks at the serialization byte of the frames that are written.
type firstBytes struct {
	net.Conn
	seen *sync.Map
}

func (c *firstBytes) Write(b []byte) (int, error) {
	if len(b) > 4 && b[4] == byte(primitive.SerializationRocketMQ) {
		c.seen.Store("binary header", true)
	}
	return c.Conn.Write(b)
}

func TestWithUnitNameAndWithSlog(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	var text syncBuffer
	p := start(t, c, "missing-topic", newDeliveries().handler, WithUnitName("unit"), WithInstance("me"), WithClientIP("10.1.1.1"),
		WithSlog(slog.New(slog.NewTextHandler(&text, nil))))
	require.Contains(t, p.client.ID(), "10.1.1.1@me#")
	require.True(t, strings.HasSuffix(p.client.ID(), "@unit"), p.client.ID())
	require.Contains(t, text.String(), "missing-topic")
	require.NotNil(t, unstarted(t, c, WithLogger(nil)).logger)
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestWithShutdownTimeout(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 1))
	newSender(t, c).to(c.Brokers()[0], 0, numbered("topic", 0))
	entered := make(chan struct{})
	p := unstarted(t, c, WithShutdownTimeout(200*time.Millisecond))
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, func(ctx context.Context, _ ...*primitive.MessageExt) (ConsumeResult, error) {
		close(entered)
		<-ctx.Done()
		return ConsumeRetryLater, nil
	}))
	require.NoError(t, p.Start())
	<-entered
	began := time.Now()
	require.ErrorIs(t, p.Shutdown(), context.DeadlineExceeded)
	require.Less(t, time.Since(began), 2*time.Second)
}

// In steady state nothing is logged.
func TestSteadyStateIsSilent(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("topic", 8))
	log := newRecorder()
	got := newDeliveries()
	p := unstarted(t, c, WithLogger(log))
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, got.handler))
	require.NoError(t, p.Start())
	newSender(t, c).many("topic", 8, 0, 500)
	eventually(t, func() bool { return got.distinct() == 500 }, "all")
	require.NoError(t, p.Shutdown())
	require.Empty(t, log.all())
}
