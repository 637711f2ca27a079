package producer

import (
	"fmt"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// encode makes properties and body of one checked message. The message is only read.
//
// The body is the caller's own slice when that is safe: the caller waits, and
// nothing had to be compressed.
func (s *send) encode(msg *primitive.Message) error {
	s.code, s.flag, s.sysFlag = command.CodeSendMessageV2, msg.Flag, 0

	s.buf = msg.AppendProperties(s.buf[:0])
	// A message that was received and is sent on keeps its id, as with the Java client.
	if s.id = msg.GetProperty(record.PropUniqKey); s.id == "" {
		s.id = s.p.ids.Next()
		s.buf = record.AppendProperty(s.buf, record.PropUniqKey, s.id)
	}
	if ns := s.p.namespace; ns != "" && msg.GetProperty(record.PropInstanceID) == "" {
		s.buf = record.AppendProperty(s.buf, record.PropInstanceID, ns)
	}
	n := len(s.buf)
	if err := checkProperties(n); err != nil {
		return invalid(msg.Topic, err)
	}

	switch {
	case len(msg.Body) >= s.p.opts.compressThreshold:
		var err error
		if s.buf, err = s.p.compressor.Compress(s.buf, msg.Body); err != nil {
			return invalid(msg.Topic, fmt.Errorf("compressing the body: %w", err))
		}
		s.sysFlag |= s.p.compressor.SysFlag()
		s.body = s.buf[n:]
	case s.mode == primitive.SendAsync:
		s.buf = append(s.buf, msg.Body...)
		s.body = s.buf[n:]
	default:
		s.body = msg.Body
	}
	s.props = s.buf[:n:n]
	return nil
}

func checkProperties(n int) error {
	if n > record.MaxPropertiesSize {
		return fmt.Errorf("%w: the properties take %d bytes, at most %d are possible", rmqerrors.ErrIllegalProperty, n, record.MaxPropertiesSize)
	}
	return nil
}
