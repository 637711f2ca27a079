package validate

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/namespace"
)

// Limits of names (Java: Validators).
const (
	// MaxTopicLength is the longest topic a client may name.
	MaxTopicLength = 127
	// MaxGroupLength is the longest group: retry topics made of group and topic must stay valid.
	MaxGroupLength = 120
)

const allowed = "only letters, digits and %|-_ are allowed"

// Topic checks the name of a topic. The error wraps errors.ErrEmptyTopic (and errors.ErrTopicEmpty) or
// errors.ErrIllegalTopic.
func Topic(topic string) error {
	switch {
	case isBlank(topic):
		return fmt.Errorf("%w: name a topic (%w)", errors.ErrEmptyTopic, errors.ErrTopicEmpty)
	case length(topic) > MaxTopicLength:
		return fmt.Errorf("%w: %.40q… has %d characters, at most %d are allowed", errors.ErrIllegalTopic, topic, length(topic), MaxTopicLength)
	}
	if c, ok := illegalChar(topic); ok {
		return fmt.Errorf("%w: %q contains %q, %s", errors.ErrIllegalTopic, topic, c, allowed)
	}
	return nil
}

// Group checks the name of a producer or consumer group. The error wraps errors.ErrEmptyGroupID or
// errors.ErrIllegalGroup.
func Group(group string) error {
	switch {
	case isBlank(group):
		return fmt.Errorf("%w: name a group", errors.ErrEmptyGroupID)
	case length(group) > MaxGroupLength:
		return fmt.Errorf("%w: %.40q… has %d characters, at most %d are allowed", errors.ErrIllegalGroup, group, length(group), MaxGroupLength)
	}
	if c, ok := illegalChar(group); ok {
		return fmt.Errorf("%w: %q contains %q, %s", errors.ErrIllegalGroup, group, c, allowed)
	}
	return nil
}

// SendTopic checks a topic that a message goes to: Topic, and none of those that belong to brokers. The error wraps
// those of Topic.
func SendTopic(topic string) error {
	if err := Topic(topic); err != nil {
		return err
	}
	switch topic {
	case "SCHEDULE_TOPIC_XXXX", "RMQ_SYS_TRANS_HALF_TOPIC", "RMQ_SYS_TRANS_OP_HALF_TOPIC",
		"TRANS_CHECK_MAX_TIME_TOPIC", "SELF_TEST_TOPIC", "OFFSET_MOVED_EVENT":
		return fmt.Errorf("%w: sending to %s is forbidden, it belongs to the broker", errors.ErrIllegalTopic, topic)
	}
	return nil
}

// NewTopic checks a topic that is to be created: Topic, and no system topic. The error wraps those of Topic.
func NewTopic(topic string) error {
	if err := Topic(topic); err != nil {
		return err
	}
	if namespace.IsSystemTopic(topic) {
		return fmt.Errorf("%w: %s is a system topic", errors.ErrIllegalTopic, topic)
	}
	return nil
}

// isBlank is Java's UtilAll.isBlank.
func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

// length counts as Java does, in UTF-16 units.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

func illegalChar(s string) (rune, bool) {
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '%', r == '|', r == '-', r == '_':
		default:
			return r, true
		}
	}
	return 0, false
}
