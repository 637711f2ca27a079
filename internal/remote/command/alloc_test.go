package command

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/budget"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

var serializations = []wire.Serialization{wire.JSON, wire.RocketMQ}

const uniqKey = "0A0000010002000000000000000000FF"

func sendRequest() *SendMessageV2Request {
	return &SendMessageV2Request{
		ProducerGroup: "PG", Topic: "TopicTest", DefaultTopic: "TBW102", DefaultTopicQueueNums: 4, QueueID: 3,
		BornTimestamp: 1700000000000, Properties: []byte("UNIQ_KEY\x01" + uniqKey + "\x02WAIT\x01true\x02TAGS\x01TagA\x02"), BrokerName: "broker-a",
	}
}

func sendAnswer(t testing.TB, s wire.Serialization) []byte {
	frame, err := wire.AppendFrame(nil, s, &wire.Head{Flag: wire.FlagResponse, Opaque: 7, Version: wire.Version}, &SendMessageResponse{
		MsgID: "7F000001000051AF0000000000001928", QueueID: 3, QueueOffset: 5, TransactionID: uniqKey, RegionID: defaultRegion, TraceOn: "true",
	}, nil, nil)
	require.NoError(t, err)
	return frame[4:]
}

func pullAnswer(t testing.TB, s wire.Serialization) []byte {
	frame, err := wire.AppendFrame(nil, s, &wire.Head{Flag: wire.FlagResponse, Opaque: 7, Version: wire.Version, Remark: "FOUND"},
		&PullMessageResponse{NextBeginOffset: 132, MaxOffset: 1000}, nil, make([]byte, 1024))
	require.NoError(t, err)
	return frame[4:]
}

func TestAllocBudgetSendRequest(t *testing.T) {
	for _, s := range serializations {
		buffer, body := make([]byte, 0, 4096), make([]byte, 1024)
		h := sendRequest()
		head := wire.Head{Code: CodeSendMessageV2, Language: wire.LanguageGo, Version: wire.Version}
		budget.Allocs(t, 0, 1000, func() {
			head.Opaque++
			_, _ = wire.AppendFrame(buffer, s, &head, h, nil, body)
		})
	}
}

func TestAllocBudgetPullRequest(t *testing.T) {
	for _, s := range serializations {
		buffer := make([]byte, 0, 4096)
		h := &PullMessageRequest{ConsumerGroup: "CG", Topic: "TopicTest", QueueOffset: 100, MaxMsgNums: 32, SubVersion: 1700000000000, ExpressionType: ExpressionTag}
		head := wire.Head{Code: CodePullMessage, Language: wire.LanguageGo, Version: wire.Version}
		budget.Allocs(t, 0, 1000, func() { _, _ = wire.AppendFrame(buffer, s, &head, h, nil, nil) })
	}
}

// The command and the message id; the transaction id is the unique key that the sender knows.
func TestAllocBudgetSendResponse(t *testing.T) {
	for _, s := range serializations {
		frame := sendAnswer(t, s)
		var answer SendMessageResponse
		budget.Allocs(t, 2, 1000, func() {
			answer = SendMessageResponse{TransactionID: uniqKey}
			c, err := wire.Decode(frame)
			if err == nil {
				err = c.DecodeFields(&answer)
			}
			require.NoError(t, err)
		})
		require.Equal(t, SendMessageResponse{
			MsgID: "7F000001000051AF0000000000001928", QueueID: 3, QueueOffset: 5, TransactionID: uniqKey, RegionID: defaultRegion, TraceOn: "true",
		}, answer)
	}
}

func TestAllocBudgetPullResponse(t *testing.T) {
	for _, s := range serializations {
		frame := pullAnswer(t, s)
		var answer PullMessageResponse
		budget.Allocs(t, 1, 1000, func() {
			c, err := wire.Decode(frame)
			if err == nil {
				err = c.DecodeFields(&answer)
			}
			require.NoError(t, err)
		})
	}
}

func BenchmarkSendRequest(b *testing.B) {
	for _, s := range serializations {
		b.Run(s.String(), func(b *testing.B) {
			buffer, body := make([]byte, 0, 4096), make([]byte, 1024)
			h := sendRequest()
			head := wire.Head{Code: CodeSendMessageV2, Language: wire.LanguageGo, Version: wire.Version}
			b.ReportAllocs()
			for b.Loop() {
				_, _ = wire.AppendFrame(buffer, s, &head, h, nil, body)
			}
		})
	}
}

func BenchmarkSendResponse(b *testing.B) {
	for _, s := range serializations {
		b.Run(s.String(), func(b *testing.B) {
			frame := sendAnswer(b, s)
			var answer SendMessageResponse
			b.ReportAllocs()
			for b.Loop() {
				answer = SendMessageResponse{TransactionID: uniqKey}
				c, err := wire.Decode(frame)
				if err == nil {
					err = c.DecodeFields(&answer)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPullResponse(b *testing.B) {
	for _, s := range serializations {
		b.Run(s.String(), func(b *testing.B) {
			frame := pullAnswer(b, s)
			var answer PullMessageResponse
			b.ReportAllocs()
			for b.Loop() {
				c, err := wire.Decode(frame)
				if err == nil {
					err = c.DecodeFields(&answer)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
