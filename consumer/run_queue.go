package consumer

import "sync"

// runQueue lists the queues that have messages to hand out. Workers take turns: each takes one batch of the queue
// at the front, which then goes to the end, so that a long backlog in one queue does not hold up the others.
type runQueue struct {
	mu      sync.Mutex
	some    *sync.Cond
	list    []*heldQueue
	head    int
	waiting int // workers that wait
	closed  bool
}

func newRunQueue() *runQueue {
	r := &runQueue{}
	r.some = sync.NewCond(&r.mu)
	return r
}

// push puts q at the end unless it is in the list.
func (r *runQueue) push(q *heldQueue) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if q.runnable || r.closed {
		return
	}
	q.runnable = true
	if r.head > 0 && len(r.list) == cap(r.list) {
		n := copy(r.list, r.list[r.head:])
		clear(r.list[n:])
		r.list, r.head = r.list[:n], 0
	}
	r.list = append(r.list, q)
	if r.waiting > 0 {
		r.some.Signal()
	}
}

// pop takes the queue at the front, and waits for one. It returns nil once the list is closed.
func (r *runQueue) pop() *heldQueue {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.head == len(r.list) && !r.closed {
		r.waiting++
		r.some.Wait()
		r.waiting--
	}
	if r.closed {
		return nil
	}
	q := r.list[r.head]
	r.list[r.head] = nil
	if r.head++; r.head == len(r.list) {
		r.list, r.head = r.list[:0], 0
	}
	q.runnable = false
	return q
}

// close ends all pops, present and later ones.
func (r *runQueue) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.list, r.head = nil, 0
	r.some.Broadcast()
}
