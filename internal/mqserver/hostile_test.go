package mqserver

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func TestBadFramesCloseTheConnection(t *testing.T) {
	t.Parallel()
	c := start(t)
	for name, b := range map[string][]byte{
		"too long":        {0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0},
		"negative":        {0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0},
		"HTTP":            []byte("GET / HTTP/1.1\r\n\r\n"),
		"header too long": {0, 0, 0, 8, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4},
		"no JSON":         {0, 0, 0, 6, 0, 0, 0, 2, 'x', 'y'},
		"serialization":   {0, 0, 0, 6, 9, 0, 0, 2, '{', '}'},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := dialBroker(t, c)
			_, err := p.nc.Write(b)
			require.NoError(t, err)
			_, err = p.next()
			require.Error(t, err)
		})
	}
}

// Answers of clients to nothing are ignored.
func TestResponsesAreIgnored(t *testing.T) {
	t.Parallel()
	p := dialBroker(t, start(t))
	p.write(command.CodeSendMessageV2, wire.FlagResponse, v2("T"), []byte("x"))
	p.quiet()
}

// Frames may come in any pieces.
func TestFramesInPieces(t *testing.T) {
	t.Parallel()
	c := start(t)
	p := dialBroker(t, c)
	var b []byte
	for i := range int32(3) {
		var err error
		b, err = wire.AppendFrame(b, wire.JSON, &wire.Head{Code: command.CodeSendMessageV2, Opaque: i}, v2("T"), nil, []byte("x"))
		require.NoError(t, err)
	}
	for i := range b {
		_, err := p.nc.Write(b[i : i+1])
		require.NoError(t, err)
	}
	for i := range int32(3) {
		cmd, err := p.next()
		require.NoError(t, err)
		require.Equal(t, i, cmd.Opaque)
	}
}

// A client that sends and sends but never reads does not fill the memory: it is no longer read from.
func TestClientThatNeverReads(t *testing.T) {
	t.Parallel()
	c := start(t)
	p := dialBroker(t, c)
	p.send(v2("T"), string(make([]byte, 200<<10)))
	frame, err := wire.AppendFrame(nil, wire.JSON, &wire.Head{Code: command.CodePullMessage}, pullOf("T"), nil, nil)
	require.NoError(t, err)
	require.NoError(t, p.nc.SetWriteDeadline(time.Now().Add(30*time.Second)))
	blocked := make(chan struct{})
	go func() {
		defer close(blocked)
		for range 100_000 {
			if _, err := p.nc.Write(frame); err != nil {
				return
			}
		}
	}()
	var con *conn
	s := c.sets[0].master().server
	s.mu.Lock()
	for x := range s.conns {
		con = x
	}
	s.mu.Unlock()
	before := 0
	require.Eventually(t, func() bool { // the number of handled requests stands still
		now := c.Requests(command.CodePullMessage)
		still := now == before && now > 10
		before = now
		return still
	}, 20*time.Second, 200*time.Millisecond)
	con.mu.Lock()
	require.Less(t, len(con.out), outboxLimit+1<<20)
	con.mu.Unlock()
	require.NoError(t, p.nc.Close())
	<-blocked
}

// FuzzConnection feeds a broker and a name server whatever bytes: they may close the connection, and nothing else.
func FuzzConnection(f *testing.F) {
	frame := func(code int32, s wire.Serialization, h wire.FieldAppender, body []byte) []byte {
		b, err := wire.AppendFrame(nil, s, &wire.Head{Code: code, Version: wire.Version, Opaque: 1}, h, nil, body)
		require.NoError(f, err)
		return b
	}
	for _, s := range []wire.Serialization{wire.JSON, wire.RocketMQ} {
		f.Add(frame(command.CodeSendMessageV2, s, v2("T", "DELAY", "1"), []byte("x")))
		f.Add(frame(command.CodeSendBatchMessage, s, v2("T"), []byte{0, 0, 0, 22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
		f.Add(frame(command.CodePullMessage, s, holdingPull("T", 1), nil))
		f.Add(frame(command.CodeHeartBeat, s, nil, []byte(`{"clientID":"c","consumerDataSet":[{"groupName":"CG","subscriptionDataSet":[{"topic":"T","subString":"*"}]}]}`)))
		f.Add(frame(command.CodeConsumerSendMsgBack, s, &command.ConsumerSendMsgBackRequest{Group: "CG", Offset: 5}, nil))
		f.Add(frame(command.CodeLockBatchMQ, s, nil, []byte(`{"clientId":"c","consumerGroup":"CG","mqSet":[{"topic":"T"}]}`)))
		f.Add(frame(command.CodeQueryMessage, s, wire.Fields{{Key: "topic", Value: "T"}, {Key: "maxNum", Value: "-5"}}, nil))
		f.Add(frame(command.CodeGetRouteInfoByTopic, s, &command.GetRouteInfoRequest{Topic: "T"}, nil))
		f.Add(frame(command.CodeSearchOffsetByTimestamp, s, &command.SearchOffsetRequest{Topic: "T"}, nil))
		f.Add(frame(command.CodeUpdateAndCreateTopic, s, &command.CreateTopicRequest{Topic: "F", ReadQueueNums: 1 << 30}, nil))
		f.Add(frame(command.CodeViewMessageByID, s, &command.ViewMessageRequest{Offset: 3}, nil))
	}
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	c := start(f, withTopic("T", 2), func(c *Config) { c.MaxMemory = 1 << 20 })
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range []*server{c.sets[0].master().server, c.names[0].server} {
			near, far := net.Pipe()
			con := newConn(s, near)
			done := make(chan struct{}, 3)
			go func() { con.write(context.Background()); done <- struct{}{} }()
			go func() { con.read(context.Background()); done <- struct{}{} }()
			go func() {
				buf := make([]byte, 4096)
				for {
					if _, err := far.Read(buf); err != nil {
						done <- struct{}{}
						return
					}
				}
			}()
			_, _ = far.Write(b)
			_ = far.Close()
			for range 3 {
				<-done
			}
		}
	})
}
