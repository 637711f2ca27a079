package remote

import (
	"context"
	"io"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// rawEcho answers without allocating, so that what is measured is the client: it turns the request's own
// bytes into the answer, whose header must be binary.
func rawEcho(c *scriptedConn) {
	buf := make([]byte, 1<<20)
	have := 0
	for {
		n, err := c.Conn.Read(buf[have:])
		if err != nil {
			return
		}
		have += n
		out := 0
		for have-out >= 4 {
			size := 4 + int(buf[out])<<24 + int(buf[out+1])<<16 + int(buf[out+2])<<8 + int(buf[out+3])
			if have-out < size {
				break
			}
			buf[out+8+2+1+2+4+3] |= byte(wire.FlagResponse) // the last byte of the flag
			out += size
		}
		if _, err := c.Conn.Write(buf[:out]); err != nil {
			return
		}
		have = copy(buf, buf[out:have])
	}
}

// rawSwallow reads everything, answers nothing, and does not allocate.
func rawSwallow(c *scriptedConn) { _, _ = io.Copy(io.Discard, c.Conn) }

// testHeader appends its fields without allocating, as the headers of package command do.
type testHeader struct{ topic string }

func (h *testHeader) AppendFields(w *wire.FieldWriter) {
	w.String("topic", h.topic)
	w.Int32("queueId", 3)
}

func benchClient(b *testing.B, cfg Config, srv *scripted) *Client {
	cfg.Serialization = wire.RocketMQ
	c := newClient(b, cfg)
	_, err := c.Invoke(context.Background(), srv.addr, &Request{})
	require.NoError(b, err)
	b.ReportAllocs()
	b.SetBytes(1024)
	b.ResetTimer()
	return c
}

func BenchmarkInvoke(b *testing.B) {
	srv := serve(b, rawEcho)
	c := benchClient(b, Config{}, srv)
	req := &Request{Code: 310, Header: &testHeader{topic: "T"}, Body: make([]byte, 1024)}
	for b.Loop() {
		if _, err := c.Invoke(context.Background(), srv.addr, req); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInvokeWithContext(b *testing.B) {
	srv := serve(b, rawEcho)
	c := benchClient(b, Config{}, srv)
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	req := &Request{Code: 310, Header: &testHeader{topic: "T"}, Body: make([]byte, 1024)}
	for b.Loop() {
		if _, err := c.Invoke(ctx, srv.addr, req); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInvokeSigned(b *testing.B) {
	srv := serve(b, rawEcho)
	c := benchClient(b, Config{Signer: NewACLSigner("ak", "sk", "")}, srv)
	req := &Request{Code: 310, Header: &testHeader{topic: "T"}, Body: make([]byte, 1024)}
	for b.Loop() {
		if _, err := c.Invoke(context.Background(), srv.addr, req); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInvokeParallel64(b *testing.B) {
	srv := serve(b, rawEcho)
	c := benchClient(b, Config{}, srv)
	b.SetParallelism((64 + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
	b.RunParallel(func(pb *testing.PB) {
		req := &Request{Code: 310, Header: &testHeader{topic: "T"}, Body: make([]byte, 1024)}
		for pb.Next() {
			if _, err := c.Invoke(context.Background(), srv.addr, req); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkInvokeAsync(b *testing.B) {
	srv := serve(b, rawEcho)
	c := benchClient(b, Config{MaxInflight: 1000}, srv)
	req := &Request{Code: 310, Header: &testHeader{topic: "T"}, Body: make([]byte, 1024)}
	var wg sync.WaitGroup
	done := func(_ *wire.Command, err error) {
		if err != nil {
			b.Error(err)
		}
		wg.Done()
	}
	for b.Loop() {
		wg.Add(1)
		c.InvokeAsync(context.Background(), srv.addr, req, done)
	}
	wg.Wait()
}

func BenchmarkInvokeOneWay(b *testing.B) {
	srv := serve(b, rawSwallow)
	c := newClient(b, Config{})
	require.NoError(b, c.InvokeOneWay(context.Background(), srv.addr, &Request{}))
	req := &Request{Code: 310, Header: &testHeader{topic: "T"}, Body: make([]byte, 1024)}
	b.ReportAllocs()
	b.SetBytes(1024)
	for b.Loop() {
		if err := c.InvokeOneWay(context.Background(), srv.addr, req); err != nil {
			b.Fatal(err)
		}
	}
}
