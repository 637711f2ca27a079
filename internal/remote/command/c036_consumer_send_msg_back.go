package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// ConsumerSendMsgBackRequest asks the broker to deliver a message again later (Java:
// ConsumerSendMsgBackRequestHeader).
type ConsumerSendMsgBackRequest struct {
	Offset            int64 // commit log offset
	Group             string
	DelayLevel        int32 // 0: by the number of attempts; below 0: straight to the dead-letter queue
	OriginMsgID       string
	OriginTopic       string
	UnitMode          bool
	MaxReconsumeTimes *int32 // nil: not sent, the broker's group setting rules
	BrokerName        string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *ConsumerSendMsgBackRequest) AppendFields(w *wire.FieldWriter) {
	w.Int64("offset", r.Offset)
	w.String("group", r.Group)
	w.Int32("delayLevel", r.DelayLevel)
	if r.OriginMsgID != "" {
		w.String("originMsgId", r.OriginMsgID)
	}
	if r.OriginTopic != "" {
		w.String("originTopic", r.OriginTopic)
	}
	w.Bool("unitMode", r.UnitMode)
	if r.MaxReconsumeTimes != nil {
		w.Int32("maxReconsumeTimes", *r.MaxReconsumeTimes)
	}
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *ConsumerSendMsgBackRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "offset":
		return setInt64(&r.Offset, value)
	case "group":
		return setString(&r.Group, value)
	case "delayLevel":
		return setInt32(&r.DelayLevel, value)
	case "originMsgId":
		return setString(&r.OriginMsgID, value)
	case "originTopic":
		return setString(&r.OriginTopic, value)
	case "unitMode":
		return setBool(&r.UnitMode, value)
	case "maxReconsumeTimes":
		return setOptInt32(&r.MaxReconsumeTimes, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}
