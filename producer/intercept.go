package producer

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// intercepted is one send with interceptors around it. They get a copy of the
// message, and each call of next is a send of its own: an interceptor that calls
// next once sends once, one that calls it again sends again.
type intercepted struct {
	s    *send // checked; encoded too when it is a batch
	view *primitive.Message
	pctx *primitive.ProducerCtx
	ctx  context.Context
}

// intercept prepares what interceptors see.
func (s *send) intercept(msgs []*primitive.Message) (*intercepted, error) {
	s.arm(s.ctx)
	i := &intercepted{s: s}
	if len(msgs) == 1 {
		if err := s.check(msgs[0]); err != nil {
			return nil, err
		}
		i.view = msgs[0].Clone()
		if i.view.GetProperty(record.PropUniqKey) == "" {
			i.view.WithProperty(record.PropUniqKey, s.p.ids.Next())
		}
	} else {
		if err := s.load(msgs); err != nil {
			return nil, err
		}
		// Interceptors may keep what they see, so nothing of the pooled buffer.
		i.view = &primitive.Message{Topic: s.topic.name, Body: bytes.Clone(s.body), Flag: s.flag, Batch: true, Queue: msgs[0].Queue}
		i.view.SetEncodedProperties(string(s.props))
	}
	i.pctx = &primitive.ProducerCtx{
		ProducerGroup: s.p.opts.group, Message: *i.view, BornHost: s.p.client.ClientIP(),
		CommunicationMode: s.mode, Namespace: s.p.namespace, MsgType: typeOf(i.view),
	}
	i.ctx = primitive.WithProducerCtx(primitive.WithMethod(s.ctx, s.mode), i.pctx)
	return i, nil
}

// typeOf classifies as the Java client does for its hooks.
func typeOf(m *primitive.Message) primitive.MessageType {
	switch {
	case m.GetProperty(record.PropTransactionPrepared) == "true":
		return primitive.TransMsgHalf
	case delayed(m):
		return primitive.DelayMsg
	}
	return primitive.NormalMsg
}

// fork makes the send of one call of next from what the interceptors passed on.
func (i *intercepted) fork(ctx context.Context, req interface{}) (*send, error) {
	m, ok := req.(*primitive.Message)
	if !ok || m == nil {
		return nil, invalid(i.s.topic.name, fmt.Errorf("%w: an interceptor passed %T on, it must pass a *primitive.Message", rmqerrors.ErrIllegalOption, req))
	}
	n := i.s.p.newSend()
	n.mode = i.s.mode
	n.arm(ctx)
	if err := n.take(i.s, m); err != nil {
		n.free()
		return nil, err
	}
	return n, nil
}

// take makes s the send of m, which interceptors have passed on and maybe changed;
// checked is what they were given.
func (s *send) take(checked *send, m *primitive.Message) error {
	if m.Batch && checked.batch {
		return s.adopt(checked, m)
	}
	if err := s.check(m); err != nil {
		return err
	}
	return s.encode(m)
}

// adopt takes over an encoded batch under the envelope that interceptors may have
// changed.
func (s *send) adopt(b *send, envelope *primitive.Message) error {
	s.msg, s.topic, s.selector, s.orders, s.pinned = b.msg, b.topic, b.selector, b.orders, b.pinned
	s.id, s.batch, s.code, s.sysFlag, s.flag = b.id, b.batch, b.code, b.sysFlag, envelope.Flag
	s.buf = envelope.AppendProperties(s.buf[:0])
	at := len(s.buf)
	if err := checkProperties(at); err != nil {
		return invalid(s.topic.name, err)
	}
	s.buf = append(s.buf, envelope.Body...)
	s.props, s.body = s.buf[:at:at], s.buf[at:]
	return nil
}

// told fills in what is known after an attempt.
func (i *intercepted) told(n *send) {
	i.pctx.MQ, i.pctx.BrokerAddr = n.queue, n.addr
}

// failed makes sure that the error of a send is a SendError, also when it is an
// interceptor's own.
func (i *intercepted) failed(err error, outcome primitive.Outcome) error {
	if err == nil {
		return nil
	}
	var known *primitive.SendError
	if errors.As(err, &known) {
		return err
	}
	return &primitive.SendError{Outcome: outcome, Topic: i.s.topic.name, Err: err}
}

func (s *send) interceptSync(msgs []*primitive.Message) (*primitive.SendResult, error) {
	i, err := s.intercept(msgs)
	if err != nil {
		return nil, err
	}
	result, outcome := primitive.NewSendResult(), primitive.OutcomeNotSent
	i.pctx.SendResult = result
	err = s.p.interceptor(i.ctx, i.view, result, func(ctx context.Context, req, reply interface{}) error {
		n, err := i.fork(ctx, req)
		if err != nil {
			return err
		}
		defer n.free()
		got, err := n.sync()
		i.told(n)
		if err != nil {
			return err
		}
		outcome = primitive.OutcomeStored
		if r, ok := reply.(*primitive.SendResult); ok && r != nil {
			*r = *got
		}
		return nil
	})
	if err != nil {
		return nil, i.failed(err, outcome)
	}
	return result, nil
}

func (s *send) interceptOneWay(msgs []*primitive.Message) error {
	i, err := s.intercept(msgs)
	if err != nil {
		return err
	}
	outcome := primitive.OutcomeNotSent
	err = s.p.interceptor(i.ctx, i.view, nil, func(ctx context.Context, req, _ interface{}) error {
		n, err := i.fork(ctx, req)
		if err != nil {
			return err
		}
		defer n.free()
		err = n.oneWay()
		i.told(n)
		if err == nil {
			outcome = primitive.OutcomeUnknown
		}
		return err
	})
	return i.failed(err, outcome)
}

// interceptAsync surrounds the hand-over with the interceptors; the result comes
// later, in the callback's context.
func (s *send) interceptAsync(msgs []*primitive.Message) error {
	defer s.end()
	i, err := s.intercept(msgs)
	if err != nil {
		return err
	}
	outcome := primitive.OutcomeNotSent
	err = s.p.interceptor(i.ctx, i.view, nil, func(ctx context.Context, req, _ interface{}) error {
		if err := s.p.enter(); err != nil {
			return invalid(s.topic.name, err)
		}
		n, err := i.fork(ctx, req)
		if err != nil {
			s.p.leave()
			return err
		}
		n.callback, n.pctx = s.callback, i.pctx
		if err := n.accept(); err != nil {
			n.end()
			return err
		}
		outcome = primitive.OutcomeUnknown
		n.start()
		return nil
	})
	return i.failed(err, outcome)
}

// doneContext is the context of a callback: a copy of the ProducerCtx, because the
// interceptors may still look at theirs, with what became of the message.
func (s *send) doneContext() context.Context {
	done := *s.pctx
	done.MQ, done.BrokerAddr, done.SendResult = s.queue, s.addr, s.result
	return primitive.WithProducerCtx(s.ctx, &done)
}
