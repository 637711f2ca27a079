package consumer

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// work is what a worker does until the consumer stops: take a batch of the queue whose turn it is, call the
// handler, and see to what the handler said.
func (c *session) work(context.Context) {
	var b batch
	for {
		q := c.ready.pop()
		if q == nil {
			return
		}
		sub := c.subs.Load().byTopic[q.mq.Topic]
		if sub == nil {
			continue // unsubscribed; what is cached is left to the other members
		}
		if c.throttle != nil && !c.throttle.before(c.fetchCtx, sub.name) {
			continue
		}
		pq := q.pq.Load()
		now := time.Now()
		if pq.take(&b, c.opts.consumeBatch, now.UnixMilli()) {
			c.ready.push(q)
		}
		if len(b.msgs) == 0 {
			continue
		}
		if c.throttle != nil {
			c.throttle.after(len(b.msgs))
		}
		c.consume(q, pq, sub, &b, now)
	}
}

// call is what one call of a handler needs, in one allocation.
type call struct {
	concurrently primitive.ConsumeConcurrentlyContext
	message      primitive.ConsumeMessageContext
	one          [1]*primitive.MessageExt
	result       ConsumeResultHolder
}

// consume calls the handler with a batch and marks its messages done, or has them sent back.
func (c *session) consume(q *heldQueue, pq *processQueue, sub *subscription, b *batch, began time.Time) {
	k := &call{}
	var msgs []*primitive.MessageExt // the handler may keep it, so it is not the worker's own slice
	if len(b.msgs) == 1 {
		k.one[0] = b.msgs[0]
		msgs = k.one[:]
	} else {
		msgs = append(make([]*primitive.MessageExt, 0, len(b.msgs)), b.msgs...)
	}
	for i, m := range msgs {
		c.stamp(m, b.extra[i], began)
	}
	if sub.handler == nil { // the retry topic
		sub = c.subs.Load().byName[msgs[0].Topic]
	}
	result, err := c.handle(sub, k, msgs, began)

	acked := 0
	if err == nil && result == ConsumeSuccess {
		acked = len(msgs)
		if ack := k.concurrently.AckIndex; int64(ack) < int64(len(msgs)) {
			acked = max(0, int(ack)+1)
		}
	}
	if sub != nil {
		now := time.Now()
		sub.stats.consume(now, now.Sub(began), acked, len(msgs)-acked)
	}
	for i := range acked {
		pq.done(b.first + uint64(i))
	}
	if acked < len(msgs) {
		c.failed(q, pq, b.first+uint64(acked), msgs[acked:], k.concurrently.DelayLevelWhenNextConsume, err)
	}
	c.room(q, pq)
	if pq.drained() {
		c.loop.do(func() { c.leaveStep(q) })
	}
}

// stamp adds the properties that clients add to a received message.
func (c *session) stamp(m *primitive.MessageExt, extra string, began time.Time) {
	props := m.EncodedProperties()
	b := make([]byte, 0, 512)
	b = append(b, props...)
	if n := len(b); n > 0 && b[n-1] != record.PropertySeparator {
		b = append(b, record.PropertySeparator)
	}
	b = append(b, extra...)
	b = append(append(b, record.PropConsumeStartTime...), record.NameValueSeparator)
	b = append(strconv.AppendInt(b, began.UnixMilli(), 10), record.PropertySeparator)
	m.SetEncodedProperties(string(b))
}

// failed has messages delivered again later. In broadcasting mode there is nobody to deliver them: they are dropped.
func (c *session) failed(q *heldQueue, pq *processQueue, first uint64, msgs []*primitive.MessageExt, level int, err error) {
	var panicked *PanicError
	switch {
	case errors.As(err, &panicked):
		c.logs.warn("panic "+msgs[0].Topic, "handler panicked", map[string]any{
			rlog.LogKeyMessageQueue: q.mq.String(), rlog.LogKeyMessageId: msgs[0].MsgId,
			rlog.LogKeyUnderlayError: fmt.Sprint(panicked.Value), rlog.LogKeyStack: string(panicked.Stack),
		})
	case err != nil:
		c.logs.warn("handler "+msgs[0].Topic, "handler returned an error", map[string]any{
			rlog.LogKeyMessageQueue: q.mq.String(), rlog.LogKeyMessageId: msgs[0].MsgId, rlog.LogKeyUnderlayError: err.Error(),
		})
	}
	for i, m := range msgs {
		seq := first + uint64(i)
		if c.opts.model == BroadCasting {
			if pq.done(seq) {
				c.logs.logger.Warning("message failed and is dropped: broadcasting has no retry", map[string]any{
					rlog.LogKeyConsumerGroup: c.group, rlog.LogKeyMessageQueue: q.mq.String(),
					rlog.LogKeyMessageId: m.MsgId, rlog.LogKeyQueueOffset: m.QueueOffset,
				})
			}
			continue
		}
		if pq.fail(seq) {
			c.giveBack(&failure{q: q, pq: pq, seq: seq, msg: m, level: level})
		}
	}
}
