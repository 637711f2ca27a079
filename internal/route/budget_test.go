package route

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
)

func TestLookUpBudget(t *testing.T) {
	s := newScript()
	s.on("ns:1", routes(topics{"T": data(4, "a", "b")}))
	table := newTestTable(t, s, nil, "ns:1")
	_, err := table.Topic(t.Context(), "T")
	require.NoError(t, err)
	ctx := t.Context()
	budget.Allocs(t, 0, 1000, func() {
		r, err := table.Publish(ctx, "T", 4)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := table.Master(r.Writable[0].BrokerName); !ok {
			t.Fatal("no master")
		}
		if _, _, ok := table.Replica("b", 1, false); !ok {
			t.Fatal("no replica")
		}
	})
}

func BenchmarkPublish(b *testing.B) {
	s := newScript()
	s.on("ns:1", routes(topics{"T": data(4, "a", "b")}))
	resolver, err := StaticResolver("ns:1")
	require.NoError(b, err)
	table, err := New(Config{Remote: s, Resolver: resolver, LookupHost: noHost})
	require.NoError(b, err)
	ctx := b.Context()
	_, err = table.Publish(ctx, "T", 4)
	require.NoError(b, err)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := table.Publish(ctx, "T", 4); err != nil {
				b.Error(err)
			}
		}
	})
}
