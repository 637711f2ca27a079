package consumer

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func TestSubscriptionDataIsJavas(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_700_000_000_000)
	for _, tt := range []struct {
		expression string
		sub        string
		tags       []string
		codes      []int32
	}{
		{"", "*", nil, nil},
		{"*", "*", nil, nil},
		{"  ", "*", nil, nil},
		{"TagA", "TagA", []string{"TagA"}, []int32{2598919}},
		{"TagA || TagB", "TagA || TagB", []string{"TagA", "TagB"}, []int32{2598919, 2598920}},
		{" TagB||TagA ||TagB|| ", " TagB||TagA ||TagB|| ", []string{"TagB", "TagA"}, []int32{2598920, 2598919}},
		{" || ", " || ", nil, nil}, // Java: empty sets, which select everything
		{"标签", "标签", []string{"标签"}, []int32{857175}},
		{"AaAa||BBBB", "AaAa||BBBB", []string{"AaAa", "BBBB"}, []int32{2031744}}, // one hash for both
	} {
		d, err := subscriptionData("topic", MessageSelector{Type: TAG, Expression: tt.expression}, now)
		require.NoError(t, err, tt.expression)
		require.Equal(t, tt.sub, d.SubString)
		require.Equal(t, tt.tags, d.TagsSet, tt.expression)
		require.Equal(t, tt.codes, d.CodeSet, tt.expression)
		require.Equal(t, "TAG", d.ExpressionType)
		require.Equal(t, now.UnixMilli(), d.SubVersion)
	}
	for _, bad := range []MessageSelector{
		{Expression: "||"}, {Expression: "||||"}, {Type: "GROOVY", Expression: "x"}, {Type: SQL92, Expression: "a > 1"},
	} {
		_, err := subscriptionData("topic", bad, now)
		require.Error(t, err, bad)
	}
	_, err := subscriptionData("topic", MessageSelector{Type: SQL92, Expression: "a > 1"}, now)
	require.ErrorIs(t, err, ErrNotSupported)
	require.True(t, IsTagType("") && IsTagType("TAG") && !IsTagType("SQL92"))
}

func TestSubscribeChecksItsArguments(t *testing.T) {
	t.Parallel()
	p, err := NewPushConsumer(WithGroupName("group"), WithNameServer([]string{"127.0.0.1:9876"}))
	require.NoError(t, err)
	h := newDeliveries().handler
	require.ErrorIs(t, p.Subscribe("", MessageSelector{}, h), rmqerrors.ErrTopicEmpty)
	require.ErrorIs(t, p.Subscribe("a b", MessageSelector{}, h), rmqerrors.ErrIllegalTopic)
	require.ErrorContains(t, p.Subscribe("topic", MessageSelector{}, nil), "handler is nil")
	require.ErrorIs(t, p.Subscribe("topic", MessageSelector{Type: SQL92}, h), ErrNotSupported)
	require.ErrorIs(t, p.Unsubscribe(""), rmqerrors.ErrTopicEmpty)
	require.NoError(t, p.Unsubscribe("never-subscribed"))
	require.NoError(t, p.Shutdown())
	require.ErrorIs(t, p.Subscribe("topic", MessageSelector{}, h), rmqerrors.ErrStartTopic)
	require.ErrorIs(t, p.Unsubscribe("topic"), rmqerrors.ErrStartTopic)
	require.Error(t, p.Start())
	require.NoError(t, p.Shutdown())
}

// Brokers check the names that they see.
func TestNamesMayNotBeTooLongWithTheNamespace(t *testing.T) {
	t.Parallel()
	servers := WithNameServer([]string{"127.0.0.1:9876"})
	_, err := NewPushConsumer(WithGroupName(strings.Repeat("g", 100)), WithNamespace(strings.Repeat("n", 43)), servers)
	require.ErrorIs(t, err, rmqerrors.ErrIllegalGroup)
	require.ErrorIs(t, err, rmqerrors.ErrIllegalOption)
	p, err := NewPushConsumer(WithGroupName("group"), WithNamespace(strings.Repeat("n", 43)), servers)
	require.NoError(t, err)
	require.ErrorIs(t, p.Subscribe(strings.Repeat("t", 100), MessageSelector{}, newDeliveries().handler), rmqerrors.ErrIllegalTopic)
}

func TestNamesOnTheWireHaveTheNamespace(t *testing.T) {
	t.Parallel()
	p, err := NewPushConsumer(WithGroupName("group"), WithNamespace("ns"), WithNameServer([]string{"127.0.0.1:9876"}))
	require.NoError(t, err)
	require.NoError(t, p.Subscribe("topic", MessageSelector{}, func(context.Context, ...*primitive.MessageExt) (ConsumeResult, error) {
		return ConsumeSuccess, nil
	}))
	require.Equal(t, "ns%group", p.group)
	subs := p.subs.Load()
	require.NotNil(t, subs.byTopic["ns%topic"])
	require.NotNil(t, subs.byTopic["%RETRY%ns%group"])
	require.Equal(t, "topic", subs.byTopic["ns%topic"].name)
	require.NoError(t, p.Unsubscribe("topic"))
	require.Nil(t, p.subs.Load().byTopic["ns%topic"])
	require.NotNil(t, subs.byTopic["ns%topic"], "a set is never written to")
}
