package route

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// hosts notices when the name of a name server has moved to other addresses while the machine it stood for lives on:
// the connection would go on asking that one for ever.
type hosts struct {
	lookup func(ctx context.Context, host string) ([]string, error)

	mu   sync.Mutex          // held during the look-ups
	last map[string][]string // host: the addresses it had
}

// closeMoved looks the host names in list up, and closes the connection to each server whose name has none of its
// former addresses left. Names that cannot be looked up here (a proxy may know them) are let be.
func (h *hosts) closeMoved(ctx context.Context, list []string, closeConn func(addr string)) {
	if !h.mu.TryLock() {
		return // slow look-ups are still under way
	}
	defer h.mu.Unlock()
	next := make(map[string][]string)
	for _, addr := range list {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			continue
		}
		if _, err := netip.ParseAddr(host); err == nil {
			continue
		}
		ips, known := next[host]
		if !known {
			ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
			ips, err = h.lookup(ctx, host)
			cancel()
			if err != nil || len(ips) == 0 {
				ips = h.last[host]
			}
			next[host] = ips
		}
		if was := h.last[host]; len(was) > 0 && !slices.ContainsFunc(ips, func(ip string) bool { return slices.Contains(was, ip) }) {
			closeConn(addr)
		}
	}
	if len(list) > 0 {
		h.last = next
	}
}
