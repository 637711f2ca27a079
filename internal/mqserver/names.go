package mqserver

import (
	"fmt"
	"slices"
	"strings"
)

// Names that brokers give a meaning to (TopicValidator, MixAll).
const (
	defaultTopic  = "TBW102"
	scheduleTopic = "SCHEDULE_TOPIC_XXXX"
	retryPrefix   = "%RETRY%"
	dlqPrefix     = "%DLQ%"
	systemPrefix  = "rmq_sys_"

	topicMax      = 127
	retryTopicMax = 255
	groupMax      = 120
)

const faq = "\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details."

func isRetryTopic(topic string) bool { return strings.HasPrefix(topic, retryPrefix) }

// systemTopics may not be created or deleted by name; brokers add the topics called like themselves and their cluster.
var systemTopics = []string{
	defaultTopic, scheduleTopic, "BenchmarkTest", "RMQ_SYS_TRANS_HALF_TOPIC", "RMQ_SYS_TRACE_TOPIC",
	"RMQ_SYS_TRANS_OP_HALF_TOPIC", "TRANS_CHECK_MAX_TIME_TOPIC", "SELF_TEST_TOPIC", "OFFSET_MOVED_EVENT",
	"CHECKPOINT_TOPIC",
}

// closedTopics take no message from a client.
var closedTopics = []string{
	scheduleTopic, "RMQ_SYS_TRANS_HALF_TOPIC", "RMQ_SYS_TRANS_OP_HALF_TOPIC", "TRANS_CHECK_MAX_TIME_TOPIC",
	"SELF_TEST_TOPIC", "OFFSET_MOVED_EVENT",
}

// checkTopic returns why a topic's name is not valid, and an empty text when it is (TopicValidator.validateTopic).
func checkTopic(topic string) string {
	if strings.TrimSpace(topic) == "" {
		return "The specified topic is blank."
	}
	if !legalName(topic) {
		return fmt.Sprintf("The specified topic: %s, contains illegal characters, allowing only ^[%%|a-zA-Z0-9_-]+$", topic)
	}
	if isRetryTopic(topic) || strings.HasPrefix(topic, dlqPrefix) {
		if len(topic) > retryTopicMax {
			return fmt.Sprintf("The specified topic is DLQ or Retry topic: %s, and it's longer than topic max length: %d",
				topic, retryTopicMax)
		}
		return ""
	}
	if len(topic) > topicMax {
		return fmt.Sprintf("The specified topic: %s, is longer than topic max length: %d", topic, topicMax)
	}
	return ""
}

// checkGroup is checkTopic for a group (TopicValidator.validateGroup).
func checkGroup(group string) string {
	switch {
	case strings.TrimSpace(group) == "":
		return "The specified group is blank."
	case !legalName(group):
		return fmt.Sprintf("The specified group: %s, contains illegal characters, allowing only ^[%%|a-zA-Z0-9_-]+$", group)
	case len(group) > groupMax:
		return fmt.Sprintf("The specified group: %s, is longer than group max length: %d", group, groupMax)
	}
	return ""
}

// legalName also makes sure that bytes and Java's characters are one to one.
func legalName(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c == '%', c == '|', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

func isClosedTopic(topic string) bool { return slices.Contains(closedTopics, topic) }

// retryGroup returns the group of a retry topic (KeyBuilder.parseGroup, without POP's topics).
func retryGroup(topic string) string { return strings.TrimPrefix(topic, retryPrefix) }
