package primitive_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestMessageQueueAsJava(t *testing.T) {
	t.Parallel()
	type javaQueue struct {
		Text      string
		QueueHash int
		QueueText string
	}
	for _, v := range recordVectors[javaQueue](t, "java_hashes.jsonl") {
		mq := primitive.MessageQueue{Topic: v.Text, BrokerName: "broker-" + v.Text, QueueId: 3}
		require.Equal(t, v.QueueHash, mq.HashCode(), "%q", v.Text)
		require.Equal(t, v.QueueText, mq.String())
	}
}
