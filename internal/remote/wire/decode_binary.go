package wire

import "encoding/binary"

// binaryHeadLength is code 2, language 1, version 2, opaque 4, flag 4, length of the remark 4.
const binaryHeadLength = 17

// decodeBinary reads a ROCKETMQ header (Java: RocketMQSerializable.rocketMQProtocolDecode).
func decodeBinary(c *Command, h []byte) error {
	if len(h) < binaryHeadLength+4 {
		return badFrame(h, "a binary header of %d bytes is too short", len(h))
	}
	c.Code = int32(int16(binary.BigEndian.Uint16(h)))
	c.Language = Language(h[2])
	c.Version = int32(int16(binary.BigEndian.Uint16(h[3:])))
	c.Opaque = int32(binary.BigEndian.Uint32(h[5:]))
	c.Flag = int32(binary.BigEndian.Uint32(h[9:]))
	n := uint64(binary.BigEndian.Uint32(h[13:]))
	rest := h[binaryHeadLength:]
	if n+4 > uint64(len(rest)) {
		return badFrame(h, "a remark of %d bytes does not fit a binary header of %d", n, len(h))
	}
	c.Remark = remark(rest[:n])
	rest = rest[n:]
	n = uint64(binary.BigEndian.Uint32(rest))
	rest = rest[4:]
	if n > uint64(len(rest)) {
		return badFrame(h, "extension fields of %d bytes do not fit a binary header of %d", n, len(h))
	}
	c.ext = rest[:n:n]
	return eachBinaryField(c.ext, nil)
}

// eachBinaryField walks the pairs; a nil dst only checks them.
func eachBinaryField(b []byte, dst FieldSetter) error {
	for len(b) > 0 {
		if len(b) < 2 {
			return badFrame(b, "extension fields end inside the length of a key")
		}
		n := uint64(binary.BigEndian.Uint16(b))
		b = b[2:]
		if n > maxKeyLength || n+4 > uint64(len(b)) {
			return badFrame(b, "a key of %d bytes does not fit the %d bytes of extension fields left", n, len(b))
		}
		key := b[:n:n]
		b = b[n:]
		n = uint64(binary.BigEndian.Uint32(b))
		b = b[4:]
		if n > uint64(len(b)) {
			return badFrame(b, "a value of %d bytes does not fit the %d bytes of extension fields left", n, len(b))
		}
		value := b[:n:n]
		b = b[n:]
		if dst == nil || len(value) == 0 {
			continue
		}
		if err := dst.SetField(key, value); err != nil {
			return fieldError(key, err)
		}
	}
	return nil
}
