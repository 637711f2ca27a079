package wire

// Version is the protocol version this client states, V5_4_0 in Java's MQVersion.Version. From 401 on name servers
// answer routes in standard JSON, above 475 servers may answer GO_AWAY while they shut down.
const Version int32 = 493

// Bits of Head.Flag (Java: RemotingCommand.RPC_TYPE, RPC_ONEWAY).
const (
	FlagResponse int32 = 1 // an answer; clear in a request
	FlagOneWay   int32 = 2 // a request that must not be answered
)

// Head holds the members that every frame has, whatever its code.
type Head struct {
	Code     int32 // request code, or response code when FlagResponse is set
	Language Language
	Version  int32 // protocol version of the sender
	Opaque   int32 // pairs an answer with its request on one connection, in one direction
	Flag     int32
	Remark   string // error text of an answer; empty means absent
}

// IsResponse reports whether the frame answers a request.
func (h *Head) IsResponse() bool { return h.Flag&FlagResponse != 0 }

// IsOneWay reports whether the frame is a request that must not be answered.
func (h *Head) IsOneWay() bool { return h.Flag&FlagOneWay != 0 }
