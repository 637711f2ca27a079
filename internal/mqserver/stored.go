package mqserver

import "slices"

// stored returns copies of a topic's records that are in memory, queue by queue.
func (s *brokerSet) stored(topic string) []QueueRecords {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	var out []QueueRecords
	for id, q := range s.store.topics[topic] {
		r := QueueRecords{Broker: s.name, ID: int(id)}
		for _, e := range q.entries {
			r.Records = append(r.Records, s.store.log.at(e.at)[:e.size]...)
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b QueueRecords) int { return a.ID - b.ID })
	return out
}

// count returns how many messages of a topic are in memory.
func (s *store) count(topic string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, q := range s.topics[topic] {
		n += len(q.entries)
	}
	return n
}
