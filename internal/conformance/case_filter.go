package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq"
	"github.com/rocketmq-go/rocketmq/consumer"
	"github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func filterCases() []Case {
	return []Case{
		{Name: "filter-tags", Row: "8.4 #84", Run: func(t *testing.T, e *Env) { filtered(t, e, "TagA || TagB", "TagA", "TagB") }},
		{Name: "filter-tags-not-ascii", Row: "V18", Run: func(t *testing.T, e *Env) { filtered(t, e, "标签||😀", "标签", "😀") }},
		{Name: "filter-tags-with-equal-hash", Row: "6.5", Run: func(t *testing.T, e *Env) { filtered(t, e, "Aa", "Aa") }},
		{Name: "filter-everything", Row: "6.6", Run: func(t *testing.T, e *Env) {
			filtered(t, e, "*", "", "Aa", "BB", "TagA", "TagB", "TagC", "标签", "😀")
		}},
		{Name: "filter-none-matches-commits", Row: "user problem 24", Run: filterNoneMatches},
		{Name: "filter-refused", Row: "6.6", Run: filterRefused},
	}
}

// filtered sends three messages of each tag and checks which tags come through.
func filtered(t *testing.T, e *Env, expression string, want ...string) {
	topic := e.Topic(2)
	p := e.Producer()
	for _, tag := range []string{"TagA", "TagB", "TagC", "", "标签", "😀", "Aa", "BB"} {
		for i := range 3 {
			m := primitive.NewMessage(topic, fmt.Appendf(nil, "%s %d", tag, i))
			if tag != "" {
				m.WithTag(tag)
			}
			e.Send(p, m)
		}
	}
	inbox := &Inbox{}
	e.Consume(e.Group(), topic, expression, inbox)
	inbox.Wait(e, 3*len(want), 15*time.Second)
	// A message that only the hash lets through would be in one of the same pulls.
	tags := map[string]int{}
	for _, d := range inbox.All() {
		tags[d.GetTags()]++
	}
	var got []string
	for tag, n := range tags {
		got = append(got, tag)
		require.Equal(t, 3, n, tag)
	}
	slices.Sort(got)
	slices.Sort(want)
	require.Equal(t, want, got)
}

// When nothing matches, the committed offset still moves to the end.
func filterNoneMatches(t *testing.T, e *Env) {
	topic, group := e.SingleQueue(), e.Group()
	p := e.Producer()
	for _, m := range Messages(topic, "other", 20) {
		e.Send(p, m.WithTag("other"))
	}
	inbox := &Inbox{}
	c := e.Consume(group, topic, "mine", inbox)
	e.Send(p, primitive.NewMessage(topic, []byte("x")).WithTag("mine"))
	for range 5 {
		e.Send(p, primitive.NewMessage(topic, []byte("y")).WithTag("other"))
	}
	inbox.Wait(e, 1, 15*time.Second)
	e.requireCommitted(group, topic, 26, 30*time.Second)
	require.NoError(t, c.Shutdown())
	require.Len(t, inbox.All(), 1)
}

func filterRefused(t *testing.T, e *Env) {
	c := e.Consumer(e.Group())
	inbox := &Inbox{}
	require.Error(t, c.Subscribe("", consumer.MessageSelector{}, inbox.Handle))
	require.ErrorIs(t, c.Subscribe("bad#topic", consumer.MessageSelector{}, inbox.Handle), errors.ErrIllegalTopic)
	require.Error(t, c.Subscribe(e.Name(), consumer.MessageSelector{Expression: "||"}, inbox.Handle))
	require.Error(t, c.Subscribe(e.Name(), consumer.MessageSelector{}, nil))

	// With their namespace these are too long for a broker.
	namespace := consumer.WithNamespace(strings.Repeat("n", 60))
	_, err := rocketmq.NewPushConsumer(consumer.WithNameServer(e.NameServers()), consumer.WithGroupName(strings.Repeat("g", 100)), namespace)
	require.ErrorIs(t, err, errors.ErrIllegalGroup)
	c = e.Consumer(e.Group(), namespace)
	require.ErrorIs(t, c.Subscribe(strings.Repeat("t", 100), consumer.MessageSelector{}, inbox.Handle), errors.ErrIllegalTopic)
}
