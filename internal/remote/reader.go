package remote

import (
	"context"
	"errors"
	"os"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// readLoop is the reader goroutine.
func (c *conn) readLoop(context.Context) {
	c.fail(c.read())
}

func (c *conn) read() error {
	r := wire.NewReader(timedReader{c}, c.client.cfg.MaxFrameSize)
	for {
		frame, err := r.Next()
		if err != nil {
			return lost(err)
		}
		c.frameStart = 0
		cmd, err := wire.Decode(frame)
		if err != nil {
			return lost(err)
		}
		if !c.answered.Load() {
			c.answered.Store(true)
			c.peer.proved(c)
		}
		c.handle(cmd)
		if c.drained() {
			return lost(errDrained)
		}
	}
}

// timedReader reads from the socket and spends the time between two bytes on looking at deadlines.
// The frame reader above it never sees a timeout, so it need not be able to resume.
type timedReader struct{ c *conn }

func (t timedReader) Read(p []byte) (int, error) {
	c := t.c
	looked := false
	for {
		n, err := c.nc.Read(p)
		switch {
		case n > 0:
			return n, c.noteRead()
		case err == nil:
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return 0, err
		case !looked && c.lastLook():
			looked = true
		default:
			if err := c.expire(); err != nil {
				return 0, err
			}
			looked = false
		}
	}
}

// lastLook reports whether something has expired, and if so lets the socket be read once more. Read
// ends at its deadline even when bytes are there, and if the process was stopped for a while they
// may hold the very answers.
func (c *conn) lastLook() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.client.clock.now()
	if c.deadlines.next() > now {
		return false
	}
	c.armed = never
	c.arm(now + int64(lastLookTime))
	return true
}

// noteRead is called for each successful read. It fails the connection of a peer that drips one
// frame for too long.
func (c *conn) noteRead() error {
	now := c.client.clock.now()
	c.lastRead.Store(now)
	if c.frameStart == 0 {
		c.frameStart = now
	} else if now-c.frameStart > int64(c.client.cfg.FrameTimeout) {
		return errSlowFrame
	}
	return nil
}

// expire fails the requests whose deadline has passed, judges whether the peer is still there, and
// sets the next read deadline. An error ends the connection.
func (c *conn) expire() error {
	cfg := &c.client.cfg
	now := c.client.clock.now()
	lastRead := c.lastRead.Load()
	var expired []*call

	c.mu.Lock()
	if lastRead > c.silentSince {
		c.silentSince = 0
	}
	for c.deadlines.next() <= now {
		cl := c.deadlines.h[0]
		c.removeLocked(cl)
		expired = append(expired, cl)
		if cl.sentAt > lastRead && (c.silentSince == 0 || cl.sentAt < c.silentSince) {
			c.silentSince = cl.sentAt
		}
	}
	silent := len(expired) > 0 && c.silentSince != 0 && now-c.silentSince >= int64(cfg.SilenceTimeout)
	idleAt := max(lastRead, c.lastWrite.Load()) + int64(cfg.IdleTimeout)
	// Looking once every FrameTimeout finds a frame that does not end without a lock for each read.
	next := min(c.deadlines.next(), idleAt, now+int64(cfg.FrameTimeout))
	if c.frameStart != 0 {
		next = min(next, c.frameStart+int64(cfg.FrameTimeout))
	}
	c.armed = never
	c.arm(next)
	done := c.drainedLocked()
	c.mu.Unlock()

	for _, cl := range expired {
		sent := cl.sentAt != 0
		cl.fail(opOf(sent), sent, ErrTimeout)
	}
	switch {
	case done:
		return errDrained
	case silent:
		return errSilent
	case now >= idleAt:
		return errIdle
	case c.frameStart != 0 && now-c.frameStart >= int64(cfg.FrameTimeout):
		return errSlowFrame
	}
	return nil
}
