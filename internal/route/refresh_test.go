package route

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// changesOf collects what listeners are told.
func changesOf(table *Table) func() []string {
	var mu sync.Mutex
	var out []string
	table.OnChange(func(topic string, r *Topic) {
		mu.Lock()
		defer mu.Unlock()
		if r == nil {
			out = append(out, topic+" gone")
			return
		}
		out = append(out, fmt.Sprintf("%s %d", topic, len(r.Readable)))
	})
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), out...)
	}
}

// In this file time is synctest's: sleeping waits for the table's own intervals, and takes none.

func TestKnownTopicsAreRefreshed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", routes(topics{"T": data(4, "a")}))
		table := newTestTable(t, s, nil, "ns:1")
		require.NoError(t, table.Start())
		changes := changesOf(table)
		_, err := table.Topic(t.Context(), "T")
		require.NoError(t, err)

		time.Sleep(10*time.Minute + time.Second)
		require.InDelta(t, 21, s.count("T"), 1, "each 30 s")

		s.on("ns:1", routes(topics{"T": data(4, "a", "b")}))
		time.Sleep(defaultRefreshInterval + time.Second)
		require.Len(t, table.Cached("T").Readable, 8)
		require.Equal(t, []string{"T 4", "T 8"}, changes(), "only changes are reported")
	})
}

func TestWatchedTopicIsFoundSoonAfterItIsCreated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", routes(topics{}))
		table := newTestTable(t, s, nil, "ns:1")
		require.NoError(t, table.Start())
		changes := changesOf(table)
		table.Watch("T")
		table.Watch("T")
		synctest.Wait()
		require.Equal(t, 1, s.count("T"), "asked for at once")
		time.Sleep(time.Minute)
		require.InDelta(t, 21, s.count("T"), 1, "each 3 s")

		s.on("ns:1", routes(topics{"T": data(4, "a")}))
		time.Sleep(defaultMissingInterval)
		synctest.Wait()
		require.Equal(t, []string{"T 4"}, changes())

		table.Unwatch("T")
		n := s.count("T")
		time.Sleep(5 * time.Minute)
		require.InDelta(t, n+10, s.count("T"), 1, "still watched once")

		s.on("ns:1", routes(topics{}))
		table.Unwatch("T")
		table.Unwatch("T") // one too many
		table.Unwatch("U") // never watched
		time.Sleep(2 * time.Minute)
		n = s.count("T")
		time.Sleep(2 * time.Minute)
		require.Equal(t, n, s.count("T"), "nobody asks for it any more, and it is gone")
	})
}

func TestDeletedTopicIsReportedAfterConfirmation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", routes(topics{"T": data(4, "a"), "U": data(4, "u")}))
		table := newTestTable(t, s, nil, "ns:1")
		require.NoError(t, table.Start())
		changes := changesOf(table)
		table.Watch("T")
		table.Watch("U")
		synctest.Wait()
		require.ElementsMatch(t, []string{"T 4", "U 4"}, changes())

		// A name server that was restarted knows nothing until the brokers register again.
		s.on("ns:1", routes(topics{}))
		time.Sleep(defaultRefreshInterval + 2*time.Second)
		for range 10 {
			_, err := table.Refresh(t.Context(), "T")
			require.Error(t, err)
			require.NotNil(t, table.Cached("T"), "not believed at once, however often it is said")
		}
		s.on("ns:1", routes(topics{"U": data(4, "u")}))
		time.Sleep(defaultRefreshInterval + 2*time.Second)
		require.Nil(t, table.Cached("T"))
		require.NotNil(t, table.Cached("U"))
		require.Equal(t, []string{"T gone"}, changes()[2:])
		_, ok := table.Master("a")
		require.False(t, ok, "nor is its broker known any more")
		_, ok = table.Master("u")
		require.True(t, ok)

		s.on("ns:1", routes(topics{"T": data(2, "a")}))
		time.Sleep(defaultMissingInterval + time.Second)
		require.Equal(t, "T 2", changes()[3], "created anew")
	})
}

func TestASecondNameServerOutweighsOneThatKnowsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", routes(topics{}))
		s.on("ns:2", routes(topics{"T": data(4, "a")}))
		table := newTestTable(t, s, nil, "ns:1", "ns:2")
		r, err := table.Topic(t.Context(), "T")
		require.NoError(t, err)
		require.Len(t, r.Writable, 4)
		require.Equal(t, "ns:2", table.servers.order(time.Now())[0], "and is asked first from now on")
	})
}

func TestBadAnswersDoNotWipeAKnownRoute(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]server{
		"down":           refused,
		"silent":         silent,
		"system error":   code(command.SystemError),
		"empty route":    routes(topics{"T": {}}),
		"no queues":      routes(topics{"T": {BrokerDatas: data(1, "a").BrokerDatas}}),
		"too many":       routes(topics{"T": data(1<<20, "a")}),
		"no body":        code(command.Success),
		"garbage":        func(context.Context, string) (*wire.Command, error) { return &wire.Command{Body: []byte("{{{")}, nil },
		"no brokers":     routes(topics{"T": {QueueDatas: data(1, "a").QueueDatas}}),
		"unknown answer": code(4711),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScript()
				s.on("ns:1", routes(topics{"T": data(4, "a")}))
				l := newLogs()
				table := newTestTable(t, s, func(c *Config) { c.Logger = l }, "ns:1")
				require.NoError(t, table.Start())
				changes := changesOf(table)
				table.Watch("T")
				synctest.Wait()
				s.on("ns:1", bad)
				time.Sleep(10 * time.Minute)
				require.Len(t, table.Cached("T").Writable, 4)
				addr, _ := table.Master("a")
				require.Equal(t, "a:10911", addr)
				require.Equal(t, []string{"T 4"}, changes())
				require.LessOrEqual(t, l.count(), 10, "at most one line a minute")
				require.GreaterOrEqual(t, l.count(), 9)
				_, err := table.Refresh(t.Context(), "T")
				require.Error(t, err)

				s.on("ns:1", routes(topics{"T": data(5, "a")}))
				time.Sleep(time.Minute)
				require.Len(t, table.Cached("T").Writable, 5, "and it recovers")
			})
		})
	}
}

func TestSteadyStateLogsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", routes(topics{"T": data(4, "a")}))
		l := newLogs()
		table := newTestTable(t, s, func(c *Config) { c.Logger = l }, "ns:1")
		require.NoError(t, table.Start())
		table.Watch("T")
		table.Watch("missing")
		time.Sleep(time.Hour)
		require.Empty(t, l.lines)
	})
}

func TestRefreshesAreParallelAndBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		var now, most atomic.Int32
		known := topics{}
		for i := range 100 {
			known[fmt.Sprint("T", i)] = data(1, "a")
		}
		s.on("ns:1", func(ctx context.Context, topic string) (*wire.Command, error) {
			if n := now.Inc(); n > most.Load() {
				most.Store(n)
			}
			defer now.Dec()
			return after(100*time.Millisecond, routes(known))(ctx, topic)
		})
		table := newTestTable(t, s, nil, "ns:1")
		require.NoError(t, table.Start())
		for topic := range known {
			table.Watch(topic)
		}
		time.Sleep(time.Second)
		require.Len(t, table.snap.Load().topics, 100)
		require.Equal(t, int32(refreshWorkers), most.Load())
	})
}

func TestATopicWaitsForNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		ok := routes(topics{"T": data(1, "a")})
		s.on("ns:1", func(ctx context.Context, topic string) (*wire.Command, error) {
			if topic == "slow" {
				return silent(ctx, topic)
			}
			return ok(ctx, topic)
		})
		table := newTestTable(t, s, nil, "ns:1")
		go func() { _, _ = table.Topic(t.Context(), "slow") }()
		synctest.Wait()
		begin := time.Now()
		_, err := table.Topic(t.Context(), "T")
		require.NoError(t, err)
		require.Zero(t, time.Since(begin))
	})
}

func TestRefreshSoonIsCoalesced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", after(10*time.Millisecond, routes(topics{"T": data(4, "a")})))
		table := newTestTable(t, s, nil, "ns:1")
		require.NoError(t, table.Start())
		_, err := table.Topic(t.Context(), "T")
		require.NoError(t, err)
		for range 1000 { // a second in which every send fails
			table.RefreshSoon("T")
			time.Sleep(time.Millisecond)
		}
		require.InDelta(t, 1+5, s.count("T"), 1)

		table.RefreshSoon("unknown")
		time.Sleep(time.Second)
		require.Equal(t, 1, s.count("unknown"))
		table.mu.Lock()
		defer table.mu.Unlock()
		require.Len(t, table.topics, 1, "a topic that does not exist is not kept")
	})
}

func TestIdleTopicsAreDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", routes(topics{"used": data(1, "a"), "idle": data(1, "b"), "watched": data(1, "c")}))
		table := newTestTable(t, s, nil, "ns:1")
		require.NoError(t, table.Start())
		table.Watch("watched")
		for _, topic := range []string{"used", "idle"} {
			_, err := table.Publish(t.Context(), topic, 4)
			require.NoError(t, err)
		}
		for range 90 {
			time.Sleep(time.Minute)
			_, err := table.Publish(t.Context(), "used", 4)
			require.NoError(t, err)
		}
		require.NotNil(t, table.Cached("used"))
		require.NotNil(t, table.Cached("watched"))
		require.Nil(t, table.Cached("idle"))
		_, ok := table.Master("b")
		require.False(t, ok)
		_, err := table.Publish(t.Context(), "idle", 4)
		require.NoError(t, err, "it comes back when it is needed")
	})
}

func TestListenersMayUseTheTableAndLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", routes(topics{"T": data(1, "a")}))
		table := newTestTable(t, s, nil, "ns:1")
		require.NoError(t, table.Start())
		var calls atomic.Int32
		var cancel func()
		cancel = table.OnChange(func(topic string, r *Topic) {
			calls.Inc()
			table.Watch("U")
			table.RefreshSoon(topic)
			_, ok := table.Master("a")
			if !ok || table.Cached(topic) != r {
				calls.Add(100)
			}
			cancel()
		})
		_, err := table.Topic(t.Context(), "T")
		require.NoError(t, err)
		synctest.Wait()
		s.on("ns:1", routes(topics{"T": data(2, "a")}))
		time.Sleep(time.Minute)
		require.Equal(t, int32(1), calls.Load())
	})
}

// TestV12_BrokerGoesOfflineWhileSending: the peer edits the address maps that senders read, and dies with "concurrent
// map read and map write" when a broker goes offline.
func TestV12_BrokerGoesOfflineWhileSending(t *testing.T) {
	t.Parallel()
	s := newScript()
	both, one := data(4, "a", "b"), data(4, "a")
	var turn atomic.Int32
	s.on("ns:1", func(ctx context.Context, topic string) (*wire.Command, error) {
		if turn.Inc()%2 == 0 {
			return routes(topics{"T": both, "U": one})(ctx, topic)
		}
		return routes(topics{"T": one, "U": both})(ctx, topic)
	})
	table := newTestTable(t, s, func(c *Config) { c.RefreshInterval = time.Millisecond }, "ns:1")
	require.NoError(t, table.Start())
	table.Watch("U")
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for ctx.Err() == nil {
				r, err := table.Publish(t.Context(), "T", 4)
				if err != nil {
					t.Error(err)
					return
				}
				for _, q := range r.Writable {
					// An address that is found is always the master's.
					if addr, ok := table.Master(q.BrokerName); ok && addr != q.BrokerName+":10911" {
						t.Errorf("%s is at %s", q.BrokerName, addr)
					}
					table.Replica(q.BrokerName, 1, false)
				}
				for _, b := range table.Brokers() {
					for id := range b.Addrs {
						_ = id
					}
				}
			}
		})
	}
	all.Go(func() {
		for ctx.Err() == nil {
			if _, err := table.Refresh(t.Context(), "T"); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
	require.Greater(t, turn.Load(), int32(10), "the route did change")
}
