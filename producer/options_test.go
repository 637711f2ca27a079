package producer

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

func TestWrongOptionsAreErrors(t *testing.T) {
	t.Parallel()
	servers := WithNameServer(primitive.NamesrvAddr{"127.0.0.1:9876"})
	shared, err := instance.New(instance.Config{NameServers: []string{"127.0.0.1:9876"}})
	require.NoError(t, err)
	tests := []struct {
		name string
		opts []Option
		want error
		text string
	}{
		{"nil option", []Option{servers, nil}, rmqerrors.ErrIllegalOption, "option 1"},
		{"empty group", []Option{servers, WithGroupName("")}, rmqerrors.ErrEmptyGroupID, "WithGroupName"},
		{"illegal group", []Option{servers, WithGroupName("a b")}, rmqerrors.ErrIllegalGroup, "a b"},
		{"group too long", []Option{servers, WithGroupName(strings.Repeat("g", 121))}, rmqerrors.ErrIllegalGroup, "120"},
		{"group too long with its namespace", []Option{servers, WithNamespace("ns"), WithGroupName(strings.Repeat("g", 118))}, rmqerrors.ErrIllegalGroup, "120"},
		{"timeout", []Option{servers, WithSendMsgTimeout(0)}, rmqerrors.ErrIllegalOption, "WithSendMsgTimeout(0s)"},
		{"attempt timeout", []Option{servers, WithAttemptTimeout(-1)}, rmqerrors.ErrIllegalOption, "WithAttemptTimeout"},
		{"retry", []Option{servers, WithRetry(-1)}, rmqerrors.ErrIllegalOption, "WithRetry(-1)"},
		{"retry codes", []Option{servers, WithRetryCodes(10)}, rmqerrors.ErrIllegalOption, "WithRetryCodes([10])"},
		{"selector", []Option{servers, WithQueueSelector(nil)}, rmqerrors.ErrIllegalOption, "WithQueueSelector"},
		{"create topic key", []Option{servers, WithCreateTopicKey("")}, rmqerrors.ErrEmptyTopic, "WithCreateTopicKey"},
		{"queue nums", []Option{servers, WithDefaultTopicQueueNums(0)}, rmqerrors.ErrIllegalOption, "WithDefaultTopicQueueNums(0)"},
		{"topics", []Option{servers, WithTopics("fine", "a b")}, rmqerrors.ErrIllegalTopic, "WithTopics"},
		{"compress threshold", []Option{servers, WithCompressMsgBodyOverHowmuch(-1)}, rmqerrors.ErrIllegalOption, "WithCompressMsgBodyOverHowmuch"},
		{"compress level", []Option{servers, WithCompressLevel(10)}, rmqerrors.ErrCompressLevel, "WithCompressLevel(10)"},
		{"compress type", []Option{servers, WithCompressType(0)}, rmqerrors.ErrIllegalOption, "CompressZlib"},
		{"message size", []Option{servers, WithMaxMessageSize(0)}, rmqerrors.ErrIllegalOption, "WithMaxMessageSize(0)"},
		{"message size no frame holds", []Option{servers, WithMaxMessageSize(1 << 30)}, rmqerrors.ErrIllegalOption, "frame"},
		{"interceptor", []Option{servers, WithInterceptor(nil)}, rmqerrors.ErrIllegalOption, "WithInterceptor"},
		{"async messages", []Option{servers, WithAsyncLimit(0, 1)}, rmqerrors.ErrIllegalOption, "WithAsyncLimit(0, 1)"},
		{"async bytes", []Option{servers, WithAsyncLimit(1, 0)}, rmqerrors.ErrIllegalOption, "WithAsyncLimit(1, 0)"},
		{"trace", []Option{servers, WithTrace(&primitive.TraceConfig{})}, rmqerrors.ErrNotSupported, "WithTrace"},
		{"two sources of name servers", []Option{servers, WithNsResolver(primitive.NewEnvResolver())}, rmqerrors.ErrIllegalOption, "only one"},
		{"domain", []Option{WithNameServerDomain(" ")}, rmqerrors.ErrNoNameserver, "WithNameServerDomain"},
		{"resolver", []Option{WithNsResolver(nil)}, rmqerrors.ErrNoNameserver, "WithNsResolver"},
		{"name server", []Option{WithNameServer(primitive.NamesrvAddr{"host:port"})}, nil, "host:port"},
		{"TLS config", []Option{servers, WithTLSConfig(nil)}, rmqerrors.ErrIllegalOption, "WithTLSConfig"},
		{"dialer", []Option{servers, WithDialer(nil)}, rmqerrors.ErrIllegalOption, "WithDialer"},
		{"remoting timeout", []Option{servers, WithRemotingTimeout(-1, 0, 0)}, rmqerrors.ErrIllegalOption, "WithRemotingTimeout"},
		{"serialization", []Option{servers, WithSerialization(2)}, rmqerrors.ErrIllegalOption, "WithSerialization"},
		{"client IP", []Option{servers, WithClientIP("localhost")}, rmqerrors.ErrIllegalIP, "localhost"},
		{"credentials", []Option{servers, WithCredentials(primitive.Credentials{AccessKey: "a"})}, nil, "secret key"},
		{"namespace", []Option{servers, WithNamespace("a%b")}, nil, "a%b"},
		{"instance name", []Option{servers, WithInstanceName("a@b")}, nil, "a@b"},
		{"client", []Option{WithClient(nil)}, rmqerrors.ErrIllegalOption, "WithClient"},
		{"client and own connections", []Option{servers, WithTls(true), WithClient(shared)}, rmqerrors.ErrIllegalOption, "WithNameServer, WithTls"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := NewDefaultProducer(tt.opts...)
			require.Nil(t, p)
			require.Error(t, err)
			if tt.want != nil {
				require.ErrorIs(t, err, tt.want)
			}
			require.ErrorContains(t, err, tt.text)
		})
	}
	t.Run("all at once", func(t *testing.T) {
		_, err := NewDefaultProducer(servers, WithRetry(-1), WithCompressLevel(-1))
		require.ErrorContains(t, err, "WithRetry")
		require.ErrorContains(t, err, "WithCompressLevel")
	})
	_, err = NewDefaultProducer(servers, WithTrace(nil))
	require.NoError(t, err)
}

// Each exported option must occur in a test, which has to fail when it is ignored.
func TestEveryOptionIsTested(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var tests strings.Builder
	var options []string
	for _, name := range files {
		src, err := os.ReadFile(name)
		require.NoError(t, err)
		if strings.HasSuffix(name, "_test.go") {
			tests.Write(src)
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments)
		require.NoError(t, err)
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv == nil && fn.Name.IsExported() && strings.HasPrefix(fn.Name.Name, "With") {
				options = append(options, fn.Name.Name)
				require.True(t, strings.HasPrefix(fn.Doc.Text(), fn.Name.Name+" "), "%s has a comment", fn.Name.Name)
			}
		}
	}
	require.Greater(t, len(options), 30)
	for _, o := range options {
		require.GreaterOrEqual(t, strings.Count(tests.String(), o+"("), 2, "%s has a test of its effect and of wrong values", o)
	}
}

func TestNoNameServer(t *testing.T) {
	t.Setenv("NAMESRV_ADDR", "")
	for name, opts := range map[string][]Option{"none": nil, "empty list": {WithNameServer(nil)}} {
		_, err := NewDefaultProducer(opts...)
		require.ErrorIs(t, err, rmqerrors.ErrEmptyNameSrv, name)
		require.ErrorContains(t, err, "NAMESRV_ADDR", name)
	}
}

func TestNameServersFromTheEnvironment(t *testing.T) {
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	t.Setenv("NAMESRV_ADDR", c.NameServer())
	p, err := NewDefaultProducer(WithLogger(rlog.Discard()))
	require.NoError(t, err)
	sendsOne(t, p)
}

// sendsOne starts p, sends and shuts down.
func sendsOne(t *testing.T, p *DefaultProducer) {
	t.Helper()
	require.NoError(t, p.Start())
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
	require.NoError(t, p.Shutdown())
}

type resolver struct {
	mu    sync.Mutex
	addrs []string
	calls int
}

func (r *resolver) Resolve() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	return r.addrs
}

func (r *resolver) Description() string { return "test" }

func TestWithNsResolver(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	r := &resolver{addrs: c.NameServers()}
	p, err := NewDefaultProducer(WithNsResolver(r), WithLogger(rlog.Discard()))
	require.NoError(t, err)
	sendsOne(t, p)
	require.Positive(t, r.calls)
}

func TestResolverWithoutAddresses(t *testing.T) {
	t.Parallel()
	p, err := NewDefaultProducer(WithNsResolver(&resolver{}), WithLogger(rlog.Discard()))
	require.NoError(t, err)
	require.ErrorIs(t, p.Start(), rmqerrors.ErrNoNameserver)
}

func TestWithNameServerDomain(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	asked := make(chan string, 16)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.String()
		_, _ = w.Write([]byte(c.NameServer() + "\n"))
	}))
	defer s.Close()
	for _, opts := range [][]Option{
		{WithNameServerDomain(s.URL + "/rocketmq/nsaddr"), WithUnitName("unit1")},
		{WithUnitName("unit1"), WithNameServerDomain(s.URL + "/rocketmq/nsaddr")},
	} {
		p, err := NewDefaultProducer(append(opts, WithLogger(rlog.Discard()))...)
		require.NoError(t, err)
		sendsOne(t, p)
		require.Equal(t, "/rocketmq/nsaddr-unit1?nofix=1", receive(t, asked))
	}
}

// heartbeats returns what the brokers get as heartbeats.
func heartbeats(c *mqtest.Cluster) chan string {
	bodies := make(chan string, 16)
	c.OnCommand(codeHeartbeat, func(cmd *mqtest.Command) *mqtest.Reply {
		bodies <- string(cmd.Body)
		return nil
	})
	return bodies
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	bodies := heartbeats(c)
	p := newProducer(t, c, WithInstanceName("billing"), WithUnitName("unit1"), WithClientIP("10.9.8.7"), WithGroupName("g1"))
	body := receive(t, bodies)
	require.Contains(t, body, `"10.9.8.7@billing#`)
	require.Contains(t, body, `@unit1"`)
	require.Contains(t, body, `"groupName":"g1"`)

	twin := newProducer(t, c, WithInstanceName("billing"), WithUnitName("unit1"), WithClientIP("10.9.8.7"), WithGroupName("g1"))
	require.NotEqual(t, p.client.ID(), twin.client.ID(), "ids are unique whatever the names are")
}

// sniffer notes what is dialled and the first byte after the length of each frame written.
type sniffer struct {
	mu            sync.Mutex
	dialled       []string
	serialization map[byte]int
}

func (s *sniffer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	s.mu.Lock()
	s.dialled = append(s.dialled, addr)
	s.mu.Unlock()
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &sniffed{Conn: conn, s: s}, nil
}

type sniffed struct {
	net.Conn
	s *sniffer
}

func (c *sniffed) Write(b []byte) (int, error) {
	c.s.mu.Lock()
	if len(b) > 4 {
		c.s.serialization[b[4]]++
	}
	c.s.mu.Unlock()
	return c.Conn.Write(b)
}

func TestWithDialerAndWithSerialization(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	for _, s := range []primitive.Serialization{primitive.SerializationJSON, primitive.SerializationRocketMQ} {
		sniff := &sniffer{serialization: map[byte]int{}}
		p := unstarted(t, c, WithDialer(sniff.dial), WithSerialization(s))
		sendsOne(t, p)
		require.Contains(t, sniff.dialled, c.BrokerAddr(c.Brokers()[0]))
		require.Contains(t, sniff.dialled, c.NameServers()[0])
		require.Positive(t, sniff.serialization[byte(s)])
		require.Zero(t, sniff.serialization[byte(1-s)])
	}
}

func TestWithVIPChannel(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	broker := c.BrokerAddr(c.Brokers()[0])
	host, port, err := net.SplitHostPort(broker)
	require.NoError(t, err)
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	vip := net.JoinHostPort(host, strconv.Itoa(n-2))
	for _, on := range []bool{true, false} {
		var mu sync.Mutex
		dialled := map[string]bool{}
		p := unstarted(t, c, WithVIPChannel(on), WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
			mu.Lock()
			dialled[addr] = true
			mu.Unlock()
			if addr == vip {
				addr = broker
			}
			var d net.Dialer
			return d.DialContext(ctx, network, addr)
		}))
		sendsOne(t, p)
		require.Equal(t, on, dialled[vip])
	}
}

func TestWithRemotingTimeout(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	broker := c.BrokerAddr(c.Brokers()[0])
	allowed := make(chan time.Duration, 16)
	p := newProducer(t, c, WithRetry(0), WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr == broker {
			d, _ := ctx.Deadline()
			allowed <- time.Until(d)
			<-ctx.Done()
			return nil, ctx.Err()
		}
		var d net.Dialer
		return d.DialContext(ctx, network, addr)
	}), WithRemotingTimeout(50*time.Millisecond, time.Hour, time.Minute))
	require.LessOrEqual(t, receive(t, allowed), 50*time.Millisecond)
	start := time.Now()
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
	require.Less(t, time.Since(start), time.Second, "not the 3 s of the default")

	cfg := p.opts.clientConfig()
	require.Equal(t, time.Hour, cfg.IdleTimeout)
	require.Equal(t, time.Minute, cfg.WriteTimeout)

	idle := newProducer(t, c, WithRemotingTimeout(0, 50*time.Millisecond, 0))
	_, err = idle.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return c.Connections() <= 1 }, waitFor, tick, "idle connections are closed; one belongs to the other producer")
	_, err = idle.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err, "and opened again")
}

func TestWithTopicsLooksRoutesUpInStart(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1), mqtest.WithTopic("ns%bills", 1))
	w := watch(c, codeRoute, nil)
	p := newProducer(t, c, WithTopics("orders", "missing"))
	asked := func() (topics []string) {
		for _, a := range w.seen() {
			topics = append(topics, a.fields["topic"])
		}
		return topics
	}
	require.Contains(t, asked(), "orders")
	require.Contains(t, asked(), "missing")
	before := len(asked())
	_, err := p.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
	require.Len(t, asked(), before, "the first send asks nobody")

	newProducer(t, c, WithTopics("bills"), WithNamespace("ns"))
	require.Contains(t, asked(), "ns%bills")
}

func TestWithLoggerAndWithSlog(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	panics := func(p *DefaultProducer) {
		require.NoError(t, p.Start())
		require.NoError(t, p.SendAsync(background(t), func(context.Context, *primitive.SendResult, error) { panic("x") }, message("orders", "x")))
		require.NoError(t, p.Shutdown())
	}
	log := &recorder{Logger: rlog.Discard()}
	panics(unstarted(t, c, WithLogger(log)))
	require.Equal(t, 1, log.count("panicked"))

	var out bytes.Buffer
	panics(unstarted(t, c, WithSlog(slog.New(slog.NewTextHandler(&out, nil)))))
	require.Contains(t, out.String(), "panicked")

	for _, silent := range []Option{WithLogger(nil), WithSlog(nil)} {
		p := unstarted(t, c, silent)
		require.Equal(t, rlog.Discard(), p.log)
	}
	quiet := &recorder{Logger: rlog.Discard()}
	sendsOne(t, unstarted(t, c, WithLogger(quiet)))
	require.Empty(t, quiet.all(), "nothing is logged when all is well")
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	p, err := NewDefaultProducer(WithNameServer(primitive.NamesrvAddr{"127.0.0.1:9876"}))
	require.NoError(t, err)
	o := p.opts
	require.Equal(t, "DEFAULT_PRODUCER", p.Group())
	require.Equal(t, 3*time.Second, o.sendTimeout)
	require.Equal(t, 2, o.retries)
	require.Equal(t, "TBW102", o.createTopicKey)
	require.Equal(t, 4, o.topicQueueNums)
	require.Equal(t, 4096, o.compressThreshold)
	require.Equal(t, 5, o.compressLevel)
	require.Equal(t, 4<<20, o.maxMessageSize)
	require.Nil(t, o.clientConfig().TLS)
}
