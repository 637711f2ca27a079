package remote

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// scripted is a TCP peer that runs a function for each connection it accepts.
type scripted struct {
	net.Listener
	addr     string
	accepted atomic.Int32
	alive    atomic.Int32 // scripts that run
	wg       sync.WaitGroup
	mu       sync.Mutex
	conns    []net.Conn
}

// scriptedConn is the peer's side of a connection.
type scriptedConn struct {
	net.Conn
	frames *wire.Reader
	nth    int // of the peer's connections, from 1
	out    sync.Mutex
}

// serve starts a peer; it ends with the test, and by then every script must have returned.
func serve(t testing.TB, script func(c *scriptedConn)) *scripted {
	return serveTLS(t, nil, script)
}

func serveTLS(t testing.TB, cfg *tls.Config, script func(c *scriptedConn)) *scripted {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return serveOn(t, ln, cfg, script)
}

func serveOn(t testing.TB, ln net.Listener, cfg *tls.Config, script func(c *scriptedConn)) *scripted {
	s := &scripted{Listener: ln, addr: ln.Addr().String()}
	s.wg.Go(func() {
		for {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			nth := int(s.accepted.Inc())
			s.mu.Lock()
			s.conns = append(s.conns, nc)
			s.mu.Unlock()
			s.alive.Inc()
			s.wg.Go(func() {
				defer s.alive.Dec()
				defer nc.Close()
				c := nc
				if cfg != nil {
					c = tls.Server(nc, cfg)
				}
				script(&scriptedConn{Conn: c, frames: wire.NewReader(c, 0), nth: nth})
			})
		}
	})
	t.Cleanup(s.stop)
	return s
}

// stop closes the listener and every connection and waits for the scripts.
func (s *scripted) stop() {
	_ = s.Close()
	s.mu.Lock()
	for _, c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// next returns the next command; nil when the connection has ended.
func (c *scriptedConn) next() *wire.Command {
	frame, err := c.frames.Next()
	if err != nil {
		return nil
	}
	cmd, err := wire.Decode(frame)
	if err != nil {
		panic(fmt.Sprintf("the client sent a bad frame: %v", err))
	}
	return cmd
}

// answer answers cmd with its own body.
func (c *scriptedConn) answer(cmd *wire.Command) { c.answerCode(cmd, 0, "") }

func (c *scriptedConn) answerCode(cmd *wire.Command, code int32, remark string) {
	c.send(&wire.Head{Code: code, Version: wire.Version, Opaque: cmd.Opaque, Flag: wire.FlagResponse, Remark: remark}, cmd.Body)
}

func (c *scriptedConn) send(head *wire.Head, body []byte) {
	frame, err := wire.AppendFrame(nil, wire.JSON, head, nil, nil, body)
	if err != nil {
		panic(err)
	}
	c.out.Lock()
	defer c.out.Unlock()
	_, _ = c.Write(frame) // the client may be gone: that is for the test to see
}

// echo answers everything with its own body.
func echo(c *scriptedConn) {
	for cmd := c.next(); cmd != nil; cmd = c.next() {
		if !cmd.IsOneWay() {
			c.answer(cmd)
		}
	}
}

// swallow reads everything and answers nothing.
func swallow(c *scriptedConn) {
	for c.next() != nil {
	}
}

// newClient returns a client that is shut down with the test.
func newClient(t testing.TB, cfg Config) *Client {
	if cfg.Logger == nil {
		cfg.Logger = &recordingLogger{}
	}
	c, err := New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { shutdown(t, c) })
	return c
}

func shutdown(t testing.TB, c *Client) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	require.NoError(t, c.Shutdown(ctx))
}

// invoke sends body and demands it back.
func invoke(t testing.TB, c *Client, addr, body string) {
	t.Helper()
	resp, err := c.Invoke(context.Background(), addr, &Request{Code: 1, Body: []byte(body)})
	require.NoError(t, err)
	require.Equal(t, body, string(resp.Body))
}

// failure demands an *Error.
func failure(t testing.TB, err error) *Error {
	t.Helper()
	var e *Error
	require.ErrorAs(t, err, &e)
	return e
}

// eventually waits for a condition that other goroutines bring about. It polls on the test's own
// goroutine, so that tests can count goroutines.
func eventually(t testing.TB, condition func() bool, text string) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(10 * time.Second); !condition(); <-tick.C {
		require.True(t, time.Now().Before(end), "never: %s", text)
	}
}

// recordingLogger keeps what is logged.
type recordingLogger struct {
	mu    sync.Mutex
	lines []string
}

func (l *recordingLogger) add(level, msg string, fields map[string]any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprint(level, " ", msg, " ", fields))
}

func (l *recordingLogger) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.lines...)
}

func (l *recordingLogger) contains(text string) bool {
	return strings.Contains(strings.Join(l.all(), "\n"), text)
}

func (l *recordingLogger) Debug(msg string, f map[string]any)   { l.add("debug", msg, f) }
func (l *recordingLogger) Info(msg string, f map[string]any)    { l.add("info", msg, f) }
func (l *recordingLogger) Warning(msg string, f map[string]any) { l.add("warning", msg, f) }
func (l *recordingLogger) Error(msg string, f map[string]any)   { l.add("error", msg, f) }
func (l *recordingLogger) Fatal(msg string, f map[string]any)   { l.add("fatal", msg, f) }
func (l *recordingLogger) Level(string)                         {}
func (l *recordingLogger) OutputPath(string) error              { return nil }
