package route

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/rlog"
)

func TestASilentNameServerCostsOneHedgeDelayOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		known := topics{}
		for i := range 10 {
			known[fmt.Sprint("T", i)] = data(1, "a")
		}
		s.on("ns:1", silent)
		s.on("ns:2", routes(known))
		table := newTestTable(t, s, nil, "ns:1", "ns:2")
		begin := time.Now()
		_, err := table.Topic(t.Context(), "T0")
		require.NoError(t, err)
		require.Equal(t, defaultHedgeDelay, time.Since(begin))
		require.True(t, s.didClose("ns:1"), "so that the next dial resolves the name again")

		begin = time.Now()
		for i := range 10 {
			_, err := table.Topic(t.Context(), fmt.Sprint("T", i))
			require.NoError(t, err)
		}
		_, err = table.Topic(t.Context(), "missing")
		require.ErrorIs(t, err, rmqerrors.ErrTopicNotExist)
		require.Zero(t, time.Since(begin), "from then on it costs nothing")
		require.Equal(t, 1, s.count("ns:1"))
	})
}

func TestAFailingNameServerCostsNothing(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]server{
		"down":         refused,
		"starting up":  code(command.SystemError),
		"busy":         code(command.SystemBusy),
		"going away":   code(command.GoAway),
		"lying":        routes(topics{"T": {}}),
		"wrong answer": code(4711),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScript()
				s.on("ns:1", bad)
				s.on("ns:2", bad)
				s.on("ns:3", routes(topics{"T": data(1, "a")}))
				table := newTestTable(t, s, nil, "ns:1", "ns:2", "ns:3")
				begin := time.Now()
				_, err := table.Topic(t.Context(), "T")
				require.NoError(t, err)
				_, err = table.Refresh(t.Context(), "T")
				require.NoError(t, err)
				require.Zero(t, time.Since(begin))
				require.Equal(t, 1, s.count("ns:1"))
				require.Equal(t, 1, s.count("ns:2"))
			})
		})
	}
}

func TestTheGoodNameServerIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		ok := routes(topics{"T": data(1, "a")})
		s.on("ns:1", ok)
		s.on("ns:2", ok)
		table := newTestTable(t, s, nil, "ns:1", "ns:2")
		for range 10 {
			_, err := table.Refresh(t.Context(), "T")
			require.NoError(t, err)
		}
		require.Equal(t, 10, s.count("ns:1"))
		s.on("ns:1", refused)
		for range 10 {
			_, err := table.Refresh(t.Context(), "T")
			require.NoError(t, err)
		}
		require.Equal(t, 11, s.count("ns:1"), "one failure makes the other one the good one")
		s.on("ns:1", ok)
		s.on("ns:2", refused)
		_, err := table.Refresh(t.Context(), "T")
		require.NoError(t, err, "one that was put aside is still better than none")
	})
}

func TestAllNameServersSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", silent)
		s.on("ns:2", silent)
		table := newTestTable(t, s, nil, "ns:1", "ns:2")
		begin := time.Now()
		_, err := table.Topic(t.Context(), "T")
		require.ErrorIs(t, err, rmqerrors.ErrRouteNotFound)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "ns:1")
		require.ErrorContains(t, err, "ns:2")
		require.Equal(t, defaultTimeout, time.Since(begin))
		require.True(t, s.didClose("ns:1"))
		require.True(t, s.didClose("ns:2"))
	})
}

func TestQueryNameServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		table := newTestTable(t, s, nil, "ns:1", "ns:2")
		req := &remote.Request{Code: command.CodeGetBrokerClusterInfo}

		s.on("ns:1", code(command.SystemBusy))
		s.on("ns:2", code(command.QueryNotFound))
		cmd, err := table.QueryNameServer(t.Context(), req)
		require.NoError(t, err)
		require.Equal(t, command.QueryNotFound, cmd.Code, "what a code means is up to the caller")

		s.on("ns:2", code(command.SystemError))
		cmd, err = table.QueryNameServer(t.Context(), req)
		require.NoError(t, err)
		require.NotEqual(t, command.Success, cmd.Code, "no server is well: the caller sees what they say")

		s.on("ns:1", refused)
		s.on("ns:2", silent)
		begin := time.Now()
		_, err = table.QueryNameServer(t.Context(), req)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, defaultTimeout, time.Since(begin))

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		n := s.count("ns")
		_, err = table.QueryNameServer(ctx, req)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, n, s.count("ns"), "a cancelled call asks nobody")
	})
}

func TestNameServersSpreadOverClients(t *testing.T) {
	t.Parallel()
	first := make(map[string]bool)
	for range 100 {
		n := newNameServers(newScript(), time.Second)
		n.set([]string{"a:1", "b:1", "c:1"})
		first[n.order(time.Now())[0]] = true
	}
	require.Len(t, first, 3)
}

func TestTheListMayChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		ok := routes(topics{"T": data(1, "a")})
		for _, addr := range []string{"a:1", "b:1", "c:1"} {
			s.on(addr, ok)
		}
		type answer struct {
			list []string
			err  error
		}
		var says atomic.Pointer[answer]
		set := func(err error, list ...string) { says.Store(&answer{list: list, err: err}) }
		set(nil)
		table, err := New(Config{
			Remote: s, Logger: rlog.Discard(), LookupHost: noHost,
			Resolver: ResolverFunc(func(context.Context) ([]string, error) { return says.Load().list, says.Load().err }),
		})
		require.NoError(t, err)
		defer func() { require.NoError(t, table.Stop(context.Background())) }()
		require.NoError(t, table.Start())

		_, err = table.Topic(t.Context(), "T")
		require.ErrorIs(t, err, rmqerrors.ErrNoNameserver)

		set(nil, "a:1", "b:1")
		_, err = table.Topic(t.Context(), "T")
		require.NoError(t, err, "without any known one the resolver is asked at once")
		require.Equal(t, []string{"a:1", "b:1"}, table.NameServers())

		set(nil, "c:1")
		time.Sleep(defaultRefreshInterval + time.Second) // virtual
		require.Equal(t, []string{"c:1"}, table.NameServers())
		require.True(t, s.didClose("a:1"))
		require.True(t, s.didClose("b:1"))

		for _, bad := range []answer{{nil, nil}, {nil, rmqerrors.ErrResponse}, {[]string{"a b"}, nil}} {
			set(bad.err, bad.list...)
			time.Sleep(defaultRefreshInterval + time.Second) // virtual
			require.Equal(t, []string{"c:1"}, table.NameServers(), "an answer of no use changes nothing")
		}

		time.Sleep(resolveGap) // virtual
		set(nil, "b:1")
		s.on("c:1", refused)
		_, err = table.Refresh(t.Context(), "T")
		require.Error(t, err)
		synctest.Wait()
		require.Equal(t, []string{"b:1"}, table.NameServers(), "no name server answers: the resolver is asked again")
	})
}

func TestASlowResolverIsNotWaitedForTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		table, err := New(Config{
			Remote: newScript(), Logger: rlog.Discard(), LookupHost: noHost,
			Resolver: ResolverFunc(func(ctx context.Context) ([]string, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}),
		})
		require.NoError(t, err)
		begin := time.Now()
		_, err = table.Topic(t.Context(), "T")
		require.ErrorIs(t, err, rmqerrors.ErrNoNameserver)
		require.Equal(t, defaultTimeout, time.Since(begin))
		require.NoError(t, table.Stop(t.Context()))
	})
}

func TestAMovedNameIsDialledAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", routes(topics{"T": data(1, "a")}))
		var ips atomic.String
		ips.Store("10.0.0.1 10.0.0.2")
		table := newTestTable(t, s, func(c *Config) {
			c.LookupHost = func(_ context.Context, host string) ([]string, error) {
				if host != "ns" {
					return nil, errors.New("an address needs no look-up")
				}
				return strings.Fields(ips.Load()), nil
			}
		}, "ns:1", "10.9.9.9:1", "[::1]:1")
		require.NoError(t, table.Start())
		for _, step := range []struct {
			ips    string
			closed bool
		}{{"10.0.0.1 10.0.0.2", false}, {"10.0.0.2 10.0.0.3", false}, {"", false}, {"10.0.0.3", false}, {"10.0.0.4", true}} {
			ips.Store(step.ips)
			time.Sleep(defaultRefreshInterval + time.Second) // virtual
			require.Equal(t, step.closed, s.didClose("ns:1"), step.ips)
		}
		require.Len(t, s.closed, 1)
	})
}

func TestALostConnectionIsTriedOnceMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		var calls atomic.Int32
		lost := func(context.Context, string) (*wire.Command, error) {
			return nil, &remote.Error{Op: "receive", Addr: "ns:1", Sent: true, Err: remote.ErrConnectionLost}
		}
		s.on("ns:1", func(ctx context.Context, topic string) (*wire.Command, error) {
			if calls.Inc() == 1 {
				return lost(ctx, topic)
			}
			return routes(topics{"T": data(1, "a")})(ctx, topic)
		})
		table := newTestTable(t, s, nil, "ns:1")
		_, err := table.Topic(t.Context(), "T")
		require.NoError(t, err)

		s.on("ns:1", lost)
		n := s.count("ns:1")
		_, err = table.Refresh(t.Context(), "T")
		require.ErrorIs(t, err, remote.ErrConnectionLost)
		require.Equal(t, n+2, s.count("ns:1"))
	})
}
