package route

import (
	"maps"
	"slices"
	"strings"

	"go.uber.org/atomic"
)

// snapshot is everything the table knows at one moment. Topics and brokers change together, so that nobody sees a
// queue whose broker is not there yet. It is immutable but for the use marks of its topics.
type snapshot struct {
	topics  map[string]*known
	brokers map[string]Broker
}

// known is the route of one topic in a snapshot.
type known struct {
	*Topic
	used *atomic.Bool // set by whoever asks for the topic, cleared by the refresh loop

	// Of a fallback: what it was derived from, for producers that want another number of queues.
	base   *Topic
	queues int
}

func (k *known) touch() {
	// Most calls find it set: a store each time would make all cores fight for the cache line.
	if !k.used.Load() {
		k.used.Store(true)
	}
}

// with returns a snapshot in which k stands for its topic. The addresses of its brokers replace older ones.
func (s *snapshot) with(k *known) *snapshot {
	old := s.topics[k.Name]
	next := &snapshot{topics: maps.Clone(s.topics), brokers: maps.Clone(s.brokers)}
	next.topics[k.Name] = k
	for _, b := range k.Brokers {
		next.brokers[b.Name] = b
	}
	next.dropUnused(old)
	return next
}

// without returns a snapshot that does not know the topic.
func (s *snapshot) without(topic string) *snapshot {
	old := s.topics[topic]
	next := &snapshot{topics: maps.Clone(s.topics), brokers: maps.Clone(s.brokers)}
	delete(next.topics, topic)
	next.dropUnused(old)
	return next
}

// dropUnused removes the brokers of a replaced route that no topic has any more (Java:
// MQClientInstance.cleanOfflineBroker).
func (s *snapshot) dropUnused(old *known) {
	if old == nil {
		return
	}
	for _, b := range old.Brokers {
		if !s.hasBroker(b.Name) {
			delete(s.brokers, b.Name)
		}
	}
}

func (s *snapshot) hasBroker(name string) bool {
	for _, k := range s.topics {
		if _, ok := k.broker(name); ok {
			return true
		}
	}
	return false
}

// Cached returns the route of topic if it is known, else nil; never a fallback. It asks nobody and takes no lock.
func (t *Table) Cached(topic string) *Topic {
	if k := t.cached(topic); k != nil {
		return k.Topic
	}
	return nil
}

// cached is Cached with the marks.
func (t *Table) cached(topic string) *known {
	k := t.snap.Load().topics[topic]
	if k == nil || k.Fallback {
		return nil
	}
	k.touch()
	return k
}

// Master returns the address of the broker's master. It asks nobody and takes no lock.
func (t *Table) Master(broker string) (addr string, ok bool) {
	addr, ok = t.snap.Load().brokers[broker].Addrs[MasterID]
	return addr, ok
}

// Replica returns the address of the broker with the given id, for reading (Java:
// MQClientInstance.findBrokerAddressInSubscribe): a slave id that is not there is replaced by the next one, and then,
// unless only, by whichever there is, the master first. slave says that the address is not the master's. It asks
// nobody and takes no lock.
func (t *Table) Replica(broker string, id int64, only bool) (addr string, slave, ok bool) {
	addrs := t.snap.Load().brokers[broker].Addrs
	if addr, ok = addrs[id]; ok {
		return addr, id != MasterID, true
	}
	if id != MasterID {
		if addr, ok = addrs[id+1]; ok {
			return addr, true, true
		}
	}
	if only || len(addrs) == 0 {
		return "", false, false
	}
	id = slices.Min(slices.Collect(maps.Keys(addrs)))
	return addrs[id], id != MasterID, true
}

// Brokers lists all brokers of the known routes, sorted by name.
func (t *Table) Brokers() []Broker {
	brokers := t.snap.Load().brokers
	return slices.SortedFunc(maps.Values(brokers), func(a, b Broker) int { return strings.Compare(a.Name, b.Name) })
}
