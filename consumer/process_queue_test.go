package consumer

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
)

func message(offset int64) *primitive.MessageExt {
	m := &primitive.MessageExt{QueueOffset: offset}
	m.Topic = "topic"
	m.Body = make([]byte, 10)
	return m
}

func messages(offsets ...int64) []*primitive.MessageExt {
	out := make([]*primitive.MessageExt, len(offsets))
	for i, o := range offsets {
		out[i] = message(o)
	}
	return out
}

func TestProcessQueueCommitsUpToTheOldestUnfinished(t *testing.T) {
	t.Parallel()
	p := newProcessQueue(100)
	require.EqualValues(t, 100, p.committable())
	require.Equal(t, 3, p.add(messages(100, 105, 120), "", 130)) // gaps: the broker filters
	require.EqualValues(t, 100, p.committable())
	var b batch
	require.False(t, p.take(&b, 10, 1))
	require.Len(t, b.msgs, 3)

	require.True(t, p.done(b.first+1))
	require.EqualValues(t, 100, p.committable())
	require.True(t, p.done(b.first))
	require.EqualValues(t, 120, p.committable())
	require.True(t, p.fail(b.first+2))
	require.EqualValues(t, 120, p.committable(), "a failed message is not done")
	require.False(t, p.idle())
	p.returned(b.first + 2)
	require.EqualValues(t, 130, p.committable(), "what the broker left out is done as well")
	require.True(t, p.idle())
	count, bytes, span := p.load()
	require.Zero(t, count)
	require.Zero(t, bytes)
	require.Zero(t, span)
}

func TestProcessQueueTakesOneTopicAtATime(t *testing.T) {
	t.Parallel()
	p := newProcessQueue(0)
	msgs := messages(0, 1, 2)
	msgs[2].Topic = "other"
	p.add(msgs, "", 3)
	var b batch
	require.True(t, p.take(&b, 10, 1))
	require.Len(t, b.msgs, 2)
	require.False(t, p.take(&b, 10, 1))
	require.Len(t, b.msgs, 1)
	require.Equal(t, "other", b.msgs[0].Topic)
}

func TestProcessQueueDroppedHandsNothingOut(t *testing.T) {
	t.Parallel()
	p := newProcessQueue(0)
	p.add(messages(0, 1, 2), "", 3)
	var b batch
	p.take(&b, 1, 1)
	p.drop()
	require.False(t, p.drained(), "one handler runs")
	var none batch
	require.False(t, p.take(&none, 1, 1))
	require.Empty(t, none.msgs)
	require.True(t, p.done(b.first))
	require.True(t, p.drained())
	require.EqualValues(t, 1, p.committable(), "what was not handed out is not done")
}

func TestProcessQueueExpires(t *testing.T) {
	t.Parallel()
	p := newProcessQueue(0)
	p.add(messages(0, 1), "", 2)
	var b batch
	p.take(&b, 1, 1000)
	require.Empty(t, p.expire(1000))
	out := p.expire(1001)
	require.Len(t, out, 1)
	require.False(t, p.done(out[0].seq), "what the handler says in the end no longer counts")
	require.False(t, p.fail(out[0].seq))
	require.Empty(t, p.expire(2000), "a message is sent back once")
	p.returned(out[0].seq)
	require.EqualValues(t, 1, p.committable())
}

func TestProcessQueueRejects(t *testing.T) {
	t.Parallel()
	p := newProcessQueue(0)
	msgs := messages(0, 1, 2)
	p.add(msgs, "", 3)
	seq, ok := p.reject(msgs[1])
	require.True(t, ok)
	_, ok = p.reject(msgs[1])
	require.False(t, ok)
	var b batch
	p.take(&b, 1, 1)
	require.Equal(t, msgs[:1], b.msgs)
	first := b.first
	p.take(&b, 5, 1)
	require.Equal(t, msgs[2:], b.msgs, "a rejected message is not handed out")
	p.done(first)
	require.EqualValues(t, 1, p.committable())
	p.returned(seq)
	require.EqualValues(t, 2, p.committable())
	require.True(t, p.done(b.first))
	require.EqualValues(t, 3, p.committable())

	msgs = messages(0, 1, 2)
	p = newProcessQueue(0)
	p.add(msgs, "", 3)
	p.reject(msgs[1])
	require.True(t, p.take(&b, 5, 1))
	require.Equal(t, msgs[:1], b.msgs, "a batch ends before it")

	all := messages(10, 11)
	p = newProcessQueue(10)
	p.add(all, "", 12)
	for _, m := range all { // nothing at all is handed out
		seq, _ := p.reject(m)
		p.returned(seq)
	}
	require.False(t, p.take(&b, 5, 1))
	require.EqualValues(t, 12, p.committable())
}

// TestV10_CachedDuplicatesAreNotHandedOutAgain: what a repeated pull brings again enters the queue once.
func TestV10_CachedDuplicatesAreNotHandedOutAgain(t *testing.T) {
	t.Parallel()
	p := newProcessQueue(0)
	require.Equal(t, 3, p.add(messages(0, 1, 2), "", 3))
	require.Equal(t, 1, p.add(messages(1, 2, 3), "", 4))
	require.Equal(t, 0, p.add(messages(0, 1, 2, 3), "", 4))
	var b batch
	require.False(t, p.take(&b, 100, 1))
	require.Len(t, b.msgs, 4)
	for i := range b.msgs {
		p.done(b.first + uint64(i))
	}
	require.Equal(t, 0, p.add(messages(3), "", 4), "nor when it is done")
}

// Against a model: whatever the order of taking, finishing, failing, returning and expiring, nothing is handed out
// twice and the offset to commit is the lowest that is not done.
func TestProcessQueueAgainstAModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := newProcessQueue(0)
		type entry struct {
			offset int64
			state  slotState
		}
		var model []entry // by sequence number
		var pulled int64
		taken := 0
		pick := func(state slotState) (int, bool) {
			var candidates []int
			for i, e := range model {
				if e.state == state {
					candidates = append(candidates, i)
				}
			}
			if len(candidates) == 0 {
				return 0, false
			}
			return candidates[rng.IntN(len(candidates))], true
		}
		for step := range 1000 {
			switch rng.IntN(6) {
			case 0: // a pull, perhaps one that overlaps
				var offsets []int64
				at := max(0, pulled-int64(rng.IntN(4)))
				for range rng.IntN(8) {
					offsets = append(offsets, at)
					at += 1 + int64(rng.IntN(3))
				}
				next := at + int64(rng.IntN(2))
				want := 0
				for _, o := range offsets {
					if o >= pulled {
						model = append(model, entry{o, slotCached})
						pulled = o + 1
						want++
					}
				}
				pulled = max(pulled, next)
				require.Equal(t, want, p.add(messages(offsets...), "", next))
			case 1:
				var b batch
				n := 1 + rng.IntN(4)
				more := p.take(&b, n, int64(step))
				for i, m := range b.msgs {
					require.EqualValues(t, taken, b.first+uint64(i))
					require.Equal(t, slotCached, model[taken].state)
					require.Equal(t, model[taken].offset, m.QueueOffset)
					model[taken].state = slotRunning
					taken++
				}
				require.Equal(t, taken < len(model), more)
			case 2, 3:
				if i, ok := pick(slotRunning); ok {
					require.True(t, p.done(uint64(i)))
					model[i].state = slotDone
					require.False(t, p.done(uint64(i)))
				}
			case 4:
				if i, ok := pick(slotRunning); ok {
					require.True(t, p.fail(uint64(i)))
					model[i].state = slotReturning
				}
			case 5:
				if i, ok := pick(slotReturning); ok {
					p.returned(uint64(i))
					model[i].state = slotDone
				}
			}
			commit, count, active := pulled, 0, 0
			for i := len(model) - 1; i >= 0; i-- {
				if e := model[i]; e.state != slotDone {
					commit = e.offset
					count++
					if e.state != slotCached {
						active++
					}
				}
			}
			require.Equal(t, commit, p.committable())
			n, bytes, _ := p.load()
			require.Equal(t, count, n)
			require.EqualValues(t, 10*count, bytes)
			require.Equal(t, active == 0, p.idle())
		}
	}
}

func TestProcessQueueKeepsNoLargeRingWhenEmpty(t *testing.T) {
	t.Parallel()
	p := newProcessQueue(0)
	for i := range int64(1000) {
		p.add(messages(i), "", i+1)
	}
	var b batch
	p.take(&b, 1000, 1)
	for i := range b.msgs {
		p.done(b.first + uint64(i))
	}
	require.Len(t, p.ring, 1024)
	p.add(nil, "", 1000)
	require.Empty(t, p.ring)
	require.Equal(t, 1, p.add(messages(1000), "", 1001), "and goes on")
	p.take(&b, 1, 1)
	require.True(t, p.done(b.first))
	require.EqualValues(t, 1001, p.committable())
}
