package producer

import (
	"context"
	"sync"
)

// limiter bounds what SendAsync holds, in messages and in bytes. Whoever waits is
// served in order of arrival, so that a large message is not starved by small ones.
type limiter struct {
	mu       sync.Mutex
	messages int   // room left
	bytes    int64 // room left; negative while one message above the limit is held
	all      int64 // the limit in bytes
	waiting  []*limiterWaiter
}

type limiterWaiter struct {
	bytes    int64
	admitted chan struct{}
}

func newLimiter(messages int, bytes int64) *limiter {
	return &limiter{messages: messages, bytes: bytes, all: bytes}
}

// try takes room for one message of that many bytes, if there is some and nobody
// waits for it.
func (l *limiter) try(bytes int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tryLocked(bytes)
}

func (l *limiter) tryLocked(bytes int64) bool {
	if len(l.waiting) > 0 || !l.fitsLocked(bytes) {
		return false
	}
	l.takeLocked(bytes)
	return true
}

// wait takes room, as soon as there is some and it is the caller's turn, or
// returns ctx's error.
func (l *limiter) wait(ctx context.Context, bytes int64) error {
	l.mu.Lock()
	if l.tryLocked(bytes) {
		l.mu.Unlock()
		return nil
	}
	w := &limiterWaiter{bytes: bytes, admitted: make(chan struct{})}
	l.waiting = append(l.waiting, w)
	l.mu.Unlock()

	select {
	case <-w.admitted:
		return nil
	case <-ctx.Done():
		return l.giveUp(ctx, w)
	}
}

// giveUp takes w out of the line. When it was admitted meanwhile the room is kept.
func (l *limiter) giveUp(ctx context.Context, w *limiterWaiter) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.waiting {
		if l.waiting[i] == w {
			l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
			// w may have been the one that the others were waiting behind.
			l.admitLocked()
			return ctx.Err()
		}
	}
	return nil
}

// release gives the room of one message back.
func (l *limiter) release(bytes int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.messages++
	l.bytes += bytes
	l.admitLocked()
}

func (l *limiter) admitLocked() {
	n := 0
	for n < len(l.waiting) && l.fitsLocked(l.waiting[n].bytes) {
		l.takeLocked(l.waiting[n].bytes)
		close(l.waiting[n].admitted)
		n++
	}
	if n > 0 {
		rest := copy(l.waiting, l.waiting[n:])
		clear(l.waiting[rest:])
		l.waiting = l.waiting[:rest]
	}
}

// fitsLocked says whether there is room; a message above the whole limit fits
// when nothing else is held, or it could never be sent.
func (l *limiter) fitsLocked(bytes int64) bool {
	return l.messages > 0 && (bytes <= l.bytes || l.bytes == l.all)
}

func (l *limiter) takeLocked(bytes int64) {
	l.messages--
	l.bytes -= bytes
}
