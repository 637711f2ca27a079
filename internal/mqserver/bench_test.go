package mqserver

import (
	"bufio"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// BenchmarkSend is one connection that keeps 256 sends of 1 KiB in flight: what the server can take, so that a
// benchmark of the client measures the client.
func BenchmarkSend(b *testing.B) {
	c := start(b, withTopic("T", 4))
	p := dialBroker(b, c)
	frame, err := wire.AppendFrame(nil, wire.JSON, &wire.Head{Code: command.CodeSendMessageV2, Version: wire.Version},
		v2("T", "UNIQ_KEY", "C0000202000000000000000000000001", "TAGS", "TagA", "WAIT", "true"), nil, make([]byte, 1024))
	require.NoError(b, err)
	window := make(chan struct{}, 256)
	b.SetBytes(1024)
	b.ReportAllocs()
	b.ResetTimer()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range b.N {
			if _, err := p.r.Next(); err != nil {
				b.Error(err)
				return
			}
			<-window
		}
	}()
	w := bufio.NewWriterSize(p.nc, 64<<10)
	for range b.N {
		select {
		case window <- struct{}{}:
		default:
			require.NoError(b, w.Flush())
			window <- struct{}{}
		}
		_, err := w.Write(frame)
		require.NoError(b, err)
	}
	require.NoError(b, w.Flush())
	<-done
}

// BenchmarkPull is one connection that reads 32 messages of 1 KiB at a time.
func BenchmarkPull(b *testing.B) {
	c := start(b, withTopic("T", 1))
	p := dialBroker(b, c)
	for range 32 {
		p.send(v2("T", "TAGS", "A"), string(make([]byte, 1024)))
	}
	h := pullOf("T")
	b.SetBytes(32 << 10)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if cmd := p.call(command.CodePullMessage, h, nil); cmd.Code != codeSuccess {
			b.Fatal(cmd.Remark)
		}
	}
}

// BenchmarkArrival is the way from a send to the pull that waits for it, on two connections.
func BenchmarkArrival(b *testing.B) {
	c := start(b, withTopic("T", 1))
	p, consumer := dialBroker(b, c), dialBroker(b, c)
	h := holdingPull("T", time.Minute)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		opaque := consumer.write(command.CodePullMessage, 0, h, nil)
		h.QueueOffset = p.send(v2("T"), "x").QueueOffset + 1
		consumer.answerTo(opaque)
	}
}
