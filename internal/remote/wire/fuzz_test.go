package wire

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func addFrames(f *testing.F) {
	f.Helper()
	for _, s := range []Serialization{JSON, RocketMQ} {
		frame, err := AppendFrame(nil, s, &Head{Code: 310, Language: LanguageGo, Version: Version, Opaque: 1, Remark: "r\x01"},
			&typedHeader{"中😀", []byte("KEYS\x01a\x02"), -1, 1 << 40, true}, []Field{{"k", ""}}, []byte("body"))
		require.NoError(f, err)
		f.Add(frame)
	}
	f.Add(append(jsonFrame(`{'code':"1",opaque:2,"language":9,"x":{0:[1,],{"a":1}:null},"extFields":{"a":1,"b":null,c:{}},}`), 'b'))
	f.Add([]byte("\x15\x03\x01\x00\x02\x02\x46"))
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
}

func FuzzReader(f *testing.F) {
	addFrames(f)
	f.Add([]byte("\x00\x00\x00\x04abcd\x00\x00\x00\x05abcde"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		const limit = 1 << 20
		r := NewReader(bytes.NewReader(stream), limit)
		rest := stream
		for {
			frame, err := r.Next()
			if err != nil {
				var frameError *FrameError
				require.True(t, errors.Is(err, io.EOF) && len(rest) == 0 || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &frameError))
				require.NotEmpty(t, err.Error())
				return
			}
			require.GreaterOrEqual(t, len(frame), minFrameLength)
			require.LessOrEqual(t, len(frame)+4, limit)
			require.Equal(t, string(rest[4:4+len(frame)]), string(frame))
			rest = rest[4+len(frame):]
		}
	})
}

// FuzzDecode demands of every frame that is accepted that it can be written and read again without a loss.
func FuzzDecode(f *testing.F) {
	addFrames(f)
	f.Fuzz(func(t *testing.T, frame []byte) {
		before := string(frame)
		c, err := Decode(frame)
		if err != nil {
			var frameError *FrameError
			require.ErrorAs(t, err, &frameError)
			return
		}
		var fields collector
		require.NoError(t, c.DecodeFields(&fields))
		all := c.FieldMap()
		for _, field := range fields {
			v, ok := c.Field(field.Key)
			require.True(t, ok)
			require.Equal(t, all[field.Key], v)
		}
		_ = c.DecodeFields(&typedHeader{})
		require.Equal(t, before, string(frame), "decoding writes nothing")

		again, err := AppendFrame(nil, c.Serialization, &c.Head, Fields(fields), nil, c.Body)
		require.NoError(t, err)
		d, err := Decode(again[4:])
		require.NoError(t, err)
		var fieldsAgain collector
		require.NoError(t, d.DecodeFields(&fieldsAgain))
		require.Equal(t, c.Head, d.Head)
		require.Equal(t, string(c.Body), string(d.Body))
		require.Equal(t, fields, fieldsAgain)
	})
}

func FuzzFrameRoundTrip(f *testing.F) {
	f.Add(int32(310), int32(-1), "remark", "key", "value", []byte("properties\x01\x02"), []byte("body"))
	f.Add(int32(200050), int32(7), "\xff\"\\", "", "\x00", []byte("\xed\xa0\x80"), []byte(nil))
	f.Fuzz(func(t *testing.T, code, opaque int32, remark, key, value string, properties, body []byte) {
		if len(key) > maxKeyLength {
			return
		}
		head := Head{Code: code, Language: LanguageGo, Version: Version, Opaque: opaque, Remark: remark}
		for _, s := range []Serialization{JSON, RocketMQ} {
			frame, err := AppendFrame(nil, s, &head, &typedHeader{bytes: properties}, []Field{{"x" + key, "x" + value}}, body)
			require.NoError(t, err)
			c, err := Decode(frame[4:])
			require.NoError(t, err)
			want := [...]string{remark, "x" + key, "x" + value, string(properties)}
			if c.Serialization == JSON {
				header := frame[8 : len(frame)-len(body)]
				require.True(t, stdjson.Valid(header))
				require.True(t, utf8.Valid(header))
				for i := range want {
					want[i] = string(validUTF8([]byte(want[i])))
				}
			}
			require.Equal(t, code, c.Code)
			require.Equal(t, opaque, c.Opaque)
			require.Equal(t, want[0], c.Remark)
			got, ok := c.Field(want[1])
			require.True(t, ok)
			require.Equal(t, want[2], got)
			got, _ = c.Field("bytes")
			require.Equal(t, want[3], got)
			require.Equal(t, string(body), string(c.Body))
		}
	})
}

var dialectSeeds = []string{
	`{"a":{0:"x",1:[1,2,],},}`,
	`{{"brokerName":"b","queueId":1,"topic":"T"}:20,{'q':0}:{"x":-1.5e3}}`,
	`{"a":'\'\x41\v\0',b:true,null:"\ud83d\ude00"}`,
	"{\"a\":\"\x01\xff\"}",
	`[{"o":{{0:{}}:[]}}]`,
	`{"offsetTable":{"{\"q\":0}":1,"0":2}}`,
}

func FuzzNormalize(f *testing.F) {
	for _, s := range dialectSeeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		before := string(in)
		out := Normalize(in)
		require.Equal(t, before, string(in), "the input is not changed")
		require.Equal(t, string(out), string(Normalize(out)), "a second time changes nothing")
		if stdjson.Valid(in) {
			s := scanner{b: in}
			if s.skip(0) == nil { // not nested too deep
				require.Equal(t, before, string(out), "standard JSON stays as it is")
			}
		}
	})
}

// FuzzFastjson demands that Normalize undoes Fastjson.
func FuzzFastjson(f *testing.F) {
	for _, s := range dialectSeeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		out := Normalize(Fastjson(in))
		if !stdjson.Valid(in) || !utf8.Valid(in) {
			return
		}
		require.Equal(t, parseJSON(t, in), parseJSON(t, out), "%s", out)
	})
}

func parseJSON(t *testing.T, text []byte) (v any) {
	t.Helper()
	d := stdjson.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&v), "%s", text)
	return v
}
