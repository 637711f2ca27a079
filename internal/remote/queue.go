package remote

// outgoing is a frame that waits to be written.
type outgoing struct {
	buf  *buffer // nil: withdrawn
	call *call   // nil for one-way requests and replies, which nobody waits for
	kind outgoingKind
}

type outgoingKind uint8

const (
	kindRequest outgoingKind = iota // has a call
	kindOneWay                      // gives back a permit when it leaves the queue
	kindReply
)

// queue is a first-in, first-out list whose elements can also be taken out of the middle: by the
// place that push returned. It is guarded by the lock of its owner.
type queue struct {
	items []outgoing
	head  int
	base  uint64 // place of items[0]
	live  int    // elements that were neither popped nor dropped
}

func (q *queue) push(o outgoing) (place uint64) {
	if q.head == len(q.items) {
		q.base += uint64(q.head)
		q.items, q.head = q.items[:0], 0
	} else if q.head > 1024 && q.head > len(q.items)/2 {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.base += uint64(q.head)
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, o)
	q.live++
	return q.base + uint64(len(q.items)-1)
}

// pop takes the oldest element; false when there is none.
func (q *queue) pop() (outgoing, bool) {
	for q.head < len(q.items) {
		o := q.items[q.head]
		q.items[q.head] = outgoing{}
		q.head++
		if o.buf != nil {
			q.live--
			return o, true
		}
	}
	return outgoing{}, false
}

// drop takes the element at place, which must have been neither popped nor dropped.
func (q *queue) drop(place uint64) outgoing {
	i := place - q.base
	o := q.items[i]
	q.items[i] = outgoing{}
	q.live--
	return o
}
