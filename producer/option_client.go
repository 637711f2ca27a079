package producer

import (
	"crypto/tls"
	"log/slog"
	"strings"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// ownOption makes an option that configures the producer's own connections.
func ownOption(name string, set func(*producerOptions)) Option {
	return func(o *producerOptions) {
		o.own = append(o.own, name)
		set(o)
	}
}

// WithNameServer sets the name servers: "host:port" each, IPv6 in brackets, host
// names allowed and resolved again when a connection is made. Exactly one of
// WithNameServer, [WithNameServerDomain] and [WithNsResolver] is needed; without
// any of them the environment variable NAMESRV_ADDR is used.
func WithNameServer(nameServers primitive.NamesrvAddr) Option {
	return ownOption("WithNameServer", func(o *producerOptions) {
		o.nameServers, o.nameServersSet = nameServers, true
	})
}

// WithNameServerDomain sets the HTTP endpoint that lists the name servers, for
// example "http://jmenv.tbsite.net:8080/rocketmq/nsaddr". It is asked at start
// and then regularly. [WithUnitName] adds "-<unit>?nofix=1" to it.
func WithNameServerDomain(nameServerUrl string) Option {
	return ownOption("WithNameServerDomain", func(o *producerOptions) {
		o.domain, o.domainSet = nameServerUrl, true
	})
}

// WithNsResolver sets where name-server addresses come from. Resolve is called
// from one goroutine at a time, again and again while the producer lives.
func WithNsResolver(resolver primitive.NsResolver) Option {
	return ownOption("WithNsResolver", func(o *producerOptions) {
		o.resolver, o.resolverSet = resolver, true
	})
}

// WithCredentials signs each request with the account's keys (ACL). Default: no
// signature. Wrong credentials are reported by Start when the brokers are known
// then, else by the first send; see [primitive.BrokerError].
func WithCredentials(c primitive.Credentials) Option {
	return ownOption("WithCredentials", func(o *producerOptions) { o.credentials = c })
}

// WithNamespace puts the group and all topics into a namespace as the Java
// client's setNamespace does: the wire name of topic T is "namespace%T". The
// application keeps using T everywhere. Default: none.
func WithNamespace(namespace string) Option {
	return func(o *producerOptions) { o.namespace = namespace }
}

// WithInstanceName sets the middle part of the client id, which otherwise holds
// the process id. The id stays unique whatever the name is. Default: none.
func WithInstanceName(name string) Option {
	return ownOption("WithInstanceName", func(o *producerOptions) { o.instanceName = name })
}

// WithUnitName sets the unit: it ends the client id and is asked for at the
// endpoint of [WithNameServerDomain]. Default: none.
func WithUnitName(unitName string) Option {
	return ownOption("WithUnitName", func(o *producerOptions) { o.unitName = strings.TrimSpace(unitName) })
}

// WithClientIP sets the address that the client id begins with and that
// interceptors see as BornHost. Default: the machine's first external address.
func WithClientIP(ip string) Option {
	return ownOption("WithClientIP", func(o *producerOptions) { o.clientIP = ip })
}

// WithVIPChannel makes the producer use the brokers' fast port, the listen port
// minus 2. Default: false.
func WithVIPChannel(enable bool) Option {
	return ownOption("WithVIPChannel", func(o *producerOptions) { o.vipChannel = enable })
}

// WithTls connects with TLS. Certificates are verified against the system's
// roots and the host name dialled, which differs from rocketmq-client-go v2,
// where nothing is verified; for a private authority, a client certificate or
// another server name use [WithTLSConfig], which implies WithTls(true). The
// setting belongs to this producer alone. Default: false.
func WithTls(useTls bool) Option {
	return ownOption("WithTls", func(o *producerOptions) { o.tls = useTls })
}

// WithTLSConfig connects with TLS under config, which is cloned. Default: none.
func WithTLSConfig(config *tls.Config) Option {
	return ownOption("WithTLSConfig", func(o *producerOptions) {
		o.tlsConfig, o.tlsConfigSet = config, true
	})
}

// WithDialer replaces how TCP connections are opened: through a proxy, to mapped
// addresses, over a test network. TLS is put on top when configured. The context
// carries the connect timeout. Default: net.Dialer.
func WithDialer(dial DialFunc) Option {
	return ownOption("WithDialer", func(o *producerOptions) { o.dial, o.dialSet = dial, true })
}

// WithRemotingTimeout sets the time allowed for connecting (default 3 s), the
// time after which a connection that neither sends nor receives is closed
// (default 120 s) and the time allowed for one write (default 5 s). Zero keeps a
// default. The time a send may take in all is [WithSendMsgTimeout].
func WithRemotingTimeout(connectionTimeout, readTimeout, writeTimeout time.Duration) Option {
	return ownOption("WithRemotingTimeout", func(o *producerOptions) {
		o.connectTimeout, o.readTimeout, o.writeTimeout = connectionTimeout, readTimeout, writeTimeout
	})
}

// WithSerialization sets the encoding of request headers. Every broker
// understands both. Default: [primitive.SerializationJSON].
func WithSerialization(s primitive.Serialization) Option {
	return ownOption("WithSerialization", func(o *producerOptions) { o.serialization = s })
}

// WithLogger sets where this producer logs; nil means nowhere. It is silent in
// steady state. Default: rlog.Default, which prints warnings and errors to standard error.
func WithLogger(logger rlog.Logger) Option {
	return func(o *producerOptions) {
		if logger == nil {
			logger = rlog.Discard()
		}
		o.logger, o.loggerSet = logger, true
	}
}

// WithSlog is [WithLogger] for a logger of log/slog.
func WithSlog(logger *slog.Logger) Option {
	return func(o *producerOptions) {
		o.logger, o.loggerSet = rlog.FromSlog(logger), true
	}
}

// WithClient shares the connections, routes and heartbeats of a client made by
// rocketmq.NewClient with other producers and consumers. The client then decides
// name servers, credentials, TLS and all else about connections, and options for
// these are refused. Group names must differ within one client. Default: the
// producer has a client of its own.
func WithClient(c *instance.Client) Option {
	return func(o *producerOptions) { o.client, o.clientSet = c, true }
}
