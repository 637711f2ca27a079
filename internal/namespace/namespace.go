package namespace

import "strings"

// Prefixes that stay in front of the namespace (Java: MixAll).
const (
	RetryPrefix = "%RETRY%"
	DLQPrefix   = "%DLQ%"

	separator = "%"
	// sysTopicPrefix and sysGroupPrefix mark names that belong to the brokers.
	sysTopicPrefix = "rmq_sys_"
	sysGroupPrefix = "CID_RMQ_SYS_"
)

// Wrap returns the wire name of a topic or group: "namespace%name", with a
// %RETRY% or %DLQ% prefix of name kept in front. System topics and groups, names
// already wrapped, and empty arguments leave name as it is.
func Wrap(namespace, name string) string {
	if namespace == "" || name == "" || isSystem(name) || Has(namespace, name) {
		return name
	}
	prefix, rest := split(name)
	return prefix + namespace + separator + rest
}

// Unwrap returns the application's name for a wire name: it takes namespace off,
// and leaves names of other namespaces and of none as they are.
func Unwrap(namespace, name string) string {
	if !Has(namespace, name) {
		return name
	}
	prefix, rest := split(name)
	rest = rest[len(namespace)+len(separator):]
	if prefix == "" {
		return rest
	}
	return prefix + rest
}

// Has says whether name is a wire name of namespace.
func Has(namespace, name string) bool {
	if namespace == "" || isSystem(name) {
		return false
	}
	_, rest := split(name)
	return len(rest) > len(namespace) && rest[:len(namespace)] == namespace && rest[len(namespace)] == separator[0]
}

// split cuts a %RETRY% or %DLQ% prefix off.
func split(name string) (prefix, rest string) {
	for _, p := range [...]string{RetryPrefix, DLQPrefix} {
		if strings.HasPrefix(name, p) {
			return p, name[len(p):]
		}
	}
	return "", name
}

// isSystem says whether name belongs to the brokers and has no namespace
// (Java: TopicValidator.isSystemTopic, MixAll.isSysConsumerGroup).
func isSystem(name string) bool {
	return IsSystemTopic(name) || strings.HasPrefix(name, sysGroupPrefix)
}

// IsSystemTopic reports whether a topic belongs to the brokers (Java:
// TopicValidator.isSystemTopic).
func IsSystemTopic(topic string) bool {
	switch topic {
	case "TBW102", "SCHEDULE_TOPIC_XXXX", "BenchmarkTest", "RMQ_SYS_TRANS_HALF_TOPIC",
		"RMQ_SYS_TRACE_TOPIC", "RMQ_SYS_TRANS_OP_HALF_TOPIC", "TRANS_CHECK_MAX_TIME_TOPIC",
		"SELF_TEST_TOPIC", "OFFSET_MOVED_EVENT", "CHECKPOINT_TOPIC":
		return true
	}
	return strings.HasPrefix(topic, sysTopicPrefix)
}
