package route

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
	"github.com/rocketmq-go/rocketmq/rlog"
)

// script plays name servers without a network: a function for each address answers.
type script struct {
	mu      sync.Mutex
	servers map[string]server
	asked   []string // "addr topic", in the order of arrival
	closed  []string
}

// server answers one query for topic ("" for other requests).
type server func(ctx context.Context, topic string) (*wire.Command, error)

func newScript() *script { return &script{servers: make(map[string]server)} }

func (s *script) on(addr string, f server) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.servers[addr] = f
}

func (s *script) InvokeAsync(ctx context.Context, addr string, req *remote.Request, done func(*wire.Command, error)) {
	topic := ""
	if h, ok := req.Header.(*command.GetRouteInfoRequest); ok {
		topic = h.Topic
	}
	s.mu.Lock()
	s.asked = append(s.asked, addr+" "+topic)
	f := s.servers[addr]
	s.mu.Unlock()
	if f == nil {
		f = refused
	}
	go func() { done(f(ctx, topic)) }()
}

func (s *script) CloseConn(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = append(s.closed, addr)
}

func (s *script) count(match string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.asked {
		if strings.Contains(a, match) {
			n++
		}
	}
	return n
}

func (s *script) didClose(addr string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.closed, addr)
}

// refused is a server that is down.
func refused(context.Context, string) (*wire.Command, error) {
	return nil, &remote.Error{Op: "dial", Err: context.DeadlineExceeded}
}

// silent is a server that is reached and never answers.
func silent(ctx context.Context, _ string) (*wire.Command, error) {
	<-ctx.Done()
	return nil, &remote.Error{Op: "receive", Err: ctx.Err()}
}

// after delays a server.
func after(d time.Duration, f server) server {
	return func(ctx context.Context, topic string) (*wire.Command, error) {
		select {
		case <-time.After(d):
			return f(ctx, topic)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// code is a server that answers with this code and nothing else.
func code(c int32) server {
	return func(context.Context, string) (*wire.Command, error) {
		return &wire.Command{Head: wire.Head{Code: c, Remark: "remark"}}, nil
	}
}

// routes is a server that knows these topics.
func routes(topics map[string]*command.TopicRouteData) server {
	return func(_ context.Context, topic string) (*wire.Command, error) {
		data := topics[topic]
		if data == nil {
			return &wire.Command{Head: wire.Head{Code: command.TopicNotExist, Remark: "No topic route info"}}, nil
		}
		body, err := data.Encode()
		return &wire.Command{Body: body}, err
	}
}

// data is a route of queues queues on each of the brokers, whose addresses are derived from their names.
func data(queues int32, brokers ...string) *command.TopicRouteData {
	d := &command.TopicRouteData{}
	for _, b := range brokers {
		d.QueueDatas = append(d.QueueDatas, command.QueueData{BrokerName: b, Perm: 7, ReadQueueNums: queues, WriteQueueNums: queues})
		d.BrokerDatas = append(d.BrokerDatas, command.BrokerData{
			BrokerName: b, Cluster: "C", BrokerAddrs: map[int64]string{0: b + ":10911", 1: b + "-slave:10911"},
		})
	}
	return d
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

func (l *logs) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.lines)
}

// noHost is a resolver that knows no name.
func noHost(context.Context, string) ([]string, error) { return nil, errors.New("no such host") }

// newTestTable makes a table over s, which ends with the test. Its preferred server is the first of addrs.
func newTestTable(t *testing.T, s *script, change func(*Config), addrs ...string) *Table {
	t.Helper()
	resolver, err := StaticResolver(addrs...)
	require.NoError(t, err)
	cfg := Config{Remote: s, Resolver: resolver, LookupHost: noHost, Logger: rlog.Discard()}
	if change != nil {
		change(&cfg)
	}
	table, err := New(cfg)
	require.NoError(t, err)
	list, err := ParseAddrs(addrs...)
	require.NoError(t, err)
	if len(list) > 0 {
		table.servers.set(list)
		table.servers.prefer(list[0])
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		require.NoError(t, table.Stop(ctx))
	})
	return table
}
