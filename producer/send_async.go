package producer

import (
	"context"
	"fmt"
	"runtime/debug"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// asyncOverhead is what a message in the buffer costs beside its text and body.
const asyncOverhead = 512

// SendAsync accepts a message, or a batch of several messages of one topic, into a
// bounded buffer and returns. f is called exactly once for each accepted message,
// with either a result or a *primitive.SendError, on one of a few goroutines (as many
// as processors, at least four, and one more for each caller that waits for room) that
// all callbacks of the producer share: it should be brief, and may send. When
// SendAsync returns an error, also a *primitive.SendError, f is not called.
//
// When the buffer is full SendAsync waits for room until ctx ends, or fails with
// errors.ErrBufferFull; see [WithAsyncLimit] and [WithAsyncFailFast]. The time of
// [WithSendMsgTimeout] begins once the message is accepted; ctx ends the send at
// any time. The messages may be changed or reused when SendAsync has returned.
func (p *DefaultProducer) SendAsync(ctx context.Context, f func(context.Context, *primitive.SendResult, error), msgs ...*primitive.Message) error {
	if f == nil {
		return invalid("", fmt.Errorf("%w: SendAsync needs a callback; without interest in the result use SendOneWay", rmqerrors.ErrIllegalOption))
	}
	s, err := p.begin(ctx, primitive.SendAsync, msgs)
	if err != nil {
		return err
	}
	s.callback = f
	if p.interceptor != nil {
		return s.interceptAsync(msgs)
	}
	if err = s.load(msgs); err == nil {
		err = s.accept()
	}
	if err != nil {
		s.end()
		return err
	}
	s.start()
	return nil
}

// accept takes an encoded message into the buffer, and waits for room if it must.
func (s *send) accept() error {
	s.bytes = int64(len(s.buf) + asyncOverhead)
	if err := s.p.room(s.ctx, s.bytes); err != nil {
		return invalid(s.topic.name, err)
	}
	// The caller may change the message once SendAsync has returned. A copy of the
	// struct is enough, its properties are one immutable text; bodies were copied.
	s.own = *s.msg
	s.own.Body = s.ownBody()
	if q := s.msg.Queue; q != nil {
		s.ownQueue = *q
		s.own.Queue = &s.ownQueue
	}
	s.msg = &s.own
	s.arm(s.ctx)
	s.req.NoWait = true
	return nil
}

// room takes room in the buffer.
func (p *DefaultProducer) room(ctx context.Context, bytes int64) error {
	if p.limit.try(bytes) {
		return nil
	}
	if p.opts.asyncFailFast {
		return rmqerrors.ErrBufferFull
	}
	p.blocked(1)
	defer p.blocked(-1)
	return p.limit.wait(ctx, bytes)
}

// blocked counts callers that wait for room. Any of them may be a callback, so for
// each one a further callback may run: were all the goroutines of callbacks waiting
// for room, nobody would be left to give some back.
func (p *DefaultProducer) blocked(n int) {
	p.blockedMu.Lock()
	defer p.blockedMu.Unlock()
	p.blockedNow += n
	p.callbacks.SetWorkers(callbackWorkers() + p.blockedNow)
}

// ownBody is the body that selectors see: the copy when it is plain, and none of
// a batch or compressed message.
func (s *send) ownBody() []byte {
	if s.batch || s.sysFlag != 0 {
		return nil
	}
	return s.body
}

// start makes the first attempt, on the caller's goroutine when nothing has to be
// waited for.
func (s *send) start() {
	ready, err := s.chooseKnown()
	switch {
	case err != nil:
		s.finish(nil, s.failure(err))
	case ready:
		s.launch()
	default:
		s.p.submit(s.p.routing, s.advance)
	}
}

// runAttempt makes an attempt that may wait for the name server. It runs on the
// routing executor.
func (s *send) runAttempt(context.Context) {
	if err := s.choose(s.ctx); err != nil {
		s.finish(nil, s.failure(err))
		return
	}
	s.launch()
}

// launch hands the request to the connection. Its answer, or failure, arrives at
// replied, maybe before launch returns.
func (s *send) launch() {
	s.request()
	s.p.remote.InvokeAsync(s.ctx, s.addr, &s.req, s.onReply)
}

// replied is called by the network layer and must not block.
func (s *send) replied(cmd *wire.Command, err error) {
	more := s.mayRetry()
	result, again := s.judge(cmd, err)
	if result == nil && again && more && s.ctx.Err() == nil && !s.p.aborted.Load() {
		if due, ok := s.pauseBefore(); ok {
			s.p.retries.add(s, due)
			return
		}
	}
	if result != nil {
		s.finish(result, nil)
		return
	}
	s.finish(nil, s.failure(nil))
}

// again makes the next attempt after its pause. It runs on the goroutine of the
// retry queue and must not block.
func (s *send) again() {
	switch err := s.ctx.Err(); {
	case err != nil:
		s.finish(nil, s.failure(err))
	case s.p.aborted.Load():
		s.finish(nil, s.failure(errShutdown))
	default:
		s.start()
	}
}

// finish hands the outcome to the goroutines of the callbacks.
func (s *send) finish(result *primitive.SendResult, err error) {
	s.result, s.err = result, err
	s.p.submit(s.p.callbacks, s.complete)
}

// runComplete calls back and ends the send.
func (s *send) runComplete(context.Context) {
	p := s.p
	ctx, callback, result, err := s.ctx, s.callback, s.result, s.err
	if s.pctx != nil {
		ctx = s.doneContext()
	}
	// First, for a callback that sends must not wait for its own place.
	p.limit.release(s.bytes)
	s.free()
	defer p.leave()
	defer func() {
		if r := recover(); r != nil {
			p.log.Error("a send callback panicked", map[string]interface{}{
				rlog.LogKeyProducerGroup: p.opts.group,
				rlog.LogKeyStack:         string(debug.Stack()),
				"panic":                  fmt.Sprint(r),
			})
		}
	}()
	callback(ctx, result, err)
}
