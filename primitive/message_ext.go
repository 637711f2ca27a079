package primitive

import "fmt"

// MessageExt is a message as a consumer receives it.
type MessageExt struct {
	Message
	// MsgId is the id that the producer gave the message, or OffsetMsgId when it gave none.
	MsgId string
	// OffsetMsgId names the message by where the broker stores it.
	OffsetMsgId string
	// StoreSize is the number of bytes of the stored record.
	StoreSize int32
	// QueueOffset is the position in the queue.
	QueueOffset int64
	// SysFlag are the system flags, without the one for compression: Body is plain.
	SysFlag int32
	// BornTimestamp is when the producer sent the message, in milliseconds since 1970.
	BornTimestamp int64
	// BornHost is the producer's host:port as the broker saw it.
	BornHost string
	// StoreTimestamp is when the broker stored the message, in milliseconds since 1970.
	StoreTimestamp int64
	// StoreHost is the host:port of the broker.
	StoreHost string
	// CommitLogOffset is the position in the broker's log.
	CommitLogOffset int64
	// BodyCRC is the checksum of the body as it was stored.
	BodyCRC int32
	// ReconsumeTimes is how often the message was delivered before and not consumed.
	ReconsumeTimes int32
	// PreparedTransactionOffset is where the half message of a transaction is stored.
	PreparedTransactionOffset int64

	queue MessageQueue // what Queue points to after decoding
}

// GetTags returns the tag.
func (msgExt *MessageExt) GetTags() string { return msgExt.GetProperty(PropertyTags) }

// GetRegionID returns the region of the broker.
func (msgExt *MessageExt) GetRegionID() string { return msgExt.GetProperty(PropertyMsgRegion) }

// IsTraceOn returns "true", "false" or "" as the broker set it.
func (msgExt *MessageExt) IsTraceOn() string { return msgExt.GetProperty(PropertyTraceSwitch) }

// String returns the message in one line, with the start of its body.
func (msgExt *MessageExt) String() string {
	if msgExt == nil {
		return "MessageExt [nil]"
	}
	broker, queue := "", 0
	if msgExt.Queue != nil {
		broker, queue = msgExt.Queue.BrokerName, msgExt.Queue.QueueId
	}
	return fmt.Sprintf("MessageExt [%s, msgId=%s, offsetMsgId=%s, brokerName=%s, queueId=%d, storeSize=%d, queueOffset=%d, "+
		"sysFlag=%d, bornTimestamp=%d, bornHost=%s, storeTimestamp=%d, storeHost=%s, commitLogOffset=%d, bodyCRC=%d, "+
		"reconsumeTimes=%d, preparedTransactionOffset=%d]",
		msgExt.Message.String(), msgExt.MsgId, msgExt.OffsetMsgId, broker, queue, msgExt.StoreSize, msgExt.QueueOffset,
		msgExt.SysFlag, msgExt.BornTimestamp, msgExt.BornHost, msgExt.StoreTimestamp, msgExt.StoreHost,
		msgExt.CommitLogOffset, msgExt.BodyCRC, msgExt.ReconsumeTimes, msgExt.PreparedTransactionOffset)
}
