package mqserver

import (
	"encoding/binary"
	"net/netip"
	"sync"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

// store is the messages of one broker: a log of records and, a topic and queue, where in it they are. It outlives
// stops of the broker, and slaves share it.
type store struct {
	clock   clock
	host    netip.AddrPort // goes into records and offset message ids
	levels  delayLevels
	maxBody int

	mu     sync.Mutex
	log    *commitLog
	topics map[string]map[int32]*queue

	scheduled func(level int) // a message was stored for a delay level; called without mu
}

// queue is the consume queue of one topic queue.
type queue struct {
	first   int64   // offset of entries[0]
	entries []entry // oldest first
	held    []*heldPull
}

// entry says where a message is (Java: CqUnit).
type entry struct {
	at   int64 // in the log
	tags int64 // hash of the tag; time of delivery in the queues of delay levels
	size int32
}

func (q *queue) max() int64 { return q.first + int64(len(q.entries)) }

// message is what put stores.
type message struct {
	record.Message
	topic      string
	properties string
	delay      int // level, 0: none
}

// stored says where put stored a message.
type stored struct {
	id     string // offset message id
	offset int64  // in the log
	queue  int64
	woken  []*heldPull // what waited for it; the caller pulls again, once it has answered
}

func newStore(c clock, levels delayLevels, maxBytes int64, maxBody int) *store {
	return &store{
		clock: c, levels: levels, maxBody: maxBody, log: newCommitLog(maxBytes),
		topics: map[string]map[int32]*queue{}, scheduled: func(int) {},
	}
}

// put stores a message, in the queue of its delay level if it has one. It returns the response code of a refusal, or
// zero (DefaultMessageStore.putMessage, HookUtils).
func (s *store) put(m *message) (stored, int32) {
	if m.delay > 0 {
		m.delay = min(m.delay, len(s.levels))
		m.properties = setProperty(m.properties, record.PropRealTopic, m.topic)
		m.properties = setProperty(m.properties, record.PropRealQueueID, formatInt(int64(m.QueueID)))
		m.topic, m.QueueID = scheduleTopic, int32(m.delay-1)
	}
	if !s.legal(m) {
		return stored{}, codeMessageIllegal
	}
	m.Topic, m.Properties = []byte(m.topic), []byte(m.properties)
	s.mu.Lock()
	out := s.append(m)
	s.mu.Unlock()
	if m.delay > 0 {
		s.scheduled(m.delay)
	}
	return out, 0
}

// putBatch stores messages of one topic and queue side by side, and returns where the first of them is in the queue.
func (s *store) putBatch(batch []*message) ([]stored, int32) {
	for _, m := range batch {
		if !s.legal(m) {
			return nil, codeMessageIllegal
		}
		m.Topic, m.Properties = []byte(m.topic), []byte(m.properties)
	}
	out := make([]stored, 0, len(batch))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range batch {
		out = append(out, s.append(m))
	}
	return out, 0
}

// legal checks what the record format and the broker's limits allow (HookUtils.checkBeforePutMessage,
// MessageExtEncoder).
func (s *store) legal(m *message) bool {
	if len(m.topic) > topicMax && !isRetryTopic(m.topic) || len(m.topic) > retryTopicMax {
		return false
	}
	return len(m.properties) <= propertiesMax && len(m.Body) <= s.maxBody
}

func (s *store) append(m *message) stored {
	q := s.queue(m.topic, m.QueueID)
	m.QueueOffset, m.PhysicalOffset = q.max(), s.log.next
	m.StoreTimestamp = s.clock.Now().UnixMilli()
	m.StoreHost = s.host
	buf, dropped := s.log.room(recordOverhead + len(m.Body) + len(m.Topic) + len(m.Properties))
	if dropped {
		s.trim()
	}
	before := len(buf)
	buf, err := m.Append(buf)
	if err != nil {
		panic("mqserver: a record that was checked cannot be encoded: " + err.Error()) // our own mistake
	}
	s.log.grown(buf)
	e := entry{at: m.PhysicalOffset, size: int32(len(buf) - before)}
	if m.delay > 0 {
		e.tags = m.StoreTimestamp + s.levels[m.delay-1].Milliseconds()
	} else if tag, ok := record.LookupProperty(m.properties, record.PropTags); ok {
		e.tags = int64(record.TagHash(tag))
	}
	q.entries = append(q.entries, e)
	return stored{
		id: record.OffsetID(s.host, m.PhysicalOffset), offset: m.PhysicalOffset, queue: m.QueueOffset,
		woken: q.wake(e.tags),
	}
}

// recordOverhead is at least the size of a V2 record with IPv6 hosts, less body, topic and properties.
const recordOverhead = 128

// trim takes entries out of the queues whose records were dropped.
func (s *store) trim() {
	oldest := s.log.min()
	for _, queues := range s.topics {
		for _, q := range queues {
			n := 0
			for n < len(q.entries) && q.entries[n].at < oldest {
				n++
			}
			q.entries = q.entries[n:]
			q.first += int64(n)
		}
	}
}

// queue returns a queue, created when there is none.
func (s *store) queue(topic string, id int32) *queue {
	queues := s.topics[topic]
	if queues == nil {
		queues = map[int32]*queue{}
		s.topics[topic] = queues
	}
	q := queues[id]
	if q == nil {
		q = &queue{}
		queues[id] = q
	}
	return q
}

// setHost sets the address that goes into records, once it is known.
func (s *store) setHost(host netip.AddrPort) {
	s.mu.Lock()
	s.host = host
	s.mu.Unlock()
}

// find returns a queue, or nil when nothing was ever stored or awaited in it.
func (s *store) find(topic string, id int32) *queue { return s.topics[topic][id] }

// offsets returns the queue's smallest and next offset; both zero for a queue that does not exist.
func (s *store) offsets(topic string, id int32) (min, max int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.find(topic, id); q != nil {
		return q.first, q.max()
	}
	return 0, 0
}

// record returns the record at an offset of the log; nil when there is none.
func (s *store) record(offset int64) []byte {
	s.mu.Lock()
	b := s.log.at(offset)
	s.mu.Unlock()
	if len(b) < minRecord {
		return nil
	}
	// Offsets come from clients: only what decodes is a record.
	var m record.Message
	n, err := m.Decode(b)
	if err != nil || m.PhysicalOffset != offset {
		return nil
	}
	return b[:n]
}

const minRecord = 8

// storeTimestamp returns the time at which the entry was stored.
func (s *store) storeTimestamp(e entry) int64 {
	b := s.log.at(e.at)
	at := 56 // totalSize … bornTimestamp 48, bornHost 8
	if binary.BigEndian.Uint32(b[36:])&uint32(record.FlagBornHostV6) != 0 {
		at += 12
	}
	return int64(binary.BigEndian.Uint64(b[at:]))
}

// earliest returns when the oldest message of a queue was stored, −1 when it has none.
func (s *store) earliest(topic string, id int32) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.find(topic, id)
	if q == nil || len(q.entries) == 0 {
		return -1
	}
	return s.storeTimestamp(q.entries[0])
}

// deleteTopic forgets a topic's queues; their records age out of the log. Held pulls are returned, to be pulled again.
func (s *store) deleteTopic(topic string) (woken []*heldPull) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.topics[topic] {
		for _, h := range q.held {
			h.queue = nil
		}
		woken = append(woken, q.held...)
		q.held = nil
	}
	delete(s.topics, topic)
	return woken
}
