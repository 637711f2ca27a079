package remote

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// leaving answers GO_AWAY on its first connection, except to requests with code 1, which it keeps until another
// connection has come, and echoes on later ones.
func leaving(t *testing.T) (srv *scripted, firstClosed chan struct{}) {
	second := make(chan struct{})
	firstClosed = make(chan struct{})
	srv = serve(t, func(c *scriptedConn) {
		if c.nth > 1 {
			if c.nth == 2 {
				close(second)
			}
			echo(c)
			return
		}
		var kept []*wire.Command
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			if cmd.Code == 1 {
				kept = append(kept, cmd)
				continue
			}
			c.answerCode(cmd, command.GoAway, "please go away")
			if kept != nil {
				<-second
				for _, k := range kept {
					c.answerCode(k, 0, "answered on the old connection")
				}
				kept = nil
			}
		}
		close(firstClosed)
	})
	return srv, firstClosed
}

func TestGoAway(t *testing.T) {
	t.Parallel()
	for _, async := range []bool{false, true} {
		t.Run(fmt.Sprintf("async=%t", async), func(t *testing.T) {
			t.Parallel()
			srv, firstClosed := leaving(t)
			log := &recordingLogger{}
			c := newClient(t, Config{Logger: log})
			old := make(chan *wire.Command, 1)
			c.InvokeAsync(context.Background(), srv.addr, &Request{Code: 1}, func(resp *wire.Command, err error) {
				if err != nil {
					t.Error(err)
				}
				old <- resp
			})
			req := &Request{Code: 2, Body: []byte("x")}
			if async {
				done := make(chan *wire.Command, 1)
				c.InvokeAsync(context.Background(), srv.addr, req, func(resp *wire.Command, err error) {
					if err != nil {
						t.Error(err)
					}
					done <- resp
				})
				require.Equal(t, "x", string((<-done).Body))
			} else {
				resp, err := c.Invoke(context.Background(), srv.addr, req)
				require.NoError(t, err)
				require.Zero(t, resp.Code)
				require.Equal(t, "x", string(resp.Body))
			}
			resp := <-old
			require.Equal(t, "answered on the old connection", resp.Remark, "the old connection still brings its answers")
			<-firstClosed // and is closed after the last one
			require.EqualValues(t, 2, srv.accepted.Load())
			require.Empty(t, log.all())
		})
	}
}

// The second GO_AWAY is the caller's to see.
func TestGoAwayTwice(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	srv := serve(t, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			requests.Inc()
			c.answerCode(cmd, command.GoAway, "")
		}
	})
	c := newClient(t, Config{})
	resp, err := c.Invoke(context.Background(), srv.addr, &Request{})
	require.NoError(t, err)
	require.Equal(t, command.GoAway, resp.Code)
	require.EqualValues(t, 2, requests.Load())

	done := make(chan *wire.Command, 1)
	c.InvokeAsync(context.Background(), srv.addr, &Request{}, func(resp *wire.Command, err error) {
		if err != nil {
			t.Error(err)
		}
		done <- resp
	})
	require.Equal(t, command.GoAway, (<-done).Code)
	require.EqualValues(t, 4, requests.Load())
}

// If the peer is gone before the second try, the request was not executed: NotSent.
func TestGoAwayAndGone(t *testing.T) {
	t.Parallel()
	for _, async := range []bool{false, true} {
		var srv *scripted
		ready := make(chan struct{})
		srv = serve(t, func(c *scriptedConn) {
			cmd := c.next()
			<-ready
			_ = srv.Close()
			c.answerCode(cmd, command.GoAway, "")
			c.next()
		})
		close(ready)
		c := newClient(t, Config{})
		var err error
		if async {
			done := make(chan error, 1)
			c.InvokeAsync(context.Background(), srv.addr, &Request{}, func(_ *wire.Command, err error) { done <- err })
			err = <-done
		} else {
			_, err = c.Invoke(context.Background(), srv.addr, &Request{})
		}
		e := failure(t, err)
		require.Equal(t, "dial", e.Op)
		require.False(t, e.Sent)
	}
}

// A context that ends between the two tries ends the call.
func TestGoAwayThenCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	srv := serve(t, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			if c.nth == 1 {
				c.answerCode(cmd, command.GoAway, "")
			} else {
				cancel()
			}
		}
	})
	c := newClient(t, Config{})
	done := make(chan error, 2)
	req := &Request{Deadline: time.Now().Add(time.Minute)}
	c.InvokeAsync(ctx, srv.addr, req, func(_ *wire.Command, err error) { done <- err })
	go func() {
		_, err := c.Invoke(ctx, srv.addr, req)
		done <- err
	}()
	for range 2 {
		require.ErrorIs(t, <-done, context.Canceled)
	}
}
