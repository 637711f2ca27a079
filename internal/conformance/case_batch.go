package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func batchCases() []Case {
	return []Case{
		{Name: "batch-stored-one-by-one", Row: "8.3 #59", Run: batchStored},
		{Name: "batch-consumed", Row: "8.3 #59", Run: batchConsumed},
	}
}

func batchStored(t *testing.T, e *Env) {
	const n = 10
	topic := e.Topic(3)
	p := e.Producer()
	msgs := Messages(topic, "batch", n)
	for i, m := range msgs {
		m.WithTag("T" + fmt.Sprint(i%2)).WithKeys([]string{fmt.Sprint("key", i)})
		m.WithProperty("n", fmt.Sprint(i))
		m.Flag = int32(i)
	}
	r, err := p.SendSync(e.Ctx, msgs...)
	require.NoError(t, err)
	require.Equal(t, primitive.SendOK, r.Status)
	ids, offsetIDs := strings.Split(r.MsgID, ","), strings.Split(r.OffsetMsgID, ",")
	require.Len(t, ids, n)
	require.Len(t, offsetIDs, n)
	for i, s := range e.Stored(topic, n) {
		require.Equal(t, fmt.Sprintf("batch-%d", i), string(s.Body))
		require.EqualValues(t, r.MessageQueue.QueueId, s.QueueID, "a batch goes to one queue")
		require.Equal(t, r.QueueOffset+int64(i), s.QueueOffset)
		require.Equal(t, ids[i], s.Properties["UNIQ_KEY"])
		require.Equal(t, offsetIDs[i], record.OffsetID(s.StoreHost, s.PhysicalOffset))
		require.Equal(t, fmt.Sprint("key", i), s.Properties["KEYS"])
		require.Equal(t, "T"+fmt.Sprint(i%2), s.Properties["TAGS"])
		require.Equal(t, fmt.Sprint(i), s.Properties["n"])
		require.EqualValues(t, i, s.Flag)
		require.Zero(t, s.SysFlag)
	}
}

func batchConsumed(t *testing.T, e *Env) {
	topic := e.Topic(2)
	p := e.Producer()
	msgs := Messages(topic, "batch", 20)
	for i, m := range msgs {
		m.WithTag("T" + fmt.Sprint(i%2))
	}
	_, err := p.SendSync(e.Ctx, msgs...)
	require.NoError(t, err)
	inbox := &Inbox{}
	e.Consume(e.Group(), topic, "T1", inbox)
	for _, d := range inbox.Wait(e, 10, 15*time.Second) {
		require.Equal(t, "T1", d.GetTags())
	}
	require.Len(t, inbox.All(), 10)
}
