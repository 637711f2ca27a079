package remote

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func TestInvoke(t *testing.T) {
	t.Parallel()
	for _, s := range []wire.Serialization{wire.JSON, wire.RocketMQ} {
		heads := make(chan *wire.Command, 10)
		srv := serve(t, func(c *scriptedConn) {
			for cmd := c.next(); cmd != nil; cmd = c.next() {
				heads <- cmd
				c.answerCode(cmd, 17, "no such topic")
			}
		})
		c := newClient(t, Config{Serialization: s})
		resp, err := c.Invoke(context.Background(), srv.addr, &Request{
			Code: 105, Header: wire.Fields{{Key: "topic", Value: "T"}}, Extra: []wire.Field{{Key: "bname", Value: "b"}},
			Body: []byte("body"), Remark: "hello",
		})
		require.NoError(t, err, "a code other than 0 is not an error here")
		require.EqualValues(t, 17, resp.Code)
		require.Equal(t, "no such topic", resp.Remark)

		sent := <-heads
		require.Equal(t, s, sent.Serialization)
		require.Equal(t, wire.Head{Code: 105, Language: wire.LanguageGo, Version: wire.Version, Opaque: 1, Remark: "hello"}, sent.Head)
		require.Equal(t, map[string]string{"topic": "T", "bname": "b"}, sent.FieldMap())
		require.Equal(t, "body", string(sent.Body))
		require.True(t, c.Connected(srv.addr))
		require.False(t, c.Connected("127.0.0.1:1"))
	}
}

func TestPOPCodesGoAsJSON(t *testing.T) {
	t.Parallel()
	got := make(chan *wire.Command, 1)
	srv := serve(t, func(c *scriptedConn) {
		cmd := c.next()
		got <- cmd
		c.answer(cmd)
	})
	c := newClient(t, Config{Serialization: wire.RocketMQ})
	_, err := c.Invoke(context.Background(), srv.addr, &Request{Code: 200050})
	require.NoError(t, err)
	cmd := <-got
	require.EqualValues(t, 200050, cmd.Code)
	require.Equal(t, wire.JSON, cmd.Serialization)
}

func TestOneWay(t *testing.T) {
	t.Parallel()
	got := make(chan *wire.Command, 10)
	srv := serve(t, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			got <- cmd
		}
	})
	c := newClient(t, Config{MaxInflight: 1})
	for range 5 { // with one permit: each is given back when the request is written
		require.NoError(t, c.InvokeOneWay(context.Background(), srv.addr, &Request{Code: 15}))
		cmd := <-got
		require.True(t, cmd.IsOneWay())
		require.False(t, cmd.IsResponse())
	}
}

// What is queued when Shutdown begins still leaves: offsets are committed one-way at the very end.
func TestOneWayBeforeShutdownIsWritten(t *testing.T) {
	t.Parallel()
	var got atomic.Int32
	srv := serve(t, func(c *scriptedConn) {
		for c.next() != nil {
			got.Inc()
		}
	})
	c := newClient(t, Config{})
	const n = 2000
	for range n {
		require.NoError(t, c.InvokeOneWay(context.Background(), srv.addr, &Request{Code: 15, Body: make([]byte, 100)}))
	}
	shutdown(t, c)
	eventually(t, func() bool { return got.Load() == n }, "all requests arrive")
}

func TestInvokeAsync(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	c := newClient(t, Config{})
	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Add(1)
		want := fmt.Sprint(i)
		c.InvokeAsync(context.Background(), srv.addr, &Request{Code: 1, Body: []byte(want)}, func(resp *wire.Command, err error) {
			defer wg.Done()
			if err != nil || string(resp.Body) != want {
				t.Errorf("got %v, %v; want %s", resp, err, want)
			}
		})
	}
	wg.Wait()
}

// Frames leave in the order in which one caller gives them, from the first on, when there is no
// connection yet.
func TestOrderOfOneCaller(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	got := map[byte][]int{}
	srv := serve(t, func(c *scriptedConn) {
		for cmd := c.next(); cmd != nil; cmd = c.next() {
			mu.Lock()
			got[cmd.Body[0]] = append(got[cmd.Body[0]], int(cmd.Body[1])<<8|int(cmd.Body[2]))
			mu.Unlock()
			c.answer(cmd)
		}
	})
	c := newClient(t, Config{})
	var wg sync.WaitGroup
	for caller := range 4 {
		wg.Go(func() {
			for i := range 1000 {
				wg.Add(1)
				c.InvokeAsync(context.Background(), srv.addr, &Request{Body: []byte{byte(caller), byte(i >> 8), byte(i)}},
					func(*wire.Command, error) { wg.Done() })
			}
		})
	}
	wg.Wait()
	for caller := range 4 {
		require.Len(t, got[byte(caller)], 1000)
		for i, n := range got[byte(caller)] {
			require.Equal(t, i, n)
		}
	}
}

func TestLateDuplicateAndUnknownAnswers(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(c *scriptedConn) {
		first := c.next()
		second := c.next()
		c.send(&wire.Head{Opaque: 4711, Flag: wire.FlagResponse}, nil) // never asked
		c.send(&wire.Head{Opaque: second.Opaque + 1, Flag: wire.FlagResponse}, []byte("too early"))
		c.answer(first) // too late
		c.answer(second)
		c.answer(second) // twice
		third := c.next()
		c.answer(third)
		c.next()
	})
	log := &recordingLogger{}
	c := newClient(t, Config{Logger: log})
	_, err := c.Invoke(context.Background(), srv.addr, &Request{Deadline: time.Now().Add(20 * time.Millisecond), Body: []byte("one")})
	require.ErrorIs(t, err, ErrTimeout)
	invoke(t, c, srv.addr, "two")
	invoke(t, c, srv.addr, "three")
	require.EqualValues(t, 1, srv.accepted.Load())
	require.Empty(t, log.all())
}

func TestFrameTooLargeIsNotSent(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	c := newClient(t, Config{MaxFrameSize: 1 << 20})
	invoke(t, c, srv.addr, "fine")
	_, err := c.Invoke(context.Background(), srv.addr, &Request{Body: make([]byte, 1<<20)})
	require.ErrorIs(t, err, ErrFrameTooLarge)
	require.False(t, failure(t, err).Sent)
	require.ErrorIs(t, c.InvokeOneWay(context.Background(), srv.addr, &Request{Body: make([]byte, 1<<20)}), ErrFrameTooLarge)
	result := make(chan error, 1)
	c.InvokeAsync(context.Background(), srv.addr, &Request{Body: make([]byte, 1<<20)}, func(_ *wire.Command, err error) { result <- err })
	require.ErrorIs(t, <-result, ErrFrameTooLarge)
	invoke(t, c, srv.addr, "fine")
	require.EqualValues(t, 1, srv.accepted.Load(), "others keep their connection")
}
