package command

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRequestTable(t *testing.T) {
	t.Parallel()
	require.True(t, slices.IsSortedFunc(requests, func(a, b request) int { return cmp.Compare(a.code, b.code) }))
	seen := map[int32]bool{}
	for _, r := range requests {
		require.False(t, seen[r.code], "%d twice", r.code)
		seen[r.code] = true
		require.Equal(t, r.name, RequestText(r.code))
	}
	require.Equal(t, "SEND_MESSAGE_V2", RequestText(CodeSendMessageV2))
	require.Equal(t, "POP_MESSAGE", RequestText(200050))
	require.Equal(t, "CODE_9999", RequestText(9999))
	require.Equal(t, "CODE_-1", RequestText(-1))
}

func TestResponseTable(t *testing.T) {
	t.Parallel()
	require.True(t, slices.IsSortedFunc(responses, func(a, b response) int { return cmp.Compare(a.code, b.code) }))
	seen := map[int32]bool{}
	var retriable []int32
	for _, r := range responses {
		require.False(t, seen[r.code], "%d twice", r.code)
		seen[r.code] = true
		require.Equal(t, r.name, ResponseText(r.code))
		require.Equal(t, r.meaning, ResponseMeaning(r.code))
		require.NotEmpty(t, r.meaning)
		if RetriableSend(r.code) {
			retriable = append(retriable, r.code)
		}
	}
	// Java: DefaultMQProducer.retryResponseCodes
	require.Equal(t, []int32{
		SystemError, SystemBusy, ServiceNotAvailable, NoPermission, TopicNotExist, NoBuyerID, NotInCurrentUnit, GoAway,
	}, retriable)
	require.Equal(t, "TOPIC_NOT_EXIST", ResponseText(TopicNotExist))
	require.Equal(t, "CODE_9999", ResponseText(9999))
	require.Empty(t, ResponseMeaning(9999))
	require.False(t, RetriableSend(9999))
}
