package route

import (
	"context"
	"time"

	"go.uber.org/atomic"
)

// schedule is when a topic is refreshed next, and why. All of it is guarded by Table.mu.
type schedule struct {
	watchers int
	due      time.Time
	asked    time.Time // when the last query ended
	used     time.Time // when the refresh loop last saw the use mark set
	absent   time.Time // since when the name servers say that a known topic does not exist; zero: they do not
}

// set moves the next refresh, and wakes the loop when it would come too late.
func (s *schedule) set(t *Table, due time.Time) {
	s.due = due
	if due.Before(t.nextWake) {
		t.wake.Set()
	}
}

func (t *Table) scheduleLocked(topic string, now time.Time) *schedule {
	s := t.topics[topic]
	if s == nil {
		s = &schedule{used: now}
		t.topics[topic] = s
	}
	return s
}

// Watch has topic refreshed each RefreshInterval, and asked for each MissingInterval while it does not exist, until
// Unwatch was called as often as Watch.
func (t *Table) Watch(topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	_, tracked := t.topics[topic]
	s := t.scheduleLocked(topic, now)
	s.watchers++
	if k := t.snap.Load().topics[topic]; !tracked || k == nil || k.Fallback {
		s.set(t, now)
	}
}

// Unwatch takes one Watch back.
func (t *Table) Unwatch(topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.topics[topic]
	if s == nil || s.watchers == 0 {
		return
	}
	s.watchers--
	t.forgetLocked(topic, s)
}

// forgetLocked ends the refresh of a topic that is not known and that nobody watches.
func (t *Table) forgetLocked(topic string, s *schedule) {
	if s.watchers == 0 && t.snap.Load().topics[topic] == nil {
		delete(t.topics, topic)
	}
}

// RefreshSoon has topic refreshed in the background and returns at once. Calls are coalesced.
func (t *Table) RefreshSoon(topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	s := t.scheduleLocked(topic, now)
	due := now
	if soon := s.asked.Add(soonGap); soon.After(now) {
		due = soon
	}
	if s.due.IsZero() || due.Before(s.due) {
		s.set(t, due)
	}
}

// settleLocked draws the consequences of what a query for topic gave, and returns what its callers get. An unchanged
// route is the one they have already.
func (t *Table) settleLocked(topic string, r *Topic, err error, now time.Time) (*Topic, error) {
	k := t.snap.Load().topics[topic]
	have := k != nil && !k.Fallback
	if err == nil {
		s := t.scheduleLocked(topic, now)
		s.asked, s.absent = now, time.Time{}
		s.set(t, now.Add(t.cfg.RefreshInterval))
		if have && k.Topic.equal(r) {
			return k.Topic, nil
		}
		used := atomic.NewBool(true)
		if k != nil {
			used = k.used
		}
		t.snap.Store(t.snap.Load().with(&known{Topic: r, used: used}))
		t.changes.add(topic, r)
		return r, nil
	}

	s := t.topics[topic]
	if s == nil {
		return nil, err
	}
	s.asked = now
	wait := t.cfg.RefreshInterval
	switch {
	case !have:
		if s.watchers > 0 || k != nil && now.Sub(s.used) < t.cfg.RefreshInterval {
			wait = t.cfg.MissingInterval
		}
	case !absent(err):
	case s.absent.IsZero():
		s.absent = now
	case now.Sub(s.absent) >= t.cfg.RefreshInterval*9/10: // the loop's own next query is never a little early
		s.absent = time.Time{}
		wait = t.cfg.MissingInterval
		t.snap.Store(t.snap.Load().without(topic))
		t.changes.add(topic, nil)
	}
	s.set(t, now.Add(wait))
	t.forgetLocked(topic, s)
	return nil, err
}

// refreshLoop refreshes each topic when it is due, refreshWorkers of them at a time.
func (t *Table) refreshLoop(ctx context.Context) {
	slots := make(chan struct{}, refreshWorkers)
	land := func() { <-slots }
	timer := time.NewTimer(0)
	defer timer.Stop()
	resolveAt := time.Now()
	for {
		now := time.Now()
		if !now.Before(resolveAt) {
			t.resolve()
			resolveAt = now.Add(t.cfg.RefreshInterval)
		}
		topics, next := t.due(now, resolveAt)
		for _, topic := range topics {
			select {
			case slots <- struct{}{}:
				t.refreshOne(topic, land)
			case <-ctx.Done():
				return
			}
		}
		timer.Reset(time.Until(next))
		select {
		case <-timer.C:
		case <-t.wake.C():
		case <-ctx.Done():
			return
		}
	}
}

// refreshOne begins a flight in the background, unless one is under way.
func (t *Table) refreshOne(topic string, landed func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.flights[topic] != nil || t.topics[topic] == nil {
		landed()
		return
	}
	t.beginLocked(topic, &flight{done: make(chan struct{}), landed: landed})
}

// due lists the topics to refresh now, and says when to look again, at the latest at last. Topics that nobody has
// asked for in a long time are dropped here.
func (t *Table) due(now, last time.Time) (topics []string, next time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next = last
	// What is nearly due after a whole interval goes along, so that the topics of a client gather in a few rounds.
	horizon := now.Add(t.cfg.RefreshInterval / 20)
	gather := now.Add(-t.cfg.RefreshInterval * 9 / 10)
	for topic, s := range t.topics {
		k := t.snap.Load().topics[topic]
		if s.watchers == 0 && k != nil && k.used.Swap(false) {
			s.used = now
		}
		switch {
		case s.due.After(horizon), s.due.After(now) && s.asked.After(gather):
		case s.watchers == 0 && now.Sub(s.used) > idleLimit:
			t.snap.Store(t.snap.Load().without(topic))
			delete(t.topics, topic)
			continue
		default:
			topics = append(topics, topic)
			s.due = now.Add(t.cfg.RefreshInterval) // until the flight says better
		}
		if s.due.Before(next) {
			next = s.due
		}
	}
	t.nextWake = next
	return topics, next
}
