package wire

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	require.NoError(t, err)
	return b
}

// collector keeps the fields in the order in which they come.
type collector []Field

func (c *collector) SetField(key, value []byte) error {
	*c = append(*c, Field{string(key), string(value)})
	return nil
}

// jsonFrame wraps a JSON header into what Decode takes.
func jsonFrame(header string) []byte {
	n := len(header)
	return append([]byte{0, byte(n >> 16), byte(n >> 8), byte(n)}, header...)
}

// typedHeader has one field of each kind.
type typedHeader struct {
	text  string
	bytes []byte
	i32   int32
	i64   int64
	truth bool
}

func (h *typedHeader) AppendFields(w *FieldWriter) {
	w.String("text", h.text)
	w.Bytes("bytes", h.bytes)
	w.Int32("i32", h.i32)
	w.Int64("i64", h.i64)
	w.Bool("truth", h.truth)
}

func (h *typedHeader) SetField(key, value []byte) (err error) {
	switch string(key) {
	case "text":
		h.text = string(value)
	case "bytes":
		h.bytes = append(h.bytes[:0], value...)
	case "i32":
		h.i32, err = ParseInt32(value)
	case "i64":
		h.i64, err = ParseInt64(value)
	case "truth":
		h.truth, err = ParseBool(value)
	}
	return err
}
