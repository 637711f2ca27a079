package mqserver

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

const defaultDelayLevels = "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h"

// delayLevels holds the wait of level i+1 at index i.
type delayLevels []time.Duration

func parseDelayLevels(text string) (delayLevels, error) {
	var out delayLevels
	for _, f := range strings.Fields(text) {
		d, err := time.ParseDuration(f)
		if days, isDays := strings.CutSuffix(f, "d"); isDays {
			var n int
			n, err = strconv.Atoi(days)
			d = time.Duration(n) * 24 * time.Hour
		}
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("%q is not a positive duration", f)
		}
		out = append(out, d)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no level in %q", text)
	}
	return out, nil
}

// delivery moves messages out of the queues of SCHEDULE_TOPIC_XXXX when their time has come (ScheduleMessageService).
// Each level has at most one event with the scheduler: within a level messages become due in order.
type delivery struct {
	store *store
	sched *scheduler

	mu      sync.Mutex
	running bool
	next    []int64 // offset of the next message to deliver, by level
	armed   []bool
}

func newDelivery(s *store, sched *scheduler) *delivery {
	return &delivery{store: s, sched: sched, next: make([]int64, len(s.levels)), armed: make([]bool, len(s.levels))}
}

// setRunning starts or stops delivery: a broker that is down delivers nothing, and catches up afterwards.
func (d *delivery) setRunning(on bool) {
	d.mu.Lock()
	d.running = on
	d.mu.Unlock()
	for level := range d.next {
		d.arm(level + 1)
	}
}

// arm sees to it that an event waits for the first message of a level.
func (d *delivery) arm(level int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.running || d.armed[level-1] {
		return
	}
	if e, ok := d.head(level); ok {
		d.armed[level-1] = true
		d.sched.at(time.UnixMilli(e.tags), func() { d.deliver(level) })
	}
}

// head returns the next message of a level.
func (d *delivery) head(level int) (entry, bool) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	q := d.store.find(scheduleTopic, int32(level-1))
	if q == nil {
		return entry{}, false
	}
	d.next[level-1] = max(d.next[level-1], q.first) // memory ran out: what was dropped is not delivered
	if i := d.next[level-1] - q.first; i < int64(len(q.entries)) {
		return q.entries[i], true
	}
	return entry{}, false
}

// deliver stores what is due in its real topic.
func (d *delivery) deliver(level int) {
	for {
		d.mu.Lock()
		e, ok := d.head(level)
		if !d.running || !ok || e.tags > d.store.clock.Now().UnixMilli() {
			d.armed[level-1] = false
			d.mu.Unlock()
			d.arm(level)
			return
		}
		d.next[level-1]++
		d.mu.Unlock()
		if m, ok := d.store.timeUp(e); ok {
			out, _ := d.store.put(m)
			wakeAll(out.woken)
		}
	}
}

// timeUp makes the real message of a delayed one. All properties stay, DELAY and REAL_TOPIC too
// (ScheduleMessageService.messageTimeUp takes them out of the map after having encoded it).
func (s *store) timeUp(e entry) (*message, bool) {
	b := s.record(e.at)
	if b == nil {
		return nil, false
	}
	m := &message{}
	if _, err := m.Decode(b); err != nil {
		return nil, false
	}
	m.properties = string(m.Properties)
	m.topic = property(m.properties, record.PropRealTopic)
	queue, err := strconv.ParseInt(property(m.properties, record.PropRealQueueID), 10, 32)
	if m.topic == "" || err != nil {
		return nil, false
	}
	m.QueueID = int32(queue)
	return m, true
}
