package producer

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// Option sets one property of a producer. Options are checked together by the
// constructor; a wrong value is an error there, never silently ignored.
type Option func(*producerOptions)

// DialFunc opens a connection to addr, a "host:port" that a name server or the
// configuration named. See [WithDialer].
type DialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// Defaults of a producer, the Java client's unless noted.
const (
	defaultGroup             = "DEFAULT_PRODUCER"
	defaultCreateTopicKey    = route.DefaultTopic
	defaultTopicQueueNums    = 4
	defaultSendTimeout       = 3 * time.Second
	defaultRetries           = 2
	defaultCompressThreshold = 4096
	defaultCompressLevel     = 5
	defaultMaxMessageSize    = 4 << 20
	// defaultAsyncMessages and defaultAsyncBytes bound what SendAsync holds.
	// Java's back-pressure (off there by default) starts at 1024 messages and
	// 100 MiB; the larger count keeps a fast broker busy with small messages.
	defaultAsyncMessages = 10_000
	defaultAsyncBytes    = 100 << 20
)

type producerOptions struct {
	// the connection, see option_client.go
	nameServers    primitive.NamesrvAddr
	nameServersSet bool
	domain         string
	domainSet      bool
	resolver       primitive.NsResolver
	resolverSet    bool
	credentials    primitive.Credentials
	namespace      string
	instanceName   string
	unitName       string
	clientIP       string
	vipChannel     bool
	tls            bool
	tlsConfig      *tls.Config
	tlsConfigSet   bool
	dial           DialFunc
	dialSet        bool
	connectTimeout time.Duration
	readTimeout    time.Duration
	writeTimeout   time.Duration
	serialization  primitive.Serialization
	logger         rlog.Logger
	loggerSet      bool
	client         *instance.Client
	clientSet      bool
	// own names the options given that configure the producer's own connections
	// and therefore cannot be combined with WithClient.
	own []string

	// sending, see option_send.go
	group             string
	sendTimeout       time.Duration
	attemptTimeout    time.Duration
	retries           int
	retryCodes        []int32
	selector          QueueSelector
	selectorSet       bool
	createTopicKey    string
	topicQueueNums    int
	topics            []string
	compressThreshold int
	compressLevel     int
	compressType      CompressType
	maxMessageSize    int
	interceptors      []primitive.Interceptor
	asyncMessages     int
	asyncBytes        int64
	asyncFailFast     bool
	trace             *primitive.TraceConfig
}

func defaultOptions() producerOptions {
	return producerOptions{
		group:             defaultGroup,
		sendTimeout:       defaultSendTimeout,
		retries:           defaultRetries,
		createTopicKey:    defaultCreateTopicKey,
		topicQueueNums:    defaultTopicQueueNums,
		compressThreshold: defaultCompressThreshold,
		compressLevel:     defaultCompressLevel,
		compressType:      CompressZlib,
		maxMessageSize:    defaultMaxMessageSize,
		asyncMessages:     defaultAsyncMessages,
		asyncBytes:        defaultAsyncBytes,
	}
}
