package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// QueryConsumerOffsetRequest asks for the offset a group has committed (Java: QueryConsumerOffsetRequestHeader).
type QueryConsumerOffsetRequest struct {
	ConsumerGroup     string
	Topic             string
	QueueID           int32
	SetZeroIfNotFound *bool  // nil means true: 0 for a group without an offset on a young queue
	BrokerName        string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *QueryConsumerOffsetRequest) AppendFields(w *wire.FieldWriter) {
	w.String("consumerGroup", r.ConsumerGroup)
	w.String("topic", r.Topic)
	w.Int32("queueId", r.QueueID)
	if r.SetZeroIfNotFound != nil {
		w.Bool("setZeroIfNotFound", *r.SetZeroIfNotFound)
	}
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *QueryConsumerOffsetRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "consumerGroup":
		return setString(&r.ConsumerGroup, value)
	case "topic":
		return setString(&r.Topic, value)
	case "queueId":
		return setInt32(&r.QueueID, value)
	case "setZeroIfNotFound":
		return setOptBool(&r.SetZeroIfNotFound, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}

// QueryConsumerOffsetResponse answers it; no offset is code QueryNotFound.
type QueryConsumerOffsetResponse struct {
	Offset int64
}

// AppendFields implements wire.FieldAppender.
func (r *QueryConsumerOffsetResponse) AppendFields(w *wire.FieldWriter) {
	w.Int64("offset", r.Offset)
}

// SetField implements wire.FieldSetter.
func (r *QueryConsumerOffsetResponse) SetField(key, value []byte) error {
	switch string(key) {
	case "offset":
		return setInt64(&r.Offset, value)
	}
	return nil
}
