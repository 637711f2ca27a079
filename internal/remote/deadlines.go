package remote

// deadlines is a binary heap of calls, the next to expire first. Each call knows its index, so
// that one that is answered leaves in O(log n). Calls mostly come in the order of their deadlines, which makes
// push O(1). It is guarded by the lock of its owner. (container/heap would box each element.)
type deadlines struct{ h []*call }

// next returns the earliest deadline, or never when there is none.
func (d *deadlines) next() int64 {
	if len(d.h) == 0 {
		return never
	}
	return d.h[0].deadline
}

func (d *deadlines) push(c *call) {
	d.h = append(d.h, c)
	d.up(len(d.h)-1, c)
}

func (d *deadlines) remove(c *call) {
	i, last := c.heapIndex, len(d.h)-1
	moved := d.h[last]
	d.h[last] = nil
	d.h = d.h[:last]
	if moved == c {
		return
	}
	if !d.down(i, moved) {
		d.up(i, moved)
	}
}

// up puts c at index i or, while its parent expires later, higher.
func (d *deadlines) up(i int, c *call) {
	for i > 0 {
		parent := (i - 1) / 2
		if d.h[parent].deadline <= c.deadline {
			break
		}
		d.set(i, d.h[parent])
		i = parent
	}
	d.set(i, c)
}

// down puts c at index i or, while a child expires earlier, lower. It reports whether c moved.
func (d *deadlines) down(i int, c *call) bool {
	start := i
	for {
		child := 2*i + 1
		if child >= len(d.h) {
			break
		}
		if right := child + 1; right < len(d.h) && d.h[right].deadline < d.h[child].deadline {
			child = right
		}
		if c.deadline <= d.h[child].deadline {
			break
		}
		d.set(i, d.h[child])
		i = child
	}
	d.set(i, c)
	return i != start
}

func (d *deadlines) set(i int, c *call) {
	d.h[i] = c
	c.heapIndex = i
}
