package producer

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

const (
	codeSend  = 310
	codeBatch = 320
	codeRoute = 105

	waitFor = time.Minute // for a busy machine under the race detector
	tick    = 5 * time.Millisecond
)

// newProducer returns a started producer for the cluster, which is shut down, and
// must be so without an error, when the test ends.
func newProducer(t testing.TB, c *mqtest.Cluster, opts ...Option) *DefaultProducer {
	t.Helper()
	p := unstarted(t, c, opts...)
	require.NoError(t, p.Start())
	t.Cleanup(func() { require.NoError(t, p.Shutdown()) })
	return p
}

func unstarted(t testing.TB, c *mqtest.Cluster, opts ...Option) *DefaultProducer {
	t.Helper()
	p, err := NewDefaultProducer(append([]Option{WithNameServer(c.NameServers()), WithLogger(rlog.Discard())}, opts...)...)
	require.NoError(t, err)
	return p
}

func message(topic, body string) *primitive.Message {
	return primitive.NewMessage(topic, []byte(body))
}

// sendError asserts that err is a SendError and returns it.
func sendError(t testing.TB, err error) *primitive.SendError {
	t.Helper()
	require.Error(t, err)
	var failed *primitive.SendError
	require.True(t, errors.As(err, &failed), "%T: %v", err, err)
	return failed
}

// asyncResult is what a callback got.
type asyncResult struct {
	ctx    context.Context
	result *primitive.SendResult
	err    error
}

// collect returns a callback, and the channel that its calls arrive at.
func collect(n int) (func(context.Context, *primitive.SendResult, error), chan asyncResult) {
	results := make(chan asyncResult, n+16)
	return func(ctx context.Context, r *primitive.SendResult, err error) {
		results <- asyncResult{ctx, r, err}
	}, results
}

func receive[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(10 * time.Second):
		require.FailNow(t, "nothing arrived within 10 s")
		panic("unreachable")
	}
}

func background(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	t.Cleanup(cancel)
	return ctx
}
