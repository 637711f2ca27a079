package producer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// invalid is the error of a send that was not attempted.
func invalid(topic string, err error) error {
	return &primitive.SendError{Outcome: primitive.OutcomeNotSent, Topic: topic, Err: err}
}

// judge looks at what an attempt gave. Either there is a result, or an error is
// noted and again says whether another attempt may help.
func (s *send) judge(cmd *wire.Command, err error) (result *primitive.SendResult, again bool) {
	s.attempts++
	s.sent, s.rejected, s.busy = true, false, false
	if err != nil {
		return nil, s.transportFailed(err)
	}
	if status, ok := statusOf(cmd.Code); ok {
		if result, s.last = s.resultOf(cmd, status); s.last != nil {
			s.unknown = true // stored in truth, but where is not to be read
		}
		return result, false
	}
	queue := s.queue
	s.rejected = true
	s.last = &primitive.BrokerError{
		Code: cmd.Code, Remark: cmd.Remark, Addr: s.addr, Broker: queue.BrokerName,
		Topic: s.topic.name, Group: s.p.opts.group, Queue: &queue,
	}
	if refusedCredentials(cmd.Code, cmd.Remark) {
		s.last = fmt.Errorf("%w: %w", rmqerrors.ErrNoPermission, s.last)
		return nil, false
	}
	if s.busy = cmd.Code == command.SystemBusy || cmd.Code == command.FlowControl; !s.busy {
		// The topic may have gone, shrunk or moved to another master.
		s.p.routes.RefreshSoon(s.topic.wire)
	}
	return nil, s.p.retryable(cmd.Code)
}

// transportFailed notes an attempt without an answer.
func (s *send) transportFailed(err error) (again bool) {
	s.last = err
	var failed *remote.Error
	if !errors.As(err, &failed) {
		return false // the request could not even be encoded
	}
	s.unknown = s.unknown || failed.Sent
	switch {
	case errors.Is(err, remote.ErrClosed):
		s.last = fmt.Errorf("%w: %w", rmqerrors.ErrClosed, err)
		return false
	case errors.Is(err, context.Canceled), errors.Is(err, remote.ErrFrameTooLarge):
		return false
	case errors.Is(err, context.DeadlineExceeded):
		s.last = fmt.Errorf("%w: %w", rmqerrors.ErrRequestTimeout, err)
	case errors.Is(err, remote.ErrTooManyInFlight):
		s.busy = true
		return true
	}
	if !failed.Sent {
		// The broker may have moved.
		s.p.routes.RefreshSoon(s.topic.wire)
	}
	return true
}

// refusedCredentials says whether an answer means wrong credentials, which no
// other attempt cures. Brokers of release 4 answer 1 with the exception's name,
// those of release 5 answer 16, which has other meanings too.
func refusedCredentials(code int32, remark string) bool {
	if code != command.NoPermission && code != command.SystemError {
		return false
	}
	for _, sign := range [...]string{"AclException", "AuthenticationException", "signature", "User:", "username"} {
		if strings.Contains(remark, sign) {
			return true
		}
	}
	return false
}

// pauseBefore returns when the next attempt may begin, and not ok when it would be too late.
func (s *send) pauseBefore() (due time.Time, ok bool) {
	due = time.Now().Add(pause(s.attempts, s.busy))
	return due, due.Before(s.deadline)
}

// failure is the error of the whole send. err is why it ended; when it is not
// what the last attempt gave, both are told.
func (s *send) failure(err error) error {
	failed := &primitive.SendError{Outcome: primitive.OutcomeNotSent, Topic: s.topic.name, Attempts: s.attempts, Err: err}
	switch {
	case s.unknown:
		failed.Outcome = primitive.OutcomeUnknown
	case s.rejected:
		failed.Outcome = primitive.OutcomeRejected
	}
	if s.chosen {
		queue := s.queue
		failed.Queue = &queue
	}
	if s.sent {
		failed.Addr = s.addr
	}
	var refused *primitive.BrokerError
	if errors.As(s.last, &refused) {
		failed.Code, failed.Remark = refused.Code, refused.Remark
	}
	switch {
	case err == nil:
		failed.Err = s.last
	case s.last != nil && !errors.Is(err, s.last):
		failed.Err = &interrupted{cause: err, last: s.last}
	}
	return failed
}

// interrupted is the end of a send between two attempts.
type interrupted struct{ cause, last error }

// Error tells the cause first, for that is what ended the send.
func (e *interrupted) Error() string {
	return e.cause.Error() + " (the last attempt failed with: " + e.last.Error() + ")"
}

// Unwrap returns both.
func (e *interrupted) Unwrap() []error { return []error{e.cause, e.last} }

// statusOf returns the status of an answer that says stored.
func statusOf(code int32) (primitive.SendStatus, bool) {
	switch code {
	case command.Success:
		return primitive.SendOK, true
	case command.FlushDiskTimeout:
		return primitive.SendFlushDiskTimeout, true
	case command.FlushSlaveTimeout:
		return primitive.SendFlushSlaveTimeout, true
	case command.SlaveNotAvailable:
		return primitive.SendSlaveNotAvailable, true
	}
	return primitive.SendUnknownError, false
}

// defaultRegion is what brokers without a configured region are in (Java: MixAll.DEFAULT_TRACE_REGION_ID).
const defaultRegion = "DefaultRegion"

// resultOf reads the answer to a message that is stored.
func (s *send) resultOf(cmd *wire.Command, status primitive.SendStatus) (*primitive.SendResult, error) {
	// Fields that come back as they were set cost no allocation.
	answer := &s.answer
	*answer = command.SendMessageResponse{TransactionID: s.id, RegionID: defaultRegion, TraceOn: "true"}
	if err := cmd.DecodeFields(answer); err != nil {
		return nil, &remote.Error{Op: "receive", Addr: s.addr, Code: s.code, Sent: true, Err: errors.Join(rmqerrors.ErrResponse, err)}
	}
	both := &struct {
		result primitive.SendResult
		queue  primitive.MessageQueue
	}{
		result: primitive.SendResult{
			Status: status, MsgID: s.id, QueueOffset: answer.QueueOffset, TransactionID: answer.TransactionID,
			OffsetMsgID: answer.MsgID, RegionID: answer.RegionID, TraceOn: answer.TraceOn != "false",
		},
		queue: primitive.MessageQueue{Topic: s.topic.name, BrokerName: s.queue.BrokerName, QueueId: int(answer.QueueID)},
	}
	both.result.MessageQueue = &both.queue
	return &both.result, nil
}
