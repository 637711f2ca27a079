package remote

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// asking is a peer that, on the first connection, hands itself to the test once the client has said something.
func asking(t *testing.T) (srv *scripted, conns chan *scriptedConn, release func()) {
	conns = make(chan *scriptedConn, 10)
	hold := make(chan struct{})
	var once sync.Once
	release = func() { once.Do(func() { close(hold) }) }
	srv = serve(t, func(c *scriptedConn) {
		c.next()
		conns <- c
		<-hold
	})
	t.Cleanup(release)
	return srv, conns, release
}

func TestRequestsFromTheBroker(t *testing.T) {
	t.Parallel()
	srv, conns, _ := asking(t)
	log := &recordingLogger{}
	c := newClient(t, Config{Logger: log})
	oneWay := make(chan string, 1)
	c.Handle(307, func(_ context.Context, addr string, cmd *wire.Command) *Reply {
		group, _ := cmd.Field("consumerGroup")
		return &Reply{Code: 0, Remark: "fine", Header: wire.Fields{{Key: "from", Value: addr}}, Body: append([]byte(group+":"), cmd.Body...)}
	})
	c.Handle(40, func(_ context.Context, addr string, cmd *wire.Command) *Reply {
		oneWay <- addr
		return &Reply{} // must be dropped
	})
	c.Handle(39, func(context.Context, string, *wire.Command) *Reply { return nil })
	c.Handle(309, func(context.Context, string, *wire.Command) *Reply { panic("user code broke") })
	c.Handle(326, func(context.Context, string, *wire.Command) *Reply {
		return &Reply{Body: make([]byte, wire.MaxFrameSize)}
	})
	invokeReady(t, c, srv.addr)
	peer := <-conns

	ask := func(code, flag, opaque int32, body string) {
		frame, err := wire.AppendFrame(nil, wire.RocketMQ, &wire.Head{Code: code, Opaque: opaque, Flag: flag},
			wire.Fields{{Key: "consumerGroup", Value: "G"}}, nil, []byte(body))
		require.NoError(t, err)
		_, err = peer.Write(frame)
		require.NoError(t, err)
	}
	ask(307, 0, 77, "body")
	answer := peer.next()
	require.Equal(t, wire.Head{Code: 0, Language: wire.LanguageGo, Version: wire.Version, Opaque: 77, Flag: wire.FlagResponse, Remark: "fine"}, answer.Head)
	require.Equal(t, map[string]string{"from": srv.addr}, answer.FieldMap())
	require.Equal(t, "G:body", string(answer.Body))

	ask(40, wire.FlagOneWay, 78, "")
	require.Equal(t, srv.addr, <-oneWay)
	ask(39, 0, 79, "")                 // handled, but nil: no answer
	ask(9998, wire.FlagOneWay, 80, "") // unknown and one-way: no answer
	ask(9999, 0, 81, "")               // unknown
	ask(9999, 0, 0x7fffffff, "")
	answer = peer.next()
	require.EqualValues(t, 81, answer.Opaque)
	require.Equal(t, command.RequestCodeNotSupported, answer.Code)
	require.Equal(t, " request type 9999 not supported", answer.Remark)
	require.EqualValues(t, 0x7fffffff, peer.next().Opaque)

	ask(309, 0, 82, "")
	answer = peer.next()
	require.Equal(t, command.SystemError, answer.Code)
	require.Contains(t, answer.Remark, "user code broke")
	require.Len(t, log.all(), 1)
	require.Contains(t, log.all()[0], "dispatch_test.go", "the stack is logged")

	ask(326, 0, 83, "")
	answer = peer.next()
	require.Equal(t, command.SystemError, answer.Code, "an answer that cannot be sent is still answered")
	require.EqualValues(t, 83, answer.Opaque)
}

// The broker numbers its requests on its own: one may carry an opaque that we have in flight.
func TestBrokerRequestWithAnOpaqueInFlight(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(c *scriptedConn) {
		cmd := c.next()
		c.send(&wire.Head{Code: 307, Opaque: cmd.Opaque}, []byte("question"))
		answer := c.next()
		if !answer.IsResponse() || answer.Opaque != cmd.Opaque {
			panic("not the answer")
		}
		c.send(&wire.Head{Opaque: cmd.Opaque, Flag: wire.FlagResponse}, append([]byte("both:"), answer.Body...))
		c.next()
	})
	c := newClient(t, Config{})
	c.Handle(307, func(_ context.Context, _ string, cmd *wire.Command) *Reply {
		return &Reply{Body: bytes.ToUpper(cmd.Body)}
	})
	resp, err := c.Invoke(context.Background(), srv.addr, &Request{Body: []byte("x")})
	require.NoError(t, err)
	require.Equal(t, "both:QUESTION", string(resp.Body))
}

// A flood from the broker: bounded goroutines, the rest is answered busy, and our own requests go on.
func TestHandlersAreBounded(t *testing.T) {
	t.Parallel()
	const flood = 200
	srv := serve(t, func(c *scriptedConn) {
		c.next()
		for i := range flood {
			c.send(&wire.Head{Code: 307, Opaque: int32(i)}, nil)
		}
		busy := 0
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			switch {
			case !cmd.IsResponse():
				c.send(&wire.Head{Opaque: cmd.Opaque, Flag: wire.FlagResponse}, fmt.Append(nil, busy))
			case cmd.Code == command.SystemBusy:
				busy++
			}
		}
	})
	c := newClient(t, Config{HandlerWorkers: 2, HandlerQueue: 3})
	release := make(chan struct{})
	defer func() {
		select {
		case <-release:
		default:
			close(release) // the test has failed
		}
	}()
	var running, most, done atomic.Int32
	c.Handle(307, func(context.Context, string, *wire.Command) *Reply {
		if n := running.Inc(); n > most.Load() {
			most.Store(n)
		}
		<-release
		running.Dec()
		done.Inc()
		return &Reply{}
	})
	invokeReady(t, c, srv.addr)
	accepted := flood
	eventually(t, func() bool {
		resp, err := c.Invoke(context.Background(), srv.addr, &Request{})
		require.NoError(t, err)
		busy, err := strconv.Atoi(string(resp.Body))
		require.NoError(t, err)
		accepted = flood - busy
		return accepted <= 5 // 2 run and 3 wait
	}, "the others are answered busy")
	require.GreaterOrEqual(t, accepted, 3)
	close(release)
	eventually(t, func() bool { return int(done.Load()) == accepted }, "the accepted ones run")
	require.LessOrEqual(t, most.Load(), int32(2))
}

// A peer that asks and asks and never reads the answers loses its connection before it costs memory.
func TestUnreadAnswersAreBounded(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(c *scriptedConn) {
		c.next()
		frame, _ := wire.AppendFrame(nil, wire.JSON, &wire.Head{Code: 9999}, nil, nil, nil)
		frames := bytes.Repeat(frame, 1000)
		for {
			if _, err := c.Write(frames); err != nil {
				return
			}
		}
	})
	log := &recordingLogger{}
	c := newClient(t, Config{Logger: log, WriteTimeout: time.Minute})
	invokeReady(t, c, srv.addr)
	eventually(t, func() bool { return !c.Connected(srv.addr) }, "closed")
	eventually(t, func() bool { return log.contains(errUnreadReply.Error()) }, "and said so")
}

// Shutdown ends the handlers' context and waits for them.
func TestShutdownWaitsForHandlers(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(c *scriptedConn) {
		c.next()
		c.send(&wire.Head{Code: 307}, nil)
		c.next()
	})
	c := newClient(t, Config{})
	started := make(chan struct{})
	var ended atomic.Bool
	c.Handle(307, func(ctx context.Context, _ string, _ *wire.Command) *Reply {
		close(started)
		<-ctx.Done()
		ended.Store(true)
		return &Reply{}
	})
	invokeReady(t, c, srv.addr)
	<-started
	shutdown(t, c)
	require.True(t, ended.Load())
}
