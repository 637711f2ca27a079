package rocketmq

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// Client is a set of connections, routes and heartbeats to one cluster, shared by
// the producers and consumers that are given it with producer.WithClient and
// consumer.WithClient. It starts with the first of them that starts and stops with
// the last one that is shut down; there is nothing else to call.
type Client = instance.Client

// ClientOption sets one property of a [Client].
type ClientOption func(*clientOptions)

type clientOptions struct {
	cfg  instance.Config
	tls  bool
	errs []error
}

// NewClient checks the options and returns a client that is not running. It opens
// no connection.
func NewClient(opts ...ClientOption) (*Client, error) {
	var o clientOptions
	for i, opt := range opts {
		if opt == nil {
			o.wrong("option %d is nil", i)
			continue
		}
		opt(&o)
	}
	if o.tls && o.cfg.TLS == nil {
		o.cfg.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if len(o.errs) > 0 {
		return nil, errors.Join(o.errs...)
	}
	c, err := instance.New(o.cfg)
	if err != nil {
		return nil, fmt.Errorf("rocketmq: %w", err)
	}
	return c, nil
}

func (o *clientOptions) wrong(format string, args ...any) {
	o.errs = append(o.errs, fmt.Errorf("rocketmq: %w: %s", rmqerrors.ErrIllegalOption, fmt.Sprintf(format, args...)))
}

// WithNameServer sets the name servers, see producer.WithNameServer. Without
// WithNameServer and [WithNsResolver] the environment variable NAMESRV_ADDR is used.
func WithNameServer(nameServers primitive.NamesrvAddr) ClientOption {
	return func(o *clientOptions) { o.cfg.NameServers = nameServers }
}

// WithNsResolver sets where name-server addresses come from, for instance
// primitive.NewHttpResolver.
func WithNsResolver(resolver primitive.NsResolver) ClientOption {
	return func(o *clientOptions) {
		if resolver == nil {
			o.wrong("WithNsResolver: must not be nil")
			return
		}
		o.cfg.Resolver = route.FromNsResolver(resolver)
	}
}

// WithCredentials signs each request with the account's keys. Default: none.
func WithCredentials(c primitive.Credentials) ClientOption {
	return func(o *clientOptions) { o.cfg.Credentials = c }
}

// WithNamespace puts the topics and groups of all producers and consumers of the
// client into a namespace, unless they have one of their own. Default: none.
func WithNamespace(namespace string) ClientOption {
	return func(o *clientOptions) { o.cfg.Namespace = namespace }
}

// WithInstanceName sets the middle part of the client id, which is unique all the
// same. Default: the process id.
func WithInstanceName(name string) ClientOption {
	return func(o *clientOptions) { o.cfg.InstanceName = name }
}

// WithUnitName sets the unit, the end of the client id. Default: none.
func WithUnitName(unitName string) ClientOption {
	return func(o *clientOptions) { o.cfg.UnitName = unitName }
}

// WithClientIP sets the address at the beginning of the client id. Default: the
// machine's first external address.
func WithClientIP(ip string) ClientOption {
	return func(o *clientOptions) { o.cfg.ClientIP = ip }
}

// WithVIPChannel sends to the brokers' fast port, the listen port minus 2.
// Default: false.
func WithVIPChannel(enable bool) ClientOption {
	return func(o *clientOptions) { o.cfg.VIPChannel = enable }
}

// WithTls connects with TLS and verifies certificates against the system's roots.
// Default: false.
func WithTls(useTls bool) ClientOption {
	return func(o *clientOptions) { o.tls = useTls }
}

// WithTLSConfig connects with TLS under config, which is cloned. Default: none.
func WithTLSConfig(config *tls.Config) ClientOption {
	return func(o *clientOptions) {
		if config == nil {
			o.wrong("WithTLSConfig: must not be nil; WithTls(true) verifies against the system's roots")
		}
		o.cfg.TLS = config
	}
}

// WithDialer replaces how TCP connections are opened. Default: net.Dialer.
func WithDialer(dial func(ctx context.Context, network, addr string) (net.Conn, error)) ClientOption {
	return func(o *clientOptions) {
		if dial == nil {
			o.wrong("WithDialer: must not be nil")
		}
		o.cfg.Dial = dial
	}
}

// WithAddressMapping translates the addresses of brokers, as name servers tell
// them, into addresses that can be reached from here: through NAT, port forwarding
// or a proxy. Default: none.
func WithAddressMapping(mapping func(addr string) string) ClientOption {
	return func(o *clientOptions) {
		if mapping == nil {
			o.wrong("WithAddressMapping: must not be nil")
		}
		o.cfg.MapAddr = mapping
	}
}

// WithRemotingTimeout sets the time allowed for connecting (default 3 s), the time
// after which an idle connection is closed (default 120 s) and the time allowed for
// one write (default 5 s). Zero keeps a default.
func WithRemotingTimeout(connectionTimeout, readTimeout, writeTimeout time.Duration) ClientOption {
	return func(o *clientOptions) {
		o.cfg.ConnectTimeout, o.cfg.IdleTimeout, o.cfg.WriteTimeout = connectionTimeout, readTimeout, writeTimeout
	}
}

// WithHeartbeatInterval sets the time between two heartbeats. Brokers forget a
// client after 120 s. Default: 30 s.
func WithHeartbeatInterval(interval time.Duration) ClientOption {
	return func(o *clientOptions) { o.cfg.HeartbeatInterval = interval }
}

// WithRouteInterval sets the time after which a known route is asked for again.
// Default: 30 s.
func WithRouteInterval(interval time.Duration) ClientOption {
	return func(o *clientOptions) { o.cfg.RouteInterval = interval }
}

// WithSerialization sets the encoding of request headers. Default:
// primitive.SerializationJSON.
func WithSerialization(s primitive.Serialization) ClientOption {
	return func(o *clientOptions) {
		if s > primitive.SerializationRocketMQ {
			o.wrong("WithSerialization(%v): must be SerializationJSON or SerializationRocketMQ", s)
		}
		o.cfg.Serialization = wire.Serialization(s)
	}
}

// WithLogger sets where the client logs; nil means nowhere. Default: rlog.Default.
func WithLogger(logger rlog.Logger) ClientOption {
	return func(o *clientOptions) {
		if logger == nil {
			logger = rlog.Discard()
		}
		o.cfg.Logger = logger
	}
}

// WithSlog is [WithLogger] for a logger of log/slog.
func WithSlog(logger *slog.Logger) ClientOption { return WithLogger(rlog.FromSlog(logger)) }
