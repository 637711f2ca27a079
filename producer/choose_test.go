package producer

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// fakeRoutes is a route table of brokers of which some have no master.
type fakeRoutes struct {
	topic     *route.Topic
	masters   map[string]string
	refreshed int
}

func (f *fakeRoutes) Publish(context.Context, string, int) (*route.Topic, error) { return f.topic, nil }
func (f *fakeRoutes) RefreshSoon(string)                                         { f.refreshed++ }

func (f *fakeRoutes) Master(broker string) (string, bool) {
	addr, ok := f.masters[broker]
	return addr, ok
}

func (f *fakeRoutes) FindMaster(_ context.Context, _, broker string) (string, error) {
	if addr, ok := f.masters[broker]; ok {
		return addr, nil
	}
	return "", fmt.Errorf("%w: %s", rmqerrors.ErrBrokerNotFound, broker)
}

// fakeNetwork answers every request with a code.
type fakeNetwork struct{ code int32 }

func (f *fakeNetwork) Invoke(context.Context, string, *remote.Request) (*wire.Command, error) {
	return &wire.Command{Head: wire.Head{Code: f.code}}, nil
}

func (f *fakeNetwork) InvokeAsync(_ context.Context, _ string, _ *remote.Request, done func(*wire.Command, error)) {
	done(&wire.Command{Head: wire.Head{Code: f.code}}, nil)
}

func (f *fakeNetwork) InvokeOneWay(context.Context, string, *remote.Request) error { return nil }
func (f *fakeNetwork) Connected(string) bool                                       { return true }

// faked is a producer that runs on fakes.
func faked(t *testing.T, routes *fakeRoutes, network *fakeNetwork, opts ...Option) *DefaultProducer {
	t.Helper()
	p, err := NewDefaultProducer(append(opts, WithNameServer(primitive.NamesrvAddr{"127.0.0.1:1"}))...)
	require.NoError(t, err)
	require.NoError(t, p.state.Start(func() error {
		p.ready()
		p.remote, p.routes = network, routes
		return nil
	}))
	t.Cleanup(func() { require.NoError(t, p.work.Stop(background(t))) })
	return p
}

func twoBrokers(masters map[string]string) *fakeRoutes {
	return &fakeRoutes{
		topic: &route.Topic{Name: "orders", Writable: []primitive.MessageQueue{
			{Topic: "orders", BrokerName: "a", QueueId: 0}, {Topic: "orders", BrokerName: "b", QueueId: 0},
		}},
		masters: masters,
	}
}

func TestBrokerWithoutMasterIsSkipped(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		p := faked(t, twoBrokers(map[string]string{"b": "b:1"}), &fakeNetwork{})
		for range 4 {
			r, err := send(p, background(t), message("orders", "x"))
			require.NoError(t, err)
			require.Equal(t, "b", r.MessageQueue.BrokerName)
		}
		none := faked(t, twoBrokers(nil), &fakeNetwork{})
		_, err := send(none, background(t), message("orders", "x"))
		require.ErrorIs(t, err, rmqerrors.ErrBrokerNotFound)
		require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
		_, err = send(p, background(t), message("orders", "x").WithShardingKey("b")) // hash 98: queue 0, of broker a
		require.ErrorIs(t, err, rmqerrors.ErrBrokerNotFound, "an ordered message goes nowhere else")
	})
}

func TestTopicWithoutWritableQueue(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, send sender) {
		p := faked(t, &fakeRoutes{topic: &route.Topic{Name: "orders"}}, &fakeNetwork{})
		_, err := send(p, background(t), message("orders", "x"))
		require.ErrorIs(t, err, rmqerrors.ErrRouteNotFound)
		require.ErrorContains(t, err, "written")
	})
}

func TestRefusalsRefreshTheRouteButOverloadDoesNot(t *testing.T) {
	t.Parallel()
	for code, want := range map[int32]bool{17: true, 14: true, 29: true, 2: false, 215: false} {
		routes := twoBrokers(map[string]string{"a": "a:1", "b": "b:1"})
		p := faked(t, routes, &fakeNetwork{code: code}, WithRetry(0))
		_, err := p.SendSync(background(t), message("orders", "x"))
		require.Error(t, err)
		require.Equal(t, want, routes.refreshed > 0, "code %d", code)
	}
}

// The queues that selectors see are made once a route, and are copies.
func TestQueuesAreMadeOnceARoute(t *testing.T) {
	t.Parallel()
	r := &route.Topic{Name: "ns%t", Writable: []primitive.MessageQueue{{Topic: "ns%t", BrokerName: "a", QueueId: 1}}}
	tp := &topic{name: "t", wire: "ns%t"}
	first := tp.of(r)
	require.Equal(t, []*primitive.MessageQueue{{Topic: "t", BrokerName: "a", QueueId: 1}}, first)
	require.Same(t, first[0], tp.of(r)[0])
	first[0].QueueId = 9
	require.Equal(t, 1, r.Writable[0].QueueId)
	other := &route.Topic{Name: "ns%t", Writable: r.Writable}
	require.NotSame(t, first[0], tp.of(other)[0])
}
