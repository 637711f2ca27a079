package consumer

import (
	"context"
	"crypto/tls"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/hooks"
	"github.com/rocketmq-go/rocketmq/internal/instance"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

func checked(t *testing.T, opts ...Option) *options {
	t.Helper()
	o := defaults(time.Now())
	for _, f := range append([]Option{WithGroupName("group")}, opts...) {
		f(o)
	}
	require.NoError(t, o.check())
	return o
}

func TestDefaultsAreJavas(t *testing.T) {
	t.Parallel()
	o := checked(t)
	require.Equal(t, Clustering, o.model)
	require.Equal(t, ConsumeFromLastOffset, o.fromWhere)
	require.Equal(t, 20, o.workers)
	require.Equal(t, 1, o.consumeBatch)
	require.Equal(t, 15*time.Minute, o.consumeTimeout)
	require.EqualValues(t, 16, o.maxReconsume)
	require.EqualValues(t, 32, o.pullBatch)
	require.Zero(t, o.pullInterval)
	require.Equal(t, 30*time.Second, o.pullTimeout)
	require.Equal(t, &limits{count: 1000, bytes: 100 * mib, span: 2000}, o.queueLimits(4))
	require.WithinDuration(t, time.Now().Add(-30*time.Minute), o.startTime, 2*time.Second)
	require.Equal(t, 500*time.Millisecond, o.grace)
	require.Equal(t, 10*time.Second, o.shutdownTimeout)
}

func TestZeroStandsForTheDefault(t *testing.T) {
	t.Parallel()
	o := checked(t, WithConsumeGoroutineNums(0), WithConsumeMessageBatchMaxSize(0), WithPullBatchSize(0),
		WithConsumeConcurrentlyMaxSpan(0), WithPullThresholdForQueue(0), WithPullThresholdSizeForQueue(0),
		WithPullThresholdForTopic(0), WithPullThresholdSizeForTopic(0), WithConsumeTimeout(0), WithConsumerPullTimeout(0),
		WithHandoverGrace(0), WithShutdownTimeout(0))
	d := checked(t)
	d.timestamp, d.startTime = o.timestamp, o.startTime
	require.Equal(t, d.queueLimits(1), o.queueLimits(1))
	require.Equal(t, d.workers, o.workers)
	require.Equal(t, d.pullBatch, o.pullBatch)
	require.Equal(t, -1, o.topicCount)
	require.Equal(t, -1, o.topicMiB)
	require.Zero(t, checked(t, WithMaxReconsumeTimes(0)).maxReconsume, "no second delivery")
	require.Zero(t, checked(t, WithRetry(0)).retries)
}

func TestWrongOptionsAreRefusedByName(t *testing.T) {
	t.Parallel()
	client, err := instance.New(instance.Config{NameServers: []string{"127.0.0.1:9876"}, Logger: rlog.Discard()})
	require.NoError(t, err)
	for _, tt := range []struct {
		option string
		opts   []Option
		is     error
	}{
		{"WithGroupName", []Option{WithGroupName("")}, rmqerrors.ErrEmptyGroupID},
		{"WithGroupName", []Option{WithGroupName("a b")}, rmqerrors.ErrIllegalGroup},
		{"WithGroupName", []Option{WithGroupName(strings.Repeat("g", 121))}, rmqerrors.ErrIllegalGroup},
		{"WithGroupName", []Option{WithGroupName("DEFAULT_CONSUMER")}, nil},
		{"WithConsumerModel", []Option{WithConsumerModel(7)}, nil},
		{"WithConsumeFromWhere", []Option{WithConsumeFromWhere(9)}, nil},
		{"WithConsumeTimestamp", []Option{WithConsumeTimestamp("yesterday")}, nil},
		{"WithConsumeTimestamp", []Option{WithConsumeTimestamp("20231301000000")}, nil},
		{"WithStrategy", []Option{WithStrategy(nil)}, nil},
		{"WithInterceptor", []Option{WithInterceptor(nil)}, nil},
		{"WithFilterMessageHook", []Option{WithFilterMessageHook([]hooks.FilterMessageHook{nil})}, nil},
		{"WithConsumeGoroutineNums", []Option{WithConsumeGoroutineNums(-1)}, nil},
		{"WithConsumeGoroutineNums", []Option{WithConsumeGoroutineNums(1001)}, nil},
		{"WithConsumeMessageBatchMaxSize", []Option{WithConsumeMessageBatchMaxSize(1025)}, nil},
		{"WithConsumeTimeout", []Option{WithConsumeTimeout(time.Millisecond)}, nil},
		{"WithConsumeTimeout", []Option{WithConsumeTimeout(-time.Minute)}, nil},
		{"WithMaxReconsumeTimes", []Option{WithMaxReconsumeTimes(-2)}, nil},
		{"WithRetry", []Option{WithRetry(-1)}, nil},
		{"WithRetry", []Option{WithRetry(17)}, nil},
		{"WithConsumeTPS", []Option{WithConsumeTPS(-1)}, nil},
		{"WithPullBatchSize", []Option{WithPullBatchSize(1025)}, nil},
		{"WithPullBatchSize", []Option{WithPullBatchSize(-1)}, nil},
		{"WithPullInterval", []Option{WithPullInterval(-1)}, nil},
		{"WithPullInterval", []Option{WithPullInterval(2 * time.Minute)}, nil},
		{"WithConsumerPullTimeout", []Option{WithConsumerPullTimeout(time.Millisecond)}, nil},
		{"WithConsumeConcurrentlyMaxSpan", []Option{WithConsumeConcurrentlyMaxSpan(65536)}, nil},
		{"WithPullThresholdForQueue", []Option{WithPullThresholdForQueue(65536)}, nil},
		{"WithPullThresholdSizeForQueue", []Option{WithPullThresholdSizeForQueue(1025)}, nil},
		{"WithPullThresholdForTopic", []Option{WithPullThresholdForTopic(6553501)}, nil},
		{"WithPullThresholdForTopic", []Option{WithPullThresholdForTopic(-2)}, nil},
		{"WithPullThresholdSizeForTopic", []Option{WithPullThresholdSizeForTopic(102401)}, nil},
		{"WithHandoverGrace", []Option{WithHandoverGrace(2 * time.Minute)}, nil},
		{"WithShutdownTimeout", []Option{WithShutdownTimeout(-1)}, nil},
		{"WithRemotingTimeout", []Option{WithRemotingTimeout(-1, 0, 0)}, nil},
		{"WithRemotingTimeout", []Option{WithRemotingTimeout(0, -1, 0)}, nil},
		{"WithRemotingTimeout", []Option{WithRemotingTimeout(0, 0, -1)}, nil},
		{"WithSerialization", []Option{WithSerialization(9)}, nil},
		{"WithConsumerOrder", []Option{WithConsumerOrder(true)}, ErrNotSupported},
		{"WithSuspendCurrentQueueTimeMillis", []Option{WithSuspendCurrentQueueTimeMillis(time.Second)}, ErrNotSupported},
		{"WithRebalanceLockInterval", []Option{WithRebalanceLockInterval(time.Second)}, ErrNotSupported},
		{"WithTrace", []Option{WithTrace(&primitive.TraceConfig{})}, ErrNotSupported},
		{"WithClient", []Option{WithClient(nil)}, nil},
		{"WithTls", []Option{WithTls(true), WithClient(client)}, nil},
		{"WithTLSConfig", []Option{WithClient(client), WithTLSConfig(&tls.Config{})}, nil},
		{"WithNameServer, WithNsResolver or WithNameServerDomain", []Option{WithClient(client), WithNameServer([]string{"a:1"})}, nil},
		{"WithCredentials", []Option{WithClient(client), WithCredentials(primitive.Credentials{AccessKey: "a", SecretKey: "b"})}, nil},
	} {
		p, err := NewPushConsumer(append([]Option{WithGroupName("group")}, tt.opts...)...)
		require.Nil(t, p, tt.option)
		var wrong *OptionError
		require.True(t, errors.As(err, &wrong), "%s: %v", tt.option, err)
		require.Equal(t, tt.option, wrong.Option)
		require.ErrorIs(t, err, rmqerrors.ErrIllegalOption)
		require.Contains(t, err.Error(), tt.option)
		if tt.is != nil {
			require.ErrorIs(t, err, tt.is)
		}
	}
}

func TestOptionsThatAreSwitchedOffAreFine(t *testing.T) {
	t.Parallel()
	checked(t, WithConsumerOrder(false), WithSuspendCurrentQueueTimeMillis(0), WithRebalanceLockInterval(0), WithTrace(nil))
}

func TestConnectionOptionsReachTheClient(t *testing.T) {
	t.Parallel()
	o := checked(t, WithNameServer([]string{"a:1", "b:2"}), WithCredentials(primitive.Credentials{AccessKey: "k", SecretKey: "s"}),
		WithNamespace("ns"), WithInstance("name"), WithUnitName(" unit "), WithClientIP("10.1.2.3"), WithVIPChannel(true),
		WithRemotingTimeout(time.Second, 2*time.Second, 3*time.Second), WithSerialization(primitive.SerializationRocketMQ),
		WithTls(true))
	cfg := o.instanceConfig()
	require.Equal(t, []string{"a:1", "b:2"}, cfg.NameServers)
	require.Equal(t, "k", cfg.Credentials.AccessKey)
	require.Equal(t, "ns", cfg.Namespace)
	require.Equal(t, "name", cfg.InstanceName)
	require.Equal(t, "unit", cfg.UnitName)
	require.Equal(t, "10.1.2.3", cfg.ClientIP)
	require.True(t, cfg.VIPChannel)
	require.Equal(t, time.Second, cfg.ConnectTimeout)
	require.Equal(t, 2*time.Second, cfg.IdleTimeout)
	require.Equal(t, 3*time.Second, cfg.WriteTimeout)
	require.EqualValues(t, primitive.SerializationRocketMQ, cfg.Serialization)
	require.False(t, cfg.TLS.InsecureSkipVerify, "servers are verified")
	require.Nil(t, checked(t, WithTls(true), WithTls(false)).instanceConfig().TLS)
	require.Equal(t, "broker", checked(t, WithTLSConfig(&tls.Config{ServerName: "broker"})).instanceConfig().TLS.ServerName)
	require.Nil(t, checked(t, WithTLSConfig(nil)).instanceConfig().TLS)

	for _, opt := range []Option{WithNsResolver(primitive.NewPassthroughResolver([]string{"c:3"})), WithNameServerDomain("example.invalid")} {
		cfg = checked(t, WithNameServer([]string{"a:1"}), opt).instanceConfig()
		require.Empty(t, cfg.NameServers, "the later option counts")
		require.NotNil(t, cfg.Resolver)
	}
	addrs, err := checked(t, WithNsResolver(primitive.NewPassthroughResolver([]string{"c:3"}))).instanceConfig().Resolver.Resolve(context.Background())
	require.NoError(t, err)
	require.Equal(t, []string{"c:3"}, addrs)
}

func TestTopicLimitsAreSharedByTheQueuesHeld(t *testing.T) {
	t.Parallel()
	o := checked(t, WithPullThresholdForTopic(1000), WithPullThresholdSizeForTopic(10), WithPullThresholdForQueue(7), WithPullThresholdSizeForQueue(3))
	require.Equal(t, &limits{count: 250, bytes: 2 * mib, span: 2000}, o.queueLimits(4))
	require.Equal(t, &limits{count: 1, bytes: mib, span: 2000}, o.queueLimits(5000))
	o = checked(t, WithPullThresholdForQueue(7), WithPullThresholdSizeForQueue(3), WithConsumeConcurrentlyMaxSpan(5))
	require.Equal(t, &limits{count: 7, bytes: 3 * mib, span: 5}, o.queueLimits(4))
}
