package rocketmq_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq"
	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
	"github.com/rocketmq-go/rocketmq/rlog"
)

func TestWrongClientOptions(t *testing.T) {
	t.Parallel()
	servers := rocketmq.WithNameServer(primitive.NamesrvAddr{"127.0.0.1:9876"})
	for name, tt := range map[string]struct {
		opts []rocketmq.ClientOption
		want error
		text string
	}{
		"nil option":    {[]rocketmq.ClientOption{servers, nil}, rmqerrors.ErrIllegalOption, "option 1"},
		"resolver":      {[]rocketmq.ClientOption{rocketmq.WithNsResolver(nil)}, rmqerrors.ErrIllegalOption, "WithNsResolver"},
		"TLS":           {[]rocketmq.ClientOption{servers, rocketmq.WithTLSConfig(nil)}, rmqerrors.ErrIllegalOption, "WithTLSConfig"},
		"dialer":        {[]rocketmq.ClientOption{servers, rocketmq.WithDialer(nil)}, rmqerrors.ErrIllegalOption, "WithDialer"},
		"mapping":       {[]rocketmq.ClientOption{servers, rocketmq.WithAddressMapping(nil)}, rmqerrors.ErrIllegalOption, "WithAddressMapping"},
		"serialization": {[]rocketmq.ClientOption{servers, rocketmq.WithSerialization(7)}, rmqerrors.ErrIllegalOption, "WithSerialization"},
		"heartbeat":     {[]rocketmq.ClientOption{servers, rocketmq.WithHeartbeatInterval(-1)}, nil, "HeartbeatInterval"},
		"routes":        {[]rocketmq.ClientOption{servers, rocketmq.WithRouteInterval(-1)}, nil, "RefreshInterval"},
		"timeouts":      {[]rocketmq.ClientOption{servers, rocketmq.WithRemotingTimeout(-1, 0, 0)}, nil, "ConnectTimeout"},
		"credentials":   {[]rocketmq.ClientOption{servers, rocketmq.WithCredentials(primitive.Credentials{SecretKey: "s"})}, nil, "access key"},
		"name server":   {[]rocketmq.ClientOption{rocketmq.WithNameServer(primitive.NamesrvAddr{"a:b"})}, nil, "a:b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := rocketmq.NewClient(tt.opts...)
			require.Nil(t, c)
			require.Error(t, err)
			if tt.want != nil {
				require.ErrorIs(t, err, tt.want)
			}
			require.ErrorContains(t, err, tt.text)
		})
	}
}

// send makes a producer on a client with these options, sends once to topic orders
// and shuts down.
func send(t *testing.T, cluster *mqtest.Cluster, opts ...rocketmq.ClientOption) {
	t.Helper()
	client, err := rocketmq.NewClient(append([]rocketmq.ClientOption{rocketmq.WithNameServer(cluster.NameServers()), rocketmq.WithLogger(nil)}, opts...)...)
	require.NoError(t, err)
	sendOn(t, client)
}

func sendOn(t *testing.T, client *rocketmq.Client) {
	t.Helper()
	p, err := rocketmq.NewProducer(producer.WithClient(client), producer.WithGroupName("g"))
	require.NoError(t, err)
	require.NoError(t, p.Start())
	_, err = p.SendSync(context.Background(), primitive.NewMessage("orders", []byte("x")))
	require.NoError(t, err)
	require.NoError(t, p.Shutdown())
}

func TestClientIdentity(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("ns%orders", 1))
	bodies := make(chan string, 16)
	cluster.OnCommand(34, func(cmd *mqtest.Command) *mqtest.Reply { bodies <- string(cmd.Body); return nil })
	send(t, cluster, rocketmq.WithInstanceName("name"), rocketmq.WithUnitName("unit"), rocketmq.WithClientIP("10.1.1.1"), rocketmq.WithNamespace("ns"))
	body := <-bodies
	require.Contains(t, body, "10.1.1.1@name#")
	require.Contains(t, body, "@unit")
	require.Contains(t, body, "ns%g")
	require.Equal(t, 1, cluster.StoredCount("ns%orders"))
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("orders", 1), mqtest.WithACL("key", "secret"))
	send(t, cluster, rocketmq.WithCredentials(primitive.Credentials{AccessKey: "key", SecretKey: "secret"}))
}

type resolver []string

func (r resolver) Resolve() []string   { return r }
func (r resolver) Description() string { return "test" }

func TestClientResolver(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	client, err := rocketmq.NewClient(rocketmq.WithNsResolver(resolver(cluster.NameServers())), rocketmq.WithSlog(nil))
	require.NoError(t, err)
	sendOn(t, client)
}

func TestClientConnections(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	broker := cluster.BrokerAddr(cluster.Brokers()[0])
	for _, s := range []primitive.Serialization{primitive.SerializationJSON, primitive.SerializationRocketMQ} {
		var mu sync.Mutex
		dialled, serialization := map[string]bool{}, map[byte]bool{}
		send(t, cluster,
			rocketmq.WithSerialization(s),
			rocketmq.WithVIPChannel(true),
			rocketmq.WithAddressMapping(func(addr string) string {
				if addr == broker {
					return "mapped.example:10911"
				}
				return addr
			}),
			rocketmq.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
				mu.Lock()
				dialled[addr] = true
				mu.Unlock()
				if strings.HasPrefix(addr, "mapped.example") {
					addr = broker
				}
				conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
				return &tap{Conn: conn, first: func(b byte) {
					mu.Lock()
					serialization[b] = true
					mu.Unlock()
				}}, err
			}))
		require.True(t, dialled["mapped.example:10911"], "heartbeats")
		require.True(t, dialled["mapped.example:10909"], "sends go to the fast port")
		require.Equal(t, map[byte]bool{byte(s): true}, serialization)
	}
}

// tap looks at the byte behind the length of what is written.
type tap struct {
	net.Conn
	first func(byte)
}

func (c *tap) Write(b []byte) (int, error) {
	c.first(b[4])
	return c.Conn.Write(b)
}

func TestClientIntervals(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	client, err := rocketmq.NewClient(rocketmq.WithNameServer(cluster.NameServers()), rocketmq.WithLogger(nil),
		rocketmq.WithHeartbeatInterval(20*time.Millisecond), rocketmq.WithRouteInterval(20*time.Millisecond))
	require.NoError(t, err)
	p, err := rocketmq.NewProducer(producer.WithClient(client))
	require.NoError(t, err)
	require.NoError(t, p.Start())
	_, err = p.SendSync(context.Background(), primitive.NewMessage("orders", []byte("x")))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return cluster.Requests(34) > 5 && cluster.Requests(105) > 5 }, 10*time.Second, 5*time.Millisecond)
	require.NoError(t, p.Shutdown())
}

func TestClientRemotingTimeout(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	var allowed atomic.Duration
	send(t, cluster, rocketmq.WithRemotingTimeout(77*time.Second, 0, 0), rocketmq.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
		d, _ := ctx.Deadline()
		allowed.Store(time.Until(d))
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}))
	require.Greater(t, allowed.Load(), 60*time.Second)
}

func TestClientTLS(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	cluster := mqtest.Start(t, mqtest.WithTopic("orders", 1),
		mqtest.WithTLS(&tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}))
	send(t, cluster, rocketmq.WithTLSConfig(&tls.Config{RootCAs: pool}))

	require.Eventually(t, func() bool { // a start that takes too long, as when the system's roots are loaded on a busy machine, tolerates it
		client, err := rocketmq.NewClient(rocketmq.WithNameServer(cluster.NameServers()), rocketmq.WithLogger(nil), rocketmq.WithTls(true))
		require.NoError(t, err)
		p, err := rocketmq.NewProducer(producer.WithClient(client))
		require.NoError(t, err)
		if err = p.Start(); err == nil {
			require.NoError(t, p.Shutdown())
			return false
		}
		var unknown x509.UnknownAuthorityError
		return assert.ErrorAs(t, err, &unknown, "verified against the system's roots")
	}, time.Minute, time.Millisecond)
}

func TestClientLogger(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	require.NoError(t, cluster.KillBroker(cluster.Brokers()[0]))
	var out lockedBuffer
	logger := slog.New(slog.NewTextHandler(&out, nil))
	for _, opt := range []rocketmq.ClientOption{rocketmq.WithSlog(logger), rocketmq.WithLogger(rlog.FromSlog(logger))} {
		out.reset()
		client, err := rocketmq.NewClient(rocketmq.WithNameServer(cluster.NameServers()), opt)
		require.NoError(t, err)
		p, err := rocketmq.NewProducer(producer.WithClient(client))
		require.NoError(t, err)
		require.NoError(t, p.Start())
		require.NoError(t, p.Shutdown())
		require.Contains(t, out.String(), "level=WARN")
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (b *lockedBuffer) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.b.Reset()
}
