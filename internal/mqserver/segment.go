package mqserver

import "sort"

// commitLog is the bytes of all stored records of one broker, oldest first, in segments that never move: a slice of
// one stays valid after it has been dropped.
type commitLog struct {
	segments []segment
	next     int64 // offset of the next record
	held     int64 // bytes of all segments' capacity
	max      int64
}

// segment holds the records from offset base on. Bytes below len(buf) are never written to again.
type segment struct {
	base int64
	buf  []byte
}

func newCommitLog(max int64) *commitLog { return &commitLog{max: max} }

// min returns the offset of the oldest record in memory.
func (l *commitLog) min() int64 {
	if len(l.segments) == 0 {
		return l.next
	}
	return l.segments[0].base
}

// room returns the buffer that the next record of at most size bytes is appended to, within its capacity, and whether
// old segments had to go for it. The new length is told with grown.
func (l *commitLog) room(size int) (buf []byte, dropped bool) {
	if n := len(l.segments); n > 0 {
		if last := l.segments[n-1].buf; cap(last)-len(last) >= size {
			return last, false
		}
	}
	c := segmentFirst
	if n := len(l.segments); n > 0 {
		c = 2 * cap(l.segments[n-1].buf)
	}
	// An eighth at most, so that dropping one leaves most messages alone.
	c = max(min(c, int(min(segmentMax, l.max/8))), size)
	for len(l.segments) > 0 && l.held+int64(c) > l.max {
		l.held -= int64(cap(l.segments[0].buf))
		l.segments[0].buf = nil
		l.segments = l.segments[1:]
		dropped = true
	}
	l.segments = append(l.segments, segment{base: l.next, buf: make([]byte, 0, c)})
	l.held += int64(c)
	return l.segments[len(l.segments)-1].buf, dropped
}

// grown takes back the buffer that room gave, with the record appended.
func (l *commitLog) grown(buf []byte) {
	last := &l.segments[len(l.segments)-1]
	l.next += int64(len(buf) - len(last.buf))
	last.buf = buf
}

// at returns what is stored from offset on, to the end of its segment; nil when the offset is not in memory.
func (l *commitLog) at(offset int64) []byte {
	i := sort.Search(len(l.segments), func(i int) bool { return l.segments[i].base > offset }) - 1
	if i < 0 {
		return nil
	}
	s := l.segments[i]
	if at := offset - s.base; at < int64(len(s.buf)) {
		return s.buf[at:]
	}
	return nil
}
