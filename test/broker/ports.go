package broker

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports come from below the usual ephemeral ranges, so that no outgoing
// connection takes one between our look and the JVM's bind.
const firstPort, lastPort = 12000, 31000

// freePort returns a port p such that p+offset is free on every interface for
// each offset. Brokers bind several: listenPort, listenPort-2 and the HA port.
func freePort(offsets ...int) (int, error) {
	for range 200 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		if allFree(port, offsets) {
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port between %d and %d", firstPort, lastPort)
}

func allFree(port int, offsets []int) bool {
	for _, off := range offsets {
		// Java binds the wildcard address.
		l, err := net.Listen("tcp", ":"+strconv.Itoa(port+off))
		if err != nil {
			return false
		}
		l.Close()
	}
	return true
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
