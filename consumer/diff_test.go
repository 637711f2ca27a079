package consumer

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestDiffAppliedGivesWhatIsWanted(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 7))
		some := func(repeat bool) []primitive.MessageQueue {
			var out []primitive.MessageQueue
			for i := range 12 {
				if rng.IntN(2) == 0 {
					mq := primitive.MessageQueue{Topic: "t", BrokerName: "b", QueueId: i}
					out = append(out, mq)
					if repeat && rng.IntN(4) == 0 {
						out = append(out, mq)
					}
				}
			}
			return out
		}
		held, wanted := some(false), some(true)
		table := map[primitive.MessageQueue]bool{}
		for _, mq := range held {
			table[mq] = true
		}
		add, drop := diff(held, wanted)
		for _, mq := range drop {
			require.True(t, table[mq], "drops what is held")
			delete(table, mq)
		}
		for _, mq := range add {
			require.False(t, table[mq], "adds what is not held, once")
			table[mq] = true
		}
		want := map[primitive.MessageQueue]bool{}
		for _, mq := range wanted {
			want[mq] = true
		}
		require.Equal(t, want, table)
	}
}
