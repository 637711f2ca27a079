package mqserver

import (
	"fmt"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// 33 VIEW_MESSAGE_BY_ID (QueryMessageProcessor.viewMessageById): the record at an offset of the commit log.
//
// Left out: nothing.
func (b *broker) c033ViewMessageByID(r *request) {
	var h command.ViewMessageRequest
	if !r.decode(&h) {
		return
	}
	if rec := b.store.record(h.Offset); rec != nil {
		r.answer(codeSuccess, "", nil, rec)
		return
	}
	r.fail(codeSystemError, fmt.Sprintf("can not find message by the offset, %d", h.Offset))
}
