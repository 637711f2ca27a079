package remote

import (
	"net"
	"strconv"
)

// VIPAddr returns addr with its port lowered by two, where a broker listens for requests that must
// not queue behind others (Java: MixAll.brokerVIPChannel). An address without a port above 2 is returned
// as it is.
func VIPAddr(addr string) string {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port <= vipPortOffset {
		return addr
	}
	return net.JoinHostPort(host, strconv.FormatUint(port-vipPortOffset, 10))
}
