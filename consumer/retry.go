package consumer

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// failure is a message on its way back to the broker, which delivers it again later. Until the broker has confirmed
// that it has it, the message is not done and its offset is not committed.
//
//	CONSUMER_SEND_MSG_BACK to the message's broker ──ok──► done
//	   │ refused, unreachable
//	a copy to %RETRY%group, on up to 1 + WithRetry brokers ──ok──► done
//	   │ refused, unreachable
//	wait (1 s, 2 s … 30 s), then from the top
type failure struct {
	q     *heldQueue
	pq    *processQueue
	seq   uint64
	msg   *primitive.MessageExt
	level int    // delay level; 0: by the number of attempts, below 0: straight to the dead letters
	torn  bool   // the record came damaged: there is no content to send a copy of
	round int    // rounds that failed
	sent  int    // copies tried in this round
	timer *timer // while it waits
}

const (
	// sendBackTimeout bounds CONSUMER_SEND_MSG_BACK (Java: consumerSendMessageBack, 5 s); copies get the same.
	sendBackTimeout = 5 * time.Second
	// firstReturnPause and lastReturnPause bound the pause between two rounds.
	firstReturnPause, lastReturnPause = time.Second, 30 * time.Second
	// copyLevel is added to the number of deliveries for the delay of a copy (Java: sendMessageBackAsNormalMessage).
	copyLevel = 3
	// innerProducerGroup is the name under which clients send copies (Java: MixAll.CLIENT_INNER_PRODUCER_GROUP).
	innerProducerGroup = "CLIENT_INNER_PRODUCER"
	// compressCopies is the size from which the copy of a message that came compressed is compressed again.
	compressCopies = 4 << 10
)

// giveBack starts, or starts again, to send a failed message back. It may be called on any goroutine, and does not
// wait.
func (c *session) giveBack(f *failure) {
	m := f.msg
	addr, ok := c.client.Routes().Master(f.q.mq.BrokerName)
	if !ok {
		c.loop.do(func() { c.sendCopy(f, errNoMaster) })
		return
	}
	most := c.opts.maxReconsume
	req := &remote.Request{
		Code: command.CodeConsumerSendMsgBack,
		Header: &command.ConsumerSendMsgBackRequest{
			Offset: m.CommitLogOffset, Group: c.group, DelayLevel: int32(f.level), OriginMsgID: m.MsgId,
			OriginTopic: namespace.Wrap(c.namespace, m.Topic), MaxReconsumeTimes: &most, BrokerName: f.q.mq.BrokerName,
		},
		Deadline: time.Now().Add(sendBackTimeout),
		NoWait:   true,
		VIP:      true,
	}
	c.client.Remote().InvokeAsync(context.Background(), addr, req, func(cmd *wire.Command, err error) {
		if err == nil && cmd.Code != command.Success {
			err = c.refusal(cmd, addr, &f.q.mq)
		}
		c.loop.do(func() {
			if err != nil {
				c.sendCopy(f, err)
				return
			}
			c.givenBack(f)
		})
	})
}

var errNoMaster = errors.New("no address of the broker's master is known")

// givenBack marks the message done.
func (c *session) givenBack(f *failure) {
	f.pq.returned(f.seq)
	c.room(f.q, f.pq)
	if f.q.state == queueLeaving {
		c.leaveStep(f.q)
	}
	if topic := namespace.RetryPrefix + c.group; c.client.Routes().Cached(topic) == nil {
		c.client.Routes().RefreshSoon(topic) // a new group: the topic exists now at the latest
	}
}

// sendCopy sends the message to the retry topic as a message of its own, because the broker that holds it did not
// take it back for the reason given (Java: DefaultMQPushConsumerImpl.sendMessageBackAsNormalMessage).
func (c *session) sendCopy(f *failure, reason error) {
	if f.torn {
		c.leaveOut(f, reason)
		return
	}
	target, addr, ok := c.copyTarget(f)
	if !ok || f.sent > c.opts.retries {
		c.waitToReturn(f, reason)
		return
	}
	f.sent++
	req, err := c.copyRequest(f, target)
	if err != nil {
		c.waitToReturn(f, errors.Join(reason, err))
		return
	}
	c.client.Remote().InvokeAsync(context.Background(), addr, req, func(cmd *wire.Command, err error) {
		if err == nil && !stored(cmd.Code) {
			err = c.refusal(cmd, addr, &target)
		}
		c.loop.do(func() {
			if err != nil {
				c.sendCopy(f, errors.Join(reason, err))
				return
			}
			c.givenBack(f)
		})
	})
}

// leaveOut gives a damaged record up if its broker cannot deliver it again either.
func (c *session) leaveOut(f *failure, reason error) {
	var refused *primitive.BrokerError
	if !errors.As(reason, &refused) {
		c.waitToReturn(f, reason)
		return
	}
	c.logs.logger.Error(msgLeftOut, map[string]any{
		rlog.LogKeyConsumerGroup: c.group, rlog.LogKeyMessageQueue: f.q.mq.String(),
		rlog.LogKeyQueueOffset: f.msg.QueueOffset, "error": reason.Error(),
	})
	c.givenBack(f)
}

// stored says whether the answer to a send means that the message is stored. With the flush and replica codes it is,
// on one machine at least.
func stored(code int32) bool {
	switch code {
	case command.Success, command.FlushDiskTimeout, command.FlushSlaveTimeout, command.SlaveNotAvailable:
		return true
	}
	return false
}

// copyTarget chooses a queue of the retry topic, each time on another broker as far as there are several.
func (c *session) copyTarget(f *failure) (mq primitive.MessageQueue, addr string, ok bool) {
	routes := c.client.Routes()
	topic := namespace.RetryPrefix + c.group
	r := routes.Cached(topic)
	if r == nil {
		routes.RefreshSoon(topic)
		return mq, "", false
	}
	var brokers []primitive.MessageQueue // one queue of each
	for _, mq := range r.Writable {
		if n := len(brokers); n == 0 || brokers[n-1].BrokerName != mq.BrokerName {
			brokers = append(brokers, mq)
		}
	}
	for i := range brokers {
		mq := brokers[(f.round+f.sent+i)%len(brokers)]
		if addr, ok := routes.Master(mq.BrokerName); ok {
			return mq, addr, true
		}
	}
	return mq, "", false
}

// copyRequest builds the copy. All properties are kept; those that tell the broker about the retry are added.
func (c *session) copyRequest(f *failure, target primitive.MessageQueue) (*remote.Request, error) {
	m := f.msg
	body, sysFlag := m.Body, int32(0)
	if m.SysFlag&record.FlagCompressionMask != 0 && len(body) >= compressCopies && m.SysFlag&record.FlagCompressed == 0 {
		z, err := record.NewCompressor(record.Zlib, 5)
		if err != nil {
			return nil, err
		}
		if body, err = z.Compress(nil, m.Body); err != nil {
			return nil, err
		}
		sysFlag = record.FlagCompressed | z.SysFlag()
	} else if m.SysFlag&record.FlagCompressed != 0 { // it could not be read: the copy is as it came
		sysFlag = m.SysFlag & (record.FlagCompressed | record.FlagCompressionMask)
	}
	origin := m.GetProperty(record.PropOriginMessageID)
	if origin == "" {
		origin = m.MsgId
	}
	topic := m.GetProperty(record.PropRetryTopic)
	if topic == "" {
		topic = namespace.Wrap(c.namespace, m.Topic)
	}
	level, deliveries, most := f.level, m.ReconsumeTimes+1, c.opts.maxReconsume
	switch {
	case level == 0:
		level = copyLevel + int(m.ReconsumeTimes)
	case level < 0: // the broker moves a copy that was delivered too often to the dead letters
		level, deliveries = 0, most+1
	}
	var props []byte
	record.EachProperty(m.EncodedProperties(), func(k, v string) bool {
		switch k {
		case record.PropTransactionPrepared, record.PropOriginMessageID, record.PropRetryTopic, record.PropDelayTimeLevel:
		default:
			props = record.AppendProperty(props, k, v)
		}
		return true
	})
	props = record.AppendProperty(props, record.PropOriginMessageID, origin)
	props = record.AppendProperty(props, record.PropRetryTopic, topic)
	if level > 0 {
		props = record.AppendProperty(props, record.PropDelayTimeLevel, strconv.Itoa(level))
	}
	return &remote.Request{
		Code: command.CodeSendMessageV2,
		Header: &command.SendMessageV2Request{
			ProducerGroup: innerProducerGroup, Topic: target.Topic, DefaultTopic: route.DefaultTopic, DefaultTopicQueueNums: 1,
			QueueID: int32(target.QueueId), SysFlag: sysFlag, BornTimestamp: time.Now().UnixMilli(), Flag: m.Flag,
			Properties: props, ReconsumeTimes: deliveries, MaxReconsumeTimes: &most, BrokerName: target.BrokerName,
		},
		Body:     body,
		Deadline: time.Now().Add(sendBackTimeout),
		NoWait:   true,
		VIP:      true,
	}, nil
}

// waitToReturn keeps the message, not done, until the next round. When its queue is being given away the message
// stays for the next owner instead.
func (c *session) waitToReturn(f *failure, reason error) {
	if f.q.state != queueFetching || f.pq != f.q.pq.Load() {
		c.abandon(f)
		return
	}
	c.logs.warn("back "+f.q.mq.BrokerName, "no broker takes a failed message back, its offset is not committed", map[string]any{
		rlog.LogKeyMessageQueue: f.q.mq.String(), rlog.LogKeyMessageId: f.msg.MsgId,
		rlog.LogKeyQueueOffset: f.msg.QueueOffset, "error": reason.Error(),
	})
	f.round++
	f.sent = 0
	if f.q.waiting == nil {
		f.q.waiting = make(map[*failure]struct{})
	}
	f.q.waiting[f] = struct{}{}
	pause := min(firstReturnPause<<min(f.round-1, 5), lastReturnPause)
	f.timer = c.loop.after(pause, func() {
		delete(f.q.waiting, f)
		f.timer = nil
		c.giveBack(f)
	})
}

// abandon gives the return of a message up because its queue leaves. Its offset is not committed: the next owner of
// the queue gets it again.
func (c *session) abandon(f *failure) {
	c.loop.timers.stop(f.timer)
	delete(f.q.waiting, f)
	f.pq.keep(f.seq)
	if f.q.state == queueLeaving {
		c.leaveStep(f.q)
	}
}
