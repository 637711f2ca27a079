package consumer

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTimersComeDueInOrder(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	base := time.Now()
	var heap timers
	var want, got []int
	added := map[int]*timer{}
	for i := range 500 {
		at := rng.IntN(1000)
		added[i] = heap.add(base.Add(time.Duration(at)), func() { got = append(got, at) })
		if rng.IntN(3) == 0 { // stop any, also one that was stopped
			heap.stop(added[rng.IntN(i+1)])
		}
	}
	for _, e := range added {
		if e.index >= 0 {
			want = append(want, int(e.at.Sub(base)))
		}
	}
	slices.Sort(want)
	require.Nil(t, heap.due(base.Add(-1)))
	for f := heap.due(base.Add(1000)); f != nil; f = heap.due(base.Add(1000)) {
		f()
	}
	require.Equal(t, want, got)
	_, ok := heap.next()
	require.False(t, ok)
	heap.stop(nil)
}
