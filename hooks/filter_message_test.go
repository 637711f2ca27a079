package hooks_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/hooks"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func ExampleFilterMessageHook() {
	var ours hooks.FilterMessageHook = func(ctx *hooks.FilterMessageContext) ([]*primitive.MessageExt, error) {
		var kept []*primitive.MessageExt
		for _, msg := range ctx.Msg {
			if msg.GetProperty("region") == "eu" {
				kept = append(kept, msg)
			}
		}
		return kept, nil
	}
	eu, us := &primitive.MessageExt{MsgId: "1"}, &primitive.MessageExt{MsgId: "2"}
	eu.WithProperty("region", "eu")
	us.WithProperty("region", "us")
	kept, err := ours(&hooks.FilterMessageContext{ConsumerGroup: "orders", Msg: []*primitive.MessageExt{eu, us}})
	fmt.Println(len(kept), kept[0].MsgId, err)
	// Output: 1 1 <nil>
}

func TestFilterMessageContextString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "FilterMessageContext [nil]", (*hooks.FilterMessageContext)(nil).String())
	require.NotPanics(t, func() { _ = (&hooks.FilterMessageContext{}).String() })
	c := &hooks.FilterMessageContext{ConsumerGroup: "G", MQ: &primitive.MessageQueue{Topic: "T"}, Msg: make([]*primitive.MessageExt, 2)}
	require.Equal(t, "FilterMessageContext [consumerGroup=G, msgs=2, mq=MessageQueue [topic=T, brokerName=, queueId=0], unitMode=false]", c.String())
}
