package mqserver

import (
	"strings"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// 29 SEARCH_OFFSET_BY_TIMESTAMP (AdminBrokerProcessor.searchOffsetByTimestamp): the first message stored at or after
// a time; with boundary UPPER the last one at or before it.
//
// Left out: static topics.
func (b *broker) c029SearchOffsetByTimestamp(r *request) {
	var h command.SearchOffsetRequest
	if !r.decode(&h) {
		return
	}
	upper := strings.EqualFold(h.BoundaryType, command.BoundaryUpper)
	r.answer(codeSuccess, "", &command.SearchOffsetResponse{Offset: b.store.search(h.Topic, h.QueueID, h.Timestamp, upper)})
}
