package load

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/test/broker"
)

const (
	messages  = 200_000
	bodySize  = 1024
	senders   = 16
	perSender = messages / senders
)

// TestExactlyOnce sends 200,000 messages of 1 KiB from 16 goroutines to a group
// of three members. While they flow a fourth member joins and later the first
// one leaves gracefully. Every message is handled exactly once.
func TestExactlyOnce(t *testing.T) {
	cluster := broker.Start(t, broker.Config{Version: broker.V5_4_0, Heap: "512m"})
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	topic, group := "load_exactly_once", "GID_load_exactly_once"
	require.NoError(t, cluster.Observer().CreateTopic(ctx, topic, 8, 6))

	var seen [messages]atomic.Int32
	var handled atomic.Int64
	perMember := make([]atomic.Int64, 4)
	member := func(i int) handler {
		return func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
			for _, m := range msgs {
				seen[binary.BigEndian.Uint64(m.Body)].Inc()
				perMember[i].Inc()
				handled.Inc()
			}
			return consumer.ConsumeSuccess, nil
		}
	}
	members := make([]interface{ Shutdown() error }, 0, 4)
	for i := range 3 {
		members = append(members, newConsumer(t, cluster, group, topic, member(i)))
	}
	shutdown := func(i int) {
		require.NoError(t, members[i].Shutdown())
		members[i] = nil
	}
	defer func() {
		for i, c := range members {
			if c != nil {
				shutdown(i)
			}
		}
	}()

	p := newProducer(t, cluster)
	defer func() { require.NoError(t, p.Shutdown()) }()
	began := time.Now()
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range perSender {
				body := make([]byte, bodySize)
				binary.BigEndian.PutUint64(body, uint64(s*perSender+i))
				if _, err := p.SendSync(ctx, primitive.NewMessage(topic, body)); err != nil {
					t.Errorf("sender %d, message %d: %v", s, i, err)
					return
				}
			}
		})
	}
	reach := func(n int64) {
		t.Helper()
		require.Eventually(t, func() bool { return handled.Load() >= n || ctx.Err() != nil || t.Failed() }, 8*time.Minute, 20*time.Millisecond)
		require.NoError(t, ctx.Err(), "%d of %d handled", handled.Load(), messages)
		require.False(t, t.Failed(), "a send failed")
	}
	reach(messages * 3 / 10)
	members = append(members, newConsumer(t, cluster, group, topic, member(3)))
	t.Logf("a fourth member joined at %d", handled.Load())
	reach(messages * 6 / 10)
	shutdown(0)
	leftAt := perMember[0].Load()
	t.Logf("the first member left at %d", handled.Load())
	wg.Wait()
	sentIn := time.Since(began)
	reach(messages)
	took := time.Since(began)

	// Nothing comes late: the members that are left commit and go.
	for i := 1; i < len(members); i++ {
		shutdown(i)
	}
	committed, err := cluster.Observer().CommittedTotal(ctx, group, topic)
	require.NoError(t, err)

	duplicates, missing := 0, 0
	for i := range seen {
		switch n := seen[i].Load(); {
		case n == 0:
			missing++
		case n > 1:
			duplicates += int(n) - 1
		}
	}
	var shares []int64
	for i := range perMember {
		shares = append(shares, perMember[i].Load())
	}
	stored, err := storedTotal(ctx, cluster, topic)
	require.NoError(t, err)
	fmt.Printf("exactly once: %d messages of %d bytes, %d goroutines: sent in %.1f s (%.0f/s), consumed in %.1f s (%.0f/s); stored %d, committed %d, duplicates %d, missing %d; per member %v\n",
		messages, bodySize, senders, sentIn.Seconds(), messages/sentIn.Seconds(), took.Seconds(), messages/took.Seconds(),
		stored, committed, duplicates, missing, shares)
	require.Zero(t, missing)
	require.Zero(t, duplicates)
	require.EqualValues(t, messages, stored)
	require.EqualValues(t, messages, committed)
	require.NotZero(t, shares[3], "the member that joined got nothing")
	require.Equal(t, leftAt, shares[0], "the member that left got messages after its Shutdown")
}

func storedTotal(ctx context.Context, cluster *broker.Cluster, topic string) (int64, error) {
	queues, err := cluster.Observer().Queues(ctx, topic)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, q := range queues {
		end, err := cluster.Observer().MaxOffset(ctx, q)
		if err != nil {
			return 0, err
		}
		sum += end
	}
	return sum, nil
}
