package wire

import "strconv"

// Serialization says how a frame's header is written (Java: SerializeType). Each frame states its own: a server
// answers in the one it is configured for, not in the one of the request.
type Serialization uint8

// The two serializations; a frame may use either.
const (
	JSON     Serialization = 0 // the default of every RocketMQ release
	RocketMQ Serialization = 1 // binary, about half the size of JSON
)

// String returns Java's name, JSON or ROCKETMQ.
func (s Serialization) String() string {
	switch s {
	case JSON:
		return "JSON"
	case RocketMQ:
		return "ROCKETMQ"
	}
	return "SERIALIZATION_" + strconv.Itoa(int(s))
}
