package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// GetConsumerListRequest is the header of GET_CONSUMER_LIST_BY_GROUP (Java: GetConsumerListByGroupRequestHeader).
type GetConsumerListRequest struct {
	ConsumerGroup string
	BrokerName    string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *GetConsumerListRequest) AppendFields(w *wire.FieldWriter) {
	w.String("consumerGroup", r.ConsumerGroup)
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *GetConsumerListRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "consumerGroup":
		return setString(&r.ConsumerGroup, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}

// ConsumerList is the body of the answer; a group without members is code SystemError (Java:
// GetConsumerListByGroupResponseBody).
type ConsumerList struct {
	ConsumerIDList []string `json:"consumerIdList"`
}

// Encode writes the body.
func (l *ConsumerList) Encode() ([]byte, error) {
	return json.Marshal(ConsumerList{notNil(l.ConsumerIDList)})
}

// Decode reads the body.
func (l *ConsumerList) Decode(body []byte) error { return decodeBody(l, "consumer list", body) }
