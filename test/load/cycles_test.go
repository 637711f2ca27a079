package load

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/test/broker"
)

// TestCycles starts and stops a producer and a consumer 200 times, one message
// each. Nothing stays behind: no goroutine, no socket, no timer.
func TestCycles(t *testing.T) {
	const cycles = 200
	cluster := broker.Start(t, broker.Config{Version: broker.V5_4_0})
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	topic, group := "load_cycles", "GID_load_cycles"
	require.NoError(t, cluster.Observer().CreateTopic(ctx, topic, 1, 6))
	// The harness keeps connections and goroutines of its own.
	ignore := goleak.IgnoreCurrent()

	began := time.Now()
	var warm, done usage
	for i := range cycles {
		cycle(t, ctx, cluster, group, topic, i)
		if i == cycles/10 { // pools, the resolver and the like have settled
			warm = measure()
		}
	}
	took := time.Since(began)
	// All of it is gone when Shutdown returns, not some time later.
	goleak.VerifyNone(t, ignore)
	done = measure()
	fmt.Printf("cycles: %d times New, Start, send or consume one, Shutdown in %.1f s; after %d cycles %v, after all %v\n",
		cycles, took.Seconds(), cycles/10+1, warm, done)
	require.Equal(t, warm.goroutines, done.goroutines)
	require.Equal(t, warm.sockets, done.sockets)
	// A timer or anything else that each cycle left behind would be hundreds of
	// objects more.
	require.Less(t, done.objects-warm.objects, int64(cycles/2))
}

func cycle(t *testing.T, ctx context.Context, cluster *broker.Cluster, group, topic string, i int) {
	t.Helper()
	p := newProducer(t, cluster)
	body := fmt.Sprint("cycle ", i)
	_, err := p.SendSync(ctx, primitive.NewMessage(topic, []byte(body)))
	require.NoError(t, err)
	require.NoError(t, p.Shutdown())

	got := make(chan string, 10)
	c := newConsumer(t, cluster, group, topic, func(_ context.Context, msgs ...*primitive.MessageExt) (consumer.ConsumeResult, error) {
		for _, m := range msgs {
			got <- string(m.Body)
		}
		return consumer.ConsumeSuccess, nil
	})
	select {
	case b := <-got:
		require.Equal(t, body, b)
	case <-time.After(20 * time.Second):
		t.Fatalf("cycle %d: nothing came", i)
	}
	require.NoError(t, c.Shutdown())
	require.Empty(t, got, "an old message came again")
}

// usage is what a leak would show in.
type usage struct {
	goroutines int
	sockets    int
	objects    int64
}

func (u usage) String() string {
	return fmt.Sprintf("%d goroutines, %d sockets, %d heap objects", u.goroutines, u.sockets, u.objects)
}

func measure() usage {
	// Twice: what the first run finalises the second one frees.
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{goroutines: runtime.NumGoroutine(), sockets: sockets(), objects: int64(m.Mallocs - m.Frees)}
}

// sockets counts this process's open sockets, where the system tells (Linux).
func sockets() int {
	n := 0
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	for _, e := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(target, "socket:") {
			n++
		}
	}
	return n
}
