package producer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// responder is name server and broker in one, for benchmarks and budgets: it
// understands as little as it can and allocates nothing for an answer, so that what
// is measured is the client.
type responder struct {
	l     net.Listener
	wg    sync.WaitGroup
	mu    sync.Mutex
	conns []net.Conn
	route []byte // body of the answer to a route query
}

func newResponder(t testing.TB) *responder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r := &responder{l: l}
	r.route = fmt.Appendf(nil, `{"brokerDatas":[{"brokerAddrs":{"0":%q},"brokerName":"b","cluster":"c"}],`+
		`"queueDatas":[{"brokerName":"b","perm":6,"readQueueNums":4,"topicSysFlag":0,"writeQueueNums":4}]}`, l.Addr())
	r.wg.Add(1)
	go r.accept()
	t.Cleanup(func() {
		_ = l.Close()
		r.mu.Lock()
		for _, c := range r.conns {
			_ = c.Close()
		}
		r.mu.Unlock()
		r.wg.Wait()
	})
	return r
}

func (r *responder) accept() {
	defer r.wg.Done()
	for {
		c, err := r.l.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		r.conns = append(r.conns, c)
		r.mu.Unlock()
		r.wg.Add(1)
		go r.serve(c)
	}
}

const sendAnswer = `"extFields":{"queueId":"1","TRACE_ON":"true","MSG_REGION":"DefaultRegion","msgId":"7F00000100002A9F00000000000000AB","queueOffset":"12"},`

func (r *responder) serve(c net.Conn) {
	defer r.wg.Done()
	in := make([]byte, 1<<20)
	out := make([]byte, 0, 1<<16)
	for have := 0; ; {
		n, err := c.Read(in[have:])
		if err != nil {
			return
		}
		have += n
		at := 0
		out = out[:0]
		for have-at >= 4 {
			size := int(binary.BigEndian.Uint32(in[at:])) + 4
			if have-at < size {
				break
			}
			out = r.answer(out, in[at+4:at+size])
			at += size
		}
		have = copy(in, in[at:have])
		if len(out) > 0 {
			if _, err := c.Write(out); err != nil {
				return
			}
		}
	}
}

// answer appends the answer to a request with a JSON header.
func (r *responder) answer(out, frame []byte) []byte {
	size := int(binary.BigEndian.Uint32(frame)) & 0xFFFFFF
	header := frame[4 : 4+size]
	code, opaque, flag := number(header, `"code":`), number(header, `"opaque":`), number(header, `"flag":`)
	if flag&2 != 0 {
		return out
	}
	var body []byte
	fields := ""
	switch code {
	case codeRoute:
		body = r.route
	case codeSend, codeBatch:
		fields = sendAnswer
	}
	start := len(out)
	out = append(out, 0, 0, 0, 0, 0, 0, 0, 0)
	out = append(out, `{"code":0,"flag":1,"language":"JAVA",`...)
	out = append(out, fields...)
	out = append(out, `"opaque":`...)
	out = strconv.AppendInt(out, int64(opaque), 10)
	out = append(out, `,"serializeTypeCurrentRPC":"JSON","version":493}`...)
	binary.BigEndian.PutUint32(out[start+4:], uint32(len(out)-start-8))
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[start:], uint32(len(out)-start-4))
	return out
}

// number finds the first number behind key.
func number(b []byte, key string) int {
	i := bytes.Index(b, []byte(key))
	n := 0
	if i < 0 {
		return n
	}
	for _, c := range b[i+len(key):] {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int(c-'0')
	}
	return n
}

func (r *responder) producer(t testing.TB, opts ...Option) *DefaultProducer {
	t.Helper()
	p, err := NewDefaultProducer(append([]Option{
		WithNameServer(primitive.NamesrvAddr{r.l.Addr().String()}), WithLogger(rlog.Discard()),
	}, opts...)...)
	require.NoError(t, err)
	require.NoError(t, p.Start())
	t.Cleanup(func() { require.NoError(t, p.Shutdown()) })
	return p
}
