package consumer

import "github.com/rocketmq-go/rocketmq/primitive"

// noOffset is what a store answers when it knows no offset of a queue.
const noOffset int64 = -1

// offsetStore keeps how far a group has got in each queue. Its methods are called on the loop's goroutine, do not
// block, and call done once on that goroutine, perhaps before they return; never when the loop has ended.
type offsetStore interface {
	// read asks for the stored offset of a queue, noOffset if there is none.
	read(mq primitive.MessageQueue, done func(offset int64, err error))
	// commit stores the offset of a queue, and touches no other.
	commit(mq primitive.MessageQueue, offset int64, done func(error))
}
