package consumer

import (
	"context"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// MessageModel says whether the members of a group share the messages of a topic or each get all of them.
type MessageModel int

const (
	// BroadCasting delivers every message to every member. Offsets are kept in a local file; failed messages
	// are not delivered again.
	BroadCasting MessageModel = iota
	// Clustering delivers every message to one member of the group. It is the default.
	Clustering
)

// String returns the name that brokers use: BROADCASTING or CLUSTERING.
func (mode MessageModel) String() string {
	switch mode {
	case BroadCasting:
		return "BROADCASTING"
	case Clustering:
		return "CLUSTERING"
	}
	return "UNKNOWN"
}

// ConsumeFromWhere says where a group begins in a queue for which no offset is stored.
type ConsumeFromWhere int

const (
	// ConsumeFromLastOffset skips what the queue already holds. It is the default. A broker answers 0 for a
	// young queue whose first message is still in memory, so a new small topic is read from its beginning
	// (ConsumerManageProcessor in the Java broker).
	ConsumeFromLastOffset ConsumeFromWhere = iota
	// ConsumeFromFirstOffset begins with the oldest message that the broker still has.
	ConsumeFromFirstOffset
	// ConsumeFromTimestamp begins at the time given by WithConsumeTimestamp.
	ConsumeFromTimestamp
)

// String returns the name that brokers use, such as CONSUME_FROM_LAST_OFFSET.
func (w ConsumeFromWhere) String() string {
	switch w {
	case ConsumeFromLastOffset:
		return "CONSUME_FROM_LAST_OFFSET"
	case ConsumeFromFirstOffset:
		return "CONSUME_FROM_FIRST_OFFSET"
	case ConsumeFromTimestamp:
		return "CONSUME_FROM_TIMESTAMP"
	}
	return "UNKNOWN"
}

// ExpressionType names the language of a MessageSelector.
type ExpressionType string

const (
	// TAG selects by tags: "TagA || TagB", or "*" for all.
	TAG = ExpressionType("TAG")
	// SQL92 selects by properties with a subset of SQL92. Not supported yet: Subscribe refuses it.
	SQL92 = ExpressionType("SQL92")
)

// IsTagType says whether exp selects by tags. The empty type counts as TAG.
func IsTagType(exp string) bool {
	return exp == "" || ExpressionType(exp) == TAG
}

// MessageSelector says which messages of a topic a consumer wants. Its zero value selects all.
type MessageSelector struct {
	Type       ExpressionType
	Expression string
}

// ConsumeResult is what a handler says about the messages it was given.
type ConsumeResult int

const (
	// ConsumeSuccess says that the messages are done. ConsumeConcurrentlyContext.AckIndex can restrict that to the
	// first AckIndex+1 messages of the batch; the others are delivered again.
	ConsumeSuccess ConsumeResult = iota
	// ConsumeRetryLater asks for the messages to be delivered again, after the delay of ConsumeConcurrentlyContext's
	// DelayLevelWhenNextConsume.
	ConsumeRetryLater
	// Commit is meant for orderly handlers; a concurrent consumer treats it as ConsumeRetryLater.
	Commit
	// Rollback is meant for orderly handlers; a concurrent consumer treats it as ConsumeRetryLater.
	Rollback
	// SuspendCurrentQueueAMoment is meant for orderly handlers; a concurrent consumer treats it as
	// ConsumeRetryLater.
	SuspendCurrentQueueAMoment
)

// String returns the name of the result's constant.
func (r ConsumeResult) String() string {
	switch r {
	case ConsumeSuccess:
		return "ConsumeSuccess"
	case ConsumeRetryLater:
		return "ConsumeRetryLater"
	case Commit:
		return "Commit"
	case Rollback:
		return "Rollback"
	case SuspendCurrentQueueAMoment:
		return "SuspendCurrentQueueAMoment"
	}
	return "Unknown"
}

// ConsumeResultHolder is the reply that interceptors of a consumer see (as *ConsumeResultHolder); their request
// is a []*primitive.MessageExt.
type ConsumeResultHolder struct {
	ConsumeResult
}

// Handler processes messages of one topic. It is called from several goroutines at once. Its context carries
// primitive.ConsumeConcurrentlyContext and primitive.ConsumeMessageContext, and is cancelled when a shutdown
// runs out of time. An error or a panic counts as ConsumeRetryLater.
type Handler = func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error)

// Limiter is called with the topic (without its namespace) before each batch is handed to a handler; it delays
// the consumer by blocking. It cannot be interrupted by a shutdown: prefer ContextLimiter.
type Limiter func(topic string)

// ContextLimiter is called with the topic (without its namespace) before each batch is handed to a handler. It
// delays the consumer by blocking until ctx ends, which happens at shutdown. When it returns an error the batch
// is not handed out; unless ctx has ended the limiter is asked again after 100 ms.
type ContextLimiter func(ctx context.Context, topic string) error
