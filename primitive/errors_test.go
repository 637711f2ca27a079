package primitive_test

import (
	"context"
	stderrors "errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/primitive"
)

var queue = &primitive.MessageQueue{Topic: "T", BrokerName: "broker-a", QueueId: 3}

func TestBrokerErrorText(t *testing.T) {
	t.Parallel()
	err := &primitive.BrokerError{Code: 17, Remark: "topic[T] not exist,\n apply first please!", Addr: "10.0.0.1:10911", Broker: "broker-a", Topic: "T", Queue: queue}
	require.EqualError(t, err, "broker broker-a (10.0.0.1:10911) refuses: code 17 TOPIC_NOT_EXIST, topic T, queue broker-a/3: "+
		"topic[T] not exist, apply first please!; create the topic (mqadmin updateTopic), or enable autoCreateTopicEnable on the broker")
	err = &primitive.BrokerError{Code: 16, Addr: "10.0.0.1:9876", Topic: "T", Group: "G"}
	require.EqualError(t, err, "server 10.0.0.1:9876 refuses: code 16 NO_PERMISSION, topic T, group G; "+
		"check credentials, access control and the read and write permission of broker and topic")
	require.EqualError(t, &primitive.BrokerError{Code: 12345, Queue: queue}, "broker refuses: code 12345, topic T, queue broker-a/3")
	require.Less(t, len((&primitive.BrokerError{Code: 1, Remark: strings.Repeat("at java.lang\n", 1000)}).Error()), 700, "no stacks of Java")
}

func TestSendErrorText(t *testing.T) {
	t.Parallel()
	err := &primitive.SendError{Outcome: primitive.OutcomeNotSent, Topic: "T", Queue: queue, Addr: "10.0.0.1:10911", Attempts: 3, Err: io.EOF}
	require.EqualError(t, err, "send message: outcome not sent after 3 attempts, topic T, queue broker-a/3, broker address 10.0.0.1:10911: EOF")
	err = &primitive.SendError{Topic: "T", Attempts: 1, Err: errors.ErrRequestTimeout}
	require.EqualError(t, err, "send message: outcome unknown after 1 attempt, topic T: request timeout; "+
		"the message may be stored: sending it again may store it twice")
	refused := &primitive.BrokerError{Code: 13, Remark: "too long", Addr: "a:1", Broker: "b"}
	err = &primitive.SendError{Outcome: primitive.OutcomeRejected, Topic: "T", Code: 13, Remark: "too long", Err: refused}
	require.Equal(t, 1, strings.Count(err.Error(), "too long"), "what the cause says is not said twice")
	require.Contains(t, err.Error(), "code 13 MESSAGE_ILLEGAL")
	err = &primitive.SendError{Outcome: primitive.OutcomeRejected, Code: 2, Remark: "busy"}
	require.EqualError(t, err, "send message: outcome rejected: code 2 SYSTEM_BUSY: busy; "+
		"the broker has too much to do, try again later or give it more capacity")
}

func TestErrorsIsAndAs(t *testing.T) {
	t.Parallel()
	refused := &primitive.BrokerError{Code: 17, Remark: "no such topic"}
	sent := &primitive.SendError{Outcome: primitive.OutcomeRejected, Code: 17, Remark: "no such topic", Err: refused}
	bare := &primitive.SendError{Outcome: primitive.OutcomeRejected, Code: 17, Remark: "no such topic"}
	for name, err := range map[string]error{"broker": refused, "send": sent, "wrapped": fmt.Errorf("x: %w", sent), "bare": bare} {
		require.ErrorIs(t, err, errors.ErrTopicNotExist, name)
		require.NotErrorIs(t, err, errors.ErrNoPermission, name)
		var byValue primitive.MQBrokerErr
		require.ErrorAs(t, err, &byValue, name)
		require.Equal(t, primitive.MQBrokerErr{ResponseCode: 17, ErrorMessage: "no such topic"}, byValue)
		var byPointer *primitive.MQBrokerErr
		require.ErrorAs(t, err, &byPointer, name)
		require.Equal(t, "CODE: 17  DESC: no such topic", byPointer.Error())
	}
	var got *primitive.SendError
	require.ErrorAs(t, fmt.Errorf("x: %w", sent), &got)
	require.Same(t, sent, got)
	var cause *primitive.BrokerError
	require.ErrorAs(t, sent, &cause)
	require.Same(t, refused, cause)

	lost := &primitive.SendError{Err: fmt.Errorf("send: %w", context.Canceled)}
	require.ErrorIs(t, lost, context.Canceled)
	var none primitive.MQBrokerErr
	require.False(t, stderrors.As(lost, &none), "no broker answered")

	for code, want := range map[int32]error{
		2: errors.ErrFlowControl, 215: errors.ErrFlowControl, 16: errors.ErrNoPermission, 17: errors.ErrTopicNotExist,
		22: errors.ErrNotExisted, 211: errors.ErrBrokerNotFound,
	} {
		require.ErrorIs(t, &primitive.BrokerError{Code: code}, want)
	}
	require.NotErrorIs(t, &primitive.BrokerError{}, io.EOF)
	require.NotErrorIs(t, &primitive.BrokerError{Code: 1}, errors.ErrResponse)
}

// Each response code that a client meets has its Java name in texts.
func TestBrokerErrorNames(t *testing.T) {
	t.Parallel()
	for code, name := range map[int32]string{
		1: "SYSTEM_ERROR", 3: "REQUEST_CODE_NOT_SUPPORTED", 4: "TRANSACTION_FAILED", 10: "FLUSH_DISK_TIMEOUT", 11: "SLAVE_NOT_AVAILABLE",
		12: "FLUSH_SLAVE_TIMEOUT", 13: "MESSAGE_ILLEGAL", 14: "SERVICE_NOT_AVAILABLE", 15: "VERSION_NOT_SUPPORTED", 18: "TOPIC_EXIST_ALREADY",
		19: "PULL_NOT_FOUND", 20: "PULL_RETRY_IMMEDIATELY", 21: "PULL_OFFSET_MOVED", 22: "QUERY_NOT_FOUND", 23: "SUBSCRIPTION_PARSE_FAILED",
		24: "SUBSCRIPTION_NOT_EXIST", 25: "SUBSCRIPTION_NOT_LATEST", 26: "SUBSCRIPTION_GROUP_NOT_EXIST", 27: "FILTER_DATA_NOT_EXIST",
		28: "FILTER_DATA_NOT_LATEST", 29: "INVALID_PARAMETER", 200: "TRANSACTION_SHOULD_COMMIT", 201: "TRANSACTION_SHOULD_ROLLBACK",
		202: "TRANSACTION_STATE_UNKNOW", 203: "TRANSACTION_STATE_GROUP_WRONG", 204: "NO_BUYER_ID", 205: "NOT_IN_CURRENT_UNIT",
		206: "CONSUMER_NOT_ONLINE", 207: "CONSUME_MSG_TIMEOUT", 208: "NO_MESSAGE", 209: "POLLING_FULL", 210: "POLLING_TIMEOUT",
		212: "BROKER_DISPATCH_NOT_COMPLETE", 213: "BROADCAST_CONSUMPTION", 215: "FLOW_CONTROL", 501: "NOT_LEADER_FOR_QUEUE",
		604: "ILLEGAL_OPERATION", 1500: "GO_AWAY", 3001: "USER_NOT_EXIST", 3002: "POLICY_NOT_EXIST",
	} {
		require.Contains(t, (&primitive.BrokerError{Code: code}).Error(), fmt.Sprintf("code %d %s", code, name))
	}
}

type marked bool

func (m marked) Error() string  { return "marked" }
func (m marked) Remoting() bool { return bool(m) }

func TestIsRemotingErr(t *testing.T) {
	t.Parallel()
	_, dialErr := net.Dial("tcp", "127.0.0.1:0")
	require.Error(t, dialErr)
	for _, err := range []error{dialErr, marked(true), io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, &net.DNSError{Err: "no such host"},
		errors.ErrRequestTimeout, &primitive.SendError{Err: dialErr}} {
		require.True(t, primitive.IsRemotingErr(err), "%v", err)
		require.True(t, primitive.IsRemotingErr(fmt.Errorf("x: %w", err)), "%v", err)
	}
	for _, err := range []error{nil, context.Canceled, marked(false), errors.ErrTopicNotExist, &primitive.BrokerError{Code: 1},
		&primitive.SendError{Err: fmt.Errorf("%w: %w", marked(true), context.Canceled)}} {
		require.False(t, primitive.IsRemotingErr(err), "%v", err)
	}
}
