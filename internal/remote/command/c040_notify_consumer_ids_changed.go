package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// NotifyConsumerIDsChangedRequest tells a consumer, one way, that its group has changed (Java:
// NotifyConsumerIdsChangedRequestHeader).
type NotifyConsumerIDsChangedRequest struct {
	ConsumerGroup string
}

// AppendFields implements wire.FieldAppender.
func (r *NotifyConsumerIDsChangedRequest) AppendFields(w *wire.FieldWriter) {
	w.String("consumerGroup", r.ConsumerGroup)
}

// SetField implements wire.FieldSetter.
func (r *NotifyConsumerIDsChangedRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "consumerGroup":
		return setString(&r.ConsumerGroup, value)
	}
	return nil
}
