package conformance

import (
	"context"
	stderrors "errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

func sendRefusalCases() []Case {
	return []Case{
		{Name: "send-refused-by-validation", Row: "8.3 #54", Run: sendRefusedByValidation},
		{Name: "send-refused-missing-topic", Row: "2.2 check 5", Run: sendRefusedMissingTopic},
		{Name: "send-refused-read-only-topic", Row: "5.3", Run: sendRefusedReadOnly},
		{Name: "send-refused-by-broker-size", Row: "2.2 check 8", Run: sendRefusedByBroker},
		{Name: "send-cancelled-is-not-sent", Row: "V1", Run: sendCancelled},
		{Name: "send-after-shutdown", Row: "issue: bad input", Run: sendAfterShutdown},
	}
}

// requireSendError checks the type and outcome of a failed send.
func requireSendError(t *testing.T, err error, outcome primitive.Outcome) *primitive.SendError {
	t.Helper()
	var failed *primitive.SendError
	require.True(t, stderrors.As(err, &failed), "%T: %v", err, err)
	require.Equal(t, outcome, failed.Outcome, "%v", err)
	return failed
}

func sendRefusedByValidation(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	p := e.Producer()
	delayed := primitive.NewMessage(topic, []byte("x"))
	tests := []struct {
		name string
		msgs []*primitive.Message
		is   error
	}{
		{"no message", nil, errors.ErrMessageEmpty},
		{"nil message", []*primitive.Message{nil}, errors.ErrMessageEmpty},
		{"no topic", []*primitive.Message{primitive.NewMessage("", []byte("x"))}, nil},
		{"illegal characters", []*primitive.Message{primitive.NewMessage("a#b", []byte("x"))}, errors.ErrIllegalTopic},
		{"long topic", []*primitive.Message{primitive.NewMessage(strings.Repeat("t", 128), []byte("x"))}, errors.ErrIllegalTopic},
		{"system topic", []*primitive.Message{primitive.NewMessage("SCHEDULE_TOPIC_XXXX", []byte("x"))}, errors.ErrIllegalTopic},
		{"empty body", []*primitive.Message{primitive.NewMessage(topic, nil)}, errors.ErrMessageBody},
		{"too large", []*primitive.Message{primitive.NewMessage(topic, make([]byte, 4<<20+1))}, errors.ErrMessageTooLarge},
		{"batch of two topics", []*primitive.Message{delayed, primitive.NewMessage(e.Name(), []byte("x"))}, errors.ErrMultipleTopics},
		{"batch with a delay", []*primitive.Message{delayed, primitive.NewMessage(topic, []byte("x")).WithDelayTimeLevel(1)}, errors.ErrIllegalBatch},
	}
	for _, tt := range tests {
		_, err := p.SendSync(e.Ctx, tt.msgs...)
		requireSendError(t, err, primitive.OutcomeNotSent)
		if tt.is != nil {
			require.ErrorIs(t, err, tt.is, tt.name)
		}
	}
	e.Stored(topic, 0)
}

func sendRefusedMissingTopic(t *testing.T, e *Env) {
	topic := e.Name()
	p := e.Producer(producer.WithCreateTopicKey("no_such_default_topic"), producer.WithRetry(0))
	_, err := p.SendSync(e.Ctx, primitive.NewMessage(topic, []byte("x")))
	failed := requireSendError(t, err, primitive.OutcomeRejected)
	require.Equal(t, command.TopicNotExist, failed.Code)
	require.Contains(t, failed.Remark, "not exist")
	require.ErrorIs(t, err, errors.ErrTopicNotExist)
	require.Equal(t, topic, failed.Topic)
	require.NotNil(t, failed.Queue)
	require.NotEmpty(t, failed.Addr)
	var broker primitive.MQBrokerErr
	require.ErrorAs(t, err, &broker)
	require.EqualValues(t, command.TopicNotExist, broker.ResponseCode)
}

func sendRefusedReadOnly(t *testing.T, e *Env) {
	topic := e.Name()
	require.NoError(t, e.Observer.CreateTopic(e.Ctx, topic, 2, 4))
	p := e.Producer()
	_, err := p.SendSync(e.Ctx, primitive.NewMessage(topic, []byte("x")))
	requireSendError(t, err, primitive.OutcomeNotSent)
	require.ErrorIs(t, err, errors.ErrRouteNotFound)
}

func sendRefusedByBroker(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	p := e.Producer(producer.WithMaxMessageSize(5<<20), producer.WithCompressMsgBodyOverHowmuch(8<<20))
	_, err := p.SendSync(e.Ctx, primitive.NewMessage(topic, noise(4<<20+1, 1)))
	failed := requireSendError(t, err, primitive.OutcomeRejected)
	require.Equal(t, command.MessageIllegal, failed.Code)
	require.Equal(t, 1, failed.Attempts, "an illegal message is not sent again")
	e.Stored(topic, 0)
}

func sendCancelled(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	p := e.Producer()
	ctx, cancel := context.WithCancel(e.Ctx)
	cancel()
	began := time.Now()
	_, err := p.SendSync(ctx, primitive.NewMessage(topic, []byte("x")))
	require.ErrorIs(t, err, context.Canceled)
	requireSendError(t, err, primitive.OutcomeNotSent)
	require.Less(t, time.Since(began), time.Second)
	e.Stored(topic, 0)
}

func sendAfterShutdown(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	p := e.Producer()
	e.Send(p, primitive.NewMessage(topic, []byte("x")))
	require.NoError(t, p.Shutdown())
	require.NoError(t, p.Shutdown(), "again")
	_, err := p.SendSync(e.Ctx, primitive.NewMessage(topic, []byte("x")))
	require.ErrorIs(t, err, errors.ErrClosed)
	requireSendError(t, err, primitive.OutcomeNotSent)
	e.Stored(topic, 1)
}
