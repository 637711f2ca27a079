package producer

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// The application's message is never written to: equal before and after, and the
// race detector sees nothing when 100 goroutines send the same one.
func TestMessageIsNeverWrittenTo(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("ns%orders", 4))
	interceptor := func(ctx context.Context, req, reply interface{}, next primitive.Invoker) error {
		m := req.(*primitive.Message)
		m.WithProperty("added", "by the interceptor")
		m.Flag++
		return next(ctx, req, reply)
	}
	for name, opts := range map[string][]Option{
		"plain":        {WithNamespace("ns"), WithCompressMsgBodyOverHowmuch(100)},
		"interceptors": {WithNamespace("ns"), WithCompressMsgBodyOverHowmuch(100), WithInterceptor(interceptor)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProducer(t, c, opts...)
			made := func() *primitive.Message {
				m := message("orders", strings.Repeat("large ", 100)).WithTag("t").WithKeys([]string{"k"}).WithShardingKey("s")
				m.Flag = 3
				m.Queue = &primitive.MessageQueue{Topic: "orders", BrokerName: "b", QueueId: 1}
				return m
			}
			m, want := made(), made()
			done, results := collect(200)
			var wg sync.WaitGroup
			for i := range 100 {
				wg.Add(1)
				go func() {
					defer wg.Done()
					var err error
					switch i % 4 {
					case 0:
						_, err = p.SendSync(background(t), m)
					case 1:
						err = p.SendAsync(background(t), done, m)
					case 2:
						err = p.SendOneWay(background(t), m)
					case 3:
						_, err = p.SendSync(background(t), m, m, m)
					}
					if err != nil {
						t.Error(err)
					}
				}()
			}
			wg.Wait()
			for range 25 {
				require.NoError(t, receive(t, results).err)
			}
			require.Equal(t, want, m)
		})
	}
}

// What SendAsync was given may be changed when it has returned, also when the send
// is tried again later.
func TestAsyncCopiesTheMessage(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("orders", 4))
	watch(c, codeSend, func(n int, _ *mqtest.Command) *mqtest.Reply {
		if n < 20 {
			return &mqtest.Reply{Code: 1}
		}
		return nil
	})
	p := newProducer(t, c, WithRetry(5), WithQueueSelector(pick(func(m *primitive.Message, qs []*primitive.MessageQueue, _ string) *primitive.MessageQueue {
		if string(m.Body) != "original" || m.GetTags() != "original" || m.Queue.QueueId != 1 {
			return nil
		}
		return qs[m.Queue.QueueId]
	})))
	done, results := collect(20)
	for range 20 {
		m := message("orders", "original").WithTag("original")
		m.Queue = &primitive.MessageQueue{Topic: "orders", QueueId: 1}
		require.NoError(t, p.SendAsync(background(t), done, m))
		copy(m.Body, "changed!")
		m.WithTag("changed")
		m.Queue.QueueId = 2
		m.Topic = "changed"
	}
	for range 20 {
		require.NoError(t, receive(t, results).err)
	}
	for _, m := range c.Stored("orders") {
		require.Equal(t, "original", string(m.Body))
		require.Equal(t, "original", m.GetTags())
		require.Equal(t, 1, m.Queue.QueueId)
	}
}
