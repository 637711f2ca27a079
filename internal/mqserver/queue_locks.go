package mqserver

import (
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// queueLocks is which client of a group consumes a queue in order (RebalanceLockManager).
type queueLocks struct {
	clock clock

	mu     sync.Mutex
	groups map[string]map[command.MessageQueue]queueLock
}

type queueLock struct {
	client  string
	renewed time.Time
}

func newQueueLocks(c clock) *queueLocks {
	return &queueLocks{clock: c, groups: map[string]map[command.MessageQueue]queueLock{}}
}

func (l *queueLocks) expired(k queueLock) bool { return l.clock.Now().Sub(k.renewed) > lockExpiry }

// lock returns the queues that are the client's now.
func (l *queueLocks) lock(group, client string, queues []command.MessageQueue) []command.MessageQueue {
	l.mu.Lock()
	defer l.mu.Unlock()
	held := l.groups[group]
	if held == nil {
		held = map[command.MessageQueue]queueLock{}
		l.groups[group] = held
	}
	out := []command.MessageQueue{}
	for _, q := range queues {
		k, taken := held[q]
		if taken && k.client != client && !l.expired(k) {
			continue
		}
		held[q] = queueLock{client: client, renewed: l.clock.Now()}
		out = append(out, q)
	}
	return out
}

func (l *queueLocks) unlock(group, client string, queues []command.MessageQueue) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, q := range queues {
		if l.groups[group][q].client == client {
			delete(l.groups[group], q)
		}
	}
}

// live reports whether the group holds any lock, which tells brokers that it consumes in order.
func (l *queueLocks) live(group string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range l.groups[group] {
		if !l.expired(k) {
			return true
		}
	}
	return false
}

func (l *queueLocks) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.groups = map[string]map[command.MessageQueue]queueLock{}
}
