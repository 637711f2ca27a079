package producer

import (
	"context"

	"github.com/rocketmq-go/rocketmq/primitive"
)

// SendOneWay sends a message, or a batch of several messages of one topic, without
// an answer. A nil error means that the message was handed to the connection of a
// broker, not that it is stored: brokers drop messages under load in silence, so
// senders should pace themselves. There are no retries. The error is a
// *primitive.SendError.
func (p *DefaultProducer) SendOneWay(ctx context.Context, msgs ...*primitive.Message) error {
	s, err := p.begin(ctx, primitive.SendOneway, msgs)
	if err != nil {
		return err
	}
	defer s.end()
	if p.interceptor != nil {
		return s.interceptOneWay(msgs)
	}
	s.arm(ctx)
	if err := s.load(msgs); err != nil {
		return err
	}
	return s.oneWay()
}

func (s *send) oneWay() error {
	if err := s.choose(s.ctx); err != nil {
		return s.failure(err)
	}
	s.request()
	s.req.Deadline = s.deadline
	if err := s.p.remote.InvokeOneWay(s.ctx, s.addr, &s.req); err != nil {
		s.attempts++
		s.sent = true
		s.transportFailed(err)
		return s.failure(nil)
	}
	return nil
}
