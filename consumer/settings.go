package consumer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"net"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/hooks"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/internal/validate"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// ErrNotSupported is wrapped by the errors of options and selectors that this version does not support yet. It is the
// error of the same name in package errors.
var ErrNotSupported = rmqerrors.ErrNotSupported

// OptionError says which option has a wrong value, and why. Constructors return it. errors.Is matches it with
// errors.ErrIllegalOption.
type OptionError struct {
	Option string // for example "WithPullBatchSize"
	Value  any
	Err    error // the reason
}

// Error returns option, value and reason.
func (e *OptionError) Error() string {
	if e.Value == nil {
		return fmt.Sprintf("consumer option %s: %v", e.Option, e.Err)
	}
	return fmt.Sprintf("consumer option %s(%v): %v", e.Option, e.Value, e.Err)
}

// Unwrap returns the reason.
func (e *OptionError) Unwrap() error { return e.Err }

// Is matches errors.ErrIllegalOption.
func (e *OptionError) Is(target error) bool { return target == rmqerrors.ErrIllegalOption }

// options holds what the options set. After check it is never written to again.
type options struct {
	group      string
	namespace  string
	logger     rlog.Logger
	client     *instance.Client
	clientSet  bool
	connection []string // options that describe connections, in conflict with WithClient

	nameServers    []string
	resolver       primitive.NsResolver
	domain         string
	credentials    primitive.Credentials
	instanceName   string
	unitName       string
	clientIP       string
	vipChannel     bool
	serialization  primitive.Serialization
	tls            *tls.Config
	dial           func(ctx context.Context, network, addr string) (net.Conn, error)
	connectTimeout time.Duration
	idleTimeout    time.Duration
	writeTimeout   time.Duration

	model     MessageModel
	fromWhere ConsumeFromWhere
	timestamp string
	startTime time.Time // timestamp, parsed
	strategy  AllocateStrategy

	workers         int
	consumeBatch    int
	consumeTimeout  time.Duration
	maxReconsume    int32
	retries         int
	tps             int32
	limiter         Limiter
	contextLimiter  ContextLimiter
	interceptors    []primitive.Interceptor
	filters         []hooks.FilterMessageHook
	pullBatch       int32
	pullInterval    time.Duration
	pullTimeout     time.Duration
	maxSpan         int
	queueCount      int64
	queueMiB        int
	topicCount      int
	topicMiB        int
	grace           time.Duration
	shutdownTimeout time.Duration
	offsetDir       string
	stalledAfter    time.Duration // shortened by tests

	refused error // the first option that is not supported yet
}

// timestampLayout is yyyyMMddHHmmss (Java: UtilAll.YYYYMMDDHHMMSS).
const timestampLayout = "20060102150405"

// defaultMaxReconsume is what -1 stands for (Java: DefaultMQPushConsumerImpl.getMaxReconsumeTimes).
const defaultMaxReconsume = 16

// defaults are Java's (DefaultMQPushConsumer) where it has the option.
func defaults(now time.Time) *options {
	return &options{
		model:        Clustering,
		strategy:     AllocateByAveragely,
		timestamp:    now.Add(-30 * time.Minute).In(time.Local).Format(timestampLayout),
		maxReconsume: -1,
		stalledAfter: stalledAfter,
		retries:      2,
		topicCount:   -1,
		topicMiB:     -1,
	}
}

// number is an option whose value must lie in a range; zero stands for its default.
type number struct {
	option   string
	value    int64
	set      func(int64)
	def      int64
	min, max int64
	off      int64 // one more value that is allowed, if it is not zero
}

func (n number) check() error {
	switch {
	case n.value == 0 && n.def != 0:
		n.set(n.def)
	case n.off != 0 && n.value == n.off:
	case n.value < n.min || n.value > n.max:
		return &OptionError{Option: n.option, Value: n.value, Err: fmt.Errorf("must be within %d and %d", n.min, n.max)}
	}
	return nil
}

func numberOf[T int | int32 | int64](option string, p *T, def, minimum, maximum, off int64) number {
	return number{option, int64(*p), func(v int64) { *p = T(v) }, def, minimum, maximum, off}
}

// check fills in defaults and returns the first wrong value. The ranges are Java's
// (DefaultMQPushConsumerImpl.checkConfig) where it has the option.
func (o *options) check() error {
	if o.refused != nil {
		return o.refused
	}
	for _, check := range []func() error{o.checkNames, o.checkConnection, o.checkModel, o.checkStart, o.checkDurations} {
		if err := check(); err != nil {
			return err
		}
	}
	for _, n := range []number{
		numberOf("WithConsumeGoroutineNums", &o.workers, 20, 1, 1000, 0),
		numberOf("WithConsumeMessageBatchMaxSize", &o.consumeBatch, 1, 1, 1024, 0),
		numberOf("WithMaxReconsumeTimes", &o.maxReconsume, 0, 0, math.MaxInt32, -1),
		numberOf("WithRetry", &o.retries, 0, 0, 16, 0),
		numberOf("WithConsumeTPS", &o.tps, 0, 0, math.MaxInt32, 0),
		numberOf("WithPullBatchSize", &o.pullBatch, 32, 1, 1024, 0),
		numberOf("WithConsumeConcurrentlyMaxSpan", &o.maxSpan, 2000, 1, 65535, 0),
		numberOf("WithPullThresholdForQueue", &o.queueCount, 1000, 1, 65535, 0),
		numberOf("WithPullThresholdSizeForQueue", &o.queueMiB, 100, 1, 1024, 0),
		numberOf("WithPullThresholdForTopic", &o.topicCount, -1, 1, 6553500, -1),
		numberOf("WithPullThresholdSizeForTopic", &o.topicMiB, -1, 1, 102400, -1),
	} {
		if err := n.check(); err != nil {
			return err
		}
	}
	if o.maxReconsume < 0 {
		o.maxReconsume = defaultMaxReconsume
	}
	return nil
}

func (o *options) checkNames() error {
	if o.group == "" {
		return &OptionError{Option: "WithGroupName", Err: rmqerrors.ErrEmptyGroupID}
	}
	if err := validate.Group(o.group); err != nil {
		return &OptionError{Option: "WithGroupName", Value: o.group, Err: err}
	}
	if o.group == "DEFAULT_CONSUMER" { // Java refuses it as well: strangers would share it
		return &OptionError{Option: "WithGroupName", Value: o.group, Err: errors.New("choose a name of your own")}
	}
	return nil
}

func (o *options) checkConnection() error {
	switch {
	case !o.clientSet:
		return nil
	case o.client == nil:
		return &OptionError{Option: "WithClient", Err: errors.New("client is nil")}
	case len(o.connection) > 0:
		return &OptionError{Option: o.connection[0], Err: errors.New("conflicts with WithClient: set it on the client")}
	}
	return nil
}

func (o *options) checkModel() error {
	if o.model != Clustering && o.model != BroadCasting {
		return &OptionError{Option: "WithConsumerModel", Value: int(o.model), Err: errors.New("unknown model")}
	}
	if o.serialization > primitive.SerializationRocketMQ {
		return &OptionError{Option: "WithSerialization", Value: o.serialization, Err: errors.New("unknown serialization")}
	}
	if o.strategy == nil {
		return &OptionError{Option: "WithStrategy", Err: errors.New("strategy is nil")}
	}
	for _, f := range o.interceptors {
		if f == nil {
			return &OptionError{Option: "WithInterceptor", Err: errors.New("interceptor is nil")}
		}
	}
	for _, f := range o.filters {
		if f == nil {
			return &OptionError{Option: "WithFilterMessageHook", Err: errors.New("hook is nil")}
		}
	}
	return nil
}

func (o *options) checkStart() error {
	if o.fromWhere < ConsumeFromLastOffset || o.fromWhere > ConsumeFromTimestamp {
		return &OptionError{Option: "WithConsumeFromWhere", Value: int(o.fromWhere), Err: errors.New("unknown place")}
	}
	start, err := time.ParseInLocation(timestampLayout, o.timestamp, time.Local)
	if err != nil {
		return &OptionError{Option: "WithConsumeTimestamp", Value: o.timestamp, Err: fmt.Errorf("must be yyyyMMddHHmmss: %w", err)}
	}
	o.startTime = start
	return nil
}

func (o *options) checkDurations() error {
	for _, d := range []struct {
		option   string
		value    *time.Duration
		def      time.Duration
		min, max time.Duration
	}{
		{"WithConsumeTimeout", &o.consumeTimeout, 15 * time.Minute, time.Second, math.MaxInt64},
		{"WithPullInterval", &o.pullInterval, 0, 0, 65535 * time.Millisecond},
		{"WithConsumerPullTimeout", &o.pullTimeout, 30 * time.Second, time.Second, 10 * time.Minute},
		{"WithHandoverGrace", &o.grace, 500 * time.Millisecond, math.MinInt64, time.Minute},
		{"WithShutdownTimeout", &o.shutdownTimeout, 10 * time.Second, time.Millisecond, math.MaxInt64},
		{"WithRemotingTimeout", &o.connectTimeout, 0, 0, math.MaxInt64},
		{"WithRemotingTimeout", &o.idleTimeout, 0, 0, math.MaxInt64},
		{"WithRemotingTimeout", &o.writeTimeout, 0, 0, math.MaxInt64},
	} {
		switch {
		case *d.value == 0:
			*d.value = d.def
		case *d.value < d.min || *d.value > d.max:
			return &OptionError{Option: d.option, Value: *d.value, Err: fmt.Errorf("must be within %v and %v", d.min, d.max)}
		}
	}
	return nil
}

func (o *options) setNameServers(list []string, r primitive.NsResolver, domain string) {
	o.nameServers, o.resolver, o.domain = list, r, domain
	o.connectionOption("WithNameServer, WithNsResolver or WithNameServerDomain")
}

func (o *options) connectionOption(name string) { o.connection = append(o.connection, name) }

func (o *options) unsupported(set bool, option, what string) {
	if set && o.refused == nil {
		o.refused = &OptionError{Option: option, Err: fmt.Errorf("%s: %w", what, ErrNotSupported)}
	}
}
