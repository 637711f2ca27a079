package primitive

import "strconv"

// Serialization is how the headers of requests are encoded. Brokers understand both and answer in kind.
type Serialization uint8

const (
	// SerializationJSON is readable on the wire and the default.
	SerializationJSON Serialization = 0
	// SerializationRocketMQ is the binary form, smaller and faster.
	SerializationRocketMQ Serialization = 1
)

// String returns Java's name of the form.
func (s Serialization) String() string {
	switch s {
	case SerializationJSON:
		return "JSON"
	case SerializationRocketMQ:
		return "ROCKETMQ"
	}
	return "Serialization(" + strconv.Itoa(int(s)) + ")"
}
