package primitive

import (
	"bufio"
	"context"
	stderrors "errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/errors"
)

const (
	defaultNamesrvDomain = "jmenv.tbsite.net"
	httpResolverTimeout  = 3 * time.Second
	httpResolverMaxLine  = 64 << 10
)

// HttpResolver asks an address server for the name servers: an HTTP GET within 3 seconds whose answer has them in
// its first line, with ";" between them. When that fails it returns the last list that it got, else what the
// environment variable NAMESRV_ADDR says. It writes no files and is safe for concurrent use. The zero value asks
// http://jmenv.tbsite.net:8080/rocketmq/nsaddr.
type HttpResolver struct {
	instance string

	mu   sync.Mutex
	url  string
	last []string
}

// NewHttpResolver returns a resolver that asks a domain: a URL, or a host with or without port that stands for
// http://host:8080/rocketmq/nsaddr. Without a domain it is Java's default, jmenv.tbsite.net. instance only serves to
// tell resolvers apart.
func NewHttpResolver(instance string, domain ...string) *HttpResolver {
	h := &HttpResolver{instance: instance}
	if len(domain) > 0 {
		h.url = domainURL(domain[0])
	}
	return h
}

// domainURL does what Java's TopAddressing does with rocketmq.namesrv.domain, and leaves URLs as they are.
func domainURL(domain string) string {
	domain = strings.TrimSpace(domain)
	if domain == "" {
		domain = defaultNamesrvDomain
	}
	if strings.Contains(domain, "://") {
		return domain
	}
	host, path, hasPath := strings.Cut(domain, "/")
	if !strings.Contains(host, ":") {
		host += ":8080"
	}
	if !hasPath {
		path = "rocketmq/nsaddr"
	}
	return "http://" + host + "/" + path
}

// DomainWithUnit asks for the name servers of a unit: "-<unit>?nofix=1" is appended to the address, once. An empty
// name changes nothing.
func (h *HttpResolver) DomainWithUnit(unitName string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.url = h.address()
	if unitName == "" || strings.Contains(h.url, "?nofix=1") {
		return
	}
	path, query, hasQuery := strings.Cut(h.url, "?")
	h.url = path + "-" + unitName + "?nofix=1"
	if hasQuery {
		h.url += "&" + query
	}
}

func (h *HttpResolver) address() string {
	if h.url == "" {
		return domainURL("")
	}
	return h.url
}

// Resolve returns the name servers, nil when there is nothing to be had.
func (h *HttpResolver) Resolve() []string {
	addrs, err := h.ResolveContext(context.Background())
	if err == nil {
		return addrs
	}
	h.mu.Lock()
	last := h.last
	h.mu.Unlock()
	if len(last) > 0 {
		return append([]string(nil), last...)
	}
	return NewEnvResolver().Resolve()
}

// ResolveContext asks the address server and nothing else, within 3 seconds or as long as ctx lives.
func (h *HttpResolver) ResolveContext(ctx context.Context) ([]string, error) {
	h.mu.Lock()
	url := h.address()
	h.mu.Unlock()
	addrs, err := fetchNamesrvAddrs(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("ask %s for name servers: %w", url, err)
	}
	h.mu.Lock()
	h.last = addrs
	h.mu.Unlock()
	return append([]string(nil), addrs...), nil
}

func fetchNamesrvAddrs(ctx context.Context, url string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, httpResolverTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	// A transport of its own without kept connections: it is asked every two minutes, and nothing stays behind.
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: status %s", errors.ErrResponse, response.Status)
	}
	line, err := bufio.NewReader(io.LimitReader(response.Body, httpResolverMaxLine)).ReadString('\n')
	if err != nil && !stderrors.Is(err, io.EOF) {
		return nil, err
	}
	addrs, err := NamesrvAddr{line}.Normalize()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errors.ErrResponse, err)
	}
	return addrs, nil
}

// Description names the resolver and its address.
func (h *HttpResolver) Description() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return "http resolver of domain:" + h.address()
}

// String is Description.
func (h *HttpResolver) String() string {
	if h == nil {
		return "http resolver [nil]"
	}
	return h.Description()
}
