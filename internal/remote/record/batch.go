package record

import (
	"encoding/binary"
	"fmt"
)

// BatchMessage is one message in the body of a batch (Java: MessageDecoder.encodeMessage). Its topic, queue and
// system flag are those of the batch.
type BatchMessage struct {
	Flag       int32
	Body       []byte
	Properties []byte // at most MaxPropertiesSize bytes; the caller checks it
}

// minBatchSize is a batch record without body and properties.
const minBatchSize = 4 + 4 + 4 + 4 + 4 + 2

// Size is the number of bytes that Append adds.
func (m *BatchMessage) Size() int { return minBatchSize + len(m.Body) + len(m.Properties) }

// Append appends the record of m to dst; magic code and CRC are zero, as Java writes them.
func (m *BatchMessage) Append(dst []byte) []byte {
	be := binary.BigEndian
	dst = be.AppendUint32(dst, uint32(m.Size()))
	dst = be.AppendUint64(dst, 0)
	dst = be.AppendUint32(dst, uint32(m.Flag))
	dst = be.AppendUint32(dst, uint32(len(m.Body)))
	dst = append(dst, m.Body...)
	dst = be.AppendUint16(dst, uint16(len(m.Properties)))
	return append(dst, m.Properties...)
}

// Decode reads the record at the start of b and returns its size; Body and Properties alias b. The error wraps
// ErrCorrupt.
func (m *BatchMessage) Decode(b []byte) (int, error) {
	if len(b) < minBatchSize {
		return 0, fmt.Errorf("%w: %d bytes are too few for a message of a batch", ErrCorrupt, len(b))
	}
	size := int32(binary.BigEndian.Uint32(b))
	if size < minBatchSize || int(size) > len(b) {
		return 0, fmt.Errorf("%w: message of %d bytes in a batch, %d are there", ErrCorrupt, size, len(b))
	}
	n := int(size)
	r := fieldReader{b: b[:n:n], pos: 12}
	m.Flag = r.int32()
	m.Body = r.bytes(int(r.int32()), "body")
	m.Properties = r.bytes(int(r.int16()), "properties")
	if r.err == nil && r.pos != n {
		r.err = fmt.Errorf("%w: %d bytes are left over in a message of %d in a batch", ErrCorrupt, n-r.pos, n)
	}
	return n, r.err
}
