package instance

import (
	"errors"
	"net"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIDsAreUniqueByConstruction(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for range 1000 {
		id := newID("172.17.0.2", "1", "") // containers: the same bridge address, all of them process 1
		require.False(t, seen[id])
		seen[id] = true
	}
	require.Regexp(t, regexp.MustCompile(`^10\.0\.0\.1@\d+#[0-9a-f]{16}$`), newID("10.0.0.1", "", ""))
	require.Regexp(t, regexp.MustCompile(`^\[::1\]@name#[0-9a-f]{16}@unit$`), newID("[::1]", "name", "unit"))

	cfg := Config{NameServers: []string{"127.0.0.1:1"}, ClientIP: "10.0.0.1", InstanceName: "same"}
	a, b := newClient(t, cfg), newClient(t, cfg)
	require.NotEqual(t, a.ID(), b.ID(), "an equal instance name does not make one client of two")
	require.True(t, strings.HasPrefix(a.ID(), "10.0.0.1@same#"))
	require.Equal(t, "10.0.0.1", a.ClientIP())
}

type fakeConn struct {
	net.Conn
	local net.Addr
}

func (c fakeConn) LocalAddr() net.Addr { return c.local }
func (c fakeConn) Close() error        { return nil }

func TestLocalIP(t *testing.T) {
	t.Parallel()
	ips := func(list ...string) func() ([]net.Addr, error) {
		return func() ([]net.Addr, error) {
			var out []net.Addr
			for _, s := range list {
				out = append(out, &net.IPNet{IP: net.ParseIP(s)})
			}
			return out, nil
		}
	}
	broken := func() ([]net.Addr, error) { return nil, errors.New("getadaptersaddresses: invalid data") }
	none := func(string, string) (net.Conn, error) { return nil, errors.New("network is unreachable") }
	from := func(want, ip string) func(string, string) (net.Conn, error) {
		return func(network, _ string) (net.Conn, error) {
			if network != want {
				return nil, errors.New("network is unreachable")
			}
			return fakeConn{local: &net.UDPAddr{IP: net.ParseIP(ip), Port: 1}}, nil
		}
	}
	for name, tc := range map[string]struct {
		n    network
		want string
	}{
		"first private v4":              {network{ips("127.0.0.1", "10.0.0.7", "192.168.1.1", "2001:db8::1"), none}, "10.0.0.7"},
		"public before private":         {network{ips("10.0.0.7", "203.0.113.9"), none}, "203.0.113.9"},
		"v6 only":                       {network{ips("::1", "fe80::1", "2001:db8::1"), none}, "[2001:db8::1]"},
		"link-local only":               {network{ips("127.0.0.1", "169.254.1.1", "fe80::1"), none}, "127.0.0.1"},
		"no interface, but a route":     {network{ips(), from("udp4", "10.0.0.8")}, "10.0.0.8"},
		"interfaces fail, but a route":  {network{broken, from("udp4", "10.0.0.8")}, "10.0.0.8"},
		"interfaces fail, a v6 route":   {network{broken, from("udp6", "2001:db8::2")}, "[2001:db8::2]"},
		"interfaces fail, loopback out": {network{broken, from("udp4", "127.0.0.1")}, "127.0.0.1"},
		"nothing works":                 {network{broken, none}, "127.0.0.1"},
		"nothing but loopback":          {network{ips("127.0.0.1", "::1"), none}, "127.0.0.1"},
	} {
		require.Equal(t, tc.want, localIP(tc.n), name)
	}
	require.NotEmpty(t, localIP(systemNetwork()))
}
