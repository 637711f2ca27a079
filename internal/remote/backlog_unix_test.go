//go:build unix

package remote

import (
	"net"
	"os"
	"syscall"
)

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
