package producer

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// everyWay runs a send in all three ways.
func everyWay(p *DefaultProducer, ctx context.Context, t *testing.T, check func(error), msgs ...*primitive.Message) {
	t.Helper()
	_, err := p.SendSync(ctx, msgs...)
	check(err)
	done, results := collect(1)
	if err := p.SendAsync(ctx, done, msgs...); err != nil {
		check(err)
	} else {
		check(receive(t, results).err)
	}
	check(p.SendOneWay(ctx, msgs...))
}

func TestBadMessages(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c, WithMaxMessageSize(1000))
	separator := message("orders", "x")
	separator.WithProperty("key", "a\x01b")
	many := message("orders", "x")
	many.WithProperty("key", strings.Repeat("v", 32767))
	tests := []struct {
		name string
		msgs []*primitive.Message
		want error
		text string
	}{
		{"no message", nil, rmqerrors.ErrMessageEmpty, ""},
		{"nil message", []*primitive.Message{nil}, rmqerrors.ErrMessageEmpty, ""},
		{"empty topic", []*primitive.Message{message("", "x")}, rmqerrors.ErrTopicEmpty, "name a topic"},
		{"blank topic", []*primitive.Message{message("  ", "x")}, rmqerrors.ErrTopicEmpty, ""},
		{"illegal character", []*primitive.Message{message("or ders", "x")}, rmqerrors.ErrIllegalTopic, "or ders"},
		{"topic not in ASCII", []*primitive.Message{message("訂單", "x")}, rmqerrors.ErrIllegalTopic, "訂"},
		{"topic too long", []*primitive.Message{message(strings.Repeat("t", 128), "x")}, rmqerrors.ErrIllegalTopic, "127"},
		{"topic of the broker", []*primitive.Message{message("SCHEDULE_TOPIC_XXXX", "x")}, rmqerrors.ErrIllegalTopic, "forbidden"},
		{"empty body", []*primitive.Message{message("orders", "")}, rmqerrors.ErrMessageBody, "empty"},
		{"body over the limit", []*primitive.Message{message("orders", strings.Repeat("x", 1001))}, rmqerrors.ErrMessageTooLarge, "1000"},
		{"separator in a property", []*primitive.Message{separator}, rmqerrors.ErrIllegalProperty, "key"},
		{"properties over the limit", []*primitive.Message{many}, rmqerrors.ErrIllegalProperty, "32767"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			everyWay(p, background(t), t, func(err error) {
				require.ErrorIs(t, err, tt.want)
				require.ErrorContains(t, err, tt.text)
				require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
			}, tt.msgs...)
		})
	}
	require.Zero(t, c.Requests(codeSend))
	_, err := p.SendSync(background(t), message("orders", strings.Repeat("x", 1000)))
	require.NoError(t, err, "the limit itself is allowed")
}

// The properties fit until the producer adds its own.
func TestPropertiesOverTheLimitWithTheID(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	p := newProducer(t, c)
	m := message("orders", "x")
	m.WithProperty("k", strings.Repeat("v", 32767-3-10))
	everyWay(p, background(t), t, func(err error) { require.ErrorIs(t, err, rmqerrors.ErrIllegalProperty) }, m)
	everyWay(p, background(t), t, func(err error) { require.ErrorIs(t, err, rmqerrors.ErrIllegalProperty) }, m, m)
}

func TestSendAsyncWithoutCallback(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t)
	p := newProducer(t, c)
	require.ErrorIs(t, p.SendAsync(background(t), nil, message("orders", "x")), rmqerrors.ErrIllegalOption)
}

func TestMissingTopic(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithAutoCreateTopic(false), mqtest.WithTopic("orders", 1))
	p := newProducer(t, c)
	everyWay(p, background(t), t, func(err error) {
		require.ErrorIs(t, err, rmqerrors.ErrTopicNotExist)
		require.ErrorIs(t, err, rmqerrors.ErrRouteNotFound)
		require.ErrorContains(t, err, "missing")
		failed := sendError(t, err)
		require.Equal(t, primitive.OutcomeNotSent, failed.Outcome)
		require.Equal(t, "missing", failed.Topic)
		require.Zero(t, failed.Attempts)
	}, message("missing", "x"))
	require.NotContains(t, p.PublishTopicList(), "missing", "misspelled topics do not pile up")

	require.NoError(t, c.CreateTopic("missing", 1))
	require.Eventually(t, func() bool {
		_, err := p.SendSync(background(t), message("missing", "x"))
		return err == nil
	}, waitFor, tick)
}

func TestUnreachableNameServer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())

	p, err := NewDefaultProducer(WithNameServer(primitive.NamesrvAddr{addr}), WithLogger(rlog.Discard()))
	require.NoError(t, err)
	start := time.Now()
	require.NoError(t, p.Start(), "the cluster may come up later")
	require.Less(t, time.Since(start), 2*time.Second)
	defer func() { require.NoError(t, p.Shutdown()) }()
	everyWay(p, background(t), t, func(err error) {
		require.ErrorIs(t, err, rmqerrors.ErrRouteNotFound)
		require.ErrorContains(t, err, addr)
		require.True(t, primitive.IsRemotingErr(err))
		require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
	}, message("orders", "x"))
}

func TestUnknownHost(t *testing.T) {
	t.Parallel()
	p, err := NewDefaultProducer(WithNameServer(primitive.NamesrvAddr{"no-such-host.invalid:9876"}), WithLogger(rlog.Discard()))
	require.NoError(t, err)
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	everyWay(p, background(t), t, func(err error) {
		require.ErrorContains(t, err, "no-such-host.invalid")
		require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
	}, message("orders", "x"))
}

func TestSilentNameServerDelaysStartOnlyALittle(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	p, err := NewDefaultProducer(WithNameServer(primitive.NamesrvAddr{l.Addr().String()}), WithLogger(rlog.Discard()), WithSendMsgTimeout(100*time.Millisecond))
	require.NoError(t, err)
	start := time.Now()
	require.NoError(t, p.Start())
	require.Less(t, time.Since(start), probeTimeout+time.Second)
	_, err = p.SendSync(background(t), message("orders", "x"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, p.Shutdown())
}

func TestWrongCredentials(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithACL("key", "secret"), mqtest.WithTopic("orders", 1))
	for name, cred := range map[string]primitive.Credentials{
		"wrong secret": {AccessKey: "key", SecretKey: "wrong"},
		"unknown key":  {AccessKey: "other", SecretKey: "secret"},
		"none":         {},
	} {
		t.Run(name, func(t *testing.T) {
			p := unstarted(t, c, WithCredentials(cred))
			start := time.Now()
			err := p.Start()
			require.Less(t, time.Since(start), time.Second)
			require.Error(t, err)
			var refused *primitive.BrokerError
			require.ErrorAs(t, err, &refused)
			require.NotZero(t, refused.Code)
			require.ErrorIs(t, err, rmqerrors.ErrNoPermission)
			require.NotEmpty(t, refused.Remark)
			require.NotContains(t, err.Error(), "secret\"")
			_, err = p.SendSync(background(t), message("orders", "x"))
			require.ErrorIs(t, err, rmqerrors.ErrNotRunning)
			require.NoError(t, p.Shutdown())
		})
	}
	require.Eventually(t, func() bool { return c.Connections() == 0 }, waitFor, tick, "a failed start leaves nothing behind")

	right := newProducer(t, c, WithCredentials(primitive.Credentials{AccessKey: "key", SecretKey: "secret"}))
	_, err := right.SendSync(background(t), message("orders", "x"))
	require.NoError(t, err)
}

// Without automatic creation no broker is known at the start, so that the first
// send has to find out.
func TestWrongCredentialsAtTheFirstSend(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithACL("key", "secret"), mqtest.WithTopic("orders", 1), mqtest.WithAutoCreateTopic(false))
	p := newProducer(t, c, WithCredentials(primitive.Credentials{AccessKey: "key", SecretKey: "wrong"}))
	_, err := p.SendSync(background(t), message("orders", "x"))
	failed := sendError(t, err)
	require.Equal(t, primitive.OutcomeRejected, failed.Outcome)
	require.Equal(t, 1, failed.Attempts, "no retry cures it")
	require.ErrorIs(t, err, rmqerrors.ErrNoPermission)
	var refused *primitive.BrokerError
	require.ErrorAs(t, err, &refused)
}

func TestBodyOverTheBrokersLimit(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1), mqtest.WithMaxMessageSize(1000))
	p := newProducer(t, c)
	_, err := p.SendSync(background(t), message("orders", strings.Repeat("x", 2000)))
	failed := sendError(t, err)
	require.Equal(t, primitive.OutcomeRejected, failed.Outcome)
	require.EqualValues(t, 13, failed.Code)
	require.Equal(t, 1, failed.Attempts)
}

func TestManualSelectorWithAQueueThatDoesNotExist(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 1))
	p := newProducer(t, c, WithQueueSelector(NewManualQueueSelector()))
	m := message("orders", "x")
	m.Queue = &primitive.MessageQueue{Topic: "orders", BrokerName: "nobody", QueueId: 0}
	everyWay(p, background(t), t, func(err error) {
		require.ErrorIs(t, err, rmqerrors.ErrBrokerNotFound)
		require.Equal(t, primitive.OutcomeNotSent, sendError(t, err).Outcome)
	}, m)
	m.Queue = &primitive.MessageQueue{Topic: "orders", BrokerName: c.Brokers()[0], QueueId: 99}
	_, err := p.SendSync(background(t), m)
	require.Equal(t, primitive.OutcomeRejected, sendError(t, err).Outcome)
}
