package consumer

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

const (
	waitFor = time.Minute // for a busy machine under the race detector; nothing waits that long otherwise
	tick    = 2 * time.Millisecond

	codePull       = command.CodePullMessage
	codeQuery      = command.CodeQueryConsumerOffset
	codeCommit     = command.CodeUpdateConsumerOffset
	codeMaxOffset  = command.CodeGetMaxOffset
	codeHeartbeat  = command.CodeHeartBeat
	codeUnregister = command.CodeUnregisterClient
	codeBack       = command.CodeConsumerSendMsgBack
	codeMembers    = command.CodeGetConsumerListByGroup
	codeSend       = command.CodeSendMessageV2
)

// sender stores messages in a cluster; it is no producer, which this package may not know.
type sender struct {
	t testing.TB
	c *mqtest.Cluster
	r *remote.Client
}

func newSender(t testing.TB, c *mqtest.Cluster) *sender {
	t.Helper()
	r, err := remote.New(remote.Config{Logger: rlog.Discard()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Shutdown(context.Background())) })
	return &sender{t: t, c: c, r: r}
}

// to stores msg in one queue of one broker.
func (s *sender) to(broker string, queue int, msg *primitive.Message) {
	s.t.Helper()
	s.raw(broker, queue, msg, 0)
}

func (s *sender) raw(broker string, queue int, msg *primitive.Message, sysFlag int32) {
	s.t.Helper()
	require.NoError(s.t, s.try(broker, queue, msg, sysFlag))
}

func (s *sender) try(broker string, queue int, msg *primitive.Message, sysFlag int32) error {
	ctx, cancel := context.WithTimeout(context.Background(), waitFor)
	defer cancel()
	cmd, err := s.r.Invoke(ctx, s.c.BrokerAddr(broker), &remote.Request{
		Code: codeSend,
		Header: &command.SendMessageV2Request{
			ProducerGroup: "test", Topic: msg.Topic, DefaultTopic: "TBW102", DefaultTopicQueueNums: 4, QueueID: int32(queue),
			BornTimestamp: time.Now().UnixMilli(), Properties: msg.AppendProperties(nil), Flag: msg.Flag, SysFlag: sysFlag,
		},
		Body: msg.Body,
	})
	if err == nil && cmd.Code != command.Success {
		err = fmt.Errorf("code %d: %s", cmd.Code, cmd.Remark)
	}
	return err
}

// many stores n messages with the bodies from-, spread over the queues of a topic on all brokers.
func (s *sender) many(topic string, queues, from, n int) {
	s.t.Helper()
	brokers := s.c.Brokers()
	var wg sync.WaitGroup
	slots := make(chan struct{}, 32)
	for i := from; i < from+n; i++ {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wg.Done() }()
			s.to(brokers[i/queues%len(brokers)], i%queues, numbered(topic, i))
		}()
	}
	wg.Wait()
}

func numbered(topic string, i int) *primitive.Message {
	m := primitive.NewMessage(topic, []byte(fmt.Sprintf("message %d", i)))
	m.WithProperty("UNIQ_KEY", fmt.Sprintf("ID%030d", i))
	return m
}

// deliveries counts how often each body was delivered.
type deliveries struct {
	mu     sync.Mutex
	bodies map[string]int
	order  []string
	total  int
}

func newDeliveries() *deliveries { return &deliveries{bodies: make(map[string]int)} }

func (d *deliveries) note(msgs ...*primitive.MessageExt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range msgs {
		d.bodies[string(m.Body)]++
		d.order = append(d.order, string(m.Body))
		d.total++
	}
}

func (d *deliveries) handler(_ context.Context, msgs ...*primitive.MessageExt) (ConsumeResult, error) {
	d.note(msgs...)
	return ConsumeSuccess, nil
}

func (d *deliveries) distinct() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.bodies)
}

func (d *deliveries) all() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.total
}

func (d *deliveries) times(body string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bodies[body]
}

func unstarted(t testing.TB, c *mqtest.Cluster, opts ...Option) *PushConsumer {
	t.Helper()
	p, err := NewPushConsumer(append([]Option{
		WithNameServer(c.NameServers()), WithGroupName("group"), WithLogger(rlog.Discard()),
		WithConsumeFromWhere(ConsumeFromFirstOffset),
	}, opts...)...)
	require.NoError(t, err)
	return p
}

// start returns a running consumer of one topic that is shut down, without an error, when the test ends.
func start(t testing.TB, c *mqtest.Cluster, topic string, h Handler, opts ...Option) *PushConsumer {
	t.Helper()
	p := unstarted(t, c, opts...)
	require.NoError(t, p.Subscribe(topic, MessageSelector{}, h))
	require.NoError(t, p.Start())
	t.Cleanup(func() { require.NoError(t, p.Shutdown()) })
	return p
}

func eventually(t testing.TB, cond func() bool, text string, args ...any) {
	t.Helper()
	require.Eventually(t, cond, waitFor, tick, append([]any{text}, args...)...)
}

func sortedCopy(list []string) []string { return slices.Sorted(slices.Values(list)) }
