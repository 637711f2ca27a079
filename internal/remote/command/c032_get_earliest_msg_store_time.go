package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// GetEarliestMsgStoreTimeRequest is the header of GET_EARLIEST_MSG_STORETIME (Java:
// GetEarliestMsgStoretimeRequestHeader).
type GetEarliestMsgStoreTimeRequest struct {
	Topic      string
	QueueID    int32
	BrokerName string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *GetEarliestMsgStoreTimeRequest) AppendFields(w *wire.FieldWriter) {
	w.String("topic", r.Topic)
	w.Int32("queueId", r.QueueID)
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *GetEarliestMsgStoreTimeRequest) SetField(key, value []byte) error {
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

// GetEarliestMsgStoreTimeResponse answers it.
type GetEarliestMsgStoreTimeResponse struct {
	Timestamp int64 // milliseconds since 1970, -1 when the queue is empty
}

// AppendFields implements wire.FieldAppender.
func (r *GetEarliestMsgStoreTimeResponse) AppendFields(w *wire.FieldWriter) {
	w.Int64("timestamp", r.Timestamp)
}

// SetField implements wire.FieldSetter.
func (r *GetEarliestMsgStoreTimeResponse) SetField(key, value []byte) error {
	switch string(key) {
	case "timestamp":
		return setInt64(&r.Timestamp, value)
	}
	return nil
}
