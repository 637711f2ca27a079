package wire

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"sync"
)

type writeMode uint8

const (
	writeJSON writeMode = iota
	writeBinary
	collect
)

// FieldWriter takes a header's extension fields and writes them in the serialization of the frame being built. It
// belongs to the call that hands it out; keeping it is an error.
type FieldWriter struct {
	dst    []byte
	fields []Field // in mode collect
	count  int
	mode   writeMode
	err    error // the first field that cannot be encoded
}

// writers spares every frame the allocation of a FieldWriter, which escapes through the FieldAppender interface.
var writers = sync.Pool{New: func() any { return new(FieldWriter) }}

func newFieldWriter(mode writeMode, dst []byte) *FieldWriter {
	w := writers.Get().(*FieldWriter)
	*w = FieldWriter{dst: dst, mode: mode}
	return w
}

// release gives w back; the pool must not hold on to anybody's buffers.
func (w *FieldWriter) release() {
	*w = FieldWriter{}
	writers.Put(w)
}

// String writes a text field.
func (w *FieldWriter) String(key, v string) { writeText(w, key, v) }

// Bytes writes a text field without needing a string; v is copied.
func (w *FieldWriter) Bytes(key string, v []byte) { writeText(w, key, v) }

// Int32 writes a decimal number.
func (w *FieldWriter) Int32(key string, v int32) { w.Int64(key, int64(v)) }

// Int64 writes a decimal number.
func (w *FieldWriter) Int64(key string, v int64) {
	switch w.mode {
	case writeJSON:
		w.jsonKey(key)
		w.dst = append(w.dst, '"')
		w.dst = strconv.AppendInt(w.dst, v, 10)
		w.dst = append(w.dst, '"')
	case writeBinary:
		if !w.binaryKey(key) {
			return
		}
		at := len(w.dst)
		w.dst = append(w.dst, 0, 0, 0, 0)
		w.dst = strconv.AppendInt(w.dst, v, 10)
		binary.BigEndian.PutUint32(w.dst[at:], uint32(len(w.dst)-at-4))
	case collect:
		w.fields = append(w.fields, Field{key, strconv.FormatInt(v, 10)})
	}
}

// Bool writes true or false.
func (w *FieldWriter) Bool(key string, v bool) {
	if v {
		w.String(key, "true")
	} else {
		w.String(key, "false")
	}
}

func writeText[T string | []byte](w *FieldWriter, key string, v T) {
	switch w.mode {
	case writeJSON:
		w.jsonKey(key)
		w.dst = appendQuoted(w.dst, v)
	case writeBinary:
		if uint64(len(v)) > math.MaxInt32 {
			w.fail(key, "value", len(v))
			return
		}
		if !w.binaryKey(key) {
			return
		}
		w.dst = binary.BigEndian.AppendUint32(w.dst, uint32(len(v)))
		w.dst = append(w.dst, v...)
	case collect:
		w.fields = append(w.fields, Field{key, string(v)})
	}
}

// jsonKey opens extFields with the first field: a header without any has no such member, as in Java.
func (w *FieldWriter) jsonKey(key string) {
	if w.count == 0 {
		w.dst = append(w.dst, `,"extFields":{`...)
	} else {
		w.dst = append(w.dst, ',')
	}
	w.count++
	w.dst = appendQuoted(w.dst, key)
	w.dst = append(w.dst, ':')
}

func (w *FieldWriter) binaryKey(key string) bool {
	if len(key) > maxKeyLength {
		w.fail(key[:32]+"…", "key", len(key))
		return false
	}
	w.count++
	w.dst = binary.BigEndian.AppendUint16(w.dst, uint16(len(key)))
	w.dst = append(w.dst, key...)
	return true
}

func (w *FieldWriter) fail(key, part string, n int) {
	if w.err == nil {
		w.err = fmt.Errorf("wire: header field %q: a %s of %d bytes cannot be encoded", key, part, n)
	}
}
