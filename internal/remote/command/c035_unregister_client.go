package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// UnregisterClientRequest takes a client out of a producer or consumer group (Java: UnregisterClientRequestHeader).
type UnregisterClientRequest struct {
	ClientID      string
	ProducerGroup string
	ConsumerGroup string
	BrokerName    string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *UnregisterClientRequest) AppendFields(w *wire.FieldWriter) {
	w.String("clientID", r.ClientID)
	if r.ProducerGroup != "" {
		w.String("producerGroup", r.ProducerGroup)
	}
	if r.ConsumerGroup != "" {
		w.String("consumerGroup", r.ConsumerGroup)
	}
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *UnregisterClientRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "clientID":
		return setString(&r.ClientID, value)
	case "producerGroup":
		return setString(&r.ProducerGroup, value)
	case "consumerGroup":
		return setString(&r.ConsumerGroup, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}
