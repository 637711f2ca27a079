package mqserver

import (
	"maps"
	"slices"
	"sort"
	"sync"
	"time"
)

// registry is what name servers know of the brokers, the same for all of them (RouteInfoManager). Topics are read
// from the brokers themselves, so a new topic is in the routes at once.
type registry struct {
	clock   clock
	sched   *scheduler
	cluster string
	stale   time.Duration

	mu      sync.Mutex
	brokers map[string]*listing
	hidden  map[string]time.Time // topics deleted in the name server (216), until the brokers would register them again
}

// listing is a broker set that name servers list.
type listing struct {
	set   *brokerSet
	addrs map[int64]string
	turn  map[int64]int // counts list and unlist, so that a late unlist of a killed broker does not hit a restarted one
}

func newRegistry(c clock, sched *scheduler, cluster string, stale time.Duration) *registry {
	return &registry{
		clock: c, sched: sched, cluster: cluster, stale: stale,
		brokers: map[string]*listing{}, hidden: map[string]time.Time{},
	}
}

func (r *registry) list(set *brokerSet, id int64, addr string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.brokers[set.name]
	if l == nil {
		l = &listing{set: set, addrs: map[int64]string{}, turn: map[int64]int{}}
		r.brokers[set.name] = l
	}
	l.addrs[id] = addr
	l.turn[id]++
}

// unlist forgets a broker: now, or when it was killed after the time that name servers take to notice.
func (r *registry) unlist(set *brokerSet, id int64, killed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.brokers[set.name]
	if l == nil {
		return
	}
	l.turn[id]++
	if !killed {
		delete(l.addrs, id)
		return
	}
	turn := l.turn[id]
	r.sched.after(r.stale, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if l.turn[id] == turn {
			delete(l.addrs, id)
		}
	})
}

// listed returns a copy of what is listed, by broker name.
func (r *registry) listed() []listing {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]listing, 0, len(r.brokers))
	for _, l := range r.brokers {
		if len(l.addrs) > 0 {
			out = append(out, listing{set: l.set, addrs: maps.Clone(l.addrs)})
		}
	}
	slices.SortFunc(out, func(a, b listing) int { return compareNames(a.set.name, b.set.name) })
	return out
}

// hide takes a topic out of the routes until the brokers' next registration, 30 s later, brings it back.
func (r *registry) hide(topic string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hidden[topic] = r.clock.Now().Add(registerPeriod)
}

func (r *registry) isHidden(topic string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	until, hidden := r.hidden[topic]
	if hidden && !r.clock.Now().Before(until) {
		delete(r.hidden, topic)
		return false
	}
	return hidden
}

// reveal undoes hide: the topic was created again.
func (r *registry) reveal(topic string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.hidden, topic)
}

// topics returns the names of all topics of the listed brokers.
func (r *registry) topics() []string {
	seen := map[string]bool{}
	for _, l := range r.listed() {
		for _, t := range l.set.topics.names() {
			if !seen[t] && !r.isHidden(t) {
				seen[t] = true
			}
		}
	}
	out := slices.Collect(maps.Keys(seen))
	sort.Strings(out)
	return out
}

// compareNames orders broker-2 before broker-10.
func compareNames(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
