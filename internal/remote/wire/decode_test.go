package wire

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	binaryHead := "0069 09 01df 00000001 00000000"
	tests := []struct {
		name  string
		frame []byte
		want  string
	}{
		{"empty", nil, "no room for its header's length"},
		{"three bytes", []byte{0, 0, 0}, "no room for its header's length"},
		{"header longer than the frame", []byte{0, 0, 0, 1}, "a header of 1 bytes does not fit a frame of 4"},
		{"largest header", []byte{0, 0xff, 0xff, 0xff, '{', '}'}, "a header of 16777215 bytes does not fit"},
		{"serialization", []byte{7, 0, 0, 0}, "unknown serialization 7"},
		{"empty JSON", jsonFrame(""), "must be an object"},
		{"JSON list", jsonFrame("[]"), "must be an object"},
		{"JSON ends", jsonFrame(`{"code":1,"opaque":2,"remark":"a`), "unexpected end"},
		{"JSON ends in an escape", jsonFrame(`{"code":1,"opaque":2,"remark":"\`), "unexpected end"},
		{"JSON without a colon", jsonFrame(`{"code" 1}`), "unexpected character"},
		{"JSON without a comma", jsonFrame(`{"code":1 "opaque":2}`), "unexpected character"},
		{"JSON with text after", jsonFrame(`{"code":1,"opaque":2}x`), "1 bytes follow"},
		{"JSON with NUL after", jsonFrame("{\"code\":1,\"opaque\":2}\x00"), "1 bytes follow"},
		{"no code", jsonFrame(`{"opaque":2,"flag":1}`), "must have code and opaque"},
		{"no opaque", jsonFrame(`{"code":0,"flag":1}`), "must have code and opaque"},
		{"code of 33 bits", jsonFrame(`{"code":2147483648,"opaque":2}`), "not a 32-bit number"},
		{"code is text", jsonFrame(`{"code":"zero","opaque":2}`), `"zero" is not a 32-bit number`},
		{"code is an object", jsonFrame(`{"code":{},"opaque":2}`), "unexpected character"},
		{"bad escape", jsonFrame(`{"code":1,"opaque":2,"remark":"\q"}`), "invalid escape"},
		{"bad \\u escape", jsonFrame(`{"code":1,"opaque":2,"remark":"\u12g4"}`), "invalid escape"},
		{"bad escape in a field", jsonFrame(`{"code":1,"opaque":2,"extFields":{"a":"\q"}}`), "invalid escape"},
		{"bad escape in a key", jsonFrame(`{"code":1,"opaque":2,"extFields":{"\q":"a"}}`), "invalid escape"},
		{"extFields is a list", jsonFrame(`{"code":1,"opaque":2,"extFields":[]}`), "unexpected character"},
		{"extFields is text", jsonFrame(`{"code":1,"opaque":2,"extFields":"x"}`), "unexpected character"},
		{"deep nesting", jsonFrame(`{"code":1,"opaque":2,"x":` + strings.Repeat("[", 100000)), "nests too deep"},
		{"deep names", jsonFrame(`{"code":1,"opaque":2,"x":` + strings.Repeat("{", 100000)), "nests too deep"},
		{"binary too short", unhex(t, "01000014"+strings.Repeat("00", 20)), "too short"},
		{"binary remark", unhex(t, "01000015"+binaryHead+"00000001 00000000"), "a remark of 1 bytes does not fit"},
		{"binary negative remark", unhex(t, "01000015"+binaryHead+"ffffffff 00000000"), "a remark of 4294967295 bytes does not fit"},
		{"binary fields", unhex(t, "01000015"+binaryHead+"00000000 00000001"), "extension fields of 1 bytes do not fit"},
		{"binary negative fields", unhex(t, "01000015"+binaryHead+"00000000 80000000"), "do not fit"},
		{"binary half a key length", unhex(t, "01000016"+binaryHead+"00000000 00000001 00"), "end inside the length of a key"},
		{"binary negative key", unhex(t, "0100001b"+binaryHead+"00000000 00000006 ffff 00000000"), "a key of 65535 bytes does not fit"},
		{"binary key without value", unhex(t, "01000018"+binaryHead+"00000000 00000003 0001 61"), "a key of 1 bytes does not fit"},
		{"binary value", unhex(t, "0100001c"+binaryHead+"00000000 00000007 0001 61 00000001"), "a value of 1 bytes does not fit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := Decode(tt.frame)
			require.Nil(t, c)
			require.ErrorContains(t, err, tt.want)
			var frameError *FrameError
			require.ErrorAs(t, err, &frameError)
			require.LessOrEqual(t, len(frameError.Start), 16)
		})
	}
}

func TestDecodeBinaryDetails(t *testing.T) {
	t.Parallel()
	// code -1004, an unknown language, a negative version, a remark, one empty value, bytes behind the fields
	c, err := Decode(unhex(t, "01000027 fc14 c8 ffff 00000007 00000003 00000002 6f6b 0000000e 0001 61 00000001 31 0000 00000000 aabb 6869"))
	require.NoError(t, err)
	require.Equal(t, Head{Code: -1004, Language: 200, Version: -1, Opaque: 7, Flag: 3, Remark: "ok"}, c.Head)
	require.True(t, c.IsResponse())
	require.True(t, c.IsOneWay())
	require.Equal(t, map[string]string{"a": "1"}, c.FieldMap())
	require.Equal(t, "hi", string(c.Body))
	require.Equal(t, "OTHER", c.Language.String())
}

func TestDecodeBodyCannotGrowIntoForeignMemory(t *testing.T) {
	t.Parallel()
	frame := append(jsonFrame(`{"code":1,"opaque":2}`), "body"...)
	buffer := append(frame, "next"...)
	c, err := Decode(buffer[:len(frame)])
	require.NoError(t, err)
	_ = append(c.Body, "XXXX"...)
	require.Equal(t, "next", string(buffer[len(frame):]))
}

func TestDecodeFields(t *testing.T) {
	t.Parallel()
	c, err := Decode(jsonFrame(`{"code":1,"opaque":2,"extFields":{"i32":"12","i64":-13,"truth":"TRUE","text":"\u4e2d\ud83d\ude00","unknown":{"a":[1]},"bytes":null}}`))
	require.NoError(t, err)
	got := typedHeader{bytes: []byte("untouched")}
	require.NoError(t, c.DecodeFields(&got))
	require.Equal(t, typedHeader{"中😀", []byte("untouched"), 12, -13, true}, got)

	v, ok := c.Field("i64")
	require.True(t, ok)
	require.Equal(t, "-13", v)
	_, ok = c.Field("bytes")
	require.False(t, ok)
	require.Equal(t, `{"a":[1]}`, c.FieldMap()["unknown"])
}

func TestDecodeFieldsNamesTheField(t *testing.T) {
	t.Parallel()
	for _, s := range []Serialization{JSON, RocketMQ} {
		frame, err := AppendFrame(nil, s, &Head{}, Fields{{"text", "t"}, {"i32", "3000000000"}}, nil, nil)
		require.NoError(t, err)
		c, err := Decode(frame[4:])
		require.NoError(t, err)
		err = c.DecodeFields(&typedHeader{})
		require.EqualError(t, err, `header field "i32": "3000000000" is not a 32-bit number`)
	}
}

func TestDecodeFieldsWithoutAny(t *testing.T) {
	t.Parallel()
	for _, header := range []string{
		`{"code":1,"opaque":2}`, `{"code":1,"opaque":2,"extFields":{}}`, `{"code":1,"opaque":2,"extFields":null}`,
		`{"code":1,"opaque":2,"extFields":{"a":"1"},"extFields":null}`,
	} {
		c, err := Decode(jsonFrame(header))
		require.NoError(t, err)
		require.Empty(t, c.FieldMap())
		require.NotNil(t, c.FieldMap())
	}
}

func TestDecodeInvalidUTF8(t *testing.T) {
	t.Parallel()
	c, err := Decode(jsonFrame("{\"code\":1,\"opaque\":2,\"remark\":\"a\xffb\",\"extFields\":{\"k\xfe\":\"\\ud800\xc3\"}}"))
	require.NoError(t, err)
	require.Equal(t, "a\ufffdb", c.Remark)
	require.Equal(t, map[string]string{"k\ufffd": "\ufffd\ufffd"}, c.FieldMap())
}

func TestUnescape(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, raw, want string
		bad             bool
	}{
		{"all of JSON's", `\"\\\/\b\f\n\r\t\u0041`, "\"\\/\b\f\n\r\tA", false},
		{"fastjson's", `\'\v\x41\0\7\F`, "'\vA\x00\x07\f", false},
		{"pair", `\ud83d\ude00`, "😀", false},
		{"high half alone", `\ud83dx`, "\ufffdx", false},
		{"low half alone", `\ude00`, "\ufffd", false},
		{"two high halves", `\ud83d\ud83d`, "\ufffd\ufffd", false},
		{"high half and an ordinary escape", `\ud83d\u0041`, "\ufffdA", false},
		{"upper and lower case", `\u00Ff\u00fF`, "ÿÿ", false},
		{"cut", `\u004`, "", true},
		{"nothing after the backslash", `\`, "", true},
		{"not hexadecimal", `\u00g0`, "", true},
		{"cut \\x", `\x4`, "", true},
		{"unknown", `\8`, "", true},
		{"high half and a bad escape", `\ud83d\u00`, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := appendUnquoted(nil, []byte(tt.raw))
			if tt.bad {
				require.ErrorIs(t, err, errEscape)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, string(got))
		})
	}
}

func TestLanguageAndSerializationNames(t *testing.T) {
	t.Parallel()
	require.Equal(t, "GO", LanguageGo.String())
	require.Equal(t, "NODE_JS", LanguageNodeJS.String())
	require.Equal(t, "OTHER", Language(14).String())
	require.Equal(t, "JSON", JSON.String())
	require.Equal(t, "ROCKETMQ", RocketMQ.String())
	require.Equal(t, "SERIALIZATION_9", Serialization(9).String())
	for in, want := range map[string]Language{
		"GO": LanguageGo, "node_js": LanguageNodeJS, "13": LanguageNodeJS, "14": LanguageOther, "-1": LanguageOther,
		"": LanguageOther, "G": LanguageOther, "null": LanguageOther,
	} {
		require.Equal(t, want, parseLanguage([]byte(in)), in)
	}
}

func TestParseNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{
		"0": 0, "-0": 0, "+7": 7, "007": 7, "9223372036854775807": 1<<63 - 1, "-9223372036854775808": -1 << 63,
	} {
		got, err := ParseInt64([]byte(in))
		require.NoError(t, err, in)
		require.Equal(t, want, got)
	}
	for _, in := range []string{"", "-", "+", " 1", "1 ", "1.0", "0x1", "9223372036854775808", "-9223372036854775809", "99999999999999999999", "١"} {
		_, err := ParseInt64([]byte(in))
		require.Error(t, err, in)
	}
	for in, want := range map[string]int32{"2147483647": 1<<31 - 1, "-2147483648": -1 << 31} {
		got, err := ParseInt32([]byte(in))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, in := range []string{"2147483648", "-2147483649", "10000000000", "x"} {
		_, err := ParseInt32([]byte(in))
		require.Error(t, err, in)
	}
	_, err := ParseInt32([]byte(strings.Repeat("9", 1000)))
	require.Less(t, len(err.Error()), 100)
}

func TestParseBool(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{"true": true, "TRUE": true, "False": false, "false": false} {
		got, err := ParseBool([]byte(in))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, in := range []string{"", "1", "yes", "truee"} {
		_, err := ParseBool([]byte(in))
		require.Error(t, err, in)
	}
}

func TestFrameErrorIsNotEOF(t *testing.T) {
	t.Parallel()
	_, err := Decode(nil)
	require.False(t, errors.Is(err, io.EOF))
	require.EqualError(t, err, "bad frame: a frame of 0 bytes has no room for its header's length (starts )")
}
