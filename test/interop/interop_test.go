package interop

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/conformance/observe"
	"github.com/rocketmq-go/rocketmq/test/broker"
)

// TestRealBroker5 exchanges messages in every direction on the newest release.
func TestRealBroker5(t *testing.T) { onRealBroker(t, broker.V5_4_0) }

// TestRealBroker4 does so on a 4.x release, with the Java client of that release.
func TestRealBroker4(t *testing.T) { onRealBroker(t, broker.V4_9_7) }

func onRealBroker(t *testing.T, version string) {
	cluster := broker.Start(t, broker.Config{Version: version})
	exchange(t, cluster.NameServers()[0], NewJava(t, version))
}

// TestEmbeddedBroker exchanges messages in every direction, Java's and the
// peer's with themselves included, over `rmq broker` as its users run it.
func TestEmbeddedBroker(t *testing.T) {
	java := NewJava(t, broker.V5_4_0)
	exchange(t, startEmbedded(t), java)
}

// startEmbedded builds and runs `rmq broker` and returns the address it prints.
func startEmbedded(t *testing.T) string {
	binary := filepath.Join(t.TempDir(), "rmq")
	build := exec.Command("go", "build", "-o", binary, "./cmd/rmq")
	build.Dir = filepath.Join("..", "..")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)

	cmd := exec.Command(binary, "broker", "--addr", "127.0.0.1:0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		// It stops when it is interrupted, and says so with exit code 0.
		require.NoError(t, cmd.Process.Signal(os.Interrupt))
		killer := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		defer killer.Stop()
		require.NoError(t, cmd.Wait(), stderr.String())
	})
	address, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err, stderr.String())
	return strings.TrimSpace(address)
}

// exchange lets each client produce and each client consume it.
func exchange(t *testing.T, nameServer string, java *Java) {
	clients := []Client{java, Ours{}, NewPeer(t)}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	observer := observe.NewCluster(nameServer)
	defer observer.Close()
	newTopic := func(name string) string {
		topic := fmt.Sprintf("interop_%s_%d", name, time.Now().UnixMilli()%1e6)
		require.NoError(t, observer.CreateTopic(ctx, topic, 4, 6))
		return topic
	}
	for _, from := range clients {
		t.Run("from "+from.Name(), func(t *testing.T) {
			topic := newTopic("all_" + from.Name())
			want := samples()
			results := from.Produce(t, nameServer, topic, "", want)
			requireSent(t, want, results)
			// The consumers do not disturb each other: each has a group of its own.
			t.Run("to", func(t *testing.T) {
				for _, to := range clients {
					t.Run(to.Name(), func(t *testing.T) {
						t.Parallel()
						group := "GID_" + topic + "_" + to.Name()
						requireSame(t, topic, want, results, to.Consume(t, nameServer, topic, group, "*", len(want)))
					})
				}
			})
			t.Run("tags", func(t *testing.T) {
				topic := newTopic("tags_" + from.Name())
				requireSent(t, foreign(), from.Produce(t, nameServer, topic, "", foreign()))
				for _, to := range clients {
					expression, want := "标签 || 😀", []string{"foreign 1", "foreign 3"}
					if to.Name() == "peer" {
						expression, want = "TagA", []string{"foreign 4"}
					}
					t.Run(to.Name(), func(t *testing.T) {
						t.Parallel()
						var bodies []string
						for _, r := range to.Consume(t, nameServer, topic, "GID_"+topic+"_"+to.Name(), expression, len(want)) {
							bodies = append(bodies, string(r.Body))
						}
						require.ElementsMatch(t, want, bodies)
					})
				}
			})
		})
	}
	t.Run("compression", func(t *testing.T) {
		for _, kind := range []string{"LZ4", "ZSTD"} {
			for _, pair := range [][2]Client{{java, Ours{}}, {Ours{}, java}} {
				t.Run(fmt.Sprintf("%s %s to %s", kind, pair[0].Name(), pair[1].Name()), func(t *testing.T) {
					t.Parallel()
					topic := newTopic(kind + "_" + pair[0].Name())
					want := []Message{{Mode: "sync", Body: compressible(30_000)}, {Mode: "sync", Body: []byte("small")}}
					results := pair[0].Produce(t, nameServer, topic, kind, want)
					requireSent(t, want, results)
					stored, err := observer.Messages(ctx, topic)
					require.NoError(t, err)
					require.Len(t, stored, 2)
					compressed := 0
					for _, s := range stored {
						if s.SysFlag == map[string]int32{"LZ4": 0x101, "ZSTD": 0x201}[kind] {
							compressed++
							require.Less(t, len(s.Body), 10_000)
						}
					}
					require.Equal(t, 1, compressed, "the large body is stored compressed")
					requireSame(t, topic, want, results, pair[1].Consume(t, nameServer, topic, "GID_"+topic, "*", len(want)))
				})
			}
		}
	})
}

// requireSent wants one result for each message that travels alone, and one for
// all of the batch.
func requireSent(t *testing.T, msgs []Message, results []Sent) {
	t.Helper()
	want, batch := 0, 0
	for _, m := range msgs {
		if m.Mode == "batch" {
			batch = 1
		} else {
			want++
		}
	}
	require.Len(t, results, want+batch)
	for _, r := range results {
		require.Equal(t, "SEND_OK", r.Status)
	}
}

// requireSame compares what was received with what was sent.
func requireSame(t *testing.T, topic string, msgs []Message, results []Sent, got []Received) {
	t.Helper()
	byBody := map[string]Received{}
	for _, r := range got {
		byBody[string(r.Body)] = r
	}
	require.Len(t, got, len(msgs))
	require.Len(t, byBody, len(msgs), "a message came twice")
	alone := 0
	for _, m := range msgs {
		r, ok := byBody[string(m.Body)]
		require.True(t, ok, "%.50q did not come", m.Body)
		require.Equal(t, topic, r.Topic)
		require.Equal(t, m.Tags, r.Properties["TAGS"])
		require.Equal(t, m.Keys, r.Properties["KEYS"])
		for name, value := range m.Properties {
			require.Equal(t, value, r.Properties[name], name)
		}
		if m.DelayLevel == 1 {
			require.GreaterOrEqual(t, r.DelayMs, int64(950))
		}
		if m.Mode != "batch" {
			sent := results[alone]
			alone++
			require.Equal(t, sent.MsgID, r.MsgID)
			require.Equal(t, r.Properties["UNIQ_KEY"], r.MsgID)
			if m.DelayLevel == 0 {
				require.Equal(t, sent.QueueOffset, r.QueueOffset)
			}
		}
	}
}
