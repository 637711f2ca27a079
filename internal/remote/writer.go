package remote

import (
	"context"
	"time"
)

// writeLoop is the writer goroutine: everything that waits leaves in one write, up to maxChunk.
func (c *conn) writeLoop(context.Context) {
	var taken []*buffer
	for {
		var size int
		taken, size = c.takeChunk(taken[:0])
		if size == 0 {
			return
		}
		chunk := taken[0]
		if len(taken) > 1 {
			chunk = c.gather(taken, size)
		}
		n, err := c.write(chunk.b)
		c.client.buffers.put(chunk)
		if err != nil {
			c.failWritten(lost(err), n, c.exact)
			return
		}
		if c.chunkDone() {
			c.fail(lost(errDrained))
			return
		}
	}
}

// gather copies the frames, size bytes in all, into one buffer and gives theirs back.
func (c *conn) gather(frames []*buffer, size int) *buffer {
	chunk := c.client.buffers.get(size)
	for i, buf := range frames {
		chunk.b = append(chunk.b, buf.b...)
		c.client.buffers.put(buf)
		frames[i] = nil
	}
	return chunk
}

// takeChunk waits for something to write and takes it, size bytes in all. A size of 0 means that
// the writer must end.
func (c *conn) takeChunk(taken []*buffer) (_ []*buffer, size int) {
	c.mu.Lock()
	for c.err == nil && c.queue.live == 0 {
		if c.closing {
			c.mu.Unlock()
			c.fail(ErrClosed)
			return nil, 0
		}
		c.writerIdle = true
		c.mu.Unlock()
		select {
		case <-c.wake.C():
		case <-c.dead:
		}
		c.mu.Lock()
	}
	defer c.mu.Unlock()
	c.writerIdle = false
	if c.err != nil {
		return nil, 0
	}
	c.chunk++
	c.writing = true
	now := c.client.clock.now()
	for size < maxChunk {
		o, ok := c.queue.pop()
		if !ok {
			break
		}
		switch o.kind {
		case kindRequest:
			o.call.sentAt, o.call.chunk, o.call.offset = now, c.chunk, size
		case kindOneWay:
			c.peer.release()
		case kindReply:
			c.replies--
		}
		size += len(o.buf.b)
		taken = append(taken, o.buf)
	}
	return taken, size
}

// write writes data, at most maxChunk at a time, each with a deadline of its own: a large frame on a
// slow link may take longer than WriteTimeout as long as it moves.
func (c *conn) write(data []byte) (n int, err error) {
	for n < len(data) {
		part := data[n:min(n+maxChunk, len(data))]
		if err := c.nc.SetWriteDeadline(time.Now().Add(c.client.cfg.WriteTimeout)); err != nil {
			return n, err
		}
		m, err := c.nc.Write(part)
		n += m
		if err != nil {
			return n, err
		}
	}
	c.lastWrite.Store(c.client.clock.now())
	return n, nil
}

// chunkDone reports whether the connection was only waiting for this chunk to end.
func (c *conn) chunkDone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing = false
	return c.drainedLocked()
}
