package remote

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// The same with a real listener that accepts nothing more: its backlog is full.
func TestFullBacklogDelaysNobody(t *testing.T) {
	t.Parallel()
	srv := serve(t, echo)
	full := fullListener(t)
	c := newClient(t, Config{ConnectTimeout: 300 * time.Millisecond})
	result := make(chan error, 1)
	c.InvokeAsync(context.Background(), full, &Request{}, func(_ *wire.Command, err error) { result <- err })
	start := time.Now()
	for range 20 {
		invoke(t, c, srv.addr, "healthy")
	}
	require.Less(t, time.Since(start), 250*time.Millisecond)
	err := <-result
	e := failure(t, err)
	require.Equal(t, "dial", e.Op)
	require.True(t, e.Timeout() || isTimeout(err), "%v", err)
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

// fullListener returns the address of a listener whose backlog is full.
func fullListener(t *testing.T) (addr string) {
	ln, err := listenBacklog(1)
	require.NoError(t, err)
	t.Cleanup(func() { _ = ln.Close() })
	addr = ln.Addr().String()
	for range 20 {
		nc, err := net.DialTimeout("tcp", addr, 100*time.Millisecond)
		if err != nil {
			return addr
		}
		t.Cleanup(func() { _ = nc.Close() })
	}
	t.Fatal("a backlog of 1 takes 20 connections")
	return ""
}

// listenBacklog listens with a backlog of n and accepts nothing.
func listenBacklog(n int) (net.Listener, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "listener")
	defer f.Close()
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return nil, err
	}
	if err := syscall.Listen(fd, n); err != nil {
		return nil, err
	}
	return net.FileListener(f)
}
