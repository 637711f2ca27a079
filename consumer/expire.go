package consumer

import (
	"time"

	"github.com/rocketmq-go/rocketmq/rlog"
)

// expireLevel is the delay level of messages that took too long (Java: ProcessQueue.cleanExpiredMsg).
const expireLevel = 3

// expireInterval is how often running handlers are looked at.
func (o *options) expireInterval() time.Duration {
	return min(max(o.consumeTimeout/10, 100*time.Millisecond), 30*time.Second)
}

// expire sends messages back whose handlers have run for too long, so that one handler that hangs does not keep its
// queue's offset where it is. The handler goes on; what it returns in the end no longer counts.
func (c *session) expire() {
	before := time.Now().Add(-c.opts.consumeTimeout).UnixMilli()
	for _, q := range c.held() {
		pq := q.pq.Load()
		if pq == nil || q.state != queueFetching {
			continue
		}
		for _, o := range pq.expire(before) {
			c.logs.warn("expire "+q.mq.Topic, "handler takes longer than the consume timeout, its message is sent back", map[string]any{
				rlog.LogKeyMessageQueue: q.mq.String(), rlog.LogKeyQueueOffset: o.msg.QueueOffset,
				rlog.LogKeyMessageId: o.msg.MsgId, "timeout": c.opts.consumeTimeout.String(),
			})
			if c.opts.model == BroadCasting {
				pq.returned(o.seq)
				c.room(q, pq)
				continue
			}
			c.giveBack(&failure{q: q, pq: pq, seq: o.seq, msg: o.msg, level: expireLevel})
		}
	}
}
