package consumer

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/mqtest"
)

// Every member of a broadcasting group gets every message.
func TestBroadcastingMembersGetAll(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("topic", 2))
	a, b := newDeliveries(), newDeliveries()
	start(t, c, "topic", a.handler, WithConsumerModel(BroadCasting), WithOffsetStoreDir(t.TempDir()))
	start(t, c, "topic", b.handler, WithConsumerModel(BroadCasting), WithOffsetStoreDir(t.TempDir()))
	newSender(t, c).many("topic", 2, 0, 100)
	eventually(t, func() bool { return a.distinct() == 100 && b.distinct() == 100 }, "both")
	require.Equal(t, 100, a.all())
	require.Equal(t, 100, b.all())
	require.Zero(t, c.Requests(codeCommit)+c.Requests(codeQuery)+c.Requests(codeMembers), "brokers are not asked")
	require.Zero(t, c.StoredCount("%RETRY%group"))
}

// A restarted broadcasting consumer, whose client id is a new one, goes on where it was.
func TestBroadcastingContinuesAfterARestart(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithTopic("topic", 2))
	s := newSender(t, c)
	dir := t.TempDir()
	got := newDeliveries()
	var ids []string
	for round := range 3 {
		s.many("topic", 2, round*50, 50)
		p := unstarted(t, c, WithConsumerModel(BroadCasting), WithOffsetStoreDir(dir), WithClientIP("10.9.8.7"), WithInstance("node-1"))
		require.NoError(t, p.Subscribe("topic", MessageSelector{}, got.handler))
		require.NoError(t, p.Start())
		ids = append(ids, p.client.ID())
		eventually(t, func() bool { return got.distinct() == (round+1)*50 }, "consumed")
		require.NoError(t, p.Shutdown())
		require.Equal(t, (round+1)*50, got.all(), "nothing twice")
	}
	require.NotEqual(t, ids[0], ids[1])
	table, err := readOffsets(filepath.Join(dir, "10.9.8.7@node-1", "group", "offsets.json"))
	require.NoError(t, err)
	require.Len(t, table, 2)
}
