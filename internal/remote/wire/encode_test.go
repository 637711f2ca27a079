package wire

import (
	"math"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// The frames come from Java's RemotingCommand.encode.
func TestAppendFrameGolden(t *testing.T) {
	t.Parallel()
	topic := Fields{{"topic", "TopicTest"}}
	tests := []struct {
		name   string
		s      Serialization
		head   Head
		fields FieldAppender
		body   string
		want   string
	}{
		{
			"request in JSON", JSON,
			Head{Code: 105, Language: LanguageGo, Version: 479, Opaque: 1}, topic, "",
			"00000085 00000081 7b22636f6465223a3130352c226578744669656c6473223a7b22746f706963223a22546f70696354657374227d2c22666c6167223a302c226c616e6775616765223a22474f222c226f7061717565223a312c2273657269616c697a655479706543757272656e74525043223a224a534f4e222c2276657273696f6e223a3437397d",
		},
		{
			"request in binary", RocketMQ,
			Head{Code: 105, Language: LanguageGo, Version: 479, Opaque: 1}, topic, "hi",
			"0000002f 01000029 0069 09 01df 00000001 00000000 00000000 00000014 0005 746f706963 00000009 546f70696354657374 6869",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := AppendFrame([]byte("before"), tt.s, &tt.head, tt.fields, nil, []byte(tt.body))
			require.NoError(t, err)
			require.Equal(t, append([]byte("before"), unhex(t, tt.want)...), got)

			c, err := Decode(got[len("before")+4:])
			require.NoError(t, err)
			require.Equal(t, tt.head, c.Head)
			require.Equal(t, tt.s, c.Serialization)
			require.Equal(t, tt.body, string(c.Body))
			require.Equal(t, map[string]string{"topic": "TopicTest"}, c.FieldMap())
		})
	}
}

func TestAppendFrameResponseText(t *testing.T) {
	t.Parallel()
	frame, err := AppendFrame(nil, JSON, &Head{Flag: FlagResponse, Opaque: 7, Remark: "ok", Version: 479}, nil, nil, nil)
	require.NoError(t, err)
	require.Equal(t,
		`{"code":0,"flag":1,"language":"JAVA","opaque":7,"remark":"ok","serializeTypeCurrentRPC":"JSON","version":479}`,
		string(frame[8:]))
}

func TestAppendFrameEscapes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"properties", "KEYS\x01a b\x02TAGS\x01x\x02", `"KEYS\u0001a b\u0002TAGS\u0001x\u0002"`},
		{"short escapes", "\"\\\b\f\n\r\t", `"\"\\\b\f\n\r\t"`},
		{"other control characters", "\x00\x1f\x7f", "\"\\u0000\\u001f\x7f\""},
		{"html is not escaped", "<a href='x'>&", `"<a href='x'>&"`},
		{"unicode", "é 中文 😀 \u2028", "\"é 中文 😀 \u2028\""},
		{"invalid byte", "a\xffb", `"a` + "\ufffd" + `b"`},
		{"cut rune at the end", "a\xe4\xb8", `"a` + "\ufffd\ufffd" + `"`},
		{"surrogate in UTF-8", "\xed\xa0\x80", `"` + "\ufffd\ufffd\ufffd" + `"`},
		{"replacement character itself", "\ufffd", `"` + "\ufffd" + `"`},
		{"empty", "", `""`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, string(appendQuoted(nil, tt.in)))
			require.Equal(t, tt.want, string(appendQuoted(nil, []byte(tt.in))))
		})
	}
}

func TestAppendFrameFallsBackToJSON(t *testing.T) {
	t.Parallel()
	for _, head := range []Head{{Code: 200050}, {Code: -40000}, {Version: 1 << 15}, {Code: math.MaxInt32, Version: math.MinInt32}} {
		frame, err := AppendFrame(nil, RocketMQ, &head, Fields{{"k", "v"}}, nil, nil)
		require.NoError(t, err)
		c, err := Decode(frame[4:])
		require.NoError(t, err)
		require.Equal(t, JSON, c.Serialization)
		require.Equal(t, head, c.Head)
	}
	for _, head := range []Head{{Code: math.MaxInt16}, {Code: math.MinInt16}, {Version: math.MinInt16}} {
		frame, err := AppendFrame(nil, RocketMQ, &head, nil, nil, nil)
		require.NoError(t, err)
		c, err := Decode(frame[4:])
		require.NoError(t, err)
		require.Equal(t, RocketMQ, c.Serialization)
		require.Equal(t, head, c.Head)
	}
}

func TestAppendFrameExtraFields(t *testing.T) {
	t.Parallel()
	for _, s := range []Serialization{JSON, RocketMQ} {
		for _, fields := range []FieldAppender{nil, Fields(nil), Fields{{"a", "1"}}} {
			frame, err := AppendFrame(nil, s, &Head{}, fields, []Field{{"a", "2"}, {"b", "3"}}, nil)
			require.NoError(t, err)
			c, err := Decode(frame[4:])
			require.NoError(t, err)
			require.Equal(t, map[string]string{"a": "2", "b": "3"}, c.FieldMap())
		}
	}
}

func TestAppendFrameHeaderLeavesTheBodyOut(t *testing.T) {
	t.Parallel()
	for _, s := range []Serialization{JSON, RocketMQ} {
		whole, err := AppendFrame(nil, s, &Head{Code: 10}, Fields{{"a", "1"}}, nil, []byte("body"))
		require.NoError(t, err)
		header, err := AppendFrameHeader(nil, s, &Head{Code: 10}, Fields{{"a", "1"}}, nil, len("body"))
		require.NoError(t, err)
		require.Equal(t, whole, append(header, "body"...))
	}
}

func TestAppendFrameErrorsLeaveTheBufferAlone(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		s       Serialization
		fields  Fields
		bodyLen int
		want    string
	}{
		{"serialization", 2, nil, 0, "unknown serialization 2"},
		{"binary key", RocketMQ, Fields{{strings.Repeat("k", 1<<15), "v"}}, 0, "a key of 32768 bytes cannot be encoded"},
		{"header", JSON, Fields{{"k", strings.Repeat("v", 1<<24)}}, 0, "exceeds the 16777215 that a frame can express"},
		{"header in binary", RocketMQ, Fields{{"k", strings.Repeat("v", 1<<24)}}, 0, "exceeds the 16777215 that a frame can express"},
		{"body", JSON, nil, math.MaxInt32, "a body of 2147483647 bytes cannot be framed"},
		{"negative body", JSON, nil, -1, "a body of -1 bytes cannot be framed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dst, err := AppendFrameHeader([]byte("before"), tt.s, &Head{}, tt.fields, nil, tt.bodyLen)
			require.ErrorContains(t, err, tt.want)
			require.Equal(t, "before", string(dst))
		})
	}
}

func TestCollectFields(t *testing.T) {
	t.Parallel()
	h := &typedHeader{text: "t", bytes: []byte("b\x01"), i32: -5, i64: math.MinInt64, truth: true}
	require.Equal(t, []Field{
		{"first", "1"}, {"text", "t"}, {"bytes", "b\x01"}, {"i32", "-5"}, {"i64", "-9223372036854775808"}, {"truth", "true"},
	}, CollectFields([]Field{{"first", "1"}}, h))
	require.Empty(t, CollectFields(nil, nil))
}

// Whatever goes in comes out, in both serializations.
func TestFrameRoundTripProperty(t *testing.T) {
	t.Parallel()
	property := func(code int16, language uint8, version int16, opaque, flag int32, remark, text string, raw []byte, i32 int32, i64 int64, truth bool, body []byte) bool {
		head := Head{int32(code), Language(language % 14), int32(version), opaque, flag, remark}
		in := typedHeader{text: "x" + text, bytes: append([]byte("y"), raw...), i32: i32, i64: i64, truth: truth}
		for _, s := range []Serialization{JSON, RocketMQ} {
			frame, err := AppendFrame(nil, s, &head, &in, nil, body)
			require.NoError(t, err)
			c, err := Decode(frame[4:])
			require.NoError(t, err)
			var out typedHeader
			require.NoError(t, c.DecodeFields(&out))
			want := in
			if s == JSON { // bytes that are not UTF-8 cannot pass
				want.bytes = validUTF8(in.bytes)
			}
			require.Equal(t, head, c.Head)
			require.Equal(t, want, out)
			require.Equal(t, string(body), string(c.Body))
		}
		return true
	}
	require.NoError(t, quick.Check(property, &quick.Config{MaxCount: 500}))
}

// validUTF8 puts U+FFFD in the place of each byte that is not UTF-8.
func validUTF8(b []byte) []byte {
	var out []byte
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return out
}
