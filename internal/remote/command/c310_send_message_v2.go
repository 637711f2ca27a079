package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// SendMessageV2Request is the header of SEND_MESSAGE_V2, SEND_BATCH_MESSAGE and SEND_REPLY_MESSAGE_V2: SendMessageRequest
// with names of one letter (Java: SendMessageRequestHeaderV2).
type SendMessageV2Request struct {
	ProducerGroup         string
	Topic                 string
	DefaultTopic          string // template for a topic to be created, TBW102
	DefaultTopicQueueNums int32  // queues of a topic to be created
	QueueID               int32  // below 0 the broker picks
	SysFlag               int32
	BornTimestamp         int64  // milliseconds since 1970
	Flag                  int32  // the application's
	Properties            []byte // encoded: key 0x01 value 0x02 …
	ReconsumeTimes        int32
	UnitMode              bool
	MaxReconsumeTimes     *int32 // nil: not sent; only for %RETRY% topics
	Batch                 bool
	BrokerName            string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *SendMessageV2Request) AppendFields(w *wire.FieldWriter) {
	w.String("a", r.ProducerGroup)
	w.String("b", r.Topic)
	w.String("c", r.DefaultTopic)
	w.Int32("d", r.DefaultTopicQueueNums)
	w.Int32("e", r.QueueID)
	w.Int32("f", r.SysFlag)
	w.Int64("g", r.BornTimestamp)
	w.Int32("h", r.Flag)
	if len(r.Properties) > 0 {
		w.Bytes("i", r.Properties)
	}
	w.Int32("j", r.ReconsumeTimes)
	w.Bool("k", r.UnitMode)
	if r.MaxReconsumeTimes != nil {
		w.Int32("l", *r.MaxReconsumeTimes)
	}
	w.Bool("m", r.Batch)
	if r.BrokerName != "" {
		w.String("n", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *SendMessageV2Request) SetField(key, value []byte) error {
	switch string(key) {
	case "a":
		return setString(&r.ProducerGroup, value)
	case "b":
		return setString(&r.Topic, value)
	case "c":
		return setString(&r.DefaultTopic, value)
	case "d":
		return setInt32(&r.DefaultTopicQueueNums, value)
	case "e":
		return setInt32(&r.QueueID, value)
	case "f":
		return setInt32(&r.SysFlag, value)
	case "g":
		return setInt64(&r.BornTimestamp, value)
	case "h":
		return setInt32(&r.Flag, value)
	case "i":
		return setBytes(&r.Properties, value)
	case "j":
		return setInt32(&r.ReconsumeTimes, value)
	case "k":
		return setBool(&r.UnitMode, value)
	case "l":
		return setOptInt32(&r.MaxReconsumeTimes, value)
	case "m":
		return setBool(&r.Batch, value)
	case "n", "bname": // Java's 5.4.0 writes bname in JSON
		return setString(&r.BrokerName, value)
	}
	return nil
}
