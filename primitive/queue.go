package primitive

import (
	"strconv"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

// MessageQueue names one queue of a topic on one broker. It is comparable and may be a map key.
type MessageQueue struct {
	Topic      string `json:"topic"`
	BrokerName string `json:"brokerName"`
	QueueId    int    `json:"queueId"`
}

// String returns Java's text, "MessageQueue [topic=T, brokerName=B, queueId=0]", which consistent hashing uses as
// the queue's key.
func (mq *MessageQueue) String() string {
	if mq == nil {
		return "MessageQueue [nil]"
	}
	return "MessageQueue [topic=" + mq.Topic + ", brokerName=" + mq.BrokerName + ", queueId=" + strconv.Itoa(mq.QueueId) + "]"
}

// HashCode returns the hash of Java's MessageQueue.hashCode, a signed 32-bit number.
func (mq *MessageQueue) HashCode() int {
	if mq == nil {
		return 0
	}
	h := int32(31) + record.JavaHash(mq.BrokerName)
	h = 31*h + int32(mq.QueueId)
	h = 31*h + record.JavaHash(mq.Topic)
	return int(h)
}
