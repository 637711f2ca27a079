package instance

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// goroutines counts those of the client's side: the embedded cluster runs in the same process.
func goroutines() (n int) {
	buf := make([]byte, 1<<20)
	for _, stack := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(stack, "internal/mqserver") || strings.Contains(stack, "testing.") || strings.Contains(stack, "testify") {
			continue // the cluster's, and those of the test
		}
		for _, pkg := range []string{"internal/remote.", "internal/route.", "internal/instance."} {
			if strings.Contains(stack, pkg) {
				n++
				break
			}
		}
	}
	return n
}

// Not parallel: it counts goroutines of the process.
func TestGoroutineLedger(t *testing.T) {
	cluster := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("T", 4))
	require.Zero(t, goroutines())
	c := newClient(t, Config{NameServers: cluster.NameServers()})
	require.Zero(t, goroutines(), "New starts nothing")
	require.NoError(t, c.Acquire(t.Context()))
	eventually(t, func() bool { return goroutines() == 2 }, "heartbeat and route refresh")
	require.Equal(t, []string{"heartbeat"}, c.run.Load().group.Running())
	_, err := c.Routes().Topic(t.Context(), "T")
	require.NoError(t, err)
	require.NoError(t, c.RegisterConsumer("G", &member{group: "G", topic: "T"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	require.Equal(t, 3, cluster.Connections(), "name server and two brokers")
	eventually(t, func() bool { return goroutines() == 2+2*3 }, "two for each connection")
	release(t, c)
	require.Zero(t, goroutines())
	eventually(t, func() bool { return cluster.Connections() == 0 })
}

func TestRestart(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	c := newClient(t, Config{NameServers: cluster.NameServers()})
	for i := range 100 {
		require.NoError(t, c.Acquire(t.Context()))
		require.NoError(t, c.RegisterConsumer("G", &member{group: "G", topic: "T"}))
		_, err := c.Routes().Topic(t.Context(), "T")
		require.NoError(t, err, i)
		require.NoError(t, c.HeartbeatNow(t.Context()))
		eventually(t, func() bool { // the broker may not have noticed yet that the last connection is gone
			return slices.Equal([]string{c.ID()}, cluster.Consumers("G", cluster.Brokers()[0]))
		})
		if i%2 == 0 { // the other half forgets
			require.NoError(t, c.UnregisterConsumer(t.Context(), "G"))
		}
		release(t, c)
		_, err = c.Routes().Topic(t.Context(), "U")
		require.ErrorIs(t, err, rmqerrors.ErrClosed)
	}
	eventually(t, func() bool { return cluster.Connections() == 0 })
}

func TestConnectionsSurviveTheShutdownOfOneUser(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	c := newClient(t, Config{NameServers: cluster.NameServers()})
	require.Error(t, c.Release(t.Context()), "never acquired")
	for range 3 {
		require.NoError(t, c.Acquire(t.Context()))
	}
	r := c.Remote()
	_, err := c.Routes().Topic(t.Context(), "T")
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, c.Release(t.Context()))
		require.Same(t, r, c.Remote())
		require.True(t, r.Connected(cluster.NameServers()[0]))
		_, err = c.Routes().Refresh(t.Context(), "T")
		require.NoError(t, err)
	}
	require.Equal(t, 1, cluster.Connections())
	release(t, c)
	require.Error(t, c.Release(t.Context()), "once too often")
	eventually(t, func() bool { return cluster.Connections() == 0 })
}

func TestAcquireAndReleaseFromManyGoroutines(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	c := newClient(t, Config{NameServers: cluster.NameServers()})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 20 {
				if err := c.Acquire(t.Context()); err != nil {
					t.Error(err)
					return
				}
				if _, err := c.Routes().Refresh(t.Context(), "T"); err != nil {
					t.Error(err)
				}
				if err := c.Release(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	require.Zero(t, c.users)
	eventually(t, func() bool { return cluster.Connections() == 0 })
}

func TestAFailedAcquireCountsNobody(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{NameServers: []string{"127.0.0.1:1"}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, c.Acquire(ctx), context.Canceled)
	require.Error(t, c.Release(t.Context()))

	c.turn <- struct{}{} // somebody else is at it
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, c.Acquire(ctx), context.DeadlineExceeded)
	<-c.turn

	require.NoError(t, c.run.Load().stop(t.Context())) // makes the start fail
	require.Error(t, c.Acquire(t.Context()))
	require.Zero(t, c.users)
	require.NoError(t, c.Acquire(t.Context()), "and the next one begins afresh")
	release(t, c)
}

func TestGroupsAreUniqueInAClient(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{NameServers: []string{"127.0.0.1:1"}})
	m := &member{group: "G"}
	require.NoError(t, c.RegisterProducer("G", m))
	err := c.RegisterProducer("G", m)
	require.ErrorIs(t, err, rmqerrors.ErrProducerCreated)
	require.ErrorContains(t, err, `"G"`)
	require.NoError(t, c.RegisterConsumer("G", m), "a consumer group is something else")
	require.ErrorIs(t, c.RegisterConsumer("G", m), rmqerrors.ErrCreated)
	require.NoError(t, c.UnregisterProducer(t.Context(), "G"))
	require.NoError(t, c.UnregisterProducer(t.Context(), "G"), "twice does no harm")
	require.NoError(t, c.RegisterProducer("G", m))
	require.NoError(t, c.UnregisterConsumer(t.Context(), "G"))
	require.NoError(t, c.RegisterConsumer("G", m))
}

// selfSigned makes a certificate for 127.0.0.1, and the pool that trusts it.
func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// TestClustersNeverSeeEachOther: three clusters with their own name servers, accounts and TLS in one process.
func TestClustersNeverSeeEachOther(t *testing.T) {
	t.Parallel()
	cert, pool := selfSigned(t)
	type side struct {
		cluster *mqtest.Cluster
		cfg     Config
	}
	sides := []side{
		{mqtest.Start(t, mqtest.WithTopic("T", 1)), Config{}},
		{
			mqtest.Start(t, mqtest.WithTopic("T", 2), mqtest.WithACL("ak2", "sk2")),
			Config{Credentials: primitive.Credentials{AccessKey: "ak2", SecretKey: "sk2"}, Serialization: wire.RocketMQ},
		},
		{
			mqtest.Start(t, mqtest.WithTopic("T", 3), mqtest.WithACL("ak3", "sk3"), mqtest.WithTLS(&tls.Config{Certificates: []tls.Certificate{cert}})),
			Config{Credentials: primitive.Credentials{AccessKey: "ak3", SecretKey: "sk3"}, TLS: &tls.Config{RootCAs: pool}},
		},
	}
	clients := make([]*Client, len(sides))
	for i, s := range sides {
		clients[i] = started(t, s.cluster, s.cfg)
		require.NoError(t, clients[i].RegisterConsumer("G", &member{group: "G", topic: "T"}))
	}
	var all sync.WaitGroup
	for i, s := range sides {
		all.Go(func() {
			for range 20 {
				if err := clients[i].HeartbeatNow(t.Context()); err != nil {
					t.Error(err)
				}
				r, err := clients[i].Routes().Refresh(t.Context(), "T")
				if err != nil || len(r.Writable) != i+1 {
					t.Errorf("route %v, error %v", r, err)
				}
			}
			if members := s.cluster.Consumers("G", s.cluster.Brokers()[0]); len(members) != 1 || members[0] != clients[i].ID() {
				t.Errorf("members %v", members)
			}
		})
	}
	all.Wait()

	for name, cfg := range map[string]Config{
		"wrong secret": {Credentials: primitive.Credentials{AccessKey: "ak2", SecretKey: "wrong"}},
		"no account":   {},
	} {
		cfg.NameServers = sides[1].cluster.NameServers()
		cfg.RequestTimeout = time.Second
		c := newClient(t, cfg)
		require.NoError(t, c.Acquire(t.Context()), name)
		_, err := c.Routes().Topic(t.Context(), "T")
		if err == nil { // the name server may not ask for an account
			require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
			err = c.HeartbeatNow(t.Context())
		}
		var refusal *primitive.BrokerError
		require.ErrorAs(t, err, &refusal, name)
		require.Equal(t, command.NoPermission, refusal.Code)
		require.NotEmpty(t, refusal.Remark)
		require.NotEmpty(t, refusal.Addr)
		release(t, c)
	}
}

func TestIPv6Cluster(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("no IPv6 on this machine: " + err.Error())
	}
	require.NoError(t, err)
	l.Close()
	cluster := mqtest.Start(t, mqtest.WithAddr("[::1]:0"), mqtest.WithTopic("T", 1))
	c := started(t, cluster, Config{})
	require.NoError(t, c.RegisterConsumer("G", &member{group: "G", topic: "T"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	broker := cluster.Brokers()[0]
	addr, ok := c.Routes().Master(broker)
	require.True(t, ok)
	require.Equal(t, cluster.BrokerAddr(broker), addr)
	require.Equal(t, []string{c.ID()}, cluster.Consumers("G", broker))
}

func TestMapAddrReachesBrokersBehindNAT(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	broker := cluster.Brokers()[0]
	const outside = "broker.example.com:30911"
	c := started(t, cluster, Config{
		MapAddr: func(string) string { return outside },
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if addr == outside {
				addr = cluster.BrokerAddr(broker)
			}
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	})
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	require.True(t, c.Remote().Connected(outside))
}

func TestBrokerVersion(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	c := started(t, cluster, Config{})
	addr := cluster.BrokerAddr(cluster.Brokers()[0])
	require.Zero(t, c.BrokerVersion(addr))
	require.NoError(t, c.RegisterProducer("P", &member{group: "P"}))
	require.NoError(t, c.HeartbeatNow(t.Context()))
	require.Positive(t, c.BrokerVersion(addr))
	require.Zero(t, c.BrokerVersion("127.0.0.1:1"))
	c.keepVersions(nil)
	require.Zero(t, c.BrokerVersion(addr), "a broker that is gone is forgotten")
}

func TestRequestsGoThroughTheSharedRemote(t *testing.T) {
	t.Parallel()
	cluster := mqtest.Start(t, mqtest.WithTopic("T", 1))
	c := started(t, cluster, Config{UnitName: "u", Namespace: "ns"})
	cmd, err := c.Routes().QueryNameServer(t.Context(), &remote.Request{Code: command.CodeGetBrokerClusterInfo})
	require.NoError(t, err)
	require.Equal(t, command.Success, cmd.Code)
	require.Equal(t, "u", c.UnitName())
	require.Equal(t, "ns", c.Namespace())
	require.NotNil(t, c.Logger())
	require.True(t, strings.HasSuffix(c.ID(), "@u"))
}
