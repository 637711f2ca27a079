package errors_test

import (
	"fmt"
	"testing"

	stderrors "errors"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/errors"
)

// Programs written for rocketmq-client-go may compare texts.
func TestV2Texts(t *testing.T) {
	t.Parallel()
	for text, err := range map[string]error{
		"subscribe type should not be blank":         errors.ErrBlankSubType,
		"broker can not found":                       errors.ErrBrokerNotFound,
		"unsupported compress level":                 errors.ErrCompressLevel,
		"consumer group has been created":            errors.ErrCreated,
		"empty expression":                           errors.ErrEmptyExpression,
		"empty group id":                             errors.ErrEmptyGroupID,
		"empty namesrv":                              errors.ErrEmptyNameSrv,
		"empty topic":                                errors.ErrEmptyTopic,
		"IP addr error":                              errors.ErrIllegalIP,
		"MessageQueue is nil":                        errors.ErrMQEmpty,
		"message body size must be positive integer": errors.ErrMessageBody,
		"message is nil":                             errors.ErrMessageEmpty,
		"the topic of the messages in one batch should be the same": errors.ErrMultipleTopics,
		"nameServerAddrs can't be empty.":                           errors.ErrNoNameserver,
		"not existed":                                               errors.ErrNotExisted,
		"producer not started":                                      errors.ErrNotRunning,
		"numbers < 0":                                               errors.ErrNumbers,
		"offset < 0":                                                errors.ErrOffset,
		"producer group has been created":                           errors.ErrProducerCreated,
		"pull consumer has not supported":                           errors.ErrPullConsumer,
		"request timeout":                                           errors.ErrRequestTimeout,
		"response error":                                            errors.ErrResponse,
		"topic route not found":                                     errors.ErrRouteNotFound,
		"cannot subscribe topic since client either failed to start or has been shutdown.": errors.ErrStartTopic,
		"subscribe type is not matched": errors.ErrSubscriptionType,
		"topic is nil":                  errors.ErrTopicEmpty,
		"topic not exist":               errors.ErrTopicNotExist,
		"unknown IP address":            errors.ErrUnknownIP,
	} {
		require.EqualError(t, err, text)
		require.ErrorIs(t, fmt.Errorf("wrapped: %w", err), err)
	}
}

// Two sentinels with one text would be told apart by errors.Is and by nobody else.
func TestTextsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, err := range []error{
		errors.ErrMQEmpty, errors.ErrOffset, errors.ErrNumbers, errors.ErrEmptyTopic, errors.ErrTopicEmpty, errors.ErrIllegalTopic,
		errors.ErrEmptyGroupID, errors.ErrIllegalGroup, errors.ErrEmptyNameSrv, errors.ErrNoNameserver, errors.ErrIllegalIP, errors.ErrUnknownIP,
		errors.ErrMessageEmpty, errors.ErrMessageBody, errors.ErrMessageTooLarge, errors.ErrIllegalProperty, errors.ErrMultipleTopics,
		errors.ErrIllegalBatch, errors.ErrCompressLevel, errors.ErrEmptyExpression, errors.ErrBlankSubType, errors.ErrSubscriptionType,
		errors.ErrPullConsumer, errors.ErrNotSupported, errors.ErrIllegalOption, errors.ErrCreated, errors.ErrProducerCreated,
		errors.ErrNotRunning, errors.ErrAlreadyStarted, errors.ErrClosed, errors.ErrStartTopic, errors.ErrBufferFull, errors.ErrRequestTimeout,
		errors.ErrBrokerNotFound, errors.ErrTopicNotExist, errors.ErrRouteNotFound, errors.ErrNotExisted, errors.ErrResponse,
		errors.ErrNoPermission, errors.ErrFlowControl, errors.ErrCorruptMessage, errors.ErrUnsupportedCompression,
	} {
		require.False(t, seen[err.Error()], err)
		seen[err.Error()] = true
		require.Nil(t, stderrors.Unwrap(err))
	}
}
