package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"net/netip"
)

// Magic codes of stored messages (Java: MessageVersion, MessageDecoder).
const (
	MagicV1    uint32 = 0xDAA320A7
	MagicV2    uint32 = 0xDAA320AB
	MagicBlank uint32 = 0xCBD43194
)

// MaxTopicSizeV1 is the longest topic, in bytes, of a version 1 record; longer ones make it a version 2 record.
const MaxTopicSizeV1 = 127

// ErrCorrupt is wrapped by every error about a record that cannot be read.
var ErrCorrupt = errors.New("corrupt message record")

// ErrTooLarge is wrapped when a field does not fit its length in a record.
var ErrTooLarge = errors.New("message field too large for a record")

// Message is a stored message, field by field as in its record.
type Message struct {
	StoreSize                 int32 // bytes of the whole record
	BodyCRC                   int32 // CRC-32 of the stored body without its highest bit
	QueueID                   int32
	Flag                      int32 // the user's
	QueueOffset               int64
	PhysicalOffset            int64 // in the commit log
	SysFlag                   int32
	BornTimestamp             int64 // milliseconds since 1970
	BornHost                  netip.AddrPort
	StoreTimestamp            int64 // milliseconds since 1970
	StoreHost                 netip.AddrPort
	ReconsumeTimes            int32
	PreparedTransactionOffset int64
	Body                      []byte // as stored, maybe compressed
	Topic                     []byte
	Properties                []byte
}

// minRecordSize is a version 1 record with IPv4 hosts, no body, no topic and no properties.
const minRecordSize = 4 + 4 + 4 + 4 + 4 + 8 + 8 + 4 + 8 + 8 + 8 + 8 + 4 + 8 + 4 + 1 + 2

// Decode reads the record at the start of b and returns its size; Body, Topic and Properties alias b. The size is
// also returned with an error when the damage is inside a record whose bounds are known, so that a caller can go on
// behind it, and is 0 when nothing behind it can be found. The CRC is not checked, as in Java. The error wraps
// ErrCorrupt.
func (m *Message) Decode(b []byte) (int, error) {
	if len(b) < 8 {
		return 0, fmt.Errorf("%w: %d bytes are too few for a length and a magic code", ErrCorrupt, len(b))
	}
	size := int32(binary.BigEndian.Uint32(b))
	magic := binary.BigEndian.Uint32(b[4:])
	if magic != MagicV1 && magic != MagicV2 {
		return 0, fmt.Errorf("%w: unknown magic code %#08x", ErrCorrupt, magic)
	}
	if size < minRecordSize || int(size) > len(b) {
		return 0, fmt.Errorf("%w: record size %d, %d bytes are there", ErrCorrupt, size, len(b))
	}
	n := int(size)
	r := fieldReader{b: b[:n:n], pos: 8}
	m.StoreSize = size
	m.BodyCRC = r.int32()
	m.QueueID = r.int32()
	m.Flag = r.int32()
	m.QueueOffset = r.int64()
	m.PhysicalOffset = r.int64()
	m.SysFlag = r.int32()
	m.BornTimestamp = r.int64()
	m.BornHost = r.host(m.SysFlag&FlagBornHostV6 != 0)
	m.StoreTimestamp = r.int64()
	m.StoreHost = r.host(m.SysFlag&FlagStoreHostV6 != 0)
	m.ReconsumeTimes = r.int32()
	m.PreparedTransactionOffset = r.int64()
	m.Body = r.bytes(int(r.int32()), "body")
	if magic == MagicV2 {
		m.Topic = r.bytes(int(r.int16()), "topic")
	} else {
		m.Topic = r.bytes(int(r.int8()), "topic")
	}
	m.Properties = r.bytes(int(r.int16()), "properties")
	if r.err == nil && r.pos != n {
		r.err = fmt.Errorf("%w: %d bytes are left over in a record of %d", ErrCorrupt, n-r.pos, n)
	}
	return n, r.err
}

// Append appends the record of m to dst: version 2 when the topic is longer than 127 bytes, else version 1. Size,
// CRC and the two IPv6 bits of SysFlag are computed; m is not changed and its StoreSize and BodyCRC are not read.
// An invalid host is written as 0.0.0.0:0. The error wraps ErrTooLarge; dst is then returned unchanged.
func (m *Message) Append(dst []byte) ([]byte, error) {
	topicLen := 1
	magic := MagicV1
	if len(m.Topic) > MaxTopicSizeV1 {
		topicLen, magic = 2, MagicV2
	}
	sysFlag := m.SysFlag &^ (FlagBornHostV6 | FlagStoreHostV6)
	size := minRecordSize - 1 + topicLen + len(m.Topic) + len(m.Properties)
	if m.BornHost.Addr().Is6() {
		sysFlag |= FlagBornHostV6
		size += 12
	}
	if m.StoreHost.Addr().Is6() {
		sysFlag |= FlagStoreHostV6
		size += 12
	}
	switch {
	case len(m.Topic) > math.MaxInt16:
		return dst, fmt.Errorf("%w: topic of %d bytes, at most %d", ErrTooLarge, len(m.Topic), math.MaxInt16)
	case len(m.Properties) > MaxPropertiesSize:
		return dst, fmt.Errorf("%w: properties of %d bytes, at most %d", ErrTooLarge, len(m.Properties), MaxPropertiesSize)
	case len(m.Body) > math.MaxInt32-size:
		return dst, fmt.Errorf("%w: body of %d bytes", ErrTooLarge, len(m.Body))
	}
	size += len(m.Body)

	be := binary.BigEndian
	dst = be.AppendUint32(dst, uint32(size))
	dst = be.AppendUint32(dst, magic)
	dst = be.AppendUint32(dst, uint32(BodyCRC(m.Body)))
	dst = be.AppendUint32(dst, uint32(m.QueueID))
	dst = be.AppendUint32(dst, uint32(m.Flag))
	dst = be.AppendUint64(dst, uint64(m.QueueOffset))
	dst = be.AppendUint64(dst, uint64(m.PhysicalOffset))
	dst = be.AppendUint32(dst, uint32(sysFlag))
	dst = be.AppendUint64(dst, uint64(m.BornTimestamp))
	dst = appendHost(dst, m.BornHost)
	dst = be.AppendUint64(dst, uint64(m.StoreTimestamp))
	dst = appendHost(dst, m.StoreHost)
	dst = be.AppendUint32(dst, uint32(m.ReconsumeTimes))
	dst = be.AppendUint64(dst, uint64(m.PreparedTransactionOffset))
	dst = be.AppendUint32(dst, uint32(len(m.Body)))
	dst = append(dst, m.Body...)
	if topicLen == 2 {
		dst = be.AppendUint16(dst, uint16(len(m.Topic)))
	} else {
		dst = append(dst, byte(len(m.Topic)))
	}
	dst = append(dst, m.Topic...)
	dst = be.AppendUint16(dst, uint16(len(m.Properties)))
	return append(dst, m.Properties...), nil
}

// BodyCRC is the checksum that brokers store: CRC-32 (IEEE) without its highest bit (Java: UtilAll.crc32).
func BodyCRC(body []byte) int32 { return int32(crc32.ChecksumIEEE(body) & math.MaxInt32) }

func appendHost(dst []byte, host netip.AddrPort) []byte {
	addr := host.Addr()
	if addr.Is6() {
		ip := addr.As16()
		dst = append(dst, ip[:]...)
	} else {
		var ip [4]byte
		if addr.Is4() {
			ip = addr.As4()
		}
		dst = append(dst, ip[:]...)
	}
	return binary.BigEndian.AppendUint32(dst, uint32(host.Port()))
}
