package record

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/netip"
)

// ErrMessageID is wrapped by the errors about a text that is no message id.
var ErrMessageID = errors.New("illegal message id")

const upperHex = "0123456789ABCDEF"

func appendHexByte(dst []byte, b byte) []byte { return append(dst, upperHex[b>>4], upperHex[b&15]) }

func appendHex(dst, src []byte) []byte {
	for _, b := range src {
		dst = appendHexByte(dst, b)
	}
	return dst
}

// AppendOffsetID appends the id that names a message by where it is stored: upper-case hex of the broker's address
// (4 or 16 bytes), port (4) and commit log offset (8), so 32 or 56 characters (Java: MessageDecoder.createMessageId).
func AppendOffsetID(dst []byte, host netip.AddrPort, offset int64) []byte {
	var buf [28]byte
	b := appendHost(buf[:0], host)
	b = binary.BigEndian.AppendUint64(b, uint64(offset))
	return appendHex(dst, b)
}

// OffsetID returns what AppendOffsetID appends.
func OffsetID(host netip.AddrPort, offset int64) string {
	var buf [56]byte
	return string(AppendOffsetID(buf[:0], host, offset))
}

// ParseOffsetID takes an offset id apart; hex digits of either case are accepted. The error wraps ErrMessageID.
func ParseOffsetID(id string) (netip.AddrPort, int64, error) {
	var buf [28]byte
	if len(id) != 32 && len(id) != 56 {
		return netip.AddrPort{}, 0, fmt.Errorf("%w: %.64q has %d characters, an offset id has 32 or 56", ErrMessageID, id, len(id))
	}
	n, err := hex.Decode(buf[:], []byte(id))
	if err != nil {
		return netip.AddrPort{}, 0, fmt.Errorf("%w: %q: %w", ErrMessageID, id, err)
	}
	b := buf[:n]
	var addr netip.Addr
	if n == 16 {
		addr = netip.AddrFrom4([4]byte(b))
	} else {
		addr = netip.AddrFrom16([16]byte(b))
	}
	port := binary.BigEndian.Uint32(b[n-12:])
	if port > math.MaxUint16 {
		return netip.AddrPort{}, 0, fmt.Errorf("%w: %q has port %d", ErrMessageID, id, port)
	}
	return netip.AddrPortFrom(addr, uint16(port)), int64(binary.BigEndian.Uint64(b[n-8:])), nil
}
