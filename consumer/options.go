package consumer

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/rocketmq-go/rocketmq/hooks"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// Option configures a consumer. Options are applied in order; of two that set the same thing the later one
// counts. Values are checked by the constructor. Unless an option says otherwise, zero means its default.
type Option func(*options)

// WithGroupName sets the consumer group, which is required. Members of a group must have the same subscriptions.
func WithGroupName(group string) Option {
	return func(o *options) { o.group = group }
}

// WithNameServer sets the addresses of the name servers: host:port, host (port 9876) or [v6]:port. Without it
// and without a resolver the environment variable NAMESRV_ADDR is used.
func WithNameServer(nameServers primitive.NamesrvAddr) Option {
	return func(o *options) { o.setNameServers(nameServers, nil, "") }
}

// WithNameServerDomain asks an HTTP endpoint for the addresses of the name servers, at start and then every now
// and then: http://<nameServerUrl>/rocketmq/nsaddr as primitive.HttpResolver builds it.
func WithNameServerDomain(nameServerUrl string) Option { //nolint:revive // the parameter's name is part of the v2 API
	return func(o *options) { o.setNameServers(nil, nil, nameServerUrl) }
}

// WithNsResolver sets the resolver that knows the name servers.
func WithNsResolver(resolver primitive.NsResolver) Option {
	return func(o *options) { o.setNameServers(nil, resolver, "") }
}

// WithNamespace puts a namespace before the group and every topic on the wire (Java: NamespaceUtil). Handlers
// see topics without it.
func WithNamespace(namespace string) Option {
	return func(o *options) { o.namespace = namespace; o.connectionOption("WithNamespace") }
}

// WithCredentials signs every request (ACL). Default: requests are not signed.
func WithCredentials(c primitive.Credentials) Option {
	return func(o *options) { o.credentials = c; o.connectionOption("WithCredentials") }
}

// WithInstance sets the instance name, a part of the client id. A unique suffix is always added to it, so that
// two consumers never share an id. In broadcasting mode the name without that suffix is a part of the path of
// the offset file: consumers of one group on one host that set different names keep different offsets.
func WithInstance(name string) Option {
	return func(o *options) { o.instanceName = name; o.connectionOption("WithInstance") }
}

// WithUnitName sets the unit, a part of the client id and of the HTTP endpoint's path.
func WithUnitName(unitName string) Option {
	return func(o *options) { o.unitName = strings.TrimSpace(unitName); o.connectionOption("WithUnitName") }
}

// WithClientIP sets the address in the client id. Default: the machine's.
func WithClientIP(ip string) Option {
	return func(o *options) { o.clientIP = ip; o.connectionOption("WithClientIP") }
}

// WithVIPChannel uses the brokers' VIP port (port - 2) for everything but pulls and heartbeats, as the Java client
// does. Default false.
func WithVIPChannel(enable bool) Option {
	return func(o *options) { o.vipChannel = enable; o.connectionOption("WithVIPChannel") }
}

// WithTls speaks TLS to name servers and brokers and verifies them against the system's roots. Use
// WithTLSConfig for own roots, client certificates or servers with a self-signed certificate.
func WithTls(useTls bool) Option { //nolint:revive // the name is part of the v2 API
	return func(o *options) {
		o.tls = nil
		if useTls {
			o.tls = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		o.connectionOption("WithTls")
	}
}

// WithTLSConfig speaks TLS with this configuration, of which a copy is used. Nil means plain TCP.
func WithTLSConfig(cfg *tls.Config) Option {
	return func(o *options) { o.tls = cfg.Clone(); o.connectionOption("WithTLSConfig") }
}

// WithDialer opens all connections with dial instead of a net.Dialer.
func WithDialer(dial func(ctx context.Context, network, addr string) (net.Conn, error)) Option {
	return func(o *options) { o.dial = dial; o.connectionOption("WithDialer") }
}

// WithSerialization sets the encoding of request headers. Every broker understands both. Default:
// primitive.SerializationJSON.
func WithSerialization(s primitive.Serialization) Option {
	return func(o *options) { o.serialization = s; o.connectionOption("WithSerialization") }
}

// WithRemotingTimeout sets how long a dial may take (default 3 s), how long a connection may be silent before it
// is closed (default 120 s), and how long one write may take.
func WithRemotingTimeout(connectionTimeout, readTimeout, writeTimeout time.Duration) Option {
	return func(o *options) {
		o.connectTimeout, o.idleTimeout, o.writeTimeout = connectionTimeout, readTimeout, writeTimeout
		o.connectionOption("WithRemotingTimeout")
	}
}

// WithClient uses the connections and the identity of c (rocketmq.Client) instead of own ones. The options that
// describe connections and name servers are then refused: they belong to c.
func WithClient(c *instance.Client) Option {
	return func(o *options) { o.client = c; o.clientSet = true }
}

// WithLogger sets where this consumer logs; nil means nowhere. In steady state it logs nothing. Default:
// rlog.Default, which prints warnings and errors to standard error.
func WithLogger(l rlog.Logger) Option {
	return func(o *options) {
		if o.logger = l; l == nil {
			o.logger = rlog.Discard()
		}
	}
}

// WithSlog is WithLogger for a logger of log/slog.
func WithSlog(l *slog.Logger) Option {
	return func(o *options) { o.logger = rlog.FromSlog(l) }
}

// WithConsumerModel chooses between Clustering (default) and BroadCasting.
func WithConsumerModel(m MessageModel) Option {
	return func(o *options) { o.model = m }
}

// WithConsumeFromWhere says where the group begins in a queue without a stored offset. Default
// ConsumeFromLastOffset.
func WithConsumeFromWhere(w ConsumeFromWhere) Option {
	return func(o *options) { o.fromWhere = w }
}

// WithConsumeTimestamp sets the time for ConsumeFromTimestamp, as yyyyMMddHHmmss in the local time zone, as the
// Java client reads it. Default: 30 minutes before the constructor was called.
func WithConsumeTimestamp(consumeTimestamp string) Option {
	return func(o *options) { o.timestamp = consumeTimestamp }
}

// WithStrategy sets how queues are shared among the members. All members must use the same one. Default
// AllocateByAveragely.
func WithStrategy(strategy AllocateStrategy) Option {
	return func(o *options) { o.strategy = strategy }
}

// WithConsumerOrder with true asks for orderly consumption, which is not supported yet.
func WithConsumerOrder(order bool) Option {
	return func(o *options) { o.unsupported(order, "WithConsumerOrder", "orderly consumption") }
}

// WithSuspendCurrentQueueTimeMillis belongs to orderly consumption, which is not supported yet.
func WithSuspendCurrentQueueTimeMillis(suspendT time.Duration) Option {
	return func(o *options) {
		o.unsupported(suspendT != 0, "WithSuspendCurrentQueueTimeMillis", "orderly consumption")
	}
}

// WithRebalanceLockInterval belongs to orderly consumption, which is not supported yet.
func WithRebalanceLockInterval(interval time.Duration) Option {
	return func(o *options) { o.unsupported(interval != 0, "WithRebalanceLockInterval", "orderly consumption") }
}

// WithTrace asks for message traces, which are not supported yet.
func WithTrace(traceCfg *primitive.TraceConfig) Option {
	return func(o *options) { o.unsupported(traceCfg != nil, "WithTrace", "message trace") }
}

// WithConsumeGoroutineNums sets how many handlers may run at once, over all topics. Default 20, range 1 to 1000.
func WithConsumeGoroutineNums(nums int) Option {
	return func(o *options) { o.workers = nums }
}

// WithConsumeMessageBatchMaxSize sets how many messages one handler call may get. Default 1, range 1 to 1024.
func WithConsumeMessageBatchMaxSize(consumeMessageBatchMaxSize int) Option {
	return func(o *options) { o.consumeBatch = consumeMessageBatchMaxSize }
}

// WithConsumeTimeout sets after how long a message whose handler has not returned is sent back to be delivered
// again (delay level 3). The handler goes on; its result no longer counts. Default 15 minutes, at least 1 s.
func WithConsumeTimeout(timeout time.Duration) Option {
	return func(o *options) { o.consumeTimeout = timeout }
}

// WithMaxReconsumeTimes sets how often a failed message is delivered again before it goes to %DLQ%group.
// Default (-1): 16. 0 sends it there after the first failure.
func WithMaxReconsumeTimes(times int32) Option {
	return func(o *options) { o.maxReconsume = times }
}

// WithRetry sets how many more brokers are asked at once to store the retry copy of a failed message when the
// broker that holds it refuses to take it back. After that the message waits and is tried again; it is never
// given up. Default 2, at most 16; 0 means none. How often a message is delivered again is set by WithMaxReconsumeTimes.
func WithRetry(retries int) Option {
	return func(o *options) { o.retries = retries }
}

// WithConsumeTPS bounds the messages a second that this consumer hands to its handlers. Default: no bound.
func WithConsumeTPS(tps int32) Option {
	return func(o *options) { o.tps = tps }
}

// WithLimiter sets a function that delays the consumer by blocking.
func WithLimiter(limiter Limiter) Option {
	return func(o *options) { o.limiter = limiter }
}

// WithContextLimiter sets a function that delays the consumer by blocking and returns when its context ends.
func WithContextLimiter(limiter ContextLimiter) Option {
	return func(o *options) { o.contextLimiter = limiter }
}

// WithInterceptor adds interceptors around the handler; the first one given is the outermost. Their request is a
// []*primitive.MessageExt, their reply a *ConsumeResultHolder.
func WithInterceptor(fs ...primitive.Interceptor) Option {
	return func(o *options) { o.interceptors = append(o.interceptors, fs...) }
}

// WithFilterMessageHook sets hooks that see the messages of each pull, before they are cached, and return those
// to keep. A message that is not returned counts as done. They run on the goroutine that serves all queues and
// must be quick. A hook that fails or panics keeps everything.
func WithFilterMessageHook(hooks []hooks.FilterMessageHook) Option {
	return func(o *options) { o.filters = hooks }
}

// WithPullBatchSize sets how many messages one pull may return. Default 32, range 1 to 1024. Brokers have a
// lower limit of their own, 32 by default.
func WithPullBatchSize(batchSize int32) Option {
	return func(o *options) { o.pullBatch = batchSize }
}

// WithPullInterval sets the pause between two pulls of a queue that brought messages. Default 0, at most 65,535 ms.
func WithPullInterval(interval time.Duration) Option {
	return func(o *options) { o.pullInterval = interval }
}

// WithConsumerPullTimeout sets how long the client waits for the answer to a pull. The broker is asked to hold a
// pull that finds no message for half of it, but for 15 s at most. Default 30 s, range 1 s to 10 minutes.
func WithConsumerPullTimeout(consumerPullTimeout time.Duration) Option {
	return func(o *options) { o.pullTimeout = consumerPullTimeout }
}

// WithConsumeConcurrentlyMaxSpan sets how far the newest cached message of a queue may be ahead of the oldest one
// that is not done, in offsets, before the queue is no longer pulled. It bounds what a crash repeats. Default
// 2000, range 1 to 65,535.
func WithConsumeConcurrentlyMaxSpan(consumeConcurrentlyMaxSpan int) Option {
	return func(o *options) { o.maxSpan = consumeConcurrentlyMaxSpan }
}

// WithPullThresholdForQueue sets how many messages of one queue may be cached before it is no longer pulled. The
// number may be exceeded by one pull. Default 1000, range 1 to 65,535.
func WithPullThresholdForQueue(pullThresholdForQueue int64) Option {
	return func(o *options) { o.queueCount = pullThresholdForQueue }
}

// WithPullThresholdSizeForQueue sets how many MiB of bodies of one queue may be cached. Default 100, range 1 to
// 1024.
func WithPullThresholdSizeForQueue(pullThresholdSizeForQueue int) Option {
	return func(o *options) { o.queueMiB = pullThresholdSizeForQueue }
}

// WithPullThresholdForTopic replaces WithPullThresholdForQueue by this number divided by the number of queues of
// the topic that this consumer holds, at least 1. Default (-1): off. Range 1 to 6,553,500.
func WithPullThresholdForTopic(pullThresholdForTopic int) Option {
	return func(o *options) { o.topicCount = pullThresholdForTopic }
}

// WithPullThresholdSizeForTopic replaces WithPullThresholdSizeForQueue by this number of MiB divided by the number
// of queues of the topic that this consumer holds, at least 1. Default (-1): off. Range 1 to 102,400.
func WithPullThresholdSizeForTopic(pullThresholdSizeForTopic int) Option {
	return func(o *options) { o.topicMiB = pullThresholdSizeForTopic }
}

// WithHandoverGrace sets how long a consumer that gains a queue waits before it reads the queue's offset, so that
// the former owner can finish its handlers and commit. It does not wait when it is the only member. Handlers that
// run longer than this may see messages twice when members join. Default 500 ms, at most 1 minute; negative:
// never wait.
func WithHandoverGrace(grace time.Duration) Option {
	return func(o *options) { o.grace = grace }
}

// WithShutdownTimeout bounds Shutdown. Default 10 s.
func WithShutdownTimeout(timeout time.Duration) Option {
	return func(o *options) { o.shutdownTimeout = timeout }
}

// WithOffsetStoreDir sets the folder of the offset files of broadcasting consumers. Default: .rocketmq_offsets in
// the home directory, as the Java client has it.
func WithOffsetStoreDir(dir string) Option {
	return func(o *options) { o.offsetDir = dir }
}
