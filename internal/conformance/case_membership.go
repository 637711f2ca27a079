package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func membershipCases() []Case {
	return []Case{
		{Name: "member-registers-and-leaves", Row: "8.2 #29, #32", Run: memberLeaves},
		{Name: "member-leaves-queues-move", Row: "user problem 10", Quiet: true, Run: memberLeavesQueuesMove},
		{Name: "member-joins-queues-move", Row: "8.4 #90", Quiet: true, Run: memberJoins},
		{Name: "member-ids-differ", Row: "8.2 #22", Run: memberIDs},
	}
}

func memberLeaves(t *testing.T, e *Env) {
	topic, group := e.Topic(2), e.Group()
	c := e.Consume(group, topic, "*", &Inbox{})
	members := e.WaitMembers(group, 1)
	require.Contains(t, members[0], "@")
	e.Route("%RETRY%" + group)
	require.NoError(t, c.Shutdown())
	// Not after 120 s, when the broker notices by itself: before Shutdown returns.
	left, err := e.Observer.Members(e.Ctx, group)
	require.NoError(t, err)
	require.Empty(t, left)
}

func memberLeavesQueuesMove(t *testing.T, e *Env) {
	topic, group := e.Topic(4), e.Group()
	stays, goes := &Inbox{}, &Inbox{}
	e.Consume(group, topic, "*", stays)
	leaving := e.Consume(group, topic, "*", goes)
	e.WaitMembers(group, 2)
	p := e.Producer()
	e.Eventually(40*time.Second, func() error { // until both have queues
		e.Send(p, Messages(topic, fmt.Sprint("w", time.Now().UnixNano()), 4)...)
		if stays.Len() == 0 || goes.Len() == 0 {
			return fmt.Errorf("%d and %d messages", stays.Len(), goes.Len())
		}
		return nil
	})
	require.NoError(t, leaving.Shutdown())
	left := time.Now()
	e.Send(p, Messages(topic, "after", 8)...)
	e.Eventually(10*time.Second, func() error {
		n := 0
		for _, body := range stays.Bodies() {
			if strings.HasPrefix(body, "after-") {
				n++
			}
		}
		if n < 8 {
			return fmt.Errorf("%d of 8 messages", n)
		}
		return nil
	})
	require.Less(t, time.Since(left), 6*time.Second, "the queues of a member that left were idle for too long")
	for _, body := range goes.Bodies() {
		require.NotContains(t, body, "after", "a member got a message after its Shutdown")
	}
}

func memberJoins(t *testing.T, e *Env) {
	topic, group := e.Topic(4), e.Group()
	first, second := &Inbox{}, &Inbox{}
	e.Consume(group, topic, "*", first)
	p := e.Producer()
	e.Send(p, Messages(topic, "alone", 8)...)
	first.Wait(e, 8, 15*time.Second)
	e.Consume(group, topic, "*", second)
	joined := time.Now()
	sent := 8
	e.Eventually(20*time.Second, func() error {
		e.Send(p, Messages(topic, fmt.Sprint("both", sent), 4)...)
		sent += 4
		if second.Len() == 0 {
			return fmt.Errorf("the new member has got nothing")
		}
		return nil
	})
	require.Less(t, time.Since(joined), 10*time.Second)
	e.Eventually(15*time.Second, func() error {
		if got := distinct(first, second); got != sent {
			return fmt.Errorf("%d of %d messages", got, sent)
		}
		return nil
	})
	require.Equal(t, sent, Total(first, second), "a message was delivered twice while a member joined gracefully")
}

func memberIDs(t *testing.T, e *Env) {
	topic, group := e.Topic(2), e.Group()
	for range 3 {
		e.Consume(group, topic, "*", &Inbox{})
	}
	e.WaitMembers(group, 3) // with equal ids there would be one
}
