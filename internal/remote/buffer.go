package remote

import (
	"math/bits"
	"sync"
)

// buffer holds one encoded frame, or what the writer gathers.
type buffer struct{ b []byte }

// bufferPool keeps buffers by size class (powers of two), so that a large frame does not make
// every small one heavy. Buffers above maxPooledBuffer are left to the garbage collector.
type bufferPool struct {
	classes [bufferClasses]sync.Pool
}

const (
	minBufferBits = 11 // minBuffer is 1 << minBufferBits
	bufferClasses = 10 // the powers of two from minBuffer to maxPooledBuffer
)

// get returns an empty buffer with room for at least n bytes, if n ≤ maxPooledBuffer.
func (p *bufferPool) get(n int) *buffer {
	class := bits.Len(uint(max(n, minBuffer)-1)) - minBufferBits
	if class >= bufferClasses {
		return &buffer{b: make([]byte, 0, n)}
	}
	if buf, ok := p.classes[class].Get().(*buffer); ok {
		return buf
	}
	return &buffer{b: make([]byte, 0, minBuffer<<class)}
}

// put takes a buffer back; the caller must not touch it afterwards.
func (p *bufferPool) put(buf *buffer) {
	// A buffer may have grown while it was filled: it goes to the class that it can serve in full.
	class := bits.Len(uint(cap(buf.b))) - 1 - minBufferBits
	if class < 0 || class >= bufferClasses {
		return
	}
	buf.b = buf.b[:0]
	p.classes[class].Put(buf)
}
