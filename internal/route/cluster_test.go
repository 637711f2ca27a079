package route

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// The tests of this file run over TCP, against the embedded cluster.

// clusterTable makes a table of name servers that are reached with cfg.
func clusterTable(t *testing.T, rc remote.Config, change func(*Config), nameServers ...string) *Table {
	t.Helper()
	rc.Logger = rlog.Discard()
	client, err := remote.New(rc)
	require.NoError(t, err)
	resolver, err := StaticResolver(nameServers...)
	require.NoError(t, err)
	cfg := Config{Remote: client, Resolver: resolver, LookupHost: noHost, Logger: rlog.Discard()}
	if change != nil {
		change(&cfg)
	}
	table, err := New(cfg)
	require.NoError(t, err)
	require.NoError(t, table.Start())
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, table.Stop(ctx))
		require.NoError(t, client.Shutdown(ctx))
	})
	return table
}

func TestThousandGoroutinesOneQuery(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2))
	table := clusterTable(t, remote.Config{}, nil, c.NameServers()...)
	var queries atomic.Int32
	c.OnCommand(command.CodeGetRouteInfoByTopic, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] == "brand-new" {
			queries.Inc()
		}
		return nil
	})
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			r, err := table.Publish(t.Context(), "brand-new", 4)
			if err != nil || len(r.Writable) != 8 || !r.Fallback {
				t.Errorf("route %v, error %v", r, err)
			}
		})
	}
	all.Wait()
	require.Equal(t, int32(1), queries.Load())
}

func TestTopicsOfACluster(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithSlaves(1), mqtest.WithTopic("T", 3))
	table := clusterTable(t, remote.Config{}, func(cfg *Config) {
		cfg.RefreshInterval, cfg.MissingInterval = 100*time.Millisecond, 20*time.Millisecond
	}, c.NameServers()...)

	r, err := table.Topic(t.Context(), "T")
	require.NoError(t, err)
	require.Len(t, r.Writable, 6)
	for _, broker := range c.Brokers() {
		addr, ok := table.Master(broker)
		require.True(t, ok)
		require.Equal(t, c.BrokerAddr(broker), addr)
		addr, slave, ok := table.Replica(broker, 1, true)
		require.True(t, ok && slave)
		require.Equal(t, c.SlaveAddr(broker, 1), addr)
	}

	changes := changesOf(table)
	table.Watch("later")
	require.NoError(t, c.CreateTopic("later", 2))
	require.Eventually(t, func() bool { return table.Cached("later") != nil }, time.Minute, 5*time.Millisecond)
	require.NoError(t, c.DeleteTopic("later"))
	require.Eventually(t, func() bool { return table.Cached("later") == nil }, time.Minute, 5*time.Millisecond)
	require.Equal(t, []string{"later 4", "later gone"}, changes())

	require.NoError(t, c.StopBroker(c.Brokers()[0]))
	require.Eventually(t, func() bool { return len(table.Cached("T").Writable) == 3 }, time.Minute, 5*time.Millisecond)
}

// blackHole is a name server that accepts connections and never answers.
func blackHole(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var mu sync.Mutex
	var conns []net.Conn
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
		for _, conn := range conns {
			conn.Close()
		}
	})
	return l.Addr().String()
}

func TestBlackHoledNameServer(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("T", 4))
	hole := blackHole(t)
	for name, first := range map[string]string{"accepts and is silent": hole, "does not even accept": "192.0.2.1:9876"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
				if addr == "192.0.2.1:9876" {
					<-ctx.Done()
					return nil, ctx.Err()
				}
				return new(net.Dialer).DialContext(ctx, network, addr)
			}
			table := clusterTable(t, remote.Config{Dial: dial}, nil, first, c.NameServer())
			table.servers.set([]string{first, c.NameServer()})
			table.servers.prefer(first)
			begin := time.Now()
			_, err := table.Publish(t.Context(), "T", 4)
			require.NoError(t, err)
			require.Less(t, time.Since(begin), time.Second, "the first send")
			begin = time.Now()
			for range 20 {
				_, err := table.Refresh(t.Context(), "T")
				require.NoError(t, err)
			}
			require.Less(t, time.Since(begin), 20*defaultHedgeDelay/2, "later ones do not wait for it")
		})
	}
}

func TestNameServersGoAndComeBack(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithNameServers(2), mqtest.WithTopic("T", 4), mqtest.WithTopic("U", 4))
	table := clusterTable(t, remote.Config{BackoffMax: 50 * time.Millisecond}, func(cfg *Config) { cfg.RefreshInterval = 50 * time.Millisecond }, c.NameServers()...)
	_, err := table.Topic(t.Context(), "T")
	require.NoError(t, err)
	for i := range 2 {
		require.NoError(t, c.StopNameServer(i))
	}
	_, err = table.Topic(t.Context(), "U")
	require.ErrorIs(t, err, rmqerrors.ErrRouteNotFound)
	for _, addr := range c.NameServers() {
		require.ErrorContains(t, err, addr)
	}
	r, err := table.Publish(t.Context(), "T", 4)
	require.NoError(t, err, "known routes go on")
	require.Len(t, r.Writable, 4)
	require.NoError(t, c.StartNameServer(1))
	require.Eventually(t, func() bool {
		_, err := table.Topic(t.Context(), "U")
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
}

// TestHostNamesAreResolvedAtEachDial: the name of a name server moves to another machine.
func TestHostNamesAreResolvedAtEachDial(t *testing.T) {
	t.Parallel()
	old := mqtest.Start(t, mqtest.WithTopic("T", 1))
	moved := mqtest.Start(t, mqtest.WithTopic("T", 5))
	var dns atomic.String
	dns.Store(old.NameServer())
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		if strings.HasPrefix(addr, "mq.example.com:") {
			addr = dns.Load()
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	table := clusterTable(t, remote.Config{Dial: dial, BackoffMax: 50 * time.Millisecond}, func(cfg *Config) { cfg.RefreshInterval = 50 * time.Millisecond }, "mq.example.com")
	r, err := table.Topic(t.Context(), "T")
	require.NoError(t, err)
	require.Len(t, r.Writable, 1)
	dns.Store(moved.NameServer())
	require.NoError(t, old.StopNameServer(0))
	require.Eventually(t, func() bool { return len(table.Cached("T").Writable) == 5 }, time.Minute, 5*time.Millisecond)
}
