package conformance

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/conformance/observe"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/producer"
)

func sendCases() []Case {
	return []Case{
		{Name: "send-sync-stored-exactly", Row: "8.3 #42, #55", Run: sendSyncStored},
		{Name: "send-sync-binary-header", Row: "8.1 #2", Run: sendBinaryHeader},
		{Name: "send-message-untouched", Row: "V18", Run: sendMessageUntouched},
		{Name: "send-async", Row: "8.3 #42", Run: sendAsync},
		{Name: "send-one-way", Row: "8.3 #42", Run: sendOneWay},
		{Name: "send-auto-creates-topic", Row: "5.7, 5.8", Run: sendAutoCreates},
		{Name: "send-auto-create-queue-number", Row: "8.3 #56", Run: sendAutoCreateQueues},
		{Name: "send-namespace", Row: "5.13", Run: sendNamespace},
		{Name: "send-near-4-mib", Row: "5.1 maxMessageSize", Run: sendNearLimit},
		{Name: "send-to-new-queues", Row: "5.7", Run: sendToNewTopicLater},
	}
}

// requireStored checks everything that a broker stores of a message against the
// message, the send's result, and the cluster's clock.
func requireStored(t *testing.T, e *Env, m *primitive.Message, r *primitive.SendResult, s observe.Stored) {
	t.Helper()
	require.Equal(t, primitive.SendOK, r.Status)
	require.Equal(t, string(m.Body), string(s.Body))
	require.Equal(t, m.Topic, s.Topic)
	require.Equal(t, m.Topic, r.MessageQueue.Topic)
	require.Equal(t, s.Broker, r.MessageQueue.BrokerName)
	require.EqualValues(t, r.MessageQueue.QueueId, s.QueueID)
	require.Equal(t, r.QueueOffset, s.QueueOffset)
	require.Equal(t, m.Flag, s.Flag)
	require.Zero(t, s.SysFlag)
	require.Zero(t, s.ReconsumeTimes)
	require.Zero(t, s.PreparedTransactionOffset)
	require.InDelta(t, time.Now().UnixMilli(), s.BornTimestamp, 60_000)
	require.InDelta(t, s.BornTimestamp, s.StoreTimestamp, 60_000)
	require.Equal(t, "127.0.0.1", s.BornHost.Addr().String())

	require.Equal(t, r.MsgID, s.Properties["UNIQ_KEY"])
	require.Contains(t, []int{32, 56}, len(r.MsgID))
	for name, value := range m.GetProperties() {
		require.Equal(t, value, s.Properties[name], name)
	}
	masters, err := e.Observer.Masters(e.Ctx)
	require.NoError(t, err)
	require.Equal(t, masters[s.Broker], s.StoreHost.String())
	require.Equal(t, record.OffsetID(netip.MustParseAddrPort(masters[s.Broker]), s.PhysicalOffset), r.OffsetMsgID)
}

func sendSyncStored(t *testing.T, e *Env) {
	topic := e.Topic(2)
	p := e.Producer()
	m := primitive.NewMessage(topic, []byte("hello, 世界\x00\xff"))
	m.Flag = 7
	m.WithTag("标签").WithKeys([]string{"k1", "k2"})
	m.WithProperty("user", "a=b; ü")
	r := e.Send(p, m)[0]
	s := e.Stored(topic, 1)[0]
	requireStored(t, e, m, r, s)
	require.Equal(t, "k1 k2", s.Properties["KEYS"])
	require.Equal(t, "标签", s.Properties["TAGS"])
	require.Equal(t, "a=b; ü", s.Properties["user"])
	require.Equal(t, "DefaultRegion", r.RegionID)
	require.True(t, r.TraceOn)
	if !e.Target.Release.Before(Release{5, 0, 0}) {
		require.Equal(t, "DefaultRegion", s.Properties["MSG_REGION"])
		require.Equal(t, "true", s.Properties["TRACE_ON"])
	}
	if !e.Target.Release.Before(Release{4, 9, 0}) {
		require.Equal(t, "DefaultCluster", s.Properties["CLUSTER"])
	}
	// The ids lead back to the message.
	viewed, err := e.Observer.View(e.Ctx, s.Broker, s.PhysicalOffset)
	require.NoError(t, err)
	require.Equal(t, s, viewed)
}

func sendBinaryHeader(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	p := e.Producer(producer.WithSerialization(primitive.SerializationRocketMQ))
	msgs := Messages(topic, "binary", 3)
	msgs[1].WithTag("T").WithProperty("ключ", "значение")
	results := e.Send(p, msgs...)
	for i, s := range e.Stored(topic, 3) {
		requireStored(t, e, msgs[i], results[i], s)
	}
}

// The same message sent twice, and by two goroutines, is stored with ids of its
// own each time, and the user's value stays as it was.
func sendMessageUntouched(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	p := e.Producer()
	m := primitive.NewMessage(topic, []byte("again"))
	m.WithKeys([]string{"k"})
	before, properties := *m, m.GetProperties()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 5 {
				_, err := p.SendSync(e.Ctx, m)
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, before, *m)
	require.Equal(t, properties, m.GetProperties())
	ids := map[string]bool{}
	for _, s := range e.Stored(topic, 10) {
		ids[s.Properties["UNIQ_KEY"]] = true
	}
	require.Len(t, ids, 10)
}

func sendAsync(t *testing.T, e *Env) {
	const n = 200
	topic := e.Topic(4)
	p := e.Producer()
	type done struct {
		i   int
		r   *primitive.SendResult
		err error
	}
	results := make(chan done, 2*n)
	for i, m := range Messages(topic, "async", n) {
		require.NoError(t, p.SendAsync(e.Ctx, func(_ context.Context, r *primitive.SendResult, err error) {
			results <- done{i, r, err}
		}, m))
	}
	offsets := map[string]string{}
	for range n {
		select {
		case d := <-results:
			require.NoError(t, d.err)
			require.Equal(t, primitive.SendOK, d.r.Status)
			offsets[d.r.OffsetMsgID] = fmt.Sprintf("async-%d", d.i)
		case <-e.Ctx.Done():
			t.Fatal("not every callback was called")
		}
	}
	require.Len(t, offsets, n, "each message has an offset id of its own")
	for _, s := range e.Stored(topic, n) {
		require.Equal(t, string(s.Body), offsets[record.OffsetID(s.StoreHost, s.PhysicalOffset)])
	}
	require.Empty(t, results, "a callback was called twice")
}

func sendOneWay(t *testing.T, e *Env) {
	const n = 20
	topic := e.Topic(2)
	p := e.Producer()
	for _, m := range Messages(topic, "oneway", n) {
		require.NoError(t, p.SendOneWay(e.Ctx, m))
	}
	var bodies []string
	for _, s := range e.Stored(topic, n) {
		bodies = append(bodies, string(s.Body))
		require.NotEmpty(t, s.Properties["UNIQ_KEY"])
	}
	slices.Sort(bodies)
	want := Bodies("oneway", n)
	slices.Sort(want)
	require.Equal(t, want, bodies)
}

func sendAutoCreates(t *testing.T, e *Env) {
	topic := e.Name()
	p := e.Producer()
	m := primitive.NewMessage(topic, []byte("first"))
	r := e.Send(p, m)[0]
	for _, d := range e.Route(topic) {
		require.Equal(t, 4, d.Write)
		require.Equal(t, 4, d.Read)
		require.Equal(t, 6, d.Perm)
	}
	requireStored(t, e, m, r, e.Stored(topic, 1)[0])
}

func sendAutoCreateQueues(t *testing.T, e *Env) {
	for _, tt := range []struct{ asked, want int }{{2, 2}, {100, 8}} {
		topic := e.Name()
		p := e.Producer(producer.WithDefaultTopicQueueNums(tt.asked))
		e.Send(p, primitive.NewMessage(topic, []byte("first")))
		require.Equal(t, tt.want, e.Route(topic)[0].Write, "TBW102 has 8 queues")
	}
}

func sendNamespace(t *testing.T, e *Env) {
	p := e.Producer(producer.WithNamespace("NS1"))
	topic := e.Name()
	require.NoError(t, e.Observer.CreateTopic(e.Ctx, "NS1%"+topic, 1, 6))
	m := primitive.NewMessage(topic, []byte("namespaced"))
	r := e.Send(p, m)[0]
	e.Send(p, m)
	require.Equal(t, topic, m.Topic, "the caller's message keeps its topic")
	require.Equal(t, topic, r.MessageQueue.Topic)
	for _, s := range e.Stored("NS1%"+topic, 2) {
		require.Equal(t, "namespaced", string(s.Body))
	}
}

func sendNearLimit(t *testing.T, e *Env) {
	topic := e.SingleQueue()
	// 4.5 counts the whole record against 4 MiB, newer ones the body.
	p := e.Producer(producer.WithCompressMsgBodyOverHowmuch(8 << 20))
	m := primitive.NewMessage(topic, noise(4<<20-4096, 1))
	r := e.Send(p, m)[0]
	s := e.Stored(topic, 1)[0]
	requireStored(t, e, m, r, s)

	inbox := &Inbox{}
	e.Consume(e.Group(), topic, "*", inbox)
	got := inbox.Wait(e, 1, 15*time.Second)
	require.Equal(t, len(m.Body), len(got[0].Body))
	require.Equal(t, string(m.Body), string(got[0].Body))
}

// A topic that gets more queues is used in full after the route was refreshed,
// and one that was missing is found once it exists.
func sendToNewTopicLater(t *testing.T, e *Env) {
	topic := e.Name()
	p := e.Producer(producer.WithCreateTopicKey("no_such_default_topic"), producer.WithRetry(0))
	_, err := p.SendSync(e.Ctx, primitive.NewMessage(topic, []byte("too early")))
	require.Error(t, err)
	require.NoError(t, e.Observer.CreateTopic(e.Ctx, topic, 3, 6))
	seen := map[int]bool{}
	e.Eventually(40*time.Second, func() error {
		r, err := p.SendSync(e.Ctx, primitive.NewMessage(topic, []byte("on time")))
		if err != nil {
			return err
		}
		seen[r.MessageQueue.QueueId] = true
		if len(seen) < 3 {
			return fmt.Errorf("queues used so far: %v", seen)
		}
		return nil
	})
}

// noise returns n bytes that do not compress, the same ones for the same seed.
func noise(n int, seed uint64) []byte {
	out := make([]byte, n)
	x := seed*2862933555777941757 + 3037000493
	for i := range out {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		out[i] = byte(x)
	}
	return out
}

// queueNumber reads "name:3".
func queueNumber(q primitive.MessageQueue) string {
	return q.BrokerName + ":" + strconv.Itoa(q.QueueId)
}
