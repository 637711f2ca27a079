package primitive_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestStaticAndPassthroughResolver(t *testing.T) {
	t.Setenv("NAMESRV_ADDR", "env:1;env:2")
	list := []string{"a:1", "b:2"}
	static := primitive.NewStaticResolver(list...)
	pass := primitive.NewPassthroughResolver(list)
	list[0] = "changed"
	for _, r := range []primitive.NsResolver{static, pass} {
		require.Equal(t, []string{"a:1", "b:2"}, r.Resolve())
		r.Resolve()[0] = "changed"
		require.Equal(t, []string{"a:1", "b:2"}, r.Resolve())
		require.Contains(t, r.Description(), "a:1;b:2")
	}
	for _, empty := range [][]string{nil, {}} {
		r := primitive.NewPassthroughResolver(empty)
		require.Equal(t, []string{"env:1", "env:2"}, r.Resolve())
		require.Contains(t, r.Description(), "NAMESRV_ADDR")
	}
	require.Empty(t, (&primitive.StaticResolver{}).Resolve())
}

func TestEnvResolver(t *testing.T) {
	r := primitive.NewEnvResolver()
	for value, want := range map[string][]string{
		"": nil, "a": {"a"}, "a:1;b:2": {"a:1", "b:2"}, " a:1 ;; b:2;": {"a:1", "b:2"}, "a:1,b:2": {"a:1", "b:2"},
	} {
		t.Setenv("NAMESRV_ADDR", value)
		require.Equal(t, len(want), len(r.Resolve()), value)
		require.ElementsMatch(t, want, r.Resolve(), value)
	}
}

// answering starts an address server with this handler.
func answering(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func TestHttpResolver(t *testing.T) {
	t.Setenv("NAMESRV_ADDR", "")
	t.Setenv("NO_PROXY", "*")
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"one":                    {"a:1", []string{"a:1"}},
		"several":                {"a:1;b:2\n", []string{"a:1", "b:2"}},
		"first line only":        {"a:1;b\r\nnot;this\n", []string{"a:1", "b:9876"}},
		"spaces and empty parts": {" a:1; ;", []string{"a:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.String
			server := answering(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Store(r.URL.String())
				_, _ = w.Write([]byte(tt.body))
			})
			r := primitive.NewHttpResolver("instance", strings.TrimPrefix(server.URL, "http://"))
			require.Equal(t, tt.want, r.Resolve())
			require.Equal(t, "/rocketmq/nsaddr", asked.Load(), "of a host only, the path is Java's")
			r.DomainWithUnit("")
			r.DomainWithUnit("unit")
			r.DomainWithUnit("unit")
			require.Equal(t, tt.want, r.Resolve())
			require.Equal(t, "/rocketmq/nsaddr-unit?nofix=1", asked.Load())

			r = primitive.NewHttpResolver("instance", server.URL+"/my/list?env=test")
			require.Equal(t, tt.want, r.Resolve())
			require.Equal(t, "/my/list?env=test", asked.Load(), "a URL is left alone")
			r.DomainWithUnit("u")
			require.Equal(t, tt.want, r.Resolve())
			require.Equal(t, "/my/list-u?nofix=1&env=test", asked.Load())
		})
	}
}

func TestHttpResolverAddresses(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]string{
		"":                             "http://jmenv.tbsite.net:8080/rocketmq/nsaddr",
		"host":                         "http://host:8080/rocketmq/nsaddr",
		"host:80":                      "http://host:80/rocketmq/nsaddr",
		"host/path":                    "http://host:8080/path",
		"https://host/rocketmq/nsaddr": "https://host/rocketmq/nsaddr",
	} {
		require.Equal(t, "http resolver of domain:"+want, primitive.NewHttpResolver("x", domain).Description())
	}
	require.Contains(t, primitive.NewHttpResolver("x").String(), "jmenv.tbsite.net")
	var zero primitive.HttpResolver
	zero.DomainWithUnit("u")
	require.Contains(t, zero.String(), "nsaddr-u?nofix=1")
}

// An address server that fails leaves the list that it gave last, else what the environment says.
func TestHttpResolverFallback(t *testing.T) {
	t.Setenv("NAMESRV_ADDR", "env:1")
	t.Setenv("NO_PROXY", "*")
	var status, body = atomic.NewInt32(500), atomic.NewString("a:1;b:2")
	server := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(int(status.Load()))
		_, _ = w.Write([]byte(body.Load()))
	})
	r := primitive.NewHttpResolver("instance", server.URL)
	require.Equal(t, []string{"env:1"}, r.Resolve())
	_, err := r.ResolveContext(t.Context())
	require.ErrorIs(t, err, errors.ErrResponse)
	require.ErrorContains(t, err, server.URL)
	require.ErrorContains(t, err, "500")
	status.Store(200)
	require.Equal(t, []string{"a:1", "b:2"}, r.Resolve())
	for _, nonsense := range []string{"", "\n", "<html>", "a:b:c", ";;"} {
		body.Store(nonsense)
		_, err = r.ResolveContext(t.Context())
		require.ErrorIs(t, err, errors.ErrResponse, "%q", nonsense)
		require.Equal(t, []string{"a:1", "b:2"}, r.Resolve(), "%q", nonsense)
	}
	body.Store(strings.Repeat("x", 1<<20))
	_, err = r.ResolveContext(t.Context())
	require.Error(t, err, "no more than a line is read")
	server.Close()
	require.Equal(t, []string{"a:1", "b:2"}, r.Resolve())
}

func TestHttpResolverCancelled(t *testing.T) {
	t.Setenv("NO_PROXY", "*")
	asked := make(chan struct{})
	server := answering(t, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	})
	r := primitive.NewHttpResolver("instance", server.URL)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		<-asked
		cancel()
	}()
	start := time.Now()
	_, err := r.ResolveContext(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(start), 2*time.Second)
}

func TestHttpResolverConcurrently(t *testing.T) {
	t.Setenv("NO_PROXY", "*")
	server := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("a:1")) })
	r := primitive.NewHttpResolver("instance", server.URL)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 5 {
				if got := r.Resolve(); len(got) != 1 || got[0] != "a:1" {
					t.Errorf("%v", got)
				}
				r.DomainWithUnit("u")
				_ = r.Description()
			}
		}()
	}
	wg.Wait()
}
