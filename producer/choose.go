package producer

import (
	"context"
	"fmt"
	"runtime/debug"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// router is what a producer needs of the route table (*route.Table).
type router interface {
	Publish(ctx context.Context, topic string, defaultQueues int) (*route.Topic, error)
	Master(broker string) (addr string, ok bool)
	FindMaster(ctx context.Context, topic, broker string) (addr string, err error)
	RefreshSoon(topic string)
}

// choose decides where the next attempt goes, and waits for the name server when
// it must.
func (s *send) choose(ctx context.Context) error {
	ready, err := s.chooseKnown()
	if ready || err != nil {
		return err
	}
	ctx, cancel := context.WithDeadline(ctx, s.deadline)
	defer cancel()
	for {
		r, err := s.p.routes.Publish(ctx, s.topic.wire, s.p.opts.topicQueueNums)
		if err != nil {
			return err
		}
		if err := s.chooseQueue(r); err != nil {
			return err
		}
		s.addr, err = s.p.routes.FindMaster(ctx, s.topic.wire, s.queue.BrokerName)
		if err == nil || s.pinned || !s.elsewhere || !s.mayRetry() || ctx.Err() != nil {
			return err
		}
		// The broker has no master at the moment: that was an attempt, the next broker.
		s.attempts++
		s.last = err
	}
}

// chooseKnown is choose with what is known already; it never waits. Not ready
// means that a name server must be asked, which is under way then.
func (s *send) chooseKnown() (ready bool, err error) {
	if !s.chosen || !s.pinned {
		// With a context that has ended Publish returns what it has, or begins to ask.
		r, err := s.p.routes.Publish(s.p.ended, s.topic.wire, s.p.opts.topicQueueNums)
		if err != nil {
			return false, nil //nolint:nilerr // choose asks again, and waits
		}
		if err := s.chooseQueue(r); err != nil {
			return false, err
		}
	}
	s.addr, ready = s.p.routes.Master(s.queue.BrokerName)
	return ready, nil
}

// chooseQueue asks the selector, unless the send stays where it is.
func (s *send) chooseQueue(r *route.Topic) error {
	s.topic = s.p.topics.keep(s.topic)
	if s.chosen && s.pinned {
		return nil
	}
	list := s.topic.of(r)
	if len(list) == 0 {
		return fmt.Errorf("%w: topic %q has no queue that may be written to", rmqerrors.ErrRouteNotFound, s.topic.name)
	}
	last := ""
	if s.chosen {
		last = s.queue.BrokerName
	}
	q, err := s.ask(list, last)
	if err != nil {
		return err
	}
	switch {
	case q == nil:
		return fmt.Errorf("%w: the queue selector returned none for topic %q; the manual selector needs Message.Queue", rmqerrors.ErrMQEmpty, s.topic.name)
	case q.Topic != s.topic.name && q.Topic != s.topic.wire:
		return fmt.Errorf("%w: queue %v is not one of topic %q", rmqerrors.ErrMQEmpty, q, s.topic.name)
	}
	s.elsewhere = list[0].BrokerName != list[len(list)-1].BrokerName
	s.queue, s.chosen = *q, true
	s.queue.Topic = s.topic.name
	return nil
}

// ask calls the selector. A panic of the application's selector fails the send,
// not the process: a retry may run on a goroutine of this package.
func (s *send) ask(list []*primitive.MessageQueue, last string) (q *primitive.MessageQueue, err error) {
	switch selector := s.selector.(type) {
	case *defaultSelector:
		return selector.Select(s.msg, list, last), nil
	case *roundRobinQueueSelector:
		return selector.Select(s.msg, list, last), nil
	case hashQueueSelector, randomQueueSelector, manualQueueSelector:
		return selector.Select(s.msg, list, last), nil
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the queue selector panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return s.selector.Select(s.msg, list, last), nil
}
