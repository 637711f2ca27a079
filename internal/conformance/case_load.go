package conformance

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
)

func loadCases() []Case {
	return []Case{
		{Name: "load-64-senders", Row: "8.3 #42", Run: loadSenders},
		{Name: "load-first-sends-at-once", Row: "user problem 15", Run: loadFirstSends},
		{Name: "load-backlog-of-three-members", Row: "8.4 #86", Run: loadBacklog},
	}
}

// loadSenders sends from 64 goroutines through one producer: every message is
// stored once, under the id and at the place that its result says.
func loadSenders(t *testing.T, e *Env) {
	const senders, each = 64, 30
	topic := e.Topic(4)
	p := e.Producer()
	var mu sync.Mutex
	results := map[string]*primitive.SendResult{}
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range each {
				m := primitive.NewMessage(topic, fmt.Appendf(nil, "%d/%d", s, i))
				r, err := p.SendSync(e.Ctx, m)
				if err != nil {
					t.Errorf("sender %d: %v", s, err)
					return
				}
				mu.Lock()
				results[string(m.Body)] = r
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, results, senders*each)
	for _, s := range e.Stored(topic, senders*each) {
		r := results[string(s.Body)]
		require.NotNil(t, r, "%q is stored twice, or was never sent", s.Body)
		delete(results, string(s.Body))
		require.Equal(t, r.MsgID, s.Properties["UNIQ_KEY"])
		require.Equal(t, r.QueueOffset, s.QueueOffset)
		require.EqualValues(t, r.MessageQueue.QueueId, s.QueueID)
	}
}

// Many goroutines send to a topic that nobody has used before.
func loadFirstSends(t *testing.T, e *Env) {
	topic := e.Name()
	p := e.Producer()
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			if _, err := p.SendSync(e.Ctx, primitive.NewMessage(topic, fmt.Appendf(nil, "first %d", i))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	e.Stored(topic, 64)
}

// A backlog is worked off by members that start one after the other.
func loadBacklog(t *testing.T, e *Env) {
	const n = 3000
	topic, group := e.Topic(8), e.Group()
	p := e.Producer()
	var wg sync.WaitGroup
	for s := range 8 {
		wg.Go(func() {
			for i := range n / 8 / 25 {
				if _, err := p.SendSync(e.Ctx, Messages(topic, fmt.Sprintf("%d/%d", s, i), 25)...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	inboxes := []*Inbox{{}, {}, {}}
	for _, in := range inboxes {
		e.Consume(group, topic, "*", in)
	}
	e.Eventually(40*time.Second, func() error {
		if got := distinct(inboxes...); got != n {
			return fmt.Errorf("%d of %d messages", got, n)
		}
		return nil
	})
	require.Equal(t, n, Total(inboxes...), "delivered twice while members joined gracefully")
}
