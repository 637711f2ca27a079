// Package namespace puts the namespace (v1) of a client before its topics and groups, and takes it off again, as
// Java's NamespaceUtil does: a wire name is ns%name, behind %RETRY% and %DLQ% where a name has them.
package namespace

import "strings"

const (
	separator   = "%"
	retryPrefix = "%RETRY%" // MixAll.RETRY_GROUP_TOPIC_PREFIX
	dlqPrefix   = "%DLQ%"   // MixAll.DLQ_GROUP_TOPIC_PREFIX

	systemTopicPrefix = "rmq_sys_"     // TopicValidator.SYSTEM_TOPIC_PREFIX
	systemGroupPrefix = "CID_RMQ_SYS_" // MixAll.CID_RMQ_SYS_PREFIX
)

// Wrap returns the name that goes over the wire for a topic or group called name by the user. An empty namespace,
// an empty name, a name of the system and a name that has the namespace already are returned as they are, so that
// wrapping twice does no harm.
func Wrap(ns, name string) string {
	if ns == "" || name == "" || System(name) {
		return name
	}
	prefix, bare := cut(name)
	if strings.HasPrefix(bare, ns+separator) {
		return name
	}
	return prefix + ns + separator + bare
}

// Unwrap returns the name that the user knows for a topic or group of the wire. A name that is not in ns is
// returned as it is.
func Unwrap(ns, name string) string {
	if ns == "" || name == "" {
		return name
	}
	prefix, bare := cut(name)
	rest, ok := strings.CutPrefix(bare, ns+separator)
	if !ok {
		return name
	}
	return prefix + rest
}

// System reports whether name is a topic or group of RocketMQ itself, which no namespace owns
// (Java: TopicValidator.isSystemTopic, MixAll.isSysConsumerGroup).
func System(name string) bool {
	switch name {
	case "TBW102", "SCHEDULE_TOPIC_XXXX", "BenchmarkTest", "RMQ_SYS_TRANS_HALF_TOPIC", "RMQ_SYS_TRACE_TOPIC",
		"RMQ_SYS_TRANS_OP_HALF_TOPIC", "TRANS_CHECK_MAX_TIME_TOPIC", "SELF_TEST_TOPIC", "OFFSET_MOVED_EVENT",
		"CHECKPOINT_TOPIC":
		return true
	}
	return strings.HasPrefix(name, systemTopicPrefix) || strings.HasPrefix(name, systemGroupPrefix)
}

// cut splits the retry or dead-letter prefix off.
func cut(name string) (prefix, bare string) {
	for _, p := range []string{retryPrefix, dlqPrefix} {
		if rest, ok := strings.CutPrefix(name, p); ok {
			return p, rest
		}
	}
	return "", name
}
