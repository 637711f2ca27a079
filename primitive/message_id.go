package primitive

import (
	"strconv"
	"sync"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

// MessageID is an offset message id taken apart.
type MessageID struct {
	// Addr is the broker's IP address, IPv6 in brackets.
	Addr string
	Port int
	// Offset is the position in the broker's log.
	Offset int64
}

// String returns the id in one line.
func (id *MessageID) String() string {
	if id == nil {
		return "MessageID [nil]"
	}
	return "MessageID [" + id.Addr + ":" + strconv.Itoa(id.Port) + ", offset=" + strconv.FormatInt(id.Offset, 10) + "]"
}

// UnmarshalMsgID takes an offset message id apart: 32 hexadecimal digits, or 56 for a broker with an IPv6 address.
func UnmarshalMsgID(id []byte) (*MessageID, error) {
	host, offset, err := record.ParseOffsetID(string(id))
	if err != nil {
		return nil, err
	}
	addr := host.Addr().String()
	if host.Addr().Is6() {
		addr = "[" + addr + "]"
	}
	return &MessageID{Addr: addr, Port: int(host.Port()), Offset: offset}, nil
}

// uniqIDs is the one generator of the process, because CreateUniqID has no receiver to keep it. Ids of it are
// unique whoever calls, so sharing it ties no clients together.
var uniqIDs = sync.OnceValue(record.NewIDGenerator)

// CreateUniqID returns a new message id as producers set it: 32 hexadecimal digits, 56 on a machine that has only an
// IPv6 address. It is safe for concurrent use; no id comes twice, in this process or another.
func CreateUniqID() string { return uniqIDs().Next() }
