package conformance

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

func compressionCases() []Case {
	return []Case{
		{Name: "compress-zlib", Row: "8.3 #57", Run: func(t *testing.T, e *Env) { compressed(t, e, producer.CompressZlib, 0x300) }},
		{Name: "compress-lz4", Row: "8.3 #58, V14", Run: func(t *testing.T, e *Env) { compressed(t, e, producer.CompressLZ4, 0x100) }},
		{Name: "compress-zstd", Row: "8.3 #58, V14", Run: func(t *testing.T, e *Env) { compressed(t, e, producer.CompressZSTD, 0x200) }},
		{Name: "compress-from-threshold", Row: "3.7", Run: compressThreshold},
	}
}

// compressed sends a body that shrinks and checks the flags and the size of what
// is stored, and that a consumer gets the plain body. Brokers do not look into
// bodies, so every release stores every type.
func compressed(t *testing.T, e *Env, kind producer.CompressType, flag int32) {
	topic := e.SingleQueue()
	p := e.Producer(producer.WithCompressType(kind))
	body := bytes.Repeat([]byte("the same words again and again; "), 1000)
	m := primitive.NewMessage(topic, body)
	e.Send(p, m)
	s := e.Stored(topic, 1)[0]
	require.Equal(t, 0x1|flag, s.SysFlag)
	require.Less(t, len(s.Body), len(body)/4)
	require.Equal(t, body, m.Body, "the caller's message is untouched")
	plain, err := record.Decompress(s.SysFlag, s.Body, 4<<20)
	require.NoError(t, err)
	require.Equal(t, body, plain)

	inbox := &Inbox{}
	e.Consume(e.Group(), topic, "*", inbox)
	require.Equal(t, body, inbox.Wait(e, 1, 15*time.Second)[0].Body)
}

func compressThreshold(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	p := e.Producer()
	for _, n := range []int{4095, 4096} {
		e.Send(p, primitive.NewMessage(topic, bytes.Repeat([]byte("x"), n)))
	}
	stored := e.Stored(topic, 2)
	require.Zero(t, stored[0].SysFlag, fmt.Sprint(len(stored[0].Body)))
	require.EqualValues(t, 0x301, stored[1].SysFlag)
}
