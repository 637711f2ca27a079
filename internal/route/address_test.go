package route

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
)

func TestParseAddrs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		in   []string
		want []string
	}{
		{"host and port", []string{"mq.example.com:9877"}, []string{"mq.example.com:9877"}},
		{"host", []string{"mq"}, []string{"mq:9876"}},
		{"v4", []string{"10.0.0.1"}, []string{"10.0.0.1:9876"}},
		{"v6 in brackets with port", []string{"[::1]:9877"}, []string{"[::1]:9877"}},
		{"v6 in brackets", []string{"[::1]"}, []string{"[::1]:9876"}},
		{"v6 bare", []string{"2001:db8::7"}, []string{"[2001:db8::7]:9876"}},
		{"v6 with zone", []string{"[fe80::1%eth0]:9876"}, []string{"[fe80::1%eth0]:9876"}},
		{"semicolons", []string{"a:1;b:2"}, []string{"a:1", "b:2"}},
		{"commas, blanks, empty elements", []string{" a:1 , b:2,;"}, []string{"a:1", "b:2"}},
		{"several elements", []string{"a:1", "b:2;a:1"}, []string{"a:1", "b:2"}},
		{"host with an empty port", []string{"a:"}, []string{"a:9876"}},
		{"scheme", []string{"http://a:1;https://b/"}, []string{"a:1", "b:9876"}},
		{"SRV name", []string{"_rocketmq._tcp.example.com"}, []string{"_rocketmq._tcp.example.com"}},
		{"underscore inside a name", []string{"my_host:1"}, []string{"my_host:1"}},
		{"nothing", []string{"", " ; "}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseAddrs(tc.in...)
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
		})
	}
	for _, bad := range []string{":9876", "a:0", "a:70000", "a:x", "a b:1", "http://a:1/path", "[::1", "[::1]9876", "a:b:1", "user@a:1", "[]:1"} {
		t.Run("bad "+bad, func(t *testing.T) {
			t.Parallel()
			_, err := ParseAddrs(bad)
			require.ErrorIs(t, err, rmqerrors.ErrIllegalIP)
		})
	}
}

func FuzzParseAddrs(f *testing.F) {
	for _, s := range []string{"a:1;b:2", "[::1]:9876", "2001:db8::7", "http://a:1", "_x._tcp.y", "[", "]:1", "::", ":"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := ParseAddrs(s)
		if err != nil {
			return
		}
		for _, a := range list {
			if a[0] == '_' {
				continue
			}
			_, _, err := net.SplitHostPort(a)
			require.NoError(t, err, a)
			again, err := ParseAddrs(a)
			require.NoError(t, err)
			require.Equal(t, []string{a}, again)
		}
	})
}

func TestBrokerAddressesCanBeDialled(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"10.0.0.1:10911":      "10.0.0.1:10911",
		"broker-a:10911":      "broker-a:10911",
		"[::1]:10911":         "[::1]:10911",
		"::1:10911":           "[::1]:10911",
		"2001:db8::7:10911":   "[2001:db8::7]:10911",
		" 10.0.0.1:10911 ":    "10.0.0.1:10911",
		"":                    "",
		"10.0.0.1":            "",
		":10911":              "",
		"10.0.0.1:":           "",
		"10.0.0.1:x":          "",
		"10.0.0.1:0":          "",
		"null:10911 10.0.0.1": "",
	} {
		require.Equal(t, want, dialable(in), in)
	}
}
