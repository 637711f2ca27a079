package record

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type javaBatch struct {
	Name                      string
	Flag                      int32
	Body, Properties, Encoded hexBytes
}

func TestBatchAsJava(t *testing.T) {
	t.Parallel()
	var all, want []byte
	vs := vectors[javaBatch](t, "java_batches.jsonl")
	for _, v := range vs {
		m := BatchMessage{Flag: v.Flag, Body: v.Body, Properties: v.Properties}
		require.Equal(t, []byte(v.Encoded), m.Append(nil), v.Name)
		require.Equal(t, len(v.Encoded), m.Size(), v.Name)
		all = m.Append(all)
		want = append(want, v.Encoded...)
	}
	require.Equal(t, want, all)
	for _, v := range vs {
		var m BatchMessage
		n, err := m.Decode(all)
		require.NoError(t, err, v.Name)
		require.Equal(t, len(v.Encoded), n)
		require.Equal(t, v.Flag, m.Flag)
		require.Equal(t, string(v.Body), string(m.Body))
		require.Equal(t, string(v.Properties), string(m.Properties))
		all = all[n:]
	}
	require.Empty(t, all)
}

// The vector of the protocol notes; a Java map decides the order of its properties.
func TestBatchGolden(t *testing.T) {
	t.Parallel()
	m := BatchMessage{Flag: 7, Body: []byte("b1"), Properties: []byte("KEYS\x01K1\x02WAIT\x01true\x02TAGS\x01TagA\x02")}
	require.Equal(t, unhex(t, "00000034000000000000000000000007000000026231001c4b455953014b31025741495401747275650254414753015461674102"), m.Append(nil))
}

func TestBatchDecodeCorrupt(t *testing.T) {
	t.Parallel()
	good := (&BatchMessage{Body: []byte("body"), Properties: []byte("a\x01b\x02")}).Append(nil)
	for name, damage := range map[string]func(b []byte) []byte{
		"empty":               func([]byte) []byte { return nil },
		"cut":                 func(b []byte) []byte { return b[:len(b)-1] },
		"size negative":       func(b []byte) []byte { b[0] = 0xFF; return b },
		"size small":          func(b []byte) []byte { b[3] = minBatchSize - 1; return b },
		"body negative":       func(b []byte) []byte { b[16] = 0xFF; return b },
		"body too long":       func(b []byte) []byte { b[19] = 100; return b },
		"properties too long": func(b []byte) []byte { b[len(b)-6] = 0x7F; return b },
		"left over":           func(b []byte) []byte { b[len(b)-5] = 3; return b },
	} {
		t.Run(name, func(t *testing.T) {
			var m BatchMessage
			_, err := m.Decode(damage(append([]byte(nil), good...)))
			require.ErrorIs(t, err, ErrCorrupt)
		})
	}
}

func FuzzBatchDecode(f *testing.F) {
	for _, v := range vectors[javaBatch](f, "java_batches.jsonl") {
		f.Add([]byte(v.Encoded))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var m BatchMessage
		n, err := m.Decode(b)
		if n < 0 || n > len(b) {
			t.Fatalf("Decode returns %d of %d bytes", n, len(b))
		}
		if err != nil {
			return
		}
		var back BatchMessage
		if _, err := back.Decode(m.Append(nil)); err != nil || back.Flag != m.Flag ||
			string(back.Body) != string(m.Body) || string(back.Properties) != string(m.Properties) {
			t.Fatalf("%+v became %+v, %v", m, back, err)
		}
	})
}
