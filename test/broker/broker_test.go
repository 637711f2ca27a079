package broker

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/conformance/observe"
)

// TestHarness starts one name server and one broker of each release, uses them,
// and leaves no process and no file behind.
func TestHarness(t *testing.T) {
	for _, version := range Versions() {
		t.Run(version, func(t *testing.T) {
			c := Start(t, Config{Version: version})
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			require.NoError(t, c.Observer().CreateTopic(ctx, "harness", 3, 6))
			queues, err := c.Observer().Queues(ctx, "harness")
			require.NoError(t, err)
			require.Len(t, queues, 3)
			messages, err := c.Observer().Messages(ctx, "harness")
			require.NoError(t, err)
			require.Empty(t, messages)

			c.Stop()
			for _, p := range c.processes() {
				require.False(t, p.running(), p.name)
			}
			require.NoDirExists(t, c.dir)
		})
	}
}

// TestRestart kills a broker and brings it back on the same address with its store.
func TestRestart(t *testing.T) {
	c := Start(t, Config{Version: V4_9_7})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	require.NoError(t, c.Observer().CreateTopic(ctx, "kept", 2, 6))
	b := c.Brokers()[0]
	c.Kill(b)
	_, err := c.Observer().MaxOffset(ctx, observeQueue(b, "kept"))
	require.Error(t, err)
	require.NoError(t, c.Restart(ctx, b))
	require.Eventually(t, func() bool {
		queues, err := c.Observer().Queues(ctx, "kept")
		return err == nil && len(queues) == 2
	}, 30*time.Second, 50*time.Millisecond)
}

// TestRequire says what a machine without Java sees.
func TestRequire(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CI", "")
	var skipped bool
	t.Run("without java", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		Require(t, "java")
	})
	require.True(t, skipped)
	require.Empty(t, os.Getenv("CI"))
}

func observeQueue(b *Broker, topic string) observe.Queue {
	return observe.Queue{Topic: topic, Broker: b.Name}
}
