package conformance

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/internal/conformance/observe"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

// caseTimeout bounds every case; the longest waits for delay level 3.
const caseTimeout = 90 * time.Second

// Env is what one case works with: a cluster that it shares with other cases,
// and names of its own on it.
type Env struct {
	// Target is the cluster.
	Target Target
	// Observer looks at the cluster without the client's help.
	Observer *observe.Cluster
	// Ctx ends when the case's time is up.
	Ctx context.Context

	t      *testing.T
	prefix string
	names  atomic.Int32
}

func newEnv(t *testing.T, target Target, c Case) *Env {
	ctx, cancel := context.WithTimeout(context.Background(), caseTimeout)
	t.Cleanup(cancel)
	// Each case has connections of its own, so that none waits for another's
	// long poll.
	observer := observe.NewCluster(target.NameServers...)
	t.Cleanup(observer.Close)
	return &Env{
		Target:   target,
		Observer: observer,
		Ctx:      ctx,
		t:        t,
		// The time keeps the names of two runs on one cluster apart.
		prefix: fmt.Sprintf("%s_%d", strings.ReplaceAll(c.Name, "-", "_"), time.Now().UnixMicro()%1e9),
	}
}

// Name returns a new name that may serve as topic or group.
func (e *Env) Name() string { return fmt.Sprintf("%s_%d", e.prefix, e.names.Inc()) }

// Group returns the name of a new group.
func (e *Env) Group() string { return "GID_" + e.Name() }

// Topic creates a topic with that many queues on every broker.
func (e *Env) Topic(queues int) string {
	e.t.Helper()
	topic := e.Name()
	require.NoError(e.t, e.Observer.CreateTopic(e.Ctx, topic, queues, 6))
	return topic
}

// SingleQueue creates a topic with one queue in the whole cluster.
func (e *Env) SingleQueue() string {
	e.t.Helper()
	topic := e.Name()
	broker, _ := e.Master()
	require.NoError(e.t, e.Observer.CreateTopicOn(e.Ctx, broker, topic, 1, 6))
	return topic
}

// NameServers is what producers and consumers are given.
func (e *Env) NameServers() primitive.NamesrvAddr { return e.Target.NameServers }

// Producer starts a producer that is shut down at the end of the case.
func (e *Env) Producer(opts ...producer.Option) rocketmq.Producer {
	e.t.Helper()
	opts = append([]producer.Option{
		producer.WithNameServer(e.NameServers()),
		producer.WithGroupName(e.Group()),
		// A loaded machine may keep a JVM waiting for longer than the default 3 s.
		producer.WithSendMsgTimeout(10 * time.Second),
	}, opts...)
	p, err := rocketmq.NewProducer(opts...)
	require.NoError(e.t, err)
	require.NoError(e.t, p.Start())
	e.t.Cleanup(func() { require.NoError(e.t, p.Shutdown()) })
	return p
}

// Consumer makes a push consumer that reads from the first offset, not started
// yet, and shut down at the end of the case.
func (e *Env) Consumer(group string, opts ...consumer.Option) rocketmq.PushConsumer {
	e.t.Helper()
	opts = append([]consumer.Option{
		consumer.WithNameServer(e.NameServers()),
		consumer.WithGroupName(group),
		consumer.WithConsumeFromWhere(consumer.ConsumeFromFirstOffset),
	}, opts...)
	c, err := rocketmq.NewPushConsumer(opts...)
	require.NoError(e.t, err)
	e.t.Cleanup(func() { require.NoError(e.t, c.Shutdown()) })
	return c
}

// Consume starts a consumer of one topic whose messages go to the inbox.
func (e *Env) Consume(group, topic, tags string, inbox *Inbox, opts ...consumer.Option) rocketmq.PushConsumer {
	e.t.Helper()
	c := e.Consumer(group, opts...)
	require.NoError(e.t, c.Subscribe(topic, consumer.MessageSelector{Type: consumer.TAG, Expression: tags}, inbox.Handle))
	require.NoError(e.t, c.Start())
	return c
}

// Send sends messages one by one and returns the results.
func (e *Env) Send(p rocketmq.Producer, msgs ...*primitive.Message) []*primitive.SendResult {
	e.t.Helper()
	results := make([]*primitive.SendResult, 0, len(msgs))
	for _, m := range msgs {
		r, err := p.SendSync(e.Ctx, m)
		require.NoError(e.t, err)
		require.Equal(e.t, primitive.SendOK, r.Status)
		results = append(results, r)
	}
	return results
}

// Messages makes n messages for a topic with the bodies prefix-0, prefix-1, ….
func Messages(topic, prefix string, n int) []*primitive.Message {
	msgs := make([]*primitive.Message, n)
	for i := range msgs {
		msgs[i] = primitive.NewMessage(topic, fmt.Appendf(nil, "%s-%d", prefix, i))
	}
	return msgs
}

// Bodies are the bodies that Messages makes.
func Bodies(prefix string, n int) []string {
	bodies := make([]string, n)
	for i := range bodies {
		bodies[i] = fmt.Sprintf("%s-%d", prefix, i)
	}
	return bodies
}

// Stored returns everything in a topic once it holds n messages. A broker that
// has answered a send makes the message readable a moment later.
func (e *Env) Stored(topic string, n int) []observe.Stored {
	e.t.Helper()
	var got []observe.Stored
	e.Eventually(10*time.Second, func() error {
		var err error
		if got, err = e.Observer.Messages(e.Ctx, topic); err != nil {
			return err
		}
		if len(got) != n {
			return fmt.Errorf("topic %s holds %d messages, want %d", topic, len(got), n)
		}
		return nil
	})
	return got
}

// Route returns the route of a topic that a send has just created. Brokers
// answer the send first and tell the name servers then.
func (e *Env) Route(topic string) []observe.QueueData {
	e.t.Helper()
	var route []observe.QueueData
	e.Eventually(10*time.Second, func() error {
		var err error
		if route, err = e.Observer.Route(e.Ctx, topic); err == nil && len(route) == 0 {
			err = fmt.Errorf("topic %s has no queues", topic)
		}
		return err
	})
	return route
}

// Eventually calls f until it returns nil, and fails with its last error.
func (e *Env) Eventually(within time.Duration, f func() error) {
	e.t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for {
		err := f()
		if err == nil {
			return
		}
		select {
		case <-deadline.C:
			require.NoError(e.t, err, "after %v", within)
		case <-e.Ctx.Done():
			require.NoError(e.t, err, "at the end of the case's time")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// WaitMembers waits until a group has n members on the brokers and returns their
// client ids.
func (e *Env) WaitMembers(group string, n int) []string {
	e.t.Helper()
	var members []string
	e.Eventually(10*time.Second, func() error {
		var err error
		if members, err = e.Observer.Members(e.Ctx, group); err != nil {
			return err
		}
		if len(members) != n {
			return fmt.Errorf("group %s has members %v, want %d", group, members, n)
		}
		return nil
	})
	return members
}
