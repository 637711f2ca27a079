package consumer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/mqtest"
)

func TestPushConsumesEachMessageOnceAndCommits(t *testing.T) {
	t.Parallel()
	c := mqtest.Start(t, mqtest.WithBrokers(2), mqtest.WithTopic("topic", 4))
	got := newDeliveries()
	p := unstarted(t, c)
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, got.handler))
	require.NoError(t, p.Start())
	newSender(t, c).many("topic", 4, 0, 400)
	eventually(t, func() bool { return got.distinct() == 400 }, "all messages")
	require.NoError(t, p.Shutdown())
	require.Equal(t, 400, got.all())
	for _, b := range c.Brokers() {
		for q := range 4 {
			require.EqualValues(t, 50, c.CommittedOffset("group", "topic", b, q))
		}
	}
}
