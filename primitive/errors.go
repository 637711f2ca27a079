package primitive

import (
	"context"
	stderrors "errors"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/rocketmq-go/rocketmq/errors"
)

// Outcome says what became of a message whose sending failed.
type Outcome int

const (
	// OutcomeUnknown says that the message may or may not be stored: sending it again may store it twice.
	OutcomeUnknown Outcome = iota
	// OutcomeNotSent says that no broker got the message: it is safe to send it again.
	OutcomeNotSent
	// OutcomeRejected says that a broker refused to store the message.
	OutcomeRejected
	// OutcomeStored says that the message is stored.
	OutcomeStored
)

// String returns the outcome in a word or two.
func (o Outcome) String() string {
	switch o {
	case OutcomeUnknown:
		return "unknown"
	case OutcomeNotSent:
		return "not sent"
	case OutcomeRejected:
		return "rejected"
	case OutcomeStored:
		return "stored"
	}
	return "Outcome(" + strconv.Itoa(int(o)) + ")"
}

// BrokerError is an answer of a broker or name server that refuses a request. It also is an MQBrokerErr, and the
// sentinel of package errors that goes with its code, for errors.As and errors.Is.
type BrokerError struct {
	// Code is the response code.
	Code int32
	// Remark is what the server says about it.
	Remark string
	// Addr is the server's address.
	Addr string
	// Broker is the broker's name, "" for a name server.
	Broker string
	Topic  string
	Group  string
	Queue  *MessageQueue
}

// Error says who refused what and why, and what to do.
func (e *BrokerError) Error() string {
	var b strings.Builder
	if e.Broker == "" && e.Addr != "" {
		b.WriteString("server ")
		b.WriteString(e.Addr)
	} else {
		b.WriteString("broker")
		writePart(&b, " ", e.Broker)
		if e.Addr != "" {
			b.WriteString(" (" + e.Addr + ")")
		}
	}
	b.WriteString(" refuses: code ")
	b.WriteString(strconv.Itoa(int(e.Code)))
	info := codeInfo(e.Code)
	writePart(&b, " ", info.name)
	writeWhere(&b, e.Topic, e.Group, e.Queue)
	writePart(&b, ": ", oneLine(e.Remark))
	writePart(&b, "; ", info.hint)
	return b.String()
}

// Is reports whether target is the sentinel of package errors for the code.
func (e *BrokerError) Is(target error) bool {
	sentinel := codeInfo(e.Code).sentinel
	return sentinel != nil && target == sentinel
}

// As fills an MQBrokerErr, by value or pointer.
func (e *BrokerError) As(target any) bool { return asMQBrokerErr(e.Code, e.Remark, target) }

// SendError is what every failed send returns.
type SendError struct {
	// Outcome says whether the message may be stored.
	Outcome Outcome
	Topic   string
	// Queue is the queue that was tried last, nil when none was chosen.
	Queue *MessageQueue
	// Addr is the broker that was tried last.
	Addr string
	// Attempts is how often it was tried.
	Attempts int
	// Code is the broker's response code, 0 when there was no answer.
	Code int32
	// Remark is what the broker says about it.
	Remark string
	// Err is the cause of the last attempt.
	Err error
}

// Error says what was tried where, what became of it, why, and what to do.
func (e *SendError) Error() string {
	var b strings.Builder
	b.WriteString("send message: outcome ")
	b.WriteString(e.Outcome.String())
	if e.Attempts > 0 {
		b.WriteString(" after " + strconv.Itoa(e.Attempts) + " attempt")
		if e.Attempts > 1 {
			b.WriteString("s")
		}
	}
	writeWhere(&b, e.Topic, "", e.Queue)
	writePart(&b, ", broker address ", e.Addr)
	var refused *BrokerError
	if e.Code != 0 && !stderrors.As(e.Err, &refused) {
		info := codeInfo(e.Code)
		b.WriteString(": code " + strconv.Itoa(int(e.Code)))
		writePart(&b, " ", info.name)
		writePart(&b, ": ", oneLine(e.Remark))
		writePart(&b, "; ", info.hint)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.Outcome == OutcomeUnknown {
		b.WriteString("; the message may be stored: sending it again may store it twice")
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// Is reports whether target is the sentinel of package errors for the code.
func (e *SendError) Is(target error) bool {
	sentinel := codeInfo(e.Code).sentinel
	return sentinel != nil && target == sentinel
}

// As fills an MQBrokerErr, by value or pointer, when a broker answered.
func (e *SendError) As(target any) bool {
	return e.Code != 0 && asMQBrokerErr(e.Code, e.Remark, target)
}

func asMQBrokerErr(code int32, remark string, target any) bool {
	err := MQBrokerErr{ResponseCode: int16(code), ErrorMessage: remark}
	switch t := target.(type) {
	case *MQBrokerErr:
		*t = err
	case **MQBrokerErr:
		*t = &err
	default:
		return false
	}
	return true
}

// MQBrokerErr is rocketmq-client-go's error for an answer that refuses. Errors of this library match it with
// errors.As; BrokerError says more.
type MQBrokerErr struct {
	ResponseCode int16
	ErrorMessage string
}

// Error returns code and text.
func (e MQBrokerErr) Error() string {
	return "CODE: " + strconv.Itoa(int(e.ResponseCode)) + "  DESC: " + e.ErrorMessage
}

// IsRemotingErr reports whether err, or an error it wraps, comes from the network rather than from an answer: a
// connection that cannot be made or breaks, or an answer that does not come in time. A cancelled context is none.
func IsRemotingErr(err error) bool {
	if err == nil || stderrors.Is(err, context.Canceled) {
		return false
	}
	var marked interface{ Remoting() bool }
	if stderrors.As(err, &marked) {
		return marked.Remoting()
	}
	var op *net.OpError
	var dns *net.DNSError
	return stderrors.As(err, &op) || stderrors.As(err, &dns) ||
		stderrors.Is(err, net.ErrClosed) || stderrors.Is(err, io.EOF) || stderrors.Is(err, io.ErrUnexpectedEOF) ||
		stderrors.Is(err, errors.ErrRequestTimeout)
}

func writePart(b *strings.Builder, before, text string) {
	if text != "" {
		b.WriteString(before)
		b.WriteString(text)
	}
}

func writeWhere(b *strings.Builder, topic, group string, queue *MessageQueue) {
	if queue != nil {
		if topic == "" {
			topic = queue.Topic
		}
		writePart(b, ", topic ", topic)
		b.WriteString(", queue " + queue.BrokerName + "/" + strconv.Itoa(queue.QueueId))
	} else {
		writePart(b, ", topic ", topic)
	}
	writePart(b, ", group ", group)
}

// oneLine shortens what brokers send: often a Java stack or an address of the documentation on lines of its own.
func oneLine(remark string) string {
	const most = 512
	remark = strings.Join(strings.Fields(remark), " ")
	if len(remark) > most {
		remark = remark[:most] + "…"
	}
	return remark
}
