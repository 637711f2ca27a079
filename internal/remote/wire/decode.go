package wire

import "encoding/binary"

// Decode reads a frame without its length field, as Reader.Next returns it. The command keeps using the frame's
// memory, which must not be changed any more. Any failure is a *FrameError, after which the connection cannot be
// trusted: nothing tells which request the frame belonged to.
func Decode(frame []byte) (*Command, error) {
	if len(frame) < minFrameLength {
		return nil, badFrame(frame, "a frame of %d bytes has no room for its header's length", len(frame))
	}
	word := binary.BigEndian.Uint32(frame)
	s, n := Serialization(word>>24), int(word&maxHeaderLength)
	if n > len(frame)-4 {
		return nil, badFrame(frame, "a header of %d bytes does not fit a frame of %d", n, len(frame))
	}
	header, body := frame[4:4+n:4+n], frame[4+n:]
	c := &Command{Serialization: s}
	if len(body) > 0 {
		c.Body = body[:len(body):len(body)]
	}
	var err error
	switch s {
	case JSON:
		err = decodeJSON(c, header)
	case RocketMQ:
		err = decodeBinary(c, header)
	default:
		err = badFrame(frame, "unknown serialization %d", s)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// remark spares the texts that come with every pull an allocation (Java: GetMessageStatus names, and the remark that
// RemotingCommand gives a response that nobody filled in).
func remark(b []byte) string {
	switch string(b) {
	case "":
		return ""
	case "FOUND":
		return "FOUND"
	case "OFFSET_OVERFLOW_ONE":
		return "OFFSET_OVERFLOW_ONE"
	case "NO_MATCHED_MESSAGE":
		return "NO_MATCHED_MESSAGE"
	case "not set any response code":
		return "not set any response code"
	}
	return string(b)
}
