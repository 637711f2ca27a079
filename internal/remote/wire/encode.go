package wire

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
)

// AppendFrame appends a whole frame to dst. The fields are those of fields (nil: none) followed by extra; of a key
// given twice the receiver keeps the last. On an error dst is returned as it was.
//
// Only what the format can express is checked; whether the peer takes a frame of that size (MaxFrameSize) is the
// caller's business. It does not allocate when dst has room.
//
// A frame whose code or version does not fit the 16 bits of the binary serialization (all POP codes, from 200050 on)
// is written in JSON although s says RocketMQ. Java cuts the code to its low half instead, which asks the broker for
// something else; and as each frame names its own serialization, every peer reads the JSON one.
func AppendFrame(dst []byte, s Serialization, head *Head, fields FieldAppender, extra []Field, body []byte) ([]byte, error) {
	out, err := AppendFrameHeader(dst, s, head, fields, extra, len(body))
	if err != nil {
		return dst, err
	}
	return append(out, body...), nil
}

// AppendFrameHeader appends what comes before a body of bodyLen bytes, which the caller writes after it. See
// AppendFrame.
func AppendFrameHeader(dst []byte, s Serialization, head *Head, fields FieldAppender, extra []Field, bodyLen int) ([]byte, error) {
	if s == RocketMQ && !fitsBinary(head) {
		s = JSON
	}
	start := len(dst)
	var w *FieldWriter
	switch s {
	case JSON:
		w = newFieldWriter(writeJSON, append(dst, 0, 0, 0, 0, 0, 0, 0, 0))
		w.jsonHead(head, fields, extra)
	case RocketMQ:
		w = newFieldWriter(writeBinary, append(dst, 0, 0, 0, 0, 0, 0, 0, 0))
		w.binaryHead(head, fields, extra)
	default:
		return dst, fmt.Errorf("wire: unknown serialization %d", s)
	}
	out, err := w.dst, w.err
	w.release()
	if err != nil {
		return dst, err
	}
	headerLen := len(out) - start - 8
	if headerLen > maxHeaderLength {
		return dst, fmt.Errorf("wire: a header of %d bytes exceeds the %d that a frame can express", headerLen, maxHeaderLength)
	}
	length := int64(4) + int64(headerLen) + int64(bodyLen)
	if bodyLen < 0 || length > math.MaxInt32 {
		return dst, fmt.Errorf("wire: a body of %d bytes cannot be framed", bodyLen)
	}
	binary.BigEndian.PutUint32(out[start:], uint32(length))
	binary.BigEndian.PutUint32(out[start+4:], uint32(s)<<24|uint32(headerLen))
	return out, nil
}

func fitsBinary(head *Head) bool {
	return head.Code >= math.MinInt16 && head.Code <= math.MaxInt16 &&
		head.Version >= math.MinInt16 && head.Version <= math.MaxInt16
}

// jsonHead writes the members in the order of Java's encoder (alphabetical), so that frames compare byte by byte.
func (w *FieldWriter) jsonHead(head *Head, fields FieldAppender, extra []Field) {
	w.dst = append(w.dst, `{"code":`...)
	w.dst = strconv.AppendInt(w.dst, int64(head.Code), 10)
	w.allFields(fields, extra)
	if w.count > 0 {
		w.dst = append(w.dst, '}')
	}
	w.dst = append(w.dst, `,"flag":`...)
	w.dst = strconv.AppendInt(w.dst, int64(head.Flag), 10)
	w.dst = append(w.dst, `,"language":"`...)
	w.dst = append(w.dst, head.Language.String()...)
	w.dst = append(w.dst, `","opaque":`...)
	w.dst = strconv.AppendInt(w.dst, int64(head.Opaque), 10)
	if head.Remark != "" {
		w.dst = append(w.dst, `,"remark":`...)
		w.dst = appendQuoted(w.dst, head.Remark)
	}
	w.dst = append(w.dst, `,"serializeTypeCurrentRPC":"JSON","version":`...)
	w.dst = strconv.AppendInt(w.dst, int64(head.Version), 10)
	w.dst = append(w.dst, '}')
}

func (w *FieldWriter) binaryHead(head *Head, fields FieldAppender, extra []Field) {
	w.dst = binary.BigEndian.AppendUint16(w.dst, uint16(head.Code))
	w.dst = append(w.dst, byte(head.Language))
	w.dst = binary.BigEndian.AppendUint16(w.dst, uint16(head.Version))
	w.dst = binary.BigEndian.AppendUint32(w.dst, uint32(head.Opaque))
	w.dst = binary.BigEndian.AppendUint32(w.dst, uint32(head.Flag))
	w.dst = binary.BigEndian.AppendUint32(w.dst, uint32(len(head.Remark)))
	w.dst = append(w.dst, head.Remark...)
	at := len(w.dst)
	w.dst = append(w.dst, 0, 0, 0, 0)
	w.allFields(fields, extra)
	binary.BigEndian.PutUint32(w.dst[at:], uint32(len(w.dst)-at-4))
}

func (w *FieldWriter) allFields(fields FieldAppender, extra []Field) {
	if fields != nil {
		fields.AppendFields(w)
	}
	for i := range extra {
		w.String(extra[i].Key, extra[i].Value)
	}
}
