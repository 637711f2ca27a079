package consumer

import (
	"sync"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// slotState says how far a cached message has got.
type slotState uint8

const (
	slotDone      slotState = iota // finished; the slot only waits for older ones
	slotCached                     // not handed out yet
	slotRunning                    // its handler runs
	slotReturning                  // it failed; the broker has not confirmed yet that it took it back
	slotKept                       // its return was given up; whoever holds the queue next gets it again
)

// slot holds one message of a process queue.
type slot struct {
	msg     *primitive.MessageExt
	extra   string // properties that the client adds when it hands the message out
	offset  int64
	started int64 // Unix milliseconds at which the handler began
	size    int32
	state   slotState
}

// processQueue holds the messages of one queue between pull and completion: a ring in offset order, where a
// message is found by its sequence number (its position since the queue was made) in constant time.
//
//	      head            next            tail
//	┌──────┴───────┬───────┴───────┬───────┴──
//	│ running,     │ cached, not   │ free
//	│ returning,   │ handed out    │
//	│ done between │               │
//	└──────────────┴───────────────┘
//
// Everything below the offset at head is done: that is the offset to commit. An offset enters the ring once, so
// what a repeated pull brings again is not handed out again.
type processQueue struct {
	mu     sync.Mutex
	ring   []slot // its length is zero or a power of two
	head   uint64 // oldest message that is not done
	next   uint64 // oldest message that was not handed out
	tail   uint64 // one past the newest message
	pulled int64  // every offset below has been received, or is not wanted

	count   int   // messages that are not done
	bytes   int64 // their bodies
	active  int   // of them, running or returning
	dropped bool  // nothing is handed out any more
}

// minRing is the smallest ring, maxIdleRing the largest one that an empty queue keeps.
const (
	minRing     = 16
	maxIdleRing = 64
)

// newProcessQueue returns an empty queue whose first wanted offset is start.
func newProcessQueue(start int64) *processQueue { return &processQueue{pulled: start} }

// add appends the messages that are new, in offset order, and notes that everything below next has been
// received. It returns how many were new.
func (p *processQueue) add(msgs []*primitive.MessageExt, extra string, next int64) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	added := 0
	for _, m := range msgs {
		if m.QueueOffset < p.pulled {
			continue
		}
		p.grow()
		size := int32(len(m.Body))
		p.ring[p.tail&uint64(len(p.ring)-1)] = slot{
			msg: m, extra: extra, offset: m.QueueOffset, size: size, state: slotCached,
		}
		p.tail++
		p.count++
		p.bytes += int64(size)
		p.pulled = m.QueueOffset + 1
		added++
	}
	p.pulled = max(p.pulled, next)
	if p.count == 0 && len(p.ring) > maxIdleRing {
		p.ring = nil // an idle queue keeps no large ring; head == next == tail, so no slot is in use
	}
	return added
}

func (p *processQueue) grow() {
	size := uint64(len(p.ring))
	if p.tail-p.head < size {
		return
	}
	bigger := make([]slot, max(2*size, minRing))
	for seq := p.head; seq != p.tail; seq++ {
		bigger[seq&uint64(len(bigger)-1)] = p.ring[seq&(size-1)]
	}
	p.ring = bigger
}

// at returns the slot of a message that is not older than head.
func (p *processQueue) at(seq uint64) *slot { return &p.ring[seq&uint64(len(p.ring)-1)] }

// batch is what a worker took: messages with consecutive sequence numbers.
type batch struct {
	first uint64
	msgs  []*primitive.MessageExt
	extra []string
}

// take hands out the oldest messages that were not handed out yet, at most limit, all of one topic, into b. more
// says whether there are others left.
func (p *processQueue) take(b *batch, limit int, now int64) (more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b.msgs, b.extra = b.msgs[:0], b.extra[:0]
	if p.dropped {
		return false
	}
	for p.next != p.tail && p.at(p.next).state != slotCached { // rejected
		p.next++
	}
	b.first = p.next
	for p.next != p.tail && len(b.msgs) < limit {
		s := p.at(p.next)
		if s.state != slotCached {
			break // sequence numbers of a batch have no gap
		}
		if len(b.msgs) > 0 && s.msg.Topic != b.msgs[0].Topic {
			break // a retry topic holds messages of several topics; a handler gets those of its own only
		}
		s.state, s.started = slotRunning, now
		b.msgs = append(b.msgs, s.msg)
		b.extra = append(b.extra, s.extra)
		p.next++
		p.active++
	}
	return p.next != p.tail
}

// done marks a message whose handler succeeded, or that is given up. It returns false when the message is not
// running any more: it took too long and is being sent back.
func (p *processQueue) done(seq uint64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.has(seq, slotRunning) {
		return false
	}
	p.remove(seq)
	return true
}

// fail marks a message whose handler failed. It returns false when the message is not running any more.
func (p *processQueue) fail(seq uint64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.has(seq, slotRunning) {
		return false
	}
	p.at(seq).state = slotReturning
	return true
}

// returned marks a failed message that the broker has taken back.
func (p *processQueue) returned(seq uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.has(seq, slotReturning) {
		p.remove(seq)
	}
}

// keep gives the return of a message up. Its offset stays the lowest that is not done.
func (p *processQueue) keep(seq uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.has(seq, slotReturning) {
		p.at(seq).state = slotKept
		p.active--
	}
}

func (p *processQueue) has(seq uint64, state slotState) bool {
	return seq >= p.head && seq < p.tail && p.at(seq).state == state
}

// remove marks the message done and moves head over all that are done.
func (p *processQueue) remove(seq uint64) {
	s := p.at(seq)
	p.count--
	p.active--
	p.bytes -= int64(s.size)
	s.state, s.msg, s.extra = slotDone, nil, ""
	for p.head != p.tail && p.at(p.head).state == slotDone {
		p.head++
	}
	p.next = max(p.next, p.head)
}

// reject marks a message just added that cannot be handed out as being sent back. It returns false when the message
// is not in the queue.
func (p *processQueue) reject(m *primitive.MessageExt) (seq uint64, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for seq := p.tail; seq != p.next; seq-- {
		if s := p.at(seq - 1); s.msg == m && s.state == slotCached {
			s.state = slotReturning
			p.active++
			return seq - 1, true
		}
	}
	return 0, false
}

// committable returns the offset up to which everything is done: that of the oldest message that is not.
func (p *processQueue) committable() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.committableLocked()
}

func (p *processQueue) committableLocked() int64 {
	if p.head == p.tail {
		return p.pulled
	}
	return p.at(p.head).offset
}

// drop makes take hand out nothing any more. Messages that were not handed out are forgotten.
func (p *processQueue) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropped = true
}

// idle says whether no handler runs and nothing is on its way back to the broker.
func (p *processQueue) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.active == 0
}

// waiting says whether there are messages to hand out.
func (p *processQueue) waiting() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.dropped && p.next != p.tail
}

// drained says whether the queue was dropped and is idle.
func (p *processQueue) drained() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dropped && p.active == 0
}

// load returns the number of messages that are not done, their bytes, and the distance from the oldest of them to
// the newest.
func (p *processQueue) load() (count int, bytes, span int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.head != p.tail {
		span = p.at(p.tail-1).offset - p.at(p.head).offset
	}
	return p.count, p.bytes, span
}

// overdue is a message whose handler has taken too long.
type overdue struct {
	seq uint64
	msg *primitive.MessageExt
}

// expire marks the messages whose handlers began before that time as being sent back, and returns them.
func (p *processQueue) expire(before int64) []overdue {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []overdue
	for seq := p.head; seq != p.next; seq++ {
		if s := p.at(seq); s.state == slotRunning && s.started < before {
			s.state = slotReturning
			out = append(out, overdue{seq: seq, msg: s.msg})
		}
	}
	return out
}
