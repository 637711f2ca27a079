package validate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/validate"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// illegal are names that Java's Validators refuse, for topics and groups alike.
var illegal = []string{"a b", "a.b", "a/b", "a#b", "标签", "é", "a\x00", "a\n", "😀", "a\xff"}

func TestTopic(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"T", "TopicTest", "%RETRY%group", "a|b-c_d%1", strings.Repeat("t", validate.MaxTopicLength), "TBW102"} {
		require.NoError(t, validate.Topic(ok), ok)
	}
	for _, blank := range []string{"", " ", "\t\n"} {
		err := validate.Topic(blank)
		require.ErrorIs(t, err, errors.ErrEmptyTopic)
		require.ErrorIs(t, err, errors.ErrTopicEmpty)
	}
	for _, bad := range append(illegal, strings.Repeat("t", validate.MaxTopicLength+1)) {
		require.ErrorIs(t, validate.Topic(bad), errors.ErrIllegalTopic, "%q", bad)
	}
	require.EqualError(t, validate.Topic("a b"), `illegal topic: "a b" contains ' ', only letters, digits and %|-_ are allowed`)
	require.ErrorContains(t, validate.Topic(strings.Repeat("t", 128)), "has 128 characters, at most 127 are allowed")
}

func TestGroup(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"G", "CID_group-1", "%a|b", strings.Repeat("g", validate.MaxGroupLength)} {
		require.NoError(t, validate.Group(ok), ok)
	}
	for _, blank := range []string{"", " "} {
		require.ErrorIs(t, validate.Group(blank), errors.ErrEmptyGroupID)
	}
	for _, bad := range append(illegal, strings.Repeat("g", validate.MaxGroupLength+1)) {
		require.ErrorIs(t, validate.Group(bad), errors.ErrIllegalGroup, "%q", bad)
	}
	require.ErrorContains(t, validate.Group(strings.Repeat("g", 121)), "has 121 characters, at most 120 are allowed")
}

func TestSystemTopics(t *testing.T) {
	t.Parallel()
	for _, topic := range []string{"SCHEDULE_TOPIC_XXXX", "RMQ_SYS_TRANS_HALF_TOPIC", "RMQ_SYS_TRANS_OP_HALF_TOPIC",
		"TRANS_CHECK_MAX_TIME_TOPIC", "SELF_TEST_TOPIC", "OFFSET_MOVED_EVENT"} {
		require.ErrorIs(t, validate.SendTopic(topic), errors.ErrIllegalTopic, topic)
		require.ErrorIs(t, validate.NewTopic(topic), errors.ErrIllegalTopic, topic)
		require.NoError(t, validate.Topic(topic), "consuming it is no crime")
		require.True(t, namespace.IsSystemTopic(topic))
	}
	for _, topic := range []string{"TBW102", "BenchmarkTest", "RMQ_SYS_TRACE_TOPIC", "CHECKPOINT_TOPIC", "rmq_sys_wheel_timer"} {
		require.NoError(t, validate.SendTopic(topic), topic)
		require.ErrorContains(t, validate.NewTopic(topic), "is a system topic")
		require.True(t, namespace.IsSystemTopic(topic))
	}
	for _, topic := range []string{"T", "%RETRY%G", "RMQ_SYS", "xrmq_sys_"} {
		require.NoError(t, validate.SendTopic(topic))
		require.NoError(t, validate.NewTopic(topic))
		require.False(t, namespace.IsSystemTopic(topic))
	}
	require.ErrorIs(t, validate.SendTopic(""), errors.ErrEmptyTopic)
	require.ErrorIs(t, validate.NewTopic("a b"), errors.ErrIllegalTopic)
}

func TestMessage(t *testing.T) {
	t.Parallel()
	message := func(topic string, size int) *primitive.Message {
		return primitive.NewMessage(topic, make([]byte, size))
	}
	require.NoError(t, validate.Message(message("T", 1), 0))
	require.NoError(t, validate.Message(message("T", 100), 100))
	require.NoError(t, validate.Message(message("T", validate.DefaultMaxMessageSize), 0))

	require.ErrorIs(t, validate.Message(nil, 0), errors.ErrMessageEmpty)
	require.ErrorIs(t, validate.Message(&primitive.Message{}, 0), errors.ErrEmptyTopic, "the topic comes first")
	require.ErrorIs(t, validate.Message(message("a b", 1), 0), errors.ErrIllegalTopic)
	require.ErrorIs(t, validate.Message(message("SELF_TEST_TOPIC", 1), 0), errors.ErrIllegalTopic)
	require.ErrorIs(t, validate.Message(&primitive.Message{Topic: "T"}, 0), errors.ErrMessageBody)
	require.ErrorIs(t, validate.Message(message("T", 0), 0), errors.ErrMessageBody)
	require.ErrorIs(t, validate.Message(message("T", 101), 100), errors.ErrMessageTooLarge)
	require.ErrorIs(t, validate.Message(message("T", validate.DefaultMaxMessageSize+1), 0), errors.ErrMessageTooLarge)
	require.EqualError(t, validate.Message(message("T", 101), 100),
		"message is too large: topic T, the body has 101 bytes, at most 100 are allowed")
}

func TestMessageProperties(t *testing.T) {
	t.Parallel()
	with := func(key, value string) *primitive.Message {
		m := primitive.NewMessage("T", []byte("b"))
		m.WithProperty(key, value)
		return m
	}
	require.NoError(t, validate.Message(with("k", "标签 \x00"), 0))
	err := validate.Message(with("k", "a\x02b"), 0)
	require.ErrorIs(t, err, errors.ErrIllegalProperty)
	require.ErrorIs(t, err, record.ErrProperty)
	require.ErrorContains(t, err, "topic T")
	longest := record.MaxPropertiesSize - len("k") - 2
	require.NoError(t, validate.Message(with("k", strings.Repeat("v", longest)), 0))
	require.ErrorIs(t, validate.Message(with("k", strings.Repeat("v", longest+1)), 0), errors.ErrIllegalProperty)
	require.NoError(t, validate.Message(with(record.PropInnerMultiDispatch, "%LMQ%a,%LMQ%b"), 0))
	require.ErrorIs(t, validate.Message(with(record.PropInnerMultiDispatch, "../a"), 0), errors.ErrIllegalProperty)
}
