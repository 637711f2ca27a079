package interop

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

// Ours is this library.
type Ours struct{}

// Name implements Client.
func (Ours) Name() string { return "ours" }

// Produce implements Client.
func (Ours) Produce(t *testing.T, nameServer, topic, compression string, msgs []Message) []Sent {
	t.Helper()
	opts := []producer.Option{
		producer.WithNameServer(strings.Split(nameServer, ";")),
		producer.WithGroupName("GID_interop_ours_producer"),
		producer.WithSendMsgTimeout(10 * time.Second),
	}
	switch compression {
	case "LZ4":
		opts = append(opts, producer.WithCompressType(producer.CompressLZ4))
	case "ZSTD":
		opts = append(opts, producer.WithCompressType(producer.CompressZSTD))
	}
	p, err := rocketmq.NewProducer(opts...)
	require.NoError(t, err)
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	var results []Sent
	var batch []*primitive.Message
	for _, m := range msgs {
		out := m.ours(topic)
		switch m.Mode {
		case "batch":
			batch = append(batch, out)
		case "async":
			done := make(chan error, 1)
			require.NoError(t, p.SendAsync(ctx, func(_ context.Context, r *primitive.SendResult, err error) {
				if err == nil {
					results = append(results, sent(r))
				}
				done <- err
			}, out))
			require.NoError(t, <-done)
		default:
			r, err := p.SendSync(ctx, out)
			require.NoError(t, err)
			results = append(results, sent(r))
		}
	}
	if len(batch) > 0 {
		r, err := p.SendSync(ctx, batch...)
		require.NoError(t, err)
		results = append(results, sent(r))
	}
	return results
}

func (m Message) ours(topic string) *primitive.Message {
	out := primitive.NewMessage(topic, m.Body)
	if m.Tags != "" {
		out.WithTag(m.Tags)
	}
	if m.Keys != "" {
		out.WithKeys(strings.Split(m.Keys, " "))
	}
	if m.DelayLevel > 0 {
		out.WithDelayTimeLevel(m.DelayLevel)
	}
	for name, value := range m.Properties {
		out.WithProperty(name, value)
	}
	return out
}

func sent(r *primitive.SendResult) Sent {
	status := "SEND_OK"
	if r.Status != primitive.SendOK {
		status = "status " + itoa(int(r.Status))
	}
	return Sent{Status: status, MsgID: r.MsgID, QueueID: r.MessageQueue.QueueId, QueueOffset: r.QueueOffset}
}

// Consume implements Client.
func (Ours) Consume(t *testing.T, nameServer, topic, group, expression string, n int) []Received {
	t.Helper()
	c, err := rocketmq.NewPushConsumer(
		consumer.WithNameServer(strings.Split(nameServer, ";")),
		consumer.WithGroupName(group),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
	require.NoError(t, err)
	var mu sync.Mutex
	var got []Received
	all := make(chan struct{})
	err = c.Subscribe(topic, consumer.MessageSelector{Type: consumer.TAG, Expression: expression}, func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		mu.Lock()
		defer mu.Unlock()
		for _, m := range msgs {
			got = append(got, Received{
				Body: m.Body, MsgID: m.MsgId, Topic: m.Topic, QueueID: m.Queue.QueueId, QueueOffset: m.QueueOffset,
				DelayMs: m.StoreTimestamp - m.BornTimestamp, Properties: m.GetProperties(),
			})
			if len(got) == n {
				close(all)
			}
		}
		return consumer.ConsumeSuccess, nil
	})
	require.NoError(t, err)
	require.NoError(t, c.Start())
	defer func() { require.NoError(t, c.Shutdown()) }()
	select {
	case <-all:
	case <-time.After(40 * time.Second):
		t.Errorf("ours: fewer than %d messages of %s came in time", n, topic)
	}
	mu.Lock()
	defer mu.Unlock()
	return got
}

func itoa(n int) string { return strconv.Itoa(n) }
