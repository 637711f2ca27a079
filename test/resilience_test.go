package test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
	"github.com/rocketmq-go/rocketmq/test/broker"
)

// received counts bodies.
type received struct {
	mu     sync.Mutex
	bodies map[string]int
}

func (r *received) handle(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range msgs {
		r.bodies[string(m.Body)]++
	}
	return consumer.ConsumeSuccess, nil
}

// missing returns how many of the bodies have not come.
func (r *received) missing(bodies []string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, b := range bodies {
		if r.bodies[b] == 0 {
			n++
		}
	}
	return n
}

// client starts a producer and a consumer of a topic.
func client(t *testing.T, nameServers []string, topic string) (rocketmq.Producer, *received) {
	t.Helper()
	p, err := rocketmq.NewProducer(producer.WithNameServer(nameServers), producer.WithGroupName("GID_"+topic+"_p"))
	require.NoError(t, err)
	require.NoError(t, p.Start())
	t.Cleanup(func() { require.NoError(t, p.Shutdown()) })
	c, err := rocketmq.NewPushConsumer(consumer.WithNameServer(nameServers), consumer.WithGroupName("GID_"+topic),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset))
	require.NoError(t, err)
	got := &received{bodies: map[string]int{}}
	require.NoError(t, c.Subscribe(topic, consumer.MessageSelector{}, got.handle))
	require.NoError(t, c.Start())
	t.Cleanup(func() { _ = c.Shutdown() }) // its broker may be gone, and the offsets with it
	return p, got
}

func send(t *testing.T, ctx context.Context, p rocketmq.Producer, topic, prefix string, n int) []string {
	t.Helper()
	var bodies []string
	for i := range n {
		body := fmt.Sprint(prefix, i)
		_, err := p.SendSync(ctx, primitive.NewMessage(topic, []byte(body)))
		require.NoError(t, err)
		bodies = append(bodies, body)
	}
	return bodies
}

// TestBrokerRestart kills the only broker and starts it again: sending and
// consuming go on by themselves, and nothing that was accepted is lost.
func TestBrokerRestart(t *testing.T) {
	for _, version := range []string{broker.V4_9_7, broker.V5_4_0} {
		t.Run(version, func(t *testing.T) {
			cluster := broker.Start(t, broker.Config{Version: version})
			ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
			defer cancel()
			const topic = "restart"
			require.NoError(t, cluster.Observer().CreateTopic(ctx, topic, 4, 6))
			p, got := client(t, cluster.NameServers(), topic)
			sent := send(t, ctx, p, topic, "before ", 100)
			require.Eventually(t, func() bool { return got.missing(sent) == 0 }, 20*time.Second, 20*time.Millisecond)

			sent = append(sent, send(t, ctx, p, topic, "just before ", 100)...)
			cluster.Kill(cluster.Brokers()[0])
			_, err := p.SendSync(ctx, primitive.NewMessage(topic, []byte("nobody there")))
			require.Error(t, err)
			require.NoError(t, cluster.Restart(ctx, cluster.Brokers()[0]))
			up := time.Now()
			require.Eventually(t, func() bool {
				_, err := p.SendSync(ctx, primitive.NewMessage(topic, []byte("first")))
				return err == nil
			}, 30*time.Second, 50*time.Millisecond)
			sent = append(sent, send(t, ctx, p, topic, "after ", 100)...)
			require.Eventually(t, func() bool { return got.missing(sent) == 0 }, 30*time.Second, 20*time.Millisecond)
			t.Logf("everything was consumed %v after the broker was listed again", time.Since(up).Round(time.Millisecond))
			require.Less(t, time.Since(up), 10*time.Second)
		})
	}
}

// TestSlaveServes kills a master: what it had is read from its slave, and the
// other master takes what is sent.
func TestSlaveServes(t *testing.T) {
	cluster := broker.Start(t, broker.Config{Version: broker.V4_9_7, NameServers: 2, Masters: 2, Slaves: 1})
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	const topic = "slave_serves"
	require.NoError(t, cluster.Observer().CreateTopic(ctx, topic, 2, 6))
	var master, slave *broker.Broker
	for _, b := range cluster.Brokers() {
		if b.Name == "broker-0" && b.ID == 0 {
			master = b
		} else if b.Name == "broker-0" {
			slave = b
		}
	}
	// The slave copies topics every 10 s and messages at once.
	require.Eventually(t, func() bool { return cluster.Observer().HasTopic(ctx, slave.Addr, topic) }, 30*time.Second, 200*time.Millisecond)
	p, err := rocketmq.NewProducer(producer.WithNameServer(cluster.NameServers()), producer.WithGroupName("GID_slave_p"))
	require.NoError(t, err)
	require.NoError(t, p.Start())
	defer func() { require.NoError(t, p.Shutdown()) }()
	sent := send(t, ctx, p, topic, "before ", 200)
	require.Eventually(t, func() bool {
		n := int64(0)
		for q := range 2 {
			end, err := cluster.Observer().MaxOffsetAt(ctx, slave.Addr, topic, q)
			if err != nil {
				return false
			}
			n += end
		}
		return n == 100
	}, 20*time.Second, 100*time.Millisecond, "the slave has not copied everything")

	cluster.Kill(master)
	_, got := client(t, cluster.NameServers(), topic)
	require.Eventually(t, func() bool { return got.missing(sent) == 0 }, 60*time.Second, 20*time.Millisecond,
		"messages of the dead master did not come from its slave")
	sent = send(t, ctx, p, topic, "after ", 50)
	require.Eventually(t, func() bool { return got.missing(sent) == 0 }, 30*time.Second, 20*time.Millisecond)
}
