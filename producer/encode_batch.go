package producer

import (
	"fmt"
	"strings"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// idSize is the length of a message id, for addresses of IPv4.
const idSize = 32

// encodeBatch makes one request of several messages, each with an id of its own.
// Batches are not compressed (Java: MessageBatch.encode).
//
// The batch itself gets no id, though Java gives it one: brokers from 4.8.0 to
// 5.3.3 append the properties of the batch to each message in it, so that all
// messages would be stored with one id (SendMessageProcessor.sendBatchMessage).
func (s *send) encodeBatch(msgs []*primitive.Message) error {
	first := msgs[0]
	if err := s.checkBatch(msgs); err != nil {
		return invalid(first.Topic, err)
	}
	s.code, s.flag, s.sysFlag = command.CodeSendBatchMessage, first.Flag, 0

	s.batch = true
	s.buf = record.AppendProperty(s.buf[:0], record.PropWaitStoreMsgOK, waitOf(first))
	if ns := s.p.namespace; ns != "" {
		s.buf = record.AppendProperty(s.buf, record.PropInstanceID, ns)
	}
	n := len(s.buf)

	ids := make([]byte, 0, len(msgs)*(idSize+1))
	for i, m := range msgs {
		at := len(ids)
		s.scratch = m.AppendProperties(s.scratch[:0])
		if id := m.GetProperty(record.PropUniqKey); id != "" {
			ids = append(ids, id...)
		} else {
			ids = s.p.ids.AppendNext(ids)
			s.scratch = append(s.scratch, record.PropUniqKey...)
			s.scratch = append(s.scratch, record.NameValueSeparator)
			s.scratch = append(s.scratch, ids[at:]...)
			s.scratch = append(s.scratch, record.PropertySeparator)
		}
		ids = append(ids, ',')
		if err := checkProperties(len(s.scratch)); err != nil {
			return invalid(m.Topic, err)
		}
		one := record.BatchMessage{Flag: m.Flag, Body: m.Body, Properties: s.scratch}
		if size := len(s.buf) - n + one.Size(); size > s.p.opts.maxMessageSize {
			return invalid(m.Topic, fmt.Errorf("%w: the first %d of %d messages of the batch already take %d bytes, WithMaxMessageSize allows %d",
				rmqerrors.ErrMessageTooLarge, i+1, len(msgs), size, s.p.opts.maxMessageSize))
		}
		s.buf = one.Append(s.buf)
	}
	s.id = string(ids[:len(ids)-1])
	s.props, s.body = s.buf[:n:n], s.buf[n:]
	return nil
}

// checkBatch applies the Java client's rules (MessageBatch.generateFromList), and
// two more for what would silently be lost: timers, which brokers ignore inside a
// batch, and order when keys differ, because a batch goes to one queue.
func (s *send) checkBatch(msgs []*primitive.Message) error {
	first := msgs[0]
	wait, key := waitOf(first), first.GetShardingKey()
	for i, m := range msgs {
		if err := s.checkContent(m); err != nil {
			return fmt.Errorf("message %d of the batch: %w", i, err)
		}
		switch {
		case m.Topic != first.Topic:
			return fmt.Errorf("%w: %q and %q", rmqerrors.ErrMultipleTopics, first.Topic, m.Topic)
		case strings.HasPrefix(m.Topic, namespace.RetryPrefix):
			return fmt.Errorf("%w: retry topics take single messages only", rmqerrors.ErrIllegalBatch)
		case delayed(m):
			return fmt.Errorf("%w: message %d is delayed; send it alone", rmqerrors.ErrIllegalBatch, i)
		case waitOf(m) != wait:
			return fmt.Errorf("%w: property %s differs between messages", rmqerrors.ErrIllegalBatch, record.PropWaitStoreMsgOK)
		case s.orders && m.GetShardingKey() != key:
			return fmt.Errorf("%w: sharding keys %q and %q differ, but a batch goes to one queue", rmqerrors.ErrIllegalBatch, key, m.GetShardingKey())
		}
	}
	return nil
}

// waitOf is the property by which a message says whether the broker waits until it
// is stored; it does unless told otherwise.
func waitOf(m *primitive.Message) string {
	if v := m.GetProperty(record.PropWaitStoreMsgOK); v != "" {
		return v
	}
	return "true"
}

// delayed says whether a property delays the message.
func delayed(m *primitive.Message) bool {
	if level := m.GetProperty(record.PropDelayTimeLevel); level != "" && level != "0" {
		return true
	}
	return m.GetProperty(record.PropTimerDelaySec) != "" ||
		m.GetProperty(record.PropTimerDelayMS) != "" ||
		m.GetProperty(record.PropTimerDeliverMS) != ""
}
