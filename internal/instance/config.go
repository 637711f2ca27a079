package instance

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
	"unicode"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

const (
	defaultHeartbeatInterval = 30 * time.Second // Java: ClientConfig.heartbeatBrokerInterval
	defaultRequestTimeout    = 3 * time.Second  // Java: ClientConfig.mqClientApiTimeout

	// channelExpiry is when brokers drop a client they have not heard of (Java:
	// ConsumerManager.CHANNEL_EXPIRED_TIMEOUT).
	channelExpiry = 120 * time.Second
)

// Config configures a Client. Every zero value stands for its default. Without NameServers and Resolver, the
// environment variable NAMESRV_ADDR must name the name servers.
type Config struct {
	// NameServers lists the name servers: host:port, host (port 9876), [v6]:port; one string may hold several,
	// separated by ';' or ','. A single URL with a path, such as http://host:8080/rocketmq/nsaddr, is an HTTP
	// endpoint that lists them.
	NameServers []string
	// Resolver finds the name servers instead of NameServers. See route.FromNsResolver for a primitive.NsResolver.
	Resolver route.Resolver
	// Credentials sign every request when they are not empty.
	Credentials primitive.Credentials
	// TLS turns TLS on for every connection of this client; nil means plain TCP. It is copied.
	TLS *tls.Config
	// Dial opens connections; default net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// ClientIP is the address in the client id and in born hosts; default: the machine's.
	ClientIP string
	// InstanceName is the name in the client id; default: the process id. It need not be unique.
	InstanceName string
	// UnitName is appended to the client id, and to the path of an HTTP endpoint.
	UnitName string
	// Namespace (v1) that producers and consumers put before their topics and groups.
	Namespace string
	// Serialization of request headers; default wire.JSON.
	Serialization wire.Serialization
	// VIPChannel sends requests marked remote.Request.VIP to the brokers' VIP port (port - 2).
	VIPChannel bool
	// MapAddr translates broker addresses of routes before they are dialled (NAT, port forwarding, proxies).
	MapAddr func(addr string) string
	// HeartbeatInterval between two heartbeats to a broker; default 30 s, less than 120 s.
	HeartbeatInterval time.Duration
	// RouteInterval between two refreshes of a route; default 30 s.
	RouteInterval time.Duration
	// RequestTimeout bounds one request that the client itself makes (heartbeat, route query, unregister), and any
	// other request without a deadline of its own; default 3 s.
	RequestTimeout time.Duration
	// ConnectTimeout bounds one dial, TLS handshake included; default 3 s.
	ConnectTimeout time.Duration
	// WriteTimeout bounds one write to a socket; default 5 s.
	WriteTimeout time.Duration
	// IdleTimeout closes a connection on which nothing was read or written; default 120 s.
	IdleTimeout time.Duration
	// MaxInflight bounds the unanswered requests to one address; default 65,535.
	MaxInflight int
	// Hooks see every request before it is signed.
	Hooks []remote.Hook
	// Logger of this client; default rlog.Default().
	Logger rlog.Logger
}

// withDefaults checks what remote and route do not check themselves, and fills defaults in.
func (cfg Config) withDefaults() (Config, error) {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf("client: "+format, args...)) }

	if cfg.Resolver != nil && len(cfg.NameServers) > 0 {
		fail("both NameServers and Resolver are set: set one of them")
	}
	if cfg.Resolver == nil {
		r, err := cfg.resolver()
		if err != nil {
			fail("%w", err)
		}
		cfg.Resolver = r
	}
	c := cfg.Credentials
	switch {
	case c.AccessKey == "" && c.SecretKey != "":
		fail("credentials have a secret key, but no access key: set both or none")
	case c.AccessKey != "" && c.SecretKey == "":
		fail("credentials of access key %q have no secret key: set both or none", c.AccessKey)
	case c.AccessKey == "" && c.SecurityToken != "":
		fail("credentials have a security token only: set access key and secret key too")
	}
	for _, s := range []struct{ name, value, without string }{
		{"ClientIP", cfg.ClientIP, "@#"},
		{"InstanceName", cfg.InstanceName, "@"},
		{"UnitName", cfg.UnitName, "@/?"},
		{"Namespace", cfg.Namespace, "%@/"},
	} {
		if strings.ContainsAny(s.value, s.without) || strings.ContainsFunc(s.value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			fail("%s is %q: it may contain neither white space nor any of %s", s.name, s.value, s.without)
		}
	}
	for _, d := range []struct {
		name  string
		value *time.Duration
		unset time.Duration
	}{
		{"HeartbeatInterval", &cfg.HeartbeatInterval, defaultHeartbeatInterval},
		{"RequestTimeout", &cfg.RequestTimeout, defaultRequestTimeout},
	} {
		if *d.value < 0 {
			fail("%s is %v: it must be positive, or 0 for %v", d.name, *d.value, d.unset)
		}
		if *d.value == 0 {
			*d.value = d.unset
		}
	}
	if cfg.HeartbeatInterval >= channelExpiry {
		fail("HeartbeatInterval is %v: brokers drop a client that is silent for %v, use at most a third of that", cfg.HeartbeatInterval, channelExpiry)
	}
	if cfg.Logger == nil {
		cfg.Logger = rlog.Default()
	}
	return cfg, errors.Join(errs...)
}

// resolver makes one of NameServers or the environment.
func (cfg Config) resolver() (route.Resolver, error) {
	switch {
	case len(cfg.NameServers) == 1 && route.IsEndpoint(cfg.NameServers[0]):
		return route.HTTPResolver(cfg.NameServers[0], cfg.UnitName)
	case len(cfg.NameServers) > 0:
		return route.StaticResolver(cfg.NameServers...)
	case os.Getenv(route.EnvName) == "":
		return nil, fmt.Errorf("%w: configure name servers such as 127.0.0.1:9876, a resolver, or set %s", rmqerrors.ErrEmptyNameSrv, route.EnvName)
	default:
		if _, err := route.ParseAddrs(os.Getenv(route.EnvName)); err != nil {
			return nil, fmt.Errorf("environment variable %s: %w", route.EnvName, err)
		}
		return route.EnvResolver(), nil
	}
}

// signer is nil when nothing is to be signed.
func (cfg Config) signer() remote.Signer {
	c := cfg.Credentials
	if c.IsEmpty() {
		return nil
	}
	return remote.NewACLSigner(c.AccessKey, c.SecretKey, c.SecurityToken)
}
