package primitive

import "strconv"

// AccessChannel says where brokers run, which decides the topic of message traces.
type AccessChannel int

const (
	// Local is a cluster of one's own.
	Local AccessChannel = iota
	// Cloud is a cloud service.
	Cloud
)

// String returns Java's name of the channel.
func (a AccessChannel) String() string {
	switch a {
	case Local:
		return "LOCAL"
	case Cloud:
		return "CLOUD"
	}
	return "AccessChannel(" + strconv.Itoa(int(a)) + ")"
}

// TraceConfig configures message trace.
type TraceConfig struct {
	// TraceTopic is where traces go, "" means RMQ_SYS_TRACE_TOPIC.
	TraceTopic string
	// GroupName is the group whose messages are traced.
	GroupName    string
	Access       AccessChannel
	NamesrvAddrs []string
	Resolver     NsResolver
	// Credentials for the cluster that stores the traces; leave them empty when it has no access control.
	Credentials
}

// String returns the configuration in one line, without secrets.
func (c TraceConfig) String() string {
	return "TraceConfig [traceTopic=" + c.TraceTopic + ", groupName=" + c.GroupName + ", access=" + c.Access.String() +
		", namesrvAddrs=" + NamesrvAddr(c.NamesrvAddrs).String() + ", " + c.Credentials.String() + "]"
}

// GoString is String, so that no format verb prints a secret.
func (c TraceConfig) GoString() string { return c.String() }
