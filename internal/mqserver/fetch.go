package mqserver

import "sort"

// status is why a fetch returned what it did; its text is the remark of the answer (Java: GetMessageStatus).
type status string

const (
	found               status = "FOUND"
	noMatchedMessage    status = "NO_MATCHED_MESSAGE"
	noMessageInQueue    status = "NO_MESSAGE_IN_QUEUE"
	offsetOverflowOne   status = "OFFSET_OVERFLOW_ONE"
	offsetOverflowBadly status = "OFFSET_OVERFLOW_BADLY"
	offsetTooSmall      status = "OFFSET_TOO_SMALL"
)

// fetched is what one pull found. The records alias the log, which never changes what it holds.
type fetched struct {
	status         status
	next, min, max int64
	records        [][]byte
}

// fetch reads messages from an offset on (DefaultMessageStore.getMessage).
func (s *store) fetch(topic string, id int32, offset int64, limit int32, f filter) fetched {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.find(topic, id)
	if q == nil { // 5.x brokers create the queue by looking for it
		return fetched{status: noMessageInQueue}
	}
	out := fetched{min: q.first, max: q.max()}
	switch {
	case out.max == 0:
		out.status = noMessageInQueue
	case offset < out.min:
		out.status, out.next = offsetTooSmall, out.min
	case offset == out.max:
		out.status, out.next = offsetOverflowOne, offset
	case offset > out.max:
		out.status, out.next = offsetOverflowBadly, out.max
	default:
		s.collect(&out, q, offset, limit, f)
	}
	return out
}

func (s *store) collect(out *fetched, q *queue, offset int64, limit int32, f filter) {
	out.status, out.next = noMatchedMessage, offset
	limit = max(1, min(limit, pullMaxMessages))
	total := 0
	entries := q.entries[offset-q.first:]
	for _, e := range entries[:min(len(entries), pullScan)] {
		if len(out.records) > 0 && (len(out.records) >= int(limit) || total+int(e.size) > pullMaxBytes) {
			break
		}
		out.next++
		if !f.matches(e.tags) {
			continue
		}
		out.records = append(out.records, s.log.at(e.at)[:e.size])
		total += int(e.size)
		out.status = found
	}
}

// search returns the offset of a time (ConsumeQueue.binarySearchInQueueByTime): the first message stored at or after
// it, or with upper the last one stored at or before it.
func (s *store) search(topic string, id int32, at int64, upper bool) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.find(topic, id)
	if q == nil || len(q.entries) == 0 {
		if q != nil {
			return q.first
		}
		return 0
	}
	n := sort.Search(len(q.entries), func(i int) bool {
		t := s.storeTimestamp(q.entries[i])
		return t > at || !upper && t == at
	})
	if !upper {
		return q.first + int64(n)
	}
	if n == 0 {
		return 0
	}
	return q.first + int64(n) - 1
}
