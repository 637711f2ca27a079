package consumer

import "time"

// timer is one entry of a timers heap. It belongs to the goroutine that owns the heap.
type timer struct {
	at    time.Time
	f     func()
	index int // position in the heap; -1 when it is not in it
}

// timers is a min-heap of timers: one runtime timer serves them all, however many queues wait for something.
type timers struct{ heap []*timer }

// add calls f once at that time.
func (t *timers) add(at time.Time, f func()) *timer {
	e := &timer{at: at, f: f, index: len(t.heap)}
	t.heap = append(t.heap, e)
	t.up(e.index)
	return e
}

// stop makes sure that e is not called any more. A nil timer, and one that was called, are fine.
func (t *timers) stop(e *timer) {
	if e == nil || e.index < 0 {
		return
	}
	i, last := e.index, len(t.heap)-1
	if i != last {
		t.swap(i, last)
	}
	t.heap[last] = nil
	t.heap = t.heap[:last]
	if i != last {
		t.down(i)
		t.up(i)
	}
	e.index = -1
	e.f = nil
}

// next returns the time of the earliest timer.
func (t *timers) next() (time.Time, bool) {
	if len(t.heap) == 0 {
		return time.Time{}, false
	}
	return t.heap[0].at, true
}

// due removes one timer whose time has come and returns what it calls; nil when there is none.
func (t *timers) due(now time.Time) func() {
	if len(t.heap) == 0 || t.heap[0].at.After(now) {
		return nil
	}
	e := t.heap[0]
	f := e.f
	t.stop(e)
	return f
}

func (t *timers) swap(i, j int) {
	t.heap[i], t.heap[j] = t.heap[j], t.heap[i]
	t.heap[i].index, t.heap[j].index = i, j
}

func (t *timers) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !t.heap[i].at.Before(t.heap[parent].at) {
			return
		}
		t.swap(i, parent)
		i = parent
	}
}

func (t *timers) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(t.heap) {
			return
		}
		if r := child + 1; r < len(t.heap) && t.heap[r].at.Before(t.heap[child].at) {
			child = r
		}
		if !t.heap[child].at.Before(t.heap[i].at) {
			return
		}
		t.swap(i, child)
		i = child
	}
}
