package remote

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

func TestDeadline(t *testing.T) {
	t.Parallel()
	srv := serve(t, swallow)
	c := newClient(t, Config{RequestTimeout: 50 * time.Millisecond})
	soon := func() time.Time { return time.Now().Add(50 * time.Millisecond) }
	for name, try := range map[string]func() error{
		"request": func() error {
			_, err := c.Invoke(context.Background(), srv.addr, &Request{Deadline: soon()})
			return err
		},
		"context": func() error {
			ctx, cancel := context.WithDeadline(context.Background(), soon())
			defer cancel()
			_, err := c.Invoke(ctx, srv.addr, &Request{Deadline: time.Now().Add(time.Hour)})
			return err
		},
		"default": func() error {
			_, err := c.Invoke(context.Background(), srv.addr, &Request{})
			return err
		},
		"async": func() error {
			result := make(chan error, 1)
			c.InvokeAsync(context.Background(), srv.addr, &Request{Deadline: soon()}, func(_ *wire.Command, err error) { result <- err })
			return <-result
		},
		"async context": func() error {
			ctx, cancel := context.WithDeadline(context.Background(), soon())
			defer cancel()
			result := make(chan error, 1)
			c.InvokeAsync(ctx, srv.addr, &Request{}, func(_ *wire.Command, err error) { result <- err })
			return <-result
		},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			err := try()
			require.ErrorIs(t, err, ErrTimeout)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.True(t, failure(t, err).Timeout())
			require.True(t, failure(t, err).Sent)
			require.GreaterOrEqual(t, time.Since(start), 45*time.Millisecond)
			require.Less(t, time.Since(start), 2*time.Second)
		})
	}
	require.EqualValues(t, 1, srv.accepted.Load(), "short timeouts do not cost the connection")
}

func TestDeadlinesInAnyOrder(t *testing.T) {
	t.Parallel()
	srv := serve(t, swallow)
	c := newClient(t, Config{})
	invokeReady(t, c, srv.addr)
	start := time.Now()
	var mu sync.Mutex
	var order []int
	var wg sync.WaitGroup
	for _, ms := range []int{300, 100, 200, 50, 250, 150} {
		wg.Add(1)
		c.InvokeAsync(context.Background(), srv.addr, &Request{Deadline: start.Add(time.Duration(ms) * time.Millisecond)},
			func(_ *wire.Command, err error) {
				defer wg.Done()
				if took := time.Since(start); took < time.Duration(ms)*time.Millisecond {
					t.Errorf("%d ms expired after %v: %v", ms, took, err)
				}
				mu.Lock()
				order = append(order, ms)
				mu.Unlock()
			})
	}
	wg.Wait()
	require.Equal(t, []int{50, 100, 150, 200, 250, 300}, order)
}

// invokeReady makes the connection with a request that nobody answers.
func invokeReady(t *testing.T, c *Client, addr string) {
	require.NoError(t, c.InvokeOneWay(context.Background(), addr, &Request{}))
}

func TestPastDeadlineSendsNothing(t *testing.T) {
	t.Parallel()
	c := newClient(t, Config{Dial: func(context.Context, string, string) (net.Conn, error) {
		t.Error("dialled")
		return nil, io.EOF
	}})
	_, err := c.Invoke(context.Background(), "x:1", &Request{Deadline: time.Now().Add(-time.Second)})
	require.ErrorIs(t, err, ErrTimeout)
	require.False(t, failure(t, err).Sent)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = c.Invoke(ctx, "x:1", &Request{})
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, failure(t, err).Sent)
	require.ErrorIs(t, c.InvokeOneWay(ctx, "x:1", &Request{}), context.Canceled)
	calls := 0
	c.InvokeAsync(ctx, "x:1", &Request{}, func(_ *wire.Command, err error) {
		calls++
		require.ErrorIs(t, err, context.Canceled)
	})
	require.Equal(t, 1, calls)
}

func TestCancelWhileWaitingForTheAnswer(t *testing.T) {
	t.Parallel()
	got := make(chan struct{}, 2)
	srv := serve(t, func(c *scriptedConn) {
		for c.next() != nil {
			got <- struct{}{}
		}
	})
	c := newClient(t, Config{})
	req := &Request{Deadline: time.Now().Add(time.Minute)}
	for name, start := range map[string]func(ctx context.Context, done chan<- error){
		"sync": func(ctx context.Context, done chan<- error) {
			go func() {
				_, err := c.Invoke(ctx, srv.addr, req)
				done <- err
			}()
		},
		"async": func(ctx context.Context, done chan<- error) {
			c.InvokeAsync(ctx, srv.addr, req, func(_ *wire.Command, err error) { done <- err })
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan error, 1)
			start(ctx, done)
			<-got
			begin := time.Now()
			cancel()
			err := <-done
			require.ErrorIs(t, err, context.Canceled)
			require.True(t, failure(t, err).Sent)
			require.Less(t, time.Since(begin), time.Second)
		})
	}
}
