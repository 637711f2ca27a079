package command

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// FuzzBody decodes bytes as each of the bodies; what is accepted can be written and read again without a loss.
func FuzzBody(f *testing.F) {
	for i, b := range bodies() {
		text, err := b.Encode()
		require.NoError(f, err)
		f.Add(uint8(i), text)
		for _, java := range javaBodies() {
			if bodyName(java) != bodyName(b) {
				continue
			}
			text, err := java.Encode()
			require.NoError(f, err)
			f.Add(uint8(i), text)
			f.Add(uint8(i), wire.Fastjson(text))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, text []byte) {
		all := bodies()
		b := all[int(kind)%len(all)]
		if err := b.Decode(text); err != nil || !utf8.Valid(text) {
			return
		}
		first, err := b.Encode()
		require.NoError(t, err)
		c := newBody(b)
		require.NoError(t, c.Decode(first), "%s", first)
		second, err := c.Encode()
		require.NoError(t, err)
		require.Equal(t, string(first), string(second))
	})
}

// FuzzHeader offers any field to each of the headers.
func FuzzHeader(f *testing.F) {
	for i, h := range headers() {
		for _, field := range wire.CollectFields(nil, h) {
			f.Add(uint8(i), field.Key, []byte(field.Value))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, key string, value []byte) {
		all := headers()
		h := all[int(kind)%len(all)]
		if err := h.SetField([]byte(key), value); err != nil {
			return
		}
		again := fresh(h)
		for _, field := range wire.CollectFields(nil, h) {
			require.NoError(t, again.SetField([]byte(field.Key), []byte(field.Value)))
		}
		require.Equal(t, wire.CollectFields(nil, h), wire.CollectFields(nil, again))
	})
}
