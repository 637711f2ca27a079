package command

import "github.com/rocketmq-go/rocketmq/internal/remote/wire"

// SendMessageRequest is the header of SEND_MESSAGE and SEND_REPLY_MESSAGE, with spelled-out names (Java:
// SendMessageRequestHeader). The body is the message's.
type SendMessageRequest struct {
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
	Batch                 bool
	MaxReconsumeTimes     *int32 // nil: not sent; only for %RETRY% topics
	BrokerName            string // name of the broker asked; a proxy routes by it
}

// AppendFields implements wire.FieldAppender.
func (r *SendMessageRequest) AppendFields(w *wire.FieldWriter) {
	w.String("producerGroup", r.ProducerGroup)
	w.String("topic", r.Topic)
	w.String("defaultTopic", r.DefaultTopic)
	w.Int32("defaultTopicQueueNums", r.DefaultTopicQueueNums)
	w.Int32("queueId", r.QueueID)
	w.Int32("sysFlag", r.SysFlag)
	w.Int64("bornTimestamp", r.BornTimestamp)
	w.Int32("flag", r.Flag)
	if len(r.Properties) > 0 {
		w.Bytes("properties", r.Properties)
	}
	w.Int32("reconsumeTimes", r.ReconsumeTimes)
	w.Bool("unitMode", r.UnitMode)
	w.Bool("batch", r.Batch)
	if r.MaxReconsumeTimes != nil {
		w.Int32("maxReconsumeTimes", *r.MaxReconsumeTimes)
	}
	if r.BrokerName != "" {
		w.String("bname", r.BrokerName)
	}
}

// SetField implements wire.FieldSetter.
func (r *SendMessageRequest) SetField(key, value []byte) error {
	switch string(key) {
	case "producerGroup":
		return setString(&r.ProducerGroup, value)
	case "topic":
		return setString(&r.Topic, value)
	case "defaultTopic":
		return setString(&r.DefaultTopic, value)
	case "defaultTopicQueueNums":
		return setInt32(&r.DefaultTopicQueueNums, value)
	case "queueId":
		return setInt32(&r.QueueID, value)
	case "sysFlag":
		return setInt32(&r.SysFlag, value)
	case "bornTimestamp":
		return setInt64(&r.BornTimestamp, value)
	case "flag":
		return setInt32(&r.Flag, value)
	case "properties":
		return setBytes(&r.Properties, value)
	case "reconsumeTimes":
		return setInt32(&r.ReconsumeTimes, value)
	case "unitMode":
		return setBool(&r.UnitMode, value)
	case "batch":
		return setBool(&r.Batch, value)
	case "maxReconsumeTimes":
		return setOptInt32(&r.MaxReconsumeTimes, value)
	case "bname":
		return setString(&r.BrokerName, value)
	}
	return nil
}

// SendMessageResponse answers SEND_MESSAGE and its variants (Java: SendMessageResponseHeader, and two loose fields that
// come with refusals as well).
//
// SetField keeps a string that is already equal, so a caller who sets TransactionID to the message's UNIQ_KEY, which
// is what brokers answer, saves an allocation.
type SendMessageResponse struct {
	MsgID         string // offset message id; of a batch a list joined by commas
	QueueID       int32
	QueueOffset   int64
	TransactionID string // the message's UNIQ_KEY
	BatchUniqID   string // only topics with inner batches
	RecallHandle  string // only timer messages
	RegionID      string
	TraceOn       string // "false" switches tracing off; absent means on
}

// AppendFields implements wire.FieldAppender.
func (r *SendMessageResponse) AppendFields(w *wire.FieldWriter) {
	w.String("msgId", r.MsgID)
	w.Int32("queueId", r.QueueID)
	w.Int64("queueOffset", r.QueueOffset)
	if r.TransactionID != "" {
		w.String("transactionId", r.TransactionID)
	}
	if r.BatchUniqID != "" {
		w.String("batchUniqId", r.BatchUniqID)
	}
	if r.RecallHandle != "" {
		w.String("recallHandle", r.RecallHandle)
	}
	if r.RegionID != "" {
		w.String("MSG_REGION", r.RegionID)
	}
	if r.TraceOn != "" {
		w.String("TRACE_ON", r.TraceOn)
	}
}

// SetField implements wire.FieldSetter.
func (r *SendMessageResponse) SetField(key, value []byte) error {
	switch string(key) {
	case "msgId":
		return setString(&r.MsgID, value)
	case "queueId":
		return setInt32(&r.QueueID, value)
	case "queueOffset":
		return setInt64(&r.QueueOffset, value)
	case "transactionId":
		return setString(&r.TransactionID, value)
	case "batchUniqId":
		return setString(&r.BatchUniqID, value)
	case "recallHandle":
		return setString(&r.RecallHandle, value)
	case "MSG_REGION":
		return setString(&r.RegionID, value)
	case "TRACE_ON":
		return setString(&r.TraceOn, value)
	}
	return nil
}
