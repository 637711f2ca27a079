package conformance

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
)

func delayCases() []Case {
	return []Case{
		{Name: "delay-level-1", Row: "5.11", Quiet: true, Run: func(t *testing.T, e *Env) { delayed(t, e, 1) }},
		{Name: "delay-level-2", Row: "5.11", Quiet: true, Run: func(t *testing.T, e *Env) { delayed(t, e, 2) }},
	}
}

// delayed sends a message with a delay level beside one without, and measures
// when each is delivered.
func delayed(t *testing.T, e *Env, level int) {
	delay := e.Target.DelayLevels[level-1]
	topic := e.SingleQueue()
	p := e.Producer()
	inbox := &Inbox{}
	e.Consume(e.Group(), topic, "*", inbox)

	sent := time.Now()
	e.Send(p, primitive.NewMessage(topic, []byte("later")).WithDelayTimeLevel(level))
	e.Send(p, primitive.NewMessage(topic, []byte("now")))
	got := inbox.Wait(e, 2, delay+10*time.Second)
	require.Equal(t, "now", string(got[0].Body))
	require.Equal(t, "later", string(got[1].Body))
	require.Equal(t, topic, got[1].Topic)
	// The broker's clock starts when it stores the message; its timer ticks every
	// 100 ms, and a loaded machine is late.
	waited := got[1].At.Sub(sent)
	require.GreaterOrEqual(t, waited, delay-20*time.Millisecond)
	require.Less(t, waited, delay+2*time.Second)
	require.Equal(t, topic, got[1].GetProperty("REAL_TOPIC"))
	require.Equal(t, fmt.Sprint(level), got[1].GetProperty("DELAY"))
	require.Zero(t, got[1].ReconsumeTimes)
}
