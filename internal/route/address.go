package route

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
)

// ParseAddrs splits and checks name server addresses. An element may hold several, separated by ';' or ',', each of
// the forms host:port, host (port 9876), [v6]:port, [v6], a bare v6 address, or one of these after http:// or
// https:// (an old workaround of users of other clients; the scheme means nothing). A name that starts with '_' is a
// DNS SRV name. The result is without duplicates and in the order given. Errors match errors.ErrIllegalIP.
func ParseAddrs(addrs ...string) ([]string, error) {
	var out []string
	for _, list := range addrs {
		for _, a := range strings.FieldsFunc(list, func(r rune) bool { return r == ';' || r == ',' }) {
			if a = strings.TrimSpace(a); a == "" {
				continue
			}
			addr, err := parseAddr(a)
			if err != nil {
				return nil, err
			}
			if !slices.Contains(out, addr) {
				out = append(out, addr)
			}
		}
	}
	return out, nil
}

func parseAddr(a string) (string, error) {
	bare := a
	for _, scheme := range []string{"http://", "https://"} {
		if rest, ok := strings.CutPrefix(a, scheme); ok {
			bare = strings.TrimSuffix(rest, "/")
		}
	}
	if strings.HasPrefix(bare, "_") {
		return bare, nil // resolved by resolveSRV
	}
	host, port := splitAddr(bare)
	if port == "" {
		port = DefaultPort
	}
	if host == "" || strings.ContainsAny(host, " \t\r\n/\\@?#[]") {
		return "", fmt.Errorf("%w: %q: the host is missing or malformed; write host:port, host or [ipv6]:port", rmqerrors.ErrIllegalIP, a)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", fmt.Errorf("%w: %q: the port must be a number from 1 to 65535", rmqerrors.ErrIllegalIP, a)
	}
	return net.JoinHostPort(host, port), nil
}

// splitAddr splits host and port; the port is "" when there is none. A v6 address may lack its brackets; with a port
// behind it, it is told from an address without one by not being an address as a whole.
func splitAddr(a string) (host, port string) {
	if rest, ok := strings.CutPrefix(a, "["); ok {
		host, tail, ok := strings.Cut(rest, "]")
		if !ok || (tail != "" && !strings.HasPrefix(tail, ":")) {
			return "", ""
		}
		return host, strings.TrimPrefix(tail, ":")
	}
	if ip, err := netip.ParseAddr(a); err == nil && ip.Is6() {
		return a, ""
	}
	if i := strings.LastIndexByte(a, ':'); i >= 0 {
		host, port = a[:i], a[i+1:]
		if strings.Contains(host, ":") {
			if _, err := netip.ParseAddr(host); err != nil {
				return "", ""
			}
		}
		return host, port
	}
	return a, ""
}

// dialable puts a broker's address from a route into the form that can be dialled: brokers on IPv6 register
// themselves without brackets. Unlike a name server's, a broker's address always has a port, so what follows the
// last colon is one. It returns "" for what cannot be an address.
func dialable(addr string) string {
	addr = strings.TrimSpace(addr)
	i := strings.LastIndexByte(addr, ':')
	if i <= 0 || i == len(addr)-1 {
		return ""
	}
	host := strings.TrimSuffix(strings.TrimPrefix(addr[:i], "["), "]")
	if host == "" || strings.ContainsAny(host, "[] ") {
		return ""
	}
	if n, err := strconv.ParseUint(addr[i+1:], 10, 16); err != nil || n == 0 {
		return ""
	}
	return net.JoinHostPort(host, addr[i+1:])
}
