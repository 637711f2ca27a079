package primitive

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/rocketmq-go/rocketmq/errors"
)

// DefaultNamesrvPort is the port of a name server whose address has none.
const DefaultNamesrvPort = 9876

// NamesrvAddr is a list of name servers. Each entry is host:port, a host or an IP address alone (then with port
// 9876), [ipv6]:port, or several of these with ";" or "," between them. A prefix http:// or https:// is ignored.
// Hosts are names or IP addresses; names are resolved when a connection is made, each time anew.
type NamesrvAddr []string

// NewNamesrvAddr returns the servers named by s, one entry for each, as host:port. The error wraps
// errors.ErrNoNameserver when there is none and errors.ErrIllegalIP when an address cannot be one.
func NewNamesrvAddr(s ...string) (NamesrvAddr, error) { return NamesrvAddr(s).Normalize() }

// Check reports the first address that cannot be one; its errors are those of NewNamesrvAddr.
func (addr NamesrvAddr) Check() error {
	_, err := addr.Normalize()
	return err
}

// Normalize returns the servers with one entry for each, as host:port, without duplicates and in their order. The
// errors are those of NewNamesrvAddr.
func (addr NamesrvAddr) Normalize() (NamesrvAddr, error) {
	var out NamesrvAddr
	seen := make(map[string]bool)
	for _, list := range addr {
		for _, one := range splitAddrs(list) {
			hostPort, err := normalizeAddr(one)
			if err != nil {
				return nil, err
			}
			if !seen[hostPort] {
				seen[hostPort] = true
				out = append(out, hostPort)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: give at least one host:port", errors.ErrNoNameserver)
	}
	return out, nil
}

// String returns the addresses with ";" between them, as the environment variable NAMESRV_ADDR has them.
func (addr NamesrvAddr) String() string { return strings.Join(addr, ";") }

// splitAddrs cuts at semicolons, commas and white space and drops empty parts.
func splitAddrs(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool {
		return r == ';' || r == ',' || r == ' ' || r == '\t' || r == '\r' || r == '\n'
	})
}

func normalizeAddr(addr string) (string, error) {
	rest := addr
	for _, scheme := range []string{"http://", "https://"} {
		if len(rest) >= len(scheme) && strings.EqualFold(rest[:len(scheme)], scheme) {
			rest = strings.TrimSuffix(rest[len(scheme):], "/")
			break
		}
	}
	if strings.Contains(rest, "/") {
		return "", fmt.Errorf("%w: %q has a path; for an address that returns the list of name servers use NewHttpResolver", errors.ErrIllegalIP, addr)
	}
	bare := rest
	if strings.HasPrefix(rest, "[") && strings.HasSuffix(rest, "]") {
		bare = rest[1 : len(rest)-1]
	}
	if isIP(bare) {
		return net.JoinHostPort(bare, strconv.Itoa(DefaultNamesrvPort)), nil
	}
	host, port := rest, strconv.Itoa(DefaultNamesrvPort)
	if strings.Contains(rest, ":") {
		var err error
		if host, port, err = net.SplitHostPort(rest); err != nil {
			return "", fmt.Errorf("%w: %q: %w", errors.ErrIllegalIP, addr, err)
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", fmt.Errorf("%w: %q has port %q, it must be 1 to 65535", errors.ErrIllegalIP, addr, port)
	}
	if !isIP(host) && !isHostName(host) {
		return "", fmt.Errorf("%w: %q is neither a host name nor an IP address (write host:port)", errors.ErrIllegalIP, addr)
	}
	return net.JoinHostPort(host, port), nil
}

// isIP also takes an IPv6 zone, which for package netip may be any text, but not one with a bracket in it.
func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil && !strings.ContainsAny(host, "[]")
}

// isHostName is generous: names with underscores exist in private networks and in the names of services. Names that
// look like a misspelled IPv4 address are refused, because no resolver knows them.
func isHostName(host string) bool {
	host = strings.TrimSuffix(host, ".")
	if host == "" || len(host) > 253 {
		return false
	}
	numeric := true
	for _, label := range strings.Split(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range label {
			switch {
			case '0' <= c && c <= '9':
			case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '-', c == '_', c > 127:
				numeric = false
			default:
				return false
			}
		}
	}
	return !numeric
}
