package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// ViewMessageRequest is the header of VIEW_MESSAGE_BY_ID; the answer's body is one stored message (Java:
// ViewMessageRequestHeader).
type ViewMessageRequest struct {
	Topic  string
	Offset int64 // commit log offset, out of the offset message id
}

// AppendFields implements wire.FieldAppender.
func (r *ViewMessageRequest) AppendFields(w *wire.FieldWriter) {
	if r.Topic != "" {
		w.String("topic", r.Topic)
	}
	w.Int64("offset", r.Offset)
}

// SetField implements wire.FieldSetter.
func (r *ViewMessageRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "topic":
		return setString(&r.Topic, value)
	case "offset":
		return setInt64(&r.Offset, value)
	}
	return nil
}
