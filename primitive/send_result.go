package primitive

import (
	"fmt"
	"strconv"
)

// SendStatus says how well a message is stored.
type SendStatus int

// What a broker answers to a message that it stored. Anything but SendOK means that it is stored but not yet as
// safely as the broker is configured to.
const (
	SendOK SendStatus = iota
	// SendFlushDiskTimeout says that the broker did not get it onto disk in time.
	SendFlushDiskTimeout
	// SendFlushSlaveTimeout says that the slave did not get it in time.
	SendFlushSlaveTimeout
	// SendSlaveNotAvailable says that there is no slave to copy it to.
	SendSlaveNotAvailable
	// SendUnknownError is the status of a result that no broker has filled.
	SendUnknownError
)

// String returns Java's name of the status.
func (s SendStatus) String() string {
	switch s {
	case SendOK:
		return "SEND_OK"
	case SendFlushDiskTimeout:
		return "FLUSH_DISK_TIMEOUT"
	case SendFlushSlaveTimeout:
		return "FLUSH_SLAVE_TIMEOUT"
	case SendSlaveNotAvailable:
		return "SLAVE_NOT_AVAILABLE"
	case SendUnknownError:
		return "UNKNOWN_ERROR"
	}
	return "SendStatus(" + strconv.Itoa(int(s)) + ")"
}

// SendResult tells where a message was stored.
type SendResult struct {
	Status SendStatus
	// MsgID is the id of the message, ids of a batch are separated by commas.
	MsgID string
	// MessageQueue is the queue it went to.
	MessageQueue *MessageQueue
	// QueueOffset is its position in the queue; of a batch, that of the first message.
	QueueOffset int64
	// TransactionID is the id of its transaction.
	TransactionID string
	// OffsetMsgID names it by where the broker stores it, ids of a batch are separated by commas.
	OffsetMsgID string
	// RegionID is the broker's region.
	RegionID string
	// TraceOn is false when the broker wants it not traced.
	TraceOn bool
}

// NewSendResult returns a result with the status SendUnknownError.
func NewSendResult() *SendResult { return &SendResult{Status: SendUnknownError} }

// String returns the result in one line.
func (result *SendResult) String() string {
	if result == nil {
		return "SendResult [nil]"
	}
	queue := "nil"
	if result.MessageQueue != nil {
		queue = result.MessageQueue.String()
	}
	return fmt.Sprintf("SendResult [sendStatus=%s, msgIds=%s, offsetMsgId=%s, queueOffset=%d, messageQueue=%s]",
		result.Status, result.MsgID, result.OffsetMsgID, result.QueueOffset, queue)
}
