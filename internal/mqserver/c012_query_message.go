package mqserver

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

const (
	queryMaxMessages   = 64 // MessageStoreConfig.maxMsgsNumBatch
	queryUniqueDefault = 32 // MessageStoreConfig.defaultQueryMaxNum
)

// 12 QUERY_MESSAGE (QueryMessageProcessor.queryMessage): the newest messages of a topic that have a key, or with
// _UNIQUE_KEY_QUERY a client message id, in the order they were stored.
//
// Left out: there is no index: all messages of the topic in memory are looked at, and both fields of the answer speak
// of the last message found; key types of 5.4 (indexType) and
// paging (lastKey).
func (b *broker) c012QueryMessage(r *request) {
	var h queryMessageRequest
	if !r.decode(&h) {
		return
	}
	limit := min(h.maxNum, queryMaxMessages)
	if h.unique {
		limit = queryUniqueDefault
	}
	records, last := b.store.query(&h, int(limit))
	fields := wire.Fields{
		{Key: "indexLastUpdateTimestamp", Value: formatInt(last.StoreTimestamp)},
		{Key: "indexLastUpdatePhyoffset", Value: formatInt(last.PhysicalOffset)},
	}
	if len(records) == 0 {
		r.answer(codeQueryNotFound, "can not find message, maybe time range not correct", fields)
		return
	}
	r.answer(codeSuccess, "", fields, records...)
}

// query returns the last limit records that match, and the last of them decoded.
func (s *store) query(h *queryMessageRequest, limit int) (records [][]byte, last record.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []entry
	for _, q := range s.topics[h.topic] {
		for _, e := range q.entries {
			var m record.Message
			if _, err := m.Decode(s.log.at(e.at)[:e.size]); err == nil && h.matches(&m) {
				found = append(found, e)
			}
		}
	}
	slices.SortFunc(found, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	for _, e := range found[max(0, len(found)-max(0, limit)):] {
		b := s.log.at(e.at)[:e.size]
		records = append(records, b)
		_, _ = last.Decode(b) // it was decoded above
	}
	return records, last
}

// queryMessageRequest is QueryMessageRequestHeader.
type queryMessageRequest struct {
	topic, key string
	maxNum     int32
	begin, end int64
	unique     bool
}

func (h *queryMessageRequest) matches(m *record.Message) bool {
	if m.StoreTimestamp < h.begin || m.StoreTimestamp > h.end {
		return false
	}
	props := string(m.Properties)
	if h.unique {
		return property(props, record.PropUniqKey) == h.key
	}
	return slices.Contains(strings.Split(property(props, record.PropKeys), record.KeySeparator), h.key)
}

func (h *queryMessageRequest) SetField(key, value []byte) (err error) {
	switch string(key) {
	case "topic":
		h.topic = string(value)
	case "key":
		h.key = string(value)
	case "maxNum":
		h.maxNum, err = wire.ParseInt32(value)
	case "beginTimestamp":
		h.begin, err = wire.ParseInt64(value)
	case "endTimestamp":
		h.end, err = wire.ParseInt64(value)
	case fieldUniqueKeyQuery:
		h.unique = isTrue(string(value))
	}
	return err
}
