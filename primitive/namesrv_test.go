package primitive_test

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// User problem 12: names, names without port, IPv6 and lists are all accepted.
func TestNamesrvAddrAccepted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   []string
		want string
	}{
		"host and port":          {[]string{"namesrv:9876"}, "namesrv:9876"},
		"host":                   {[]string{"namesrv"}, "namesrv:9876"},
		"qualified host":         {[]string{"rmq-0.rmq.default.svc.cluster.local:9877"}, "rmq-0.rmq.default.svc.cluster.local:9877"},
		"root dot":               {[]string{"namesrv.example."}, "namesrv.example.:9876"},
		"name of a service":      {[]string{"_rocketmq._tcp.example.com"}, "_rocketmq._tcp.example.com:9876"},
		"underscore":             {[]string{"rmq_namesrv:9876"}, "rmq_namesrv:9876"},
		"digits and letters":     {[]string{"1a"}, "1a:9876"},
		"name outside ASCII":     {[]string{"名.example"}, "名.example:9876"},
		"IPv4":                   {[]string{"127.0.0.1:1"}, "127.0.0.1:1"},
		"IPv4 without port":      {[]string{"127.0.0.1"}, "127.0.0.1:9876"},
		"IPv6":                   {[]string{"[::1]:9877"}, "[::1]:9877"},
		"IPv6 without port":      {[]string{"[::1]"}, "[::1]:9876"},
		"bare IPv6":              {[]string{"2001:db8::1"}, "[2001:db8::1]:9876"},
		"bare loopback":          {[]string{"::1"}, "[::1]:9876"},
		"IPv6 zone":              {[]string{"[fe80::1%eth0]:9876"}, "[fe80::1%eth0]:9876"},
		"semicolons":             {[]string{"a:1;b:2"}, "a:1;b:2"},
		"commas":                 {[]string{"a:1,b:2"}, "a:1;b:2"},
		"spaces and empty parts": {[]string{" a:1 ; ;b:2,, c\n"}, "a:1;b:2;c:9876"},
		"several arguments":      {[]string{"a", "b:2;c:3"}, "a:9876;b:2;c:3"},
		"duplicates":             {[]string{"a", "b", "a:9876"}, "a:9876;b:9876"},
		"http":                   {[]string{"http://host:9876"}, "host:9876"},
		"https and slash":        {[]string{"HTTPS://host/"}, "host:9876"},
		"largest port":           {[]string{"a:65535"}, "a:65535"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			addrs, err := primitive.NewNamesrvAddr(tt.in...)
			require.NoError(t, err)
			require.Equal(t, tt.want, addrs.String())
			require.NoError(t, primitive.NamesrvAddr(tt.in).Check())
			for _, addr := range addrs {
				_, _, err := net.SplitHostPort(addr)
				require.NoError(t, err, "it can be dialled")
			}
			again, err := addrs.Normalize()
			require.NoError(t, err)
			require.Equal(t, addrs, again)
		})
	}
}

func TestNamesrvAddrRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   []string
		is   error
		text string
	}{
		"none":           {nil, errors.ErrNoNameserver, "give at least one host:port"},
		"empty":          {[]string{""}, errors.ErrNoNameserver, "give at least one"},
		"separators":     {[]string{" ;, "}, errors.ErrNoNameserver, "give at least one"},
		"no port number": {[]string{"a:x"}, errors.ErrIllegalIP, `"a:x" has port "x"`},
		"empty port":     {[]string{"a:"}, errors.ErrIllegalIP, `has port ""`},
		"port 0":         {[]string{"a:0"}, errors.ErrIllegalIP, "1 to 65535"},
		"large port":     {[]string{"a:65536"}, errors.ErrIllegalIP, "1 to 65535"},
		"negative port":  {[]string{"a:-1"}, errors.ErrIllegalIP, "1 to 65535"},
		"no host":        {[]string{":9876"}, errors.ErrIllegalIP, "neither a host name nor an IP address"},
		"two ports":      {[]string{"a:1:2"}, errors.ErrIllegalIP, "too many colons"},
		"half a bracket": {[]string{"[::1:9876"}, errors.ErrIllegalIP, "missing"},
		"bad IPv4":       {[]string{"256.1.1.1:9876"}, errors.ErrIllegalIP, "neither"},
		"three numbers":  {[]string{"10.0.1"}, errors.ErrIllegalIP, "neither"},
		"empty label":    {[]string{"a..b"}, errors.ErrIllegalIP, "neither"},
		"characters":     {[]string{"a!b:1"}, errors.ErrIllegalIP, "neither"},
		"at sign":        {[]string{"user@host:1"}, errors.ErrIllegalIP, "neither"},
		"hyphen":         {[]string{"-a"}, errors.ErrIllegalIP, "neither"},
		"long label":     {[]string{strings.Repeat("a", 64)}, errors.ErrIllegalIP, "neither"},
		"long":           {[]string{strings.Repeat("a.", 127) + "a"}, errors.ErrIllegalIP, "neither"},
		"address server": {[]string{"http://jmenv:8080/rocketmq/nsaddr"}, errors.ErrIllegalIP, "NewHttpResolver"},
		"one of several": {[]string{"a:1;b:bad"}, errors.ErrIllegalIP, `"b:bad"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := primitive.NewNamesrvAddr(tt.in...)
			require.ErrorIs(t, err, tt.is)
			require.ErrorContains(t, err, tt.text)
			require.ErrorIs(t, primitive.NamesrvAddr(tt.in).Check(), tt.is)
		})
	}
}

func FuzzNamesrvAddr(f *testing.F) {
	for _, s := range []string{"a:1;b", "[::1]:9876", "http://h/", "::", "fe80::1%x", "1.2.3.4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		addrs, err := primitive.NewNamesrvAddr(s)
		if err != nil {
			return
		}
		again, err := addrs.Normalize()
		if err != nil || again.String() != addrs.String() {
			t.Fatalf("%q: %q became %q, %v", s, addrs, again, err)
		}
		for _, addr := range addrs {
			if host, port, err := net.SplitHostPort(addr); err != nil || host == "" || port == "" {
				t.Fatalf("%q: %q", s, addr)
			}
		}
	})
}
