package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// UpdateConsumerOffsetRequest commits an offset of a group (Java: UpdateConsumerOffsetRequestHeader).
type UpdateConsumerOffsetRequest struct {
	ConsumerGroup string
	Topic         string
	QueueID       int32
	CommitOffset  int64  // next offset to consume
	BrokerName    string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *UpdateConsumerOffsetRequest) AppendFields(w *wire.FieldWriter) {
	w.String("consumerGroup", r.ConsumerGroup)
	w.String("topic", r.Topic)
	w.Int32("queueId", r.QueueID)
	w.Int64("commitOffset", r.CommitOffset)
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *UpdateConsumerOffsetRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "consumerGroup":
		return setString(&r.ConsumerGroup, value)
	case "topic":
		return setString(&r.Topic, value)
	case "queueId":
		return setInt32(&r.QueueID, value)
	case "commitOffset":
		return setInt64(&r.CommitOffset, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}
