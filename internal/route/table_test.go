package route

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/primitive"
)

type topics = map[string]*command.TopicRouteData

func TestTopicIsAskedForOnce(t *testing.T) {
	t.Parallel()
	s := newScript()
	s.on("ns:1", routes(topics{"T": data(4, "a", "b")}))
	table := newTestTable(t, s, nil, "ns:1")

	require.Nil(t, table.Cached("T"))
	r, err := table.Topic(t.Context(), "T")
	require.NoError(t, err)
	require.Equal(t, "a/0 a/1 a/2 a/3 b/0 b/1 b/2 b/3", names(r.Writable))
	again, err := table.Topic(t.Context(), "T")
	require.NoError(t, err)
	require.Same(t, r, again)
	require.Same(t, r, table.Cached("T"))
	require.Equal(t, 1, s.count("T"))

	fresh, err := table.Refresh(t.Context(), "T")
	require.NoError(t, err)
	require.Same(t, r, fresh, "an unchanged route stays the same object")
	require.Equal(t, 2, s.count("T"))
}

func TestBrokerAddresses(t *testing.T) {
	t.Parallel()
	s := newScript()
	d := data(1, "a", "b")
	d.BrokerDatas[1].BrokerAddrs = map[int64]string{2: "b2:10911", 3: "b3:10911"}
	s.on("ns:1", routes(topics{"T": d}))
	table := newTestTable(t, s, nil, "ns:1")

	_, _, err := table.FindReplica(t.Context(), "T", "x", 0, false)
	require.ErrorIs(t, err, rmqerrors.ErrBrokerNotFound)
	addr, err := table.FindMaster(t.Context(), "T", "a")
	require.NoError(t, err)
	require.Equal(t, "a:10911", addr)
	_, err = table.FindMaster(t.Context(), "T", "b")
	require.ErrorIs(t, err, rmqerrors.ErrBrokerNotFound)
	_, err = table.FindMaster(t.Context(), "U", "x")
	require.ErrorIs(t, err, rmqerrors.ErrBrokerNotFound)
	require.ErrorIs(t, err, rmqerrors.ErrTopicNotExist)

	for _, tc := range []struct {
		broker string
		id     int64
		only   bool
		addr   string
		slave  bool
	}{
		{"a", 0, true, "a:10911", false},
		{"a", 1, true, "a-slave:10911", true},
		{"a", 5, false, "a:10911", false},
		{"a", 5, true, "", false},
		{"b", 0, true, "", false},
		{"b", 0, false, "b2:10911", true},
		{"b", 1, true, "b2:10911", true}, // the next slave, as Java does
		{"b", 3, true, "b3:10911", true},
		{"x", 0, false, "", false},
	} {
		addr, slave, ok := table.Replica(tc.broker, tc.id, tc.only)
		require.Equal(t, tc.addr, addr, tc)
		require.Equal(t, tc.slave, slave, tc)
		require.Equal(t, tc.addr != "", ok, tc)
	}
	brokers := table.Brokers()
	require.Len(t, brokers, 2)
	require.Equal(t, "a", brokers[0].Name)
	require.Equal(t, "C", brokers[0].Cluster)
}

func TestPublishFallsBackAndSwitchesToTheRealRoute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		known := topics{DefaultTopic: data(8, "a", "b")}
		s.on("ns:1", routes(known))
		table := newTestTable(t, s, nil, "ns:1")
		require.NoError(t, table.Start())

		r, err := table.Publish(t.Context(), "T", 4)
		require.NoError(t, err)
		require.True(t, r.Fallback)
		require.Len(t, r.Writable, 8)
		require.Equal(t, "T", r.Writable[0].Topic)
		more, err := table.Publish(t.Context(), "T", 100)
		require.NoError(t, err)
		require.Len(t, more.Writable, 16, "another producer has its own number")
		require.Nil(t, table.Cached("T"), "a fallback is for sending only")
		_, err = table.Topic(t.Context(), "T")
		require.ErrorIs(t, err, rmqerrors.ErrTopicNotExist)
		addr, ok := table.Master("a")
		require.True(t, ok)
		require.Equal(t, "a:10911", addr)

		// The first message made a broker create the topic.
		s.on("ns:1", routes(topics{"T": data(4, "a"), DefaultTopic: known[DefaultTopic]}))
		time.Sleep(defaultMissingInterval + time.Second) // virtual: the refresh loop's own interval
		require.NotNil(t, table.Cached("T"))
		r, err = table.Publish(t.Context(), "T", 4)
		require.NoError(t, err)
		require.False(t, r.Fallback)
		require.Equal(t, "a/0 a/1 a/2 a/3", names(r.Writable))
	})
}

func TestPublishSaysWhenTopicsAreNotCreated(t *testing.T) {
	t.Parallel()
	s := newScript()
	s.on("ns:1", routes(topics{}))
	table := newTestTable(t, s, nil, "ns:1")
	_, err := table.Publish(t.Context(), "T", 4)
	require.ErrorIs(t, err, rmqerrors.ErrTopicNotExist)
	require.ErrorIs(t, err, rmqerrors.ErrRouteNotFound)
	require.ErrorContains(t, err, `"T"`)
	require.ErrorContains(t, err, "ns:1")
	require.ErrorContains(t, err, "autoCreateTopicEnable")
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "T", e.Topic)
	require.Equal(t, []string{"ns:1"}, e.NameServers)

	s.on("ns:1", routes(topics{DefaultTopic: {QueueDatas: []command.QueueData{{BrokerName: "a", Perm: 4, ReadQueueNums: 1}}, BrokerDatas: data(1, "a").BrokerDatas}}))
	_, err = table.Publish(t.Context(), "T", 4)
	require.ErrorIs(t, err, rmqerrors.ErrTopicNotExist, "%s without writable queue", DefaultTopic)
}

func TestManyAskAtOnceOneQuery(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		known   topics
		publish bool
		queries map[string]int
	}{
		{"existing topic", topics{"X": data(4, "a")}, false, map[string]int{" X": 1}},
		{"sending to an existing topic", topics{"X": data(4, "a")}, true, map[string]int{" X": 1, DefaultTopic: 0}},
		{"sending to a new topic", topics{DefaultTopic: data(8, "a")}, true, map[string]int{" X": 1, DefaultTopic: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScript()
				s.on("ns:1", after(10*time.Millisecond, routes(tc.known)))
				table := newTestTable(t, s, nil, "ns:1")
				var all sync.WaitGroup
				for i := range 1000 {
					all.Go(func() {
						time.Sleep(time.Duration(i%15) * time.Millisecond) // virtual: some come before, some after the answer
						var r *Topic
						var err error
						if tc.publish {
							r, err = table.Publish(t.Context(), "X", 4)
						} else {
							r, err = table.Topic(t.Context(), "X")
						}
						require.NoError(t, err)
						require.Len(t, r.Writable, 4)
					})
				}
				all.Wait()
				for topic, n := range tc.queries {
					require.Equal(t, n, s.count(topic), topic)
				}
			})
		})
	}
}

func TestAFailedQueryLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s := newScript()
	table := newTestTable(t, s, nil, "ns:1")
	_, err := table.Topic(t.Context(), "T")
	require.ErrorIs(t, err, rmqerrors.ErrRouteNotFound)
	require.NotErrorIs(t, err, rmqerrors.ErrTopicNotExist, "nobody said so")
	require.ErrorContains(t, err, "ns:1")
	_, err = table.Publish(t.Context(), "T", 4)
	require.ErrorIs(t, err, rmqerrors.ErrRouteNotFound)
	require.Zero(t, s.count(DefaultTopic), "a fallback only for a topic that is known not to exist")

	s.on("ns:1", routes(topics{"T": data(1, "a")}))
	_, err = table.Topic(t.Context(), "T")
	require.NoError(t, err, "the next query has a new chance")
	table.mu.Lock()
	defer table.mu.Unlock()
	require.Empty(t, table.flights)
	require.Len(t, table.topics, 1)
}

func TestMissingTopicsAreNotKept(t *testing.T) {
	t.Parallel()
	s := newScript()
	s.on("ns:1", routes(topics{}))
	table := newTestTable(t, s, nil, "ns:1")
	for _, topic := range []string{"a", "b", "c"} {
		_, err := table.Topic(t.Context(), topic)
		require.ErrorIs(t, err, rmqerrors.ErrTopicNotExist)
		_, err = table.Publish(t.Context(), topic, 4)
		require.ErrorIs(t, err, rmqerrors.ErrTopicNotExist)
	}
	table.mu.Lock()
	defer table.mu.Unlock()
	require.Empty(t, table.topics)
}

func TestARefusalKeepsItsCode(t *testing.T) {
	t.Parallel()
	s := newScript()
	s.on("ns:1", code(command.NoPermission))
	table := newTestTable(t, s, nil, "ns:1")
	_, err := table.Topic(t.Context(), "T")
	var refusal *primitive.BrokerError
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, command.NoPermission, refusal.Code)
	require.Equal(t, "remark", refusal.Remark)
	require.Equal(t, "ns:1", refusal.Addr)
	require.ErrorIs(t, err, rmqerrors.ErrNoPermission)
}

func TestCallersCancelAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", after(time.Second, routes(topics{"T": data(1, "a")})))
		table := newTestTable(t, s, nil, "ns:1")
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() {
			_, err := table.Topic(ctx, "T")
			first <- err
		}()
		synctest.Wait()
		second := make(chan error, 1)
		go func() {
			_, err := table.Topic(t.Context(), "T")
			second <- err
		}()
		synctest.Wait()
		cancel()
		begin := time.Now()
		require.ErrorIs(t, <-first, context.Canceled)
		require.Zero(t, time.Since(begin), "at once")
		require.NoError(t, <-second, "who joined the query of another does not share his fate")
		require.Equal(t, 1, s.count("T"))
	})
}

func TestStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		s.on("ns:1", routes(topics{"T": data(1, "a")}))
		table := newTestTable(t, s, nil, "ns:1")
		require.NoError(t, table.Start())
		require.Error(t, table.Start(), "twice")
		_, err := table.Topic(t.Context(), "T")
		require.NoError(t, err)
		synctest.Wait()
		require.Equal(t, []string{"route refresh"}, table.group.Running(), "one goroutine when nothing happens")

		s.on("ns:1", silent)
		waiting := make(chan error, 1)
		go func() {
			_, err := table.Topic(t.Context(), "U")
			waiting <- err
		}()
		synctest.Wait()
		begin := time.Now()
		require.NoError(t, table.Stop(t.Context()))
		require.ErrorIs(t, <-waiting, rmqerrors.ErrClosed)
		require.Zero(t, time.Since(begin))

		_, err = table.Refresh(t.Context(), "T")
		require.ErrorIs(t, err, rmqerrors.ErrClosed)
		_, err = table.Publish(t.Context(), "U", 4)
		require.ErrorIs(t, err, rmqerrors.ErrClosed)
		require.NotNil(t, table.Cached("T"), "what is known stays readable")
		require.Error(t, table.Start(), "a stopped table stays stopped")
	})
}

func TestNewChecksItsConfig(t *testing.T) {
	t.Parallel()
	resolver, err := StaticResolver("a:1")
	require.NoError(t, err)
	for want, cfg := range map[string]Config{
		"Remote":          {Resolver: resolver},
		"Resolver":        {Remote: newScript()},
		"RefreshInterval": {Remote: newScript(), Resolver: resolver, RefreshInterval: -1},
		"HedgeDelay":      {Remote: newScript(), Resolver: resolver, HedgeDelay: -1},
	} {
		_, err := New(cfg)
		require.ErrorContains(t, err, want)
	}
}
