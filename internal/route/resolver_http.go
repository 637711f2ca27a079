package route

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
)

// IsEndpoint reports whether addr is the URL of an HTTP endpoint that lists name servers (it has a path), rather
// than the address of a name server with a scheme before it.
func IsEndpoint(addr string) bool {
	if !strings.HasPrefix(addr, "http://") && !strings.HasPrefix(addr, "https://") {
		return false
	}
	u, err := url.Parse(strings.TrimSpace(addr))
	return err == nil && strings.Trim(u.Path, "/") != ""
}

// HTTPResolver asks an HTTP endpoint, such as http://host:8080/rocketmq/nsaddr, for the name servers: the first line
// of the body lists them, separated by ';'. A unit is added to the path as Java does (TopAddressing.fetchNSAddr:
// -<unit>?nofix=1). The endpoint is asked once in 120 s; earlier when no name server answers, at most once in 10 s.
func HTTPResolver(endpoint, unit string) (Resolver, error) {
	endpoint = strings.TrimSpace(endpoint)
	u, err := url.Parse(endpoint)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("name server endpoint %q: write a URL such as http://host:8080/rocketmq/nsaddr", endpoint)
	}
	if unit != "" {
		u.Path += "-" + unit
		u.RawQuery = "nofix=1"
	}
	target := u.String()
	// One request in two minutes needs no connection kept open, and a kept one would outlive the client.
	client := &http.Client{
		Timeout:   httpTimeout,
		Transport: &http.Transport{DisableKeepAlives: true, Proxy: http.ProxyFromEnvironment},
	}
	return &polled{resolve: func(ctx context.Context) ([]string, error) { return fetch(ctx, client, target) }}, nil
}

func fetch(ctx context.Context, client *http.Client, target string) ([]string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("name server endpoint: %w", err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("name server endpoint: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // only read from
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("name server endpoint %s answered %s", target, resp.Status)
	}
	line, err := bufio.NewReader(io.LimitReader(resp.Body, maxHTTPBody)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("name server endpoint %s: %w", target, err)
	}
	list, err := ParseAddrs(line)
	if err != nil {
		return nil, fmt.Errorf("name server endpoint %s: %w", target, err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: name server endpoint %s answered an empty list", rmqerrors.ErrNoNameserver, target)
	}
	return list, nil
}

// polled keeps the answer of a resolver that is costly to ask.
type polled struct {
	resolve func(ctx context.Context) ([]string, error)

	mu    sync.Mutex
	list  []string
	asked time.Time
	stale bool
}

// Resolve returns the kept answer while it is fresh.
func (p *polled) Resolve(ctx context.Context) ([]string, error) {
	p.mu.Lock()
	period := httpPeriod
	if p.stale {
		period = httpRetryPeriod
	}
	list, fresh := p.list, p.list != nil && time.Since(p.asked) < period
	p.mu.Unlock()
	if fresh {
		return list, nil
	}
	asked := time.Now()
	list, err := p.resolve(ctx)
	if err == nil {
		list, err = ParseAddrs(list...)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = asked
	if err != nil {
		p.stale = true
		return nil, err
	}
	p.list, p.stale = list, false
	return list, nil
}

// invalidate makes Resolve ask again as soon as httpRetryPeriod allows.
func (p *polled) invalidate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stale = true
}
