package producer

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/internal/validate"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

const (
	// maxBody is what fits into a frame beside the largest header.
	maxBody = wire.MaxFrameSize - 128<<10
	// maxAsyncMessages bounds a typing error, not a design.
	maxAsyncMessages = 1 << 24
	maxTopicQueues   = 1 << 16
	maxRetries       = 1000
)

// optionProblem is one line of the table of checks: when bad, option is wrong and must says what to do.
type optionProblem struct {
	option string
	bad    bool
	got    any
	must   string
	kind   error // nil: errors.ErrIllegalOption
}

// check reports every wrong option at once.
func (o *producerOptions) check() error {
	var errs []error
	for _, p := range o.problems() {
		if !p.bad {
			continue
		}
		if p.kind == nil {
			p.kind = rmqerrors.ErrIllegalOption
		}
		errs = append(errs, fmt.Errorf("producer.%s(%v): %w: %s", p.option, p.got, p.kind, p.must))
	}
	for _, n := range []struct {
		option string
		err    error
	}{
		{"WithGroupName", validate.Group(namespace.Wrap(o.namespace, o.group))},
		{"WithCreateTopicKey", validate.Topic(o.createTopicKey)},
		{"WithTopics", o.checkTopics()},
		{"WithClientIP", o.checkClientIP()},
	} {
		if n.err != nil {
			errs = append(errs, fmt.Errorf("producer.%s: %w", n.option, n.err))
		}
	}
	return errors.Join(errs...)
}

func (o *producerOptions) problems() []optionProblem {
	sources := 0
	for _, set := range []bool{o.nameServersSet, o.domainSet, o.resolverSet} {
		if set {
			sources++
		}
	}
	return []optionProblem{
		{option: "WithSendMsgTimeout", bad: o.sendTimeout <= 0, got: o.sendTimeout, must: "must be more than 0; the default is 3s"},
		{option: "WithAttemptTimeout", bad: o.attemptTimeout < 0, got: o.attemptTimeout, must: "must not be negative; 0 means no limit of its own"},
		{option: "WithRetry", bad: o.retries < 0 || o.retries > maxRetries, got: o.retries, must: "must be 0 (no retry) to 1000"},
		{option: "WithRetryCodes", bad: o.retriesSuccess(), got: o.retryCodes, must: "must not hold 0, 10, 11 or 12, with which the message is stored"},
		{option: "WithQueueSelector", bad: o.selectorSet && o.selector == nil, got: o.selector, must: "must not be nil; leave the option out for the default"},
		{option: "WithDefaultTopicQueueNums", bad: o.topicQueueNums < 1 || o.topicQueueNums > maxTopicQueues, got: o.topicQueueNums, must: "must be 1 to 65536; the default is 4"},
		{option: "WithCompressMsgBodyOverHowmuch", bad: o.compressThreshold < 0, got: o.compressThreshold, must: "must not be negative; the default is 4096 bytes, a value above WithMaxMessageSize switches compression off"},
		{option: "WithCompressLevel", bad: o.compressLevel < 0 || o.compressLevel > 9, got: o.compressLevel, must: "must be 0 (fastest) to 9 (smallest); the default is 5", kind: rmqerrors.ErrCompressLevel},
		{option: "WithCompressType", bad: o.compressType < CompressLZ4 || o.compressType > CompressZlib, got: o.compressType, must: "must be CompressZlib, CompressLZ4 or CompressZSTD"},
		{option: "WithMaxMessageSize", bad: o.maxMessageSize < 1 || o.maxMessageSize > maxBody, got: o.maxMessageSize, must: fmt.Sprintf("must be 1 to %d bytes, which a frame can carry; the default is 4 MiB", maxBody)},
		{option: "WithInterceptor", bad: o.nilInterceptor(), got: "nil", must: "must not be nil"},
		{option: "WithAsyncLimit", bad: o.asyncMessages < 1 || o.asyncMessages > maxAsyncMessages || o.asyncBytes < 1, got: fmt.Sprintf("%d, %d", o.asyncMessages, o.asyncBytes), must: "needs 1 to 16777216 messages and at least 1 byte"},
		{option: "WithTrace", bad: o.trace != nil, got: "…", must: "message traces are not there yet; leave the option out", kind: rmqerrors.ErrNotSupported},
		{option: "WithNameServer", bad: sources > 1, got: "…", must: "use only one of WithNameServer, WithNameServerDomain and WithNsResolver"},
		{option: "WithNameServerDomain", bad: o.domainSet && strings.TrimSpace(o.domain) == "", got: o.domain, must: "must be a URL such as http://host:8080/rocketmq/nsaddr, or a host", kind: rmqerrors.ErrNoNameserver},
		{option: "WithNsResolver", bad: o.resolverSet && o.resolver == nil, got: o.resolver, must: "must not be nil", kind: rmqerrors.ErrNoNameserver},
		{option: "WithTLSConfig", bad: o.tlsConfigSet && o.tlsConfig == nil, got: "nil", must: "must not be nil; WithTls(true) verifies against the system's roots"},
		{option: "WithDialer", bad: o.dialSet && o.dial == nil, got: "nil", must: "must not be nil; leave the option out for net.Dialer"},
		{option: "WithRemotingTimeout", bad: o.connectTimeout < 0 || o.readTimeout < 0 || o.writeTimeout < 0, got: fmt.Sprintf("%v, %v, %v", o.connectTimeout, o.readTimeout, o.writeTimeout), must: "must not be negative; 0 keeps a default"},
		{option: "WithSerialization", bad: o.serialization > primitive.SerializationRocketMQ, got: o.serialization, must: "must be SerializationJSON or SerializationRocketMQ"},
		{option: "WithClient", bad: o.clientSet && o.client == nil, got: "nil", must: "must come from rocketmq.NewClient"},
		{option: "WithClient", bad: o.clientSet && len(o.own) > 0, got: "…", must: "the shared client brings its own connections: give " + strings.Join(o.own, ", ") + " to rocketmq.NewClient instead"},
	}
}

func (o *producerOptions) retriesSuccess() bool {
	for _, c := range o.retryCodes {
		if _, stored := statusOf(c); stored {
			return true
		}
	}
	return false
}

func (o *producerOptions) nilInterceptor() bool {
	for _, i := range o.interceptors {
		if i == nil {
			return true
		}
	}
	return false
}

func (o *producerOptions) checkTopics() error {
	for _, t := range o.topics {
		if err := validate.SendTopic(namespace.Wrap(o.namespace, t)); err != nil {
			return err
		}
	}
	return nil
}

func (o *producerOptions) checkClientIP() error {
	if o.clientIP == "" {
		return nil
	}
	if _, err := netip.ParseAddr(strings.Trim(o.clientIP, "[]")); err != nil {
		return fmt.Errorf("%w: %q is not an IP address", rmqerrors.ErrIllegalIP, o.clientIP)
	}
	return nil
}

// clientConfig is the configuration of the producer's own client.
func (o *producerOptions) clientConfig() instance.Config {
	cfg := instance.Config{
		NameServers:    o.nameServers,
		Resolver:       o.nsResolver(),
		Credentials:    o.credentials,
		TLS:            o.tlsConfig,
		Dial:           o.dial,
		ClientIP:       o.clientIP,
		InstanceName:   o.instanceName,
		UnitName:       o.unitName,
		Namespace:      o.namespace,
		Serialization:  wire.Serialization(o.serialization),
		VIPChannel:     o.vipChannel,
		ConnectTimeout: o.connectTimeout,
		WriteTimeout:   o.writeTimeout,
		IdleTimeout:    o.readTimeout,
		Logger:         o.logger,
	}
	if o.tls && cfg.TLS == nil {
		cfg.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return cfg
}

// nsResolver is nil when name servers are listed or come from the environment.
func (o *producerOptions) nsResolver() route.Resolver {
	r := o.resolver
	if o.domainSet {
		r = primitive.NewHttpResolver("DEFAULT", o.domain)
	}
	if r == nil {
		return nil
	}
	if h, ok := r.(*primitive.HttpResolver); ok {
		h.DomainWithUnit(o.unitName)
	}
	return route.FromNsResolver(r)
}

// compressor makes the compressor of the options.
func (o *producerOptions) compressor() (*record.Compressor, error) {
	return record.NewCompressor(record.Compression(o.compressType), o.compressLevel)
}

// codesOf is the set of codes that are tried again.
func (o *producerOptions) codesOf() map[int32]bool {
	codes := make(map[int32]bool, len(o.retryCodes))
	for _, c := range o.retryCodes {
		codes[c] = true
	}
	return codes
}

// retryable says whether another attempt may cure a broker's answer.
func (p *DefaultProducer) retryable(code int32) bool {
	return command.RetriableSend(code) || p.retryCodes[code]
}

// loggerOf is the logger given, else the client's.
func (o *producerOptions) loggerOf(c *instance.Client) rlog.Logger {
	if o.loggerSet {
		return o.logger
	}
	return c.Logger()
}
