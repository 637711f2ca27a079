package wire

import (
	"bufio"
	"bytes"
	stdjson "encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// javaVector is a line of testdata/java_vectors.jsonl, which test/java/wire_vectors.sh makes with the classes of
// RocketMQ 5.1.4 (fastjson 1) and 5.4.0 (fastjson 2).
type javaVector struct {
	Release       string
	Kind          string
	Name          string
	Serialization string
	Hex           string       // kind frame
	JSON          string       // kind header
	Text          string       // kind fastjson
	Want          *javaCommand // nil: Java refuses
}

type javaCommand struct {
	Code, Version, Opaque, Flag int32
	Language, Remark, Body      string
	Fields                      map[string]*string
}

func readJavaVectors(t *testing.T, kind string) []javaVector {
	t.Helper()
	f, err := os.Open("testdata/java_vectors.jsonl")
	require.NoError(t, err)
	defer f.Close()
	var vectors []javaVector
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var v javaVector
		require.NoError(t, stdjson.Unmarshal(lines.Bytes(), &v))
		if v.Kind == kind {
			vectors = append(vectors, v)
		}
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, vectors)
	return vectors
}

func requireJavaCommand(t *testing.T, want *javaCommand, c *Command) {
	t.Helper()
	language := want.Language
	if language == "" { // null in Java
		language = "OTHER"
	}
	require.Equal(t, want.Code, c.Code)
	require.Equal(t, language, c.Language.String())
	require.Equal(t, want.Version, c.Version)
	require.Equal(t, want.Opaque, c.Opaque)
	require.Equal(t, want.Flag, c.Flag)
	require.Equal(t, want.Remark, c.Remark)
	require.Equal(t, string(unhex(t, want.Body)), string(c.Body))
	fields := map[string]string{}
	for k, v := range want.Fields {
		if v != nil { // null in Java is absent with us
			fields[k] = *v
		}
	}
	require.Equal(t, fields, c.FieldMap())
}

// Frames that Java wrote are read as Java reads them, and written again byte by byte.
func TestJavaFrames(t *testing.T) {
	t.Parallel()
	for _, v := range readJavaVectors(t, "frame") {
		t.Run(v.Serialization+" "+v.Name, func(t *testing.T) {
			t.Parallel()
			frame := unhex(t, v.Hex)
			read, err := NewReader(bytes.NewReader(frame), 0).Next()
			require.NoError(t, err)
			c, err := Decode(read)
			require.NoError(t, err)
			require.Equal(t, v.Serialization, c.Serialization.String())
			requireJavaCommand(t, v.Want, c)

			var fields collector
			require.NoError(t, c.DecodeFields(&fields))
			again, err := AppendFrame(nil, c.Serialization, &c.Head, Fields(fields), nil, c.Body)
			require.NoError(t, err)
			if v.Name == "send, empty properties" && c.Serialization == RocketMQ {
				return // Java writes the empty value and reads null; we leave it out when reading
			}
			require.Equal(t, string(frame), string(again))
		})
	}
}

// A JSON header that some release of Java accepts means the same to us; what every release refuses, we refuse.
func TestJavaJSONHeaders(t *testing.T) {
	t.Parallel()
	lenient := map[string]string{
		"language 99": "the fallback for languages that are not known yet",
	}
	accepted := map[string]bool{}
	vectors := readJavaVectors(t, "header")
	for _, v := range vectors {
		accepted[v.Name] = accepted[v.Name] || v.Want != nil
	}
	for _, v := range vectors {
		t.Run(v.Release+" "+v.Name, func(t *testing.T) {
			t.Parallel()
			c, err := Decode(jsonFrame(v.JSON))
			switch {
			case v.Want != nil:
				require.NoError(t, err)
				requireJavaCommand(t, v.Want, c)
			case !accepted[v.Name] && lenient[v.Name] == "":
				require.Error(t, err)
			}
		})
	}
}

// Bodies in fastjson's dialect become standard JSON, and the dialect again.
func TestJavaBodies(t *testing.T) {
	t.Parallel()
	for _, v := range readJavaVectors(t, "fastjson") {
		t.Run(v.Release+" "+v.Name, func(t *testing.T) {
			t.Parallel()
			require.False(t, stdjson.Valid([]byte(v.Text)), "no vector of the dialect")
			standard := Normalize([]byte(v.Text))
			require.True(t, stdjson.Valid(standard), "%s", standard)
			require.Equal(t, v.Text, string(Fastjson(standard)))
		})
	}
}
