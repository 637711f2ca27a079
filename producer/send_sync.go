package producer

import (
	"context"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/lifecycle"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// SendSync sends a message, or a batch of several messages of one topic, and
// returns where the broker stored it. The result's Status says how safely: other
// than SendOK it is stored, but not yet flushed or copied as the broker is
// configured to. The error is a *primitive.SendError.
//
// It takes at most the time of [WithSendMsgTimeout], or until ctx ends. It is
// safe for concurrent use, also with the same message.
func (p *DefaultProducer) SendSync(ctx context.Context, msgs ...*primitive.Message) (*primitive.SendResult, error) {
	s, err := p.begin(ctx, primitive.SendSync, msgs)
	if err != nil {
		return nil, err
	}
	defer s.end()
	if p.interceptor != nil {
		return s.interceptSync(msgs)
	}
	s.arm(ctx)
	if err := s.load(msgs); err != nil {
		return nil, err
	}
	return s.sync()
}

// sync makes attempts until one succeeds, none is left, or time is up.
func (s *send) sync() (*primitive.SendResult, error) {
	for {
		if err := s.choose(s.ctx); err != nil {
			return nil, s.failure(err)
		}
		s.request()
		cmd, err := s.p.remote.Invoke(s.ctx, s.addr, &s.req)
		more := s.mayRetry()
		result, again := s.judge(cmd, err)
		if result != nil {
			return result, nil
		}
		if !again || !more {
			return nil, s.failure(nil)
		}
		due, ok := s.pauseBefore()
		if !ok {
			return nil, s.failure(nil)
		}
		if err := lifecycle.Sleep(s.ctx, time.Until(due)); err != nil {
			return nil, s.failure(err)
		}
	}
}
