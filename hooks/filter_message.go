package hooks

import (
	"fmt"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// FilterMessageContext is what a FilterMessageHook decides on.
type FilterMessageContext struct {
	// ConsumerGroup is the group that pulled the messages.
	ConsumerGroup string
	// Msg are the messages of one pull, in the order of their queue.
	Msg []*primitive.MessageExt
	// MQ is the queue they were pulled from.
	MQ *primitive.MessageQueue
	// Arg is free for the application.
	Arg interface{}
	// UnitMode says whether the consumer belongs to a unit.
	UnitMode bool
}

// String returns the context in one line, without the messages.
func (c *FilterMessageContext) String() string {
	if c == nil {
		return "FilterMessageContext [nil]"
	}
	return fmt.Sprintf("FilterMessageContext [consumerGroup=%s, msgs=%d, mq=%s, unitMode=%t]", c.ConsumerGroup, len(c.Msg), c.MQ, c.UnitMode)
}

// FilterMessageHook returns those of ctx.Msg that the consumer shall handle; the others count as consumed. It runs
// after each pull and is called concurrently for different queues.
type FilterMessageHook func(ctx *FilterMessageContext) ([]*primitive.MessageExt, error)
