package consumer

import (
	"sync"
	"time"
)

// TopicStats says how the consumption of one topic went. Rates and averages are over the last minute.
type TopicStats struct {
	PullRT        time.Duration // average time of a pull that brought messages
	PullTPS       float64       // messages pulled a second
	ConsumeRT     time.Duration // average time of a handler call
	ConsumeOKTPS  float64       // messages done a second
	FailedTPS     float64       // messages failed a second
	FailedPerHour int64         // messages failed in the last hour
	OK            int64         // messages done since the subscription was made
	Failed        int64         // messages failed since the subscription was made
}

// topicStats counts what happens to one topic of one group. It has no goroutine and no timer: windows drop what
// is too old when they are written or read.
type topicStats struct {
	mu       sync.Mutex
	pulled   window
	pullTime window
	handled  window
	ok       window
	failed   window
	hour     window
	okAll    int64
	badAll   int64
}

func newTopicStats() *topicStats { return &topicStats{} }

// pull counts a pull that took d and brought n messages.
func (s *topicStats) pull(now time.Time, d time.Duration, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sec := now.Unix()
	s.pulled.add(sec, int64(n))
	s.pullTime.add(sec, int64(d))
}

// consume counts a handler call that took d, and its messages.
func (s *topicStats) consume(now time.Time, d time.Duration, ok, failed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sec := now.Unix()
	s.handled.add(sec, int64(d))
	if ok > 0 {
		s.ok.add(sec, int64(ok))
		s.okAll += int64(ok)
	}
	if failed > 0 {
		s.failed.add(sec, int64(failed))
		s.hour.add(sec/60, int64(failed))
		s.badAll += int64(failed)
	}
}

func (s *topicStats) read(now time.Time) TopicStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	sec := now.Unix()
	var t TopicStats
	if sum, n := s.pullTime.sum(sec); n > 0 {
		t.PullRT = time.Duration(sum / n)
	}
	if sum, n := s.handled.sum(sec); n > 0 {
		t.ConsumeRT = time.Duration(sum / n)
	}
	perSecond := func(w *window) float64 {
		sum, _ := w.sum(sec)
		return float64(sum) / windowSlots
	}
	t.PullTPS, t.ConsumeOKTPS, t.FailedTPS = perSecond(&s.pulled), perSecond(&s.ok), perSecond(&s.failed)
	t.FailedPerHour, _ = s.hour.sum(sec / 60)
	t.OK, t.Failed = s.okAll, s.badAll
	return t
}

const windowSlots = 60

// window adds up values over the last 60 units of time (seconds or minutes).
type window struct {
	slots [windowSlots]struct{ unit, sum, count int64 }
}

func (w *window) add(unit, value int64) {
	s := &w.slots[unit%windowSlots]
	if s.unit != unit {
		s.unit, s.sum, s.count = unit, 0, 0
	}
	s.sum += value
	s.count++
}

func (w *window) sum(unit int64) (sum, count int64) {
	for i := range w.slots {
		if s := &w.slots[i]; s.unit > unit-windowSlots && s.unit <= unit {
			sum += s.sum
			count += s.count
		}
	}
	return sum, count
}
