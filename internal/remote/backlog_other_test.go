//go:build !unix

package remote

import (
	"errors"
	"net"
)

func listenBacklog(int) (net.Listener, error) { return nil, errors.New("not on this system") }
