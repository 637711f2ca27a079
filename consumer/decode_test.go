package consumer

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
)

// Damage to one record leaves the others readable.
func TestDecodeGoesOnBehindDamage(t *testing.T) {
	t.Parallel()
	var body []byte
	for i := range int64(4) {
		one := encodeRecords(t, i)
		switch i {
		case 1: // the body's length is wrong
			binary.BigEndian.PutUint32(one[84:], 1<<20)
		case 2: // the compression is unknown
			binary.BigEndian.PutUint32(one[36:], uint32(record.FlagCompressed|0x700))
		}
		body = append(body, one...)
	}
	msgs, bad, lost := decodeAll(body)
	require.NoError(t, lost)
	require.Len(t, msgs, 4)
	for i, m := range msgs {
		require.EqualValues(t, i, m.QueueOffset)
	}
	require.Len(t, bad, 2)
	require.True(t, bad[0].torn)
	require.Same(t, msgs[1], bad[0].msg)
	require.EqualValues(t, 1001, bad[0].msg.CommitLogOffset, "where the broker stores it")
	require.False(t, bad[1].torn)
	require.Equal(t, "message 2", string(bad[1].msg.Body), "as it came")

	msgs, _, lost = decodeAll(append(encodeRecords(t, 0), 1, 2, 3))
	require.Error(t, lost)
	require.Len(t, msgs, 1)
}

func FuzzDecodeAll(f *testing.F) {
	var rec record.Message
	rec.Topic, rec.Body, rec.Properties = []byte("topic"), []byte("body"), []byte("TAGS\x01a\x02")
	one, err := rec.Append(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(one)
	f.Add(append(one, one...))
	f.Add(one[:len(one)-3])
	f.Fuzz(func(t *testing.T, body []byte) {
		msgs, bad, _ := decodeAll(body)
		require.LessOrEqual(t, len(bad), len(msgs))
		for _, u := range bad {
			require.NotNil(t, u.msg)
			require.Contains(t, msgs, u.msg)
		}
	})
}
