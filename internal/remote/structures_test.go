package remote

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// The queue against a plain slice.
func TestQueue(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	var q queue
	type entry struct {
		place uint64
		buf   *buffer
	}
	var model []entry
	for step := range 200_000 {
		switch n := rng.IntN(100); {
		case n < 50-step/10_000%2*10: // grows for a while, shrinks for a while
			buf := &buffer{}
			model = append(model, entry{q.push(outgoing{buf: buf}), buf})
		case n < 80:
			o, ok := q.pop()
			require.Equal(t, len(model) > 0, ok)
			if ok {
				require.Same(t, model[0].buf, o.buf)
				model = model[1:]
			}
		case len(model) > 0:
			i := rng.IntN(len(model))
			require.Same(t, model[i].buf, q.drop(model[i].place).buf)
			model = slices.Delete(slices.Clone(model), i, i+1)
		}
		require.Equal(t, len(model), q.live)
	}
}

// A queue that is never empty must not grow with what went through it.
func TestQueueMemory(t *testing.T) {
	t.Parallel()
	var q queue
	buf := &buffer{}
	for range 10 {
		q.push(outgoing{buf: buf})
	}
	for range 1_000_000 {
		q.push(outgoing{buf: buf})
		_, ok := q.pop()
		require.True(t, ok)
	}
	require.Less(t, cap(q.items), 10_000)
}

type modelHeap []*call

func (h modelHeap) Len() int           { return len(h) }
func (h modelHeap) Less(i, j int) bool { return h[i].deadline < h[j].deadline }
func (h modelHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *modelHeap) Push(x any)        { *h = append(*h, x.(*call)) }
func (h *modelHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// The deadlines against container/heap.
func TestDeadlinesHeap(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	var d deadlines
	model := &modelHeap{}
	require.Equal(t, int64(never), d.next())
	for range 100_000 {
		if rng.IntN(2) == 0 {
			c := &call{deadline: rng.Int64N(1000)}
			d.push(c)
			heap.Push(model, c)
		} else if len(d.h) > 0 {
			c := d.h[rng.IntN(len(d.h))]
			d.remove(c)
			heap.Remove(model, slices.Index(*model, c))
		}
		require.Equal(t, model.Len(), len(d.h))
		if model.Len() > 0 {
			require.Equal(t, (*model)[0].deadline, d.next())
		}
		if model.Len() > 200 {
			for len(d.h) > 0 {
				c := d.h[0]
				require.Equal(t, heap.Pop(model).(*call).deadline, c.deadline)
				d.remove(c)
			}
		}
	}
	for i, c := range d.h {
		require.Equal(t, i, c.heapIndex)
	}
}

func TestBufferPool(t *testing.T) {
	t.Parallel()
	require.Equal(t, minBuffer, 1<<minBufferBits)
	require.Equal(t, maxPooledBuffer, minBuffer<<(bufferClasses-1))
	var p bufferPool
	for _, n := range []int{0, 1, minBuffer - 1, minBuffer, minBuffer + 1, 5000, maxPooledBuffer - 1, maxPooledBuffer, maxPooledBuffer + 1, 5 << 20} {
		buf := p.get(n)
		require.Empty(t, buf.b)
		require.GreaterOrEqual(t, cap(buf.b), n)
		if n <= maxPooledBuffer {
			require.LessOrEqual(t, cap(buf.b), max(minBuffer, 2*n))
		}
		buf.b = append(buf.b, make([]byte, n+n/3)...) // grown meanwhile
		p.put(buf)
	}
	for n := 1; n < 3<<20; n = n*5/4 + 1 {
		buf := p.get(n)
		require.Empty(t, buf.b)
		require.GreaterOrEqual(t, cap(buf.b), n)
		p.put(buf)
	}
	p.put(&buffer{})                           // too small to be of use
	p.put(&buffer{b: make([]byte, 0, 64<<20)}) // too large to be kept
	require.Less(t, cap(p.get(1).b), maxPooledBuffer)
}
