package consumer

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/atomic"

	"github.com/rocketmq-go/rocketmq/internal/budget"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/mqtest"
	"github.com/rocketmq-go/rocketmq/primitive"
	"github.com/rocketmq-go/rocketmq/rlog"
)

const answerSize = 32 // messages in one answer

// appendAnswer appends the records of an answer to a pull: 32 messages of 1 KiB.
func appendAnswer(tb testing.TB, dst []byte, from int64) []byte {
	for i := range int64(answerSize) {
		rec := record.Message{
			QueueOffset: from + i, PhysicalOffset: 1000 + from + i, Topic: []byte("topic"), Body: make([]byte, 1024),
			Properties: []byte("UNIQ_KEY\x017F000001000051AF0000000000001928\x02TAGS\x01TagA\x02KEYS\x01key\x02WAIT\x01true\x02"),
		}
		var err error
		if dst, err = rec.Append(dst); err != nil {
			tb.Fatal(err)
		}
	}
	return dst
}

// receiver drives the way of a message through a consumer, from the answer's body to the end of the handler, without
// network and on one goroutine.
type receiver struct {
	s    *session
	q    *heldQueue
	b    batch
	next int64
}

func newReceiver(tb testing.TB) *receiver {
	p, err := NewPushConsumer(WithGroupName("group"), WithNameServer([]string{"127.0.0.1:9876"}), WithLogger(rlog.Discard()))
	require.NoError(tb, err)
	require.NoError(tb, p.Subscribe("topic", MessageSelector{}, func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error) {
		return ConsumeSuccess, nil
	}))
	r := &receiver{s: newSession(p), q: newHeldQueue(primitive.MessageQueue{Topic: "topic", BrokerName: "broker"})}
	r.q.limits.Store(p.opts.queueLimits(1))
	r.q.pq.Store(newProcessQueue(0))
	return r
}

func (r *receiver) receive(body []byte) {
	r.next += answerSize
	sub := r.s.subs.Load().byTopic["topic"]
	pq := r.q.pq.Load()
	resp := command.PullMessageResponse{NextBeginOffset: r.next, MaxOffset: r.next + 1000}
	d := r.s.decode(r.q, sub, &resp, body)
	pq.add(d.msgs, d.extra, d.next)
	r.q.next = d.next
	for pq.waiting() {
		now := time.Now()
		pq.take(&r.b, 1, now.UnixMilli())
		r.s.consume(r.q, pq, sub, &r.b, now)
	}
}

// answers returns the bodies of n answers, one after the other.
func answers(tb testing.TB, n int) [][]byte {
	out := make([][]byte, n)
	for i := range out {
		out[i] = appendAnswer(tb, nil, int64(i*answerSize))
	}
	return out
}

func TestReceiveAllocationBudget(t *testing.T) {
	r := newReceiver(t)
	bodies := answers(t, 102)
	i := 0
	// 8 a message; an answer has a few of its own.
	budget.Allocs(t, 8*answerSize, 100, func() {
		r.receive(bodies[i])
		i++
	})
	require.EqualValues(t, 101*answerSize, r.q.pq.Load().committable())
}

func BenchmarkReceive(b *testing.B) {
	r := newReceiver(b)
	const round = 256
	bodies := answers(b, round)
	b.ReportAllocs()
	b.SetBytes(1024)
	b.ResetTimer()
	for n := 0; n < b.N; n += answerSize {
		i := n / answerSize % round
		if i == 0 {
			r.next = 0
			r.q.next = 0
			r.q.pq.Store(newProcessQueue(0))
		}
		r.receive(bodies[i])
	}
}

// BenchmarkConsume measures a whole consumer against the embedded cluster in the same process; allocations are those of
// both.
func BenchmarkConsume(b *testing.B) {
	var consumed, want atomic.Int64
	done := make(chan struct{}, 1)
	c := mqtest.Start(b, mqtest.WithTopic("topic", 1))
	bodies := answers(b, 64)
	var next int64
	c.OnCommand(command.CodePullMessage, func(cmd *mqtest.Command) *mqtest.Reply {
		if cmd.Fields["topic"] != "topic" {
			return nil
		}
		body := bodies[next/answerSize%64]
		delta := next - next%(64*answerSize)
		next += answerSize
		end := strconv.FormatInt(next, 10)
		return &mqtest.Reply{Body: body, Fields: map[string]string{"nextBeginOffset": end, "minOffset": "0", "maxOffset": end,
			"suggestWhichBrokerId": "0", "offsetDelta": strconv.FormatInt(delta, 10)}}
	})
	b.ReportAllocs()
	b.SetBytes(1024)
	want.Store(int64(b.N))
	start(b, c, "topic", func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error) {
		if consumed.Inc() == want.Load() {
			done <- struct{}{}
		}
		return ConsumeSuccess, nil
	})
	<-done
}
