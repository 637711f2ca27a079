package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// GetMinOffsetRequest asks for the offset of the oldest message of a queue (Java: GetMinOffsetRequestHeader).
type GetMinOffsetRequest struct {
	Topic      string
	QueueID    int32
	BrokerName string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *GetMinOffsetRequest) AppendFields(w *wire.FieldWriter) {
	w.String("topic", r.Topic)
	w.Int32("queueId", r.QueueID)
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *GetMinOffsetRequest) SetField(key, value []byte) error {
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

// GetMinOffsetResponse answers it.
type GetMinOffsetResponse struct {
	Offset int64
}

// AppendFields implements wire.FieldAppender.
func (r *GetMinOffsetResponse) AppendFields(w *wire.FieldWriter) {
	w.Int64("offset", r.Offset)
}

// SetField implements wire.FieldSetter.
func (r *GetMinOffsetResponse) SetField(key, value []byte) error {
	switch string(key) {
	case "offset":
		return setInt64(&r.Offset, value)
	}
	return nil
}
