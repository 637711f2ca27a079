package route

import (
	"context"
	"testing"

	"github.com/golang/mock/gomock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/rlog"
)

//go:generate go run github.com/golang/mock/mockgen@v1.6.0 -source=table.go -destination=mock_invoker_test.go -package=route

// The mock is strict: a call that is not expected fails the test. So this says
// exactly what a look-up costs: one request to one name server, nothing to the
// others, no connection closed, and nothing at all for a topic that is known.
func TestALookUpIsOneRequest(t *testing.T) {
	t.Parallel()
	invoker := NewMockInvoker(gomock.NewController(t))
	answer := routes(map[string]*command.TopicRouteData{"orders": data(4, "a"), "bills": data(2, "b")})
	var asked []string
	invoker.EXPECT().InvokeAsync(gomock.Any(), gomock.Any(), gomock.Any(), gomock.Any()).Times(2).
		Do(func(ctx context.Context, addr string, req *remote.Request, done func(*wire.Command, error)) {
			assert.Equal(t, command.CodeGetRouteInfoByTopic, req.Code)
			_, bounded := ctx.Deadline()
			assert.True(t, bounded, "a query has a deadline")
			asked = append(asked, addr)
			done(answer(ctx, req.Header.(*command.GetRouteInfoRequest).Topic))
		})

	resolver, err := StaticResolver("ns1:9876", "ns2:9876", "ns3:9876")
	require.NoError(t, err)
	table, err := New(Config{Remote: invoker, Resolver: resolver, Logger: rlog.Discard()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, table.Stop(context.Background())) })
	for range 3 {
		for topic, queues := range map[string]int{"orders": 4, "bills": 2} {
			r, err := table.Topic(t.Context(), topic)
			require.NoError(t, err)
			require.Len(t, r.Writable, queues)
		}
	}
	require.Len(t, asked, 2)
	require.Equal(t, asked[0], asked[1], "the name server that answered is asked again")
}
