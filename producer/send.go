package producer

import (
	"context"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/validate"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// send is one send over all its attempts. Sends are pooled; whoever ends one must
// be the last to hold it.
//
//	begin ─► encode ─► [ choose ─► request ─► judge ]… ─► result or failure ─► free
type send struct {
	p        *DefaultProducer
	mode     primitive.CommunicationMode
	ctx      context.Context
	deadline time.Time // of all attempts together
	born     int64     // milliseconds since 1970

	// What is sent, the same in each attempt.
	msg      *primitive.Message // what selectors look at; of a batch the first message
	own      primitive.Message  // what msg points to when the caller's may change meanwhile
	ownQueue primitive.MessageQueue
	topic    *topic
	selector QueueSelector
	orders   bool   // the selector goes by the sharding key
	pinned   bool   // stays on the queue that the first attempt chose
	id       string // MsgID of the result
	batch    bool   // several messages in one
	buf      []byte // properties and, when not the caller's, body
	scratch  []byte // of encoding a batch
	props    []byte
	body     []byte
	code     int32 // request code
	sysFlag  int32
	flag     int32 // the application's

	// Where the current attempt goes.
	queue  primitive.MessageQueue // under the application's topic name
	chosen bool                   // queue is set
	// elsewhere says that the topic has queues on more than one broker.
	elsewhere bool
	addr      string
	header    command.SendMessageV2Request
	req       remote.Request
	answer    command.SendMessageResponse

	// What the attempts so far gave.
	attempts int
	unknown  bool // one of them may have stored the message
	rejected bool // the last one was refused by the broker
	sent     bool // the last one reached a broker address, so addr belongs to the error
	busy     bool // the last one met an overload
	last     error

	// Asynchronous sends only.
	callback func(context.Context, *primitive.SendResult, error)
	pctx     *primitive.ProducerCtx
	bytes    int64 // room taken in the buffer
	result   *primitive.SendResult
	err      error
	// Method values made once a pooled send, for each would be an allocation.
	onReply  func(*wire.Command, error)
	advance  func(context.Context)
	complete func(context.Context)
}

// keptBuffer bounds the memory that a pooled send keeps.
const keptBuffer = 64 << 10

func (p *DefaultProducer) newSend() *send {
	if s, ok := p.sends.Get().(*send); ok {
		return s
	}
	s := &send{p: p}
	s.onReply = s.replied
	s.advance = s.runAttempt
	s.complete = s.runComplete
	s.req.Header = &s.header
	return s
}

// free gives s back. The network layer no longer refers to its request then: it
// promises so once Invoke has returned or the callback has been called.
func (s *send) free() {
	buf, scratch := s.buf, s.scratch
	if cap(buf) > keptBuffer {
		buf = nil
	}
	if cap(scratch) > keptBuffer {
		scratch = nil
	}
	*s = send{
		p: s.p, buf: buf[:0], scratch: scratch[:0],
		onReply: s.onReply, advance: s.advance, complete: s.complete,
		req: remote.Request{Header: &s.header},
	}
	s.p.sends.Put(s)
}

// begin admits a call: the producer runs, the context lives, there are messages.
// The caller ends the call with s.p.leave after s.free.
func (p *DefaultProducer) begin(ctx context.Context, mode primitive.CommunicationMode, msgs []*primitive.Message) (*send, error) {
	if len(msgs) == 0 {
		return nil, invalid("", rmqerrors.ErrMessageEmpty)
	}
	for _, m := range msgs {
		if m == nil {
			return nil, invalid("", rmqerrors.ErrMessageEmpty)
		}
	}
	if err := p.enter(); err != nil {
		return nil, invalid(msgs[0].Topic, err)
	}
	if err := ctx.Err(); err != nil {
		p.leave()
		return nil, invalid(msgs[0].Topic, err)
	}
	s := p.newSend()
	s.mode, s.ctx = mode, ctx
	return s, nil
}

// end is the last act of a call.
func (s *send) end() {
	p := s.p
	s.free()
	p.leave()
}

// arm sets the deadline, and all that the attempts count, back to the start.
func (s *send) arm(ctx context.Context) {
	s.ctx = ctx
	now := time.Now()
	s.born = now.UnixMilli()
	s.deadline = now.Add(s.p.opts.sendTimeout)
	if d, ok := ctx.Deadline(); ok && d.Before(s.deadline) {
		s.deadline = d
	}
	s.attempts, s.unknown, s.rejected, s.sent, s.busy, s.last = 0, false, false, false, false, nil
	s.chosen, s.addr = false, ""
}

// load decides what is sent: msgs, checked and encoded.
func (s *send) load(msgs []*primitive.Message) error {
	if len(msgs) == 1 {
		if err := s.check(msgs[0]); err != nil {
			return err
		}
		return s.encode(msgs[0])
	}
	if err := s.bind(msgs[0]); err != nil {
		return err
	}
	return s.encodeBatch(msgs)
}

// check checks one message, and fixes topic and selector.
func (s *send) check(msg *primitive.Message) error {
	if err := s.bind(msg); err != nil {
		return err
	}
	if err := s.checkContent(msg); err != nil {
		return invalid(msg.Topic, err)
	}
	return nil
}

// checkContent checks all of a message but its topic.
func (s *send) checkContent(msg *primitive.Message) error {
	if err := validate.Body(msg.Topic, msg.Body, s.p.opts.maxMessageSize); err != nil {
		return err
	}
	return validate.Properties(msg)
}

// bind fixes topic and selector.
func (s *send) bind(msg *primitive.Message) error {
	t, err := s.p.topics.get(msg.Topic)
	if err != nil {
		return invalid(msg.Topic, err)
	}
	s.topic, s.msg = t, msg
	s.selector, s.pinned = s.p.selector, s.p.pins
	if one, ok := s.ctx.Value(selectorKey{}).(QueueSelector); ok && one != nil {
		s.selector, s.pinned = one, true
	}
	switch s.selector.(type) {
	case *defaultSelector, hashQueueSelector:
		s.orders = true
	}
	s.pinned = s.pinned || msg.GetShardingKey() != ""
	return nil
}

// request fills the header in: all of it, because a pooled send was another's before.
func (s *send) request() {
	opts := &s.p.opts
	s.header = command.SendMessageV2Request{
		ProducerGroup:         s.p.group,
		Topic:                 s.topic.wire,
		DefaultTopic:          opts.createTopicKey,
		DefaultTopicQueueNums: int32(opts.topicQueueNums),
		QueueID:               int32(s.queue.QueueId),
		SysFlag:               s.sysFlag,
		BornTimestamp:         s.born,
		Flag:                  s.flag,
		Properties:            s.props,
		Batch:                 s.code == command.CodeSendBatchMessage,
		BrokerName:            s.queue.BrokerName,
	}
	s.req.Code = s.code
	s.req.Body = s.body
	s.req.VIP = true
	s.req.Deadline = s.deadline
	if s.mayRetry() {
		s.limitAttempt()
	}
}

// limitAttempt leaves time for another attempt. A connection that has yet to be
// made may hang until the end, as it does when a machine has vanished: half of the
// time is left for a broker elsewhere.
func (s *send) limitAttempt() {
	limit := s.p.opts.attemptTimeout
	if s.elsewhere && !s.pinned && !s.p.remote.Connected(s.addr) {
		if half := time.Until(s.deadline) / 2; limit == 0 || half < limit {
			limit = half
		}
	}
	if limit > 0 {
		if d := time.Now().Add(limit); d.Before(s.deadline) {
			s.req.Deadline = d
		}
	}
}

// mayRetry says whether one more attempt is allowed after the current one.
func (s *send) mayRetry() bool { return s.attempts < s.p.opts.retries }
