package remote

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Whatever bytes a peer sends: the call ends, nothing panics, nothing stays behind.
func FuzzHostilePeer(f *testing.F) {
	answer, err := wire.AppendFrame(nil, wire.JSON, &wire.Head{Opaque: 1, Flag: wire.FlagResponse}, wire.Fields{{Key: "k", Value: "v"}}, nil, []byte("body"))
	require.NoError(f, err)
	request, err := wire.AppendFrame(nil, wire.RocketMQ, &wire.Head{Code: 40, Opaque: 1}, nil, nil, nil)
	require.NoError(f, err)
	f.Add(answer)
	f.Add(append(append([]byte(nil), request...), answer...))
	f.Add(answer[:len(answer)-1])
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
	f.Add([]byte{0, 0, 0, 4, 0, 0, 0, 0})
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		net := &pipes{script: func(c *scriptedConn) {
			if c.next() != nil {
				go swallow(c) // what the client answers must not block the writes below
				_, _ = c.Write(data)
			}
		}}
		c := newClient(t, Config{Dial: net.dial})
		c.Handle(40, func(context.Context, string, *wire.Command) *Reply { return &Reply{} })
		resp, err := c.Invoke(context.Background(), "a:1", &Request{Deadline: time.Now().Add(10 * time.Second)})
		require.Equal(t, resp == nil, err != nil)
		if err != nil {
			require.ErrorIs(t, err, ErrConnectionLost)
		}
		shutdown(t, c)
		net.wg.Wait()
	})
}
