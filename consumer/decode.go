package consumer

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"

	"github.com/rocketmq-go/rocketmq/hooks"
	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// decoded is what an answer to a pull held.
type decoded struct {
	msgs  []*primitive.MessageExt // those that are wanted, and the bad ones, in offset order
	bad   []unreadable            // of them, those that cannot be handed out
	extra string                  // properties to add to each
	next  int64                   // everything below is in msgs or not wanted
	lost  error                   // why the rest of the answer could not be read
}

// unreadable is a message whose content cannot be read.
type unreadable struct {
	msg  *primitive.MessageExt
	torn bool // the record is damaged; otherwise it is compressed in a way that is unknown, or its compressed body is damaged
}

func isBad(bad []unreadable, m *primitive.MessageExt) bool {
	return slices.ContainsFunc(bad, func(u unreadable) bool { return u.msg == m })
}

// decode reads the messages of an answer and selects those that are wanted.
func (c *session) decode(q *heldQueue, sub *subscription, resp *command.PullMessageResponse, body []byte) decoded {
	d := decoded{next: resp.NextBeginOffset, extra: rangeProperties(resp)}
	var msgs []*primitive.MessageExt
	msgs, d.bad, d.lost = decodeAll(body)
	if d.lost != nil {
		d.next = q.next
		if n := len(msgs); n > 0 {
			d.next = max(d.next, msgs[n-1].QueueOffset+resp.OffsetDelta+1)
		}
	}
	wanted := msgs[:0]
	for _, m := range msgs {
		m.QueueOffset += resp.OffsetDelta
		if isBad(d.bad, m) {
			if m.QueueOffset < q.next || m.QueueOffset >= resp.NextBeginOffset {
				c.logs.logger.Error(msgLeftOut, map[string]any{
					rlog.LogKeyConsumerGroup: c.group, "queue": q.mq.String(), "from": q.next, "to": resp.NextBeginOffset,
				})
				continue
			}
		} else if !sub.wants(m) {
			continue
		}
		c.dress(q, sub, m)
		wanted = append(wanted, m)
	}
	d.msgs = c.filter(q, wanted, d.bad)
	return d
}

// decodeAll reads an answer. Damage to one record does not keep those behind it from being read, as long as they can
// be found.
func decodeAll(body []byte) (msgs []*primitive.MessageExt, bad []unreadable, lost error) {
	for {
		some, err := primitive.DecodeMessages(body)
		msgs = append(msgs, some...)
		if err == nil {
			return msgs, bad, nil
		}
		var damage *primitive.DecodeError
		if !errors.As(err, &damage) || damage.Next <= 0 {
			return msgs, bad, err
		}
		u := unreadable{msg: damage.Message}
		if u.msg == nil {
			u = unreadable{msg: damagedMessage(body[damage.Position:]), torn: true}
		}
		msgs, bad = append(msgs, u.msg), append(bad, u)
		body = body[damage.Next:]
	}
}

// damagedMessage keeps of a damaged record what is needed to send it back to the broker; what the broker stores may
// be intact.
func damagedMessage(b []byte) *primitive.MessageExt {
	var rec record.Message
	_, _ = rec.Decode(b) // the fields of fixed place are read before the damage is found
	m := &primitive.MessageExt{
		QueueOffset: rec.QueueOffset, CommitLogOffset: rec.PhysicalOffset, SysFlag: rec.SysFlag, ReconsumeTimes: rec.ReconsumeTimes,
	}
	m.Body = rec.Body
	return m
}

// dress gives a message the names that its handler knows: without namespace, and the original topic of a retry.
func (c *session) dress(q *heldQueue, sub *subscription, m *primitive.MessageExt) {
	m.Topic = sub.name
	if sub.handler == nil {
		if origin := m.GetProperty(record.PropRetryTopic); origin != "" {
			m.Topic = namespace.Unwrap(c.namespace, origin)
		}
	}
	if m.Queue == nil {
		m.Queue = &primitive.MessageQueue{}
	}
	*m.Queue = primitive.MessageQueue{Topic: sub.name, BrokerName: q.mq.BrokerName, QueueId: q.mq.QueueId}
	if m.SysFlag&record.FlagTransactionMask != 0 {
		m.TransactionId = m.GetProperty(record.PropUniqKey)
	}
}

// filter asks the hooks which messages to keep. What cannot be read is not shown to them, and is kept.
func (c *session) filter(q *heldQueue, msgs []*primitive.MessageExt, bad []unreadable) []*primitive.MessageExt {
	if len(c.opts.filters) == 0 || len(msgs) == 0 {
		return msgs
	}
	keep := make(map[*primitive.MessageExt]bool, len(msgs))
	shown := make([]*primitive.MessageExt, 0, len(msgs))
	for _, m := range msgs {
		if isBad(bad, m) {
			keep[m] = true
		} else {
			shown = append(shown, m)
		}
	}
	for _, hook := range c.opts.filters {
		kept, err := c.runFilter(hook, q, shown)
		if err != nil {
			c.logs.warn("filter", "filter hook failed, all messages are kept", map[string]any{
				"queue": q.mq.String(), "error": err.Error(),
			})
			continue
		}
		shown = kept
	}
	for _, m := range shown {
		keep[m] = true
	}
	out := make([]*primitive.MessageExt, 0, len(keep)) // in the order of the queue, whatever a hook returned
	for _, m := range msgs {
		if keep[m] {
			out = append(out, m)
		}
	}
	return out
}

func (c *session) runFilter(hook hooks.FilterMessageHook, q *heldQueue, msgs []*primitive.MessageExt) (kept []*primitive.MessageExt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	mq := q.mq
	mq.Topic = namespace.Unwrap(c.namespace, mq.Topic)
	return hook(&hooks.FilterMessageContext{ConsumerGroup: c.opts.group, Msg: msgs, MQ: &mq})
}

// rangeProperties are what the client adds to each message of an answer (Java: PullAPIWrapper.processPullResult).
func rangeProperties(resp *command.PullMessageResponse) string {
	b := make([]byte, 0, 64)
	b = append(append(b, record.PropMinOffset...), record.NameValueSeparator)
	b = append(strconv.AppendInt(b, resp.MinOffset, 10), record.PropertySeparator)
	b = append(append(b, record.PropMaxOffset...), record.NameValueSeparator)
	b = append(strconv.AppendInt(b, resp.MaxOffset, 10), record.PropertySeparator)
	return string(b)
}
