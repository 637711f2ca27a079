package route

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestStaticResolver(t *testing.T) {
	t.Parallel()
	r, err := StaticResolver("a:1;b", "[::1]:2")
	require.NoError(t, err)
	list, err := r.Resolve(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"a:1", "b:9876", "[::1]:2"}, list)

	_, err = StaticResolver()
	require.ErrorIs(t, err, rmqerrors.ErrNoNameserver)
	_, err = StaticResolver("", ";")
	require.ErrorIs(t, err, rmqerrors.ErrNoNameserver)
	_, err = StaticResolver("a b")
	require.ErrorIs(t, err, rmqerrors.ErrIllegalIP)
}

func TestEnvResolver(t *testing.T) {
	t.Setenv(EnvName, "a:1;b:2")
	r := EnvResolver()
	list, err := r.Resolve(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"a:1", "b:2"}, list)
	t.Setenv(EnvName, "c:3")
	list, err = r.Resolve(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"c:3"}, list, "the variable is read each time")
	t.Setenv(EnvName, "")
	_, err = r.Resolve(t.Context())
	require.ErrorIs(t, err, rmqerrors.ErrNoNameserver)
	require.ErrorContains(t, err, EnvName)
}

func TestHTTPResolver(t *testing.T) {
	t.Parallel()
	var asked atomic.String
	var body atomic.String
	body.Store("a:1;b:2\nsecond line\n")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.URL.String())
		if body.Load() == "" {
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(body.Load()))
	}))
	defer server.Close()
	endpoint := server.URL + "/rocketmq/nsaddr"
	require.True(t, IsEndpoint(endpoint))
	require.False(t, IsEndpoint(server.URL))
	require.False(t, IsEndpoint("a:1"))

	r, err := HTTPResolver(endpoint, "")
	require.NoError(t, err)
	list, err := r.Resolve(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"a:1", "b:2"}, list)
	require.Equal(t, "/rocketmq/nsaddr", asked.Load())

	r, err = HTTPResolver(endpoint, "unit1")
	require.NoError(t, err)
	_, err = r.Resolve(t.Context())
	require.NoError(t, err)
	require.Equal(t, "/rocketmq/nsaddr-unit1?nofix=1", asked.Load())

	for want, answer := range map[string]string{"503": "", "empty list": "\n", "IP addr error": "<html> nonsense"} {
		body.Store(answer)
		r, err = HTTPResolver(endpoint, "")
		require.NoError(t, err)
		_, err = r.Resolve(t.Context())
		require.ErrorContains(t, err, want)
	}
	server.Close()
	_, err = r.Resolve(t.Context())
	require.Error(t, err)

	for _, bad := range []string{"", "a:1/path", "ftp://a/b", "http://", "http://%zz/a"} {
		_, err := HTTPResolver(bad, "")
		require.Error(t, err, bad)
	}
}

func TestCostlyResolversAreAskedEachTwoMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		var failure error
		p := &polled{resolve: func(context.Context) ([]string, error) {
			calls.Inc()
			return []string{"a:1"}, failure
		}}
		ask := func(times int) {
			for range times {
				time.Sleep(30 * time.Second) // virtual: the table's interval
				list, err := p.Resolve(t.Context())
				if err == nil {
					require.Equal(t, []string{"a:1"}, list)
				}
			}
		}
		ask(8)
		require.Equal(t, int32(2), calls.Load(), "in four minutes")

		p.invalidate()
		ask(1)
		require.Equal(t, int32(3), calls.Load(), "sooner when the answer turned out to be of no use")
		p.invalidate()
		_, err := p.Resolve(t.Context())
		require.NoError(t, err)
		require.Equal(t, int32(3), calls.Load(), "but not all the time")

		failure = errors.New("endpoint is down")
		ask(8)
		require.Equal(t, int32(3+8), calls.Load(), "and each interval while it fails")
	})
}

type nsResolver struct{ list []string }

func (r *nsResolver) Resolve() []string   { return r.list }
func (r *nsResolver) Description() string { return "mine" }

type ctxResolver struct{ nsResolver }

func (r *ctxResolver) ResolveContext(ctx context.Context) ([]string, error) {
	return []string{"ctx:1"}, ctx.Err()
}

func TestFromNsResolver(t *testing.T) {
	t.Parallel()
	list, err := FromNsResolver(&nsResolver{list: []string{"http://a:1", "b"}}).Resolve(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"a:1", "b:9876"}, list)
	_, err = FromNsResolver(&nsResolver{}).Resolve(t.Context())
	require.ErrorIs(t, err, rmqerrors.ErrNoNameserver)
	require.ErrorContains(t, err, "mine")
	list, err = FromNsResolver(&ctxResolver{}).Resolve(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"ctx:1"}, list)
	list, err = FromNsResolver(primitive.NewPassthroughResolver([]string{"c:1"})).Resolve(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"c:1"}, list)
}

func TestResolveSRV(t *testing.T) {
	t.Parallel()
	lookup := func(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
		require.Empty(t, service+proto, "the name is complete")
		if name == "_bad._tcp.x" {
			return "", nil, errors.New("no such host")
		}
		return name, []*net.SRV{{Target: "ns1.example.com.", Port: 9876}, {Target: "ns2.example.com.", Port: 1}}, nil
	}
	list, err := resolveSRV(t.Context(), []string{"a:1", "_rocketmq._tcp.x"}, lookup)
	require.NoError(t, err)
	require.Equal(t, []string{"a:1", "ns1.example.com:9876", "ns2.example.com:1"}, list)
	list, err = resolveSRV(t.Context(), []string{"a:1", "_bad._tcp.x"}, lookup)
	require.NoError(t, err, "what is left is enough")
	require.Equal(t, []string{"a:1"}, list)
	_, err = resolveSRV(t.Context(), []string{"_bad._tcp.x"}, lookup)
	require.ErrorContains(t, err, "no such host")
}
