package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// GetMaxOffsetRequest asks for the offset that the next message of a queue gets (Java: GetMaxOffsetRequestHeader, whose
// committed, true by default, is left out).
type GetMaxOffsetRequest struct {
	Topic      string
	QueueID    int32
	BrokerName string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *GetMaxOffsetRequest) AppendFields(w *wire.FieldWriter) {
	w.String("topic", r.Topic)
	w.Int32("queueId", r.QueueID)
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *GetMaxOffsetRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "topic":
		return setString(&r.Topic, value)
	case "queueId":
		return setInt32(&r.QueueID, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}

// GetMaxOffsetResponse answers it.
type GetMaxOffsetResponse struct {
	Offset int64
}

// AppendFields implements wire.FieldAppender.
func (r *GetMaxOffsetResponse) AppendFields(w *wire.FieldWriter) {
	w.Int64("offset", r.Offset)
}

// SetField implements wire.FieldSetter.
func (r *GetMaxOffsetResponse) SetField(key, value []byte) error {
	switch string(key) {
	case "offset":
		return setInt64(&r.Offset, value)
	}
	return nil
}
