package instance

import (
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/netip"
	"os"
	"strconv"
)

// newID makes a client id that no other client has: <ip>@<name>#<random>[@unit]. Address, process id and start time do
// not tell containers apart (all have process 1, many the same bridge address), hence the 64 random bits. Two members
// of a group with one id would get the same queues.
func newID(ip, name, unit string) string {
	if name == "" {
		name = strconv.Itoa(os.Getpid())
	}
	var random [8]byte
	rand.Read(random[:]) // never fails: crypto/rand
	id := ip + "@" + name + "#" + hex.EncodeToString(random[:])
	if unit != "" {
		id += "@" + unit
	}
	return id
}

// network is what localIP asks the operating system.
type network struct {
	addrs func() ([]net.Addr, error)
	dial  func(network, addr string) (net.Conn, error)
}

func systemNetwork() network {
	return network{addrs: net.InterfaceAddrs, dial: net.Dial}
}

// localIP returns an address of this machine: IPv4 before IPv6, then public before private ones; IPv6 in brackets, as
// Java does (NetworkUtil.getLocalAddress). Listing the interfaces may be forbidden or broken; then the address is the
// one from which a packet would leave, and failing that 127.0.0.1. The id stays unique whatever comes out.
func localIP(n network) string {
	var best netip.Addr
	if addrs, err := n.addrs(); err == nil {
		for _, a := range addrs {
			if ip := usable(a); rank(ip) > rank(best) {
				best = ip
			}
		}
	}
	// Reserved for documentation (RFC 5737, 3849): connecting a UDP socket chooses a route and sends nothing.
	for _, probe := range []struct{ network, addr string }{{"udp4", "192.0.2.1:9"}, {"udp6", "[2001:db8::1]:9"}} {
		if best.IsValid() {
			break
		}
		if conn, err := n.dial(probe.network, probe.addr); err == nil {
			best = usable(conn.LocalAddr())
			_ = conn.Close() // a UDP socket that sent nothing
		}
	}
	switch {
	case !best.IsValid():
		return "127.0.0.1"
	case best.Is6():
		return "[" + best.String() + "]"
	default:
		return best.String()
	}
}

// usable returns the address if others can tell this machine by it, else the zero Addr.
func usable(a net.Addr) netip.Addr {
	var ip net.IP
	switch a := a.(type) {
	case *net.IPNet:
		ip = a.IP
	case *net.UDPAddr:
		ip = a.IP
	}
	addr, ok := netip.AddrFromSlice(ip)
	if addr = addr.Unmap(); !ok || !addr.IsGlobalUnicast() {
		return netip.Addr{}
	}
	return addr
}

func rank(ip netip.Addr) int {
	switch {
	case !ip.IsValid():
		return 0
	case ip.Is6() && ip.IsPrivate():
		return 1
	case ip.Is6():
		return 2
	case ip.IsPrivate():
		return 3
	default:
		return 4
	}
}
