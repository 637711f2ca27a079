package instance

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// member is a consumer, and a producer, of which only the instance's side exists.
type member struct {
	group   string
	topic   string
	changes atomic.Int32
}

func (m *member) Group() string { return m.group }

func (m *member) ConsumerIDsChanged() { m.changes.Inc() }

func (m *member) ConsumerData() command.ConsumerData {
	return command.ConsumerData{
		GroupName: m.group, ConsumeType: command.ConsumePassively, MessageModel: command.ModelClustering,
		ConsumeFromWhere:    command.FromLastOffset,
		SubscriptionDataSet: []command.SubscriptionData{{Topic: m.topic, SubString: "*", ExpressionType: "TAG", SubVersion: 1}},
	}
}

// logs collects warnings and errors.
type logs struct {
	rlog.Logger
	mu    sync.Mutex
	lines []string
}

func newLogs() *logs { return &logs{Logger: rlog.Discard()} }

func (l *logs) Warning(msg string, _ map[string]interface{}) { l.add(msg) }
func (l *logs) Error(msg string, _ map[string]interface{})   { l.add(msg) }

func (l *logs) add(msg string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, msg)
}

func (l *logs) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.lines...)
}

func newClient(t testing.TB, cfg Config) *Client {
	t.Helper()
	if cfg.Logger == nil {
		cfg.Logger = rlog.Discard()
	}
	c, err := New(cfg)
	require.NoError(t, err)
	return c
}

// started makes a client that runs until the test ends, and knows the brokers of topic "T".
func started(t testing.TB, cluster *mqtest.Cluster, cfg Config) *Client {
	t.Helper()
	if cfg.Resolver == nil && cfg.NameServers == nil {
		cfg.NameServers = cluster.NameServers()
	}
	c := newClient(t, cfg)
	require.NoError(t, c.Acquire(t.Context()))
	t.Cleanup(func() { release(t, c) })
	_, err := c.Routes().Topic(t.Context(), "T")
	require.NoError(t, err)
	return c
}

func release(t testing.TB, c *Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	require.NoError(t, c.Release(ctx))
}

func eventually(t testing.TB, condition func() bool, msg ...any) {
	t.Helper()
	require.Eventually(t, condition, 10*time.Second, 2*time.Millisecond, msg...)
}

// record counts the requests with a code that arrive, by broker address, and keeps the last.
type record struct {
	mu   sync.Mutex
	by   map[string]int
	last *mqtest.Command
}

func watch(cluster *mqtest.Cluster, code int32, reply func(*mqtest.Command) *mqtest.Reply) *record {
	r := &record{by: make(map[string]int)}
	cluster.OnCommand(code, func(cmd *mqtest.Command) *mqtest.Reply {
		r.mu.Lock()
		r.by[cmd.Addr]++
		r.last = cmd
		r.mu.Unlock()
		if reply != nil {
			return reply(cmd)
		}
		return nil
	})
	return r
}

func (r *record) at(addr string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[addr]
}

func (r *record) total() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, c := range r.by {
		n += c
	}
	return n
}

func (r *record) body() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last.Body
}
