package consumer

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestRunQueueGivesEachQueueItsTurn(t *testing.T) {
	t.Parallel()
	r := newRunQueue()
	a, b := newHeldQueue(primitive.MessageQueue{QueueId: 1}), newHeldQueue(primitive.MessageQueue{QueueId: 2})
	r.push(a)
	r.push(a)
	r.push(b)
	require.Same(t, a, r.pop())
	r.push(a) // it has more
	require.Same(t, b, r.pop(), "the other one is not held up")
	require.Same(t, a, r.pop())
	r.push(b)
	r.close()
	require.Nil(t, r.pop(), "nothing is handed out once it is closed")
	r.push(a)
	require.Nil(t, r.pop())
}

func TestRunQueueWakesWorkersAndLosesNothing(t *testing.T) {
	t.Parallel()
	const queues, rounds, workers = 50, 200, 8
	r := newRunQueue()
	var mu sync.Mutex
	popped := 0
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for r.pop() != nil {
				mu.Lock()
				popped++
				mu.Unlock()
			}
		}()
	}
	list := make([]*heldQueue, queues)
	for i := range list {
		list[i] = newHeldQueue(primitive.MessageQueue{QueueId: i})
	}
	pushed := 0
	for range rounds {
		for _, q := range list {
			r.mu.Lock()
			if !q.runnable {
				pushed++
			}
			r.mu.Unlock()
			r.push(q)
		}
	}
	eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return popped >= pushed }, "every push is seen")
	r.close()
	wg.Wait()
	require.LessOrEqual(t, cap(r.list), 2*queues, "the list does not grow with use")
}
