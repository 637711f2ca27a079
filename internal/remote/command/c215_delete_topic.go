package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// DeleteTopicRequest is the header of DELETE_TOPIC_IN_BROKER (Java: DeleteTopicRequestHeader).
type DeleteTopicRequest struct {
	Topic      string
	BrokerName string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *DeleteTopicRequest) AppendFields(w *wire.FieldWriter) {
	w.String("topic", r.Topic)
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *DeleteTopicRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "topic":
		return setString(&r.Topic, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}
