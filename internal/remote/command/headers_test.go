package command

import (
	"math/rand" // testing/quick takes the old one
	"reflect"
	"strings"
	"testing"
	"testing/quick"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

type header interface {
	wire.FieldAppender
	wire.FieldSetter
}

// headers has a new value of every header.
func headers() []header {
	return []header{
		&SendMessageRequest{}, &SendMessageV2Request{}, &SendMessageResponse{},
		&PullMessageRequest{}, &PullMessageResponse{},
		&QueryConsumerOffsetRequest{}, &QueryConsumerOffsetResponse{}, &UpdateConsumerOffsetRequest{},
		&CreateTopicRequest{}, &DeleteTopicRequest{},
		&SearchOffsetRequest{}, &SearchOffsetResponse{},
		&GetMaxOffsetRequest{}, &GetMaxOffsetResponse{}, &GetMinOffsetRequest{}, &GetMinOffsetResponse{},
		&GetEarliestMsgStoreTimeRequest{}, &GetEarliestMsgStoreTimeResponse{},
		&ViewMessageRequest{}, &HeartbeatRequest{}, &HeartbeatResponse{}, &UnregisterClientRequest{},
		&ConsumerSendMsgBackRequest{}, &GetConsumerListRequest{}, &NotifyConsumerIDsChangedRequest{},
		&GetRouteInfoRequest{}, &ResetOffsetRequest{},
	}
}

func fresh(h header) header {
	return reflect.New(reflect.TypeOf(h).Elem()).Interface().(header)
}

func name(h header) string { return reflect.TypeOf(h).Elem().Name() }

// Every header comes out as it went in, in both serializations.
func TestHeaderRoundTripProperty(t *testing.T) {
	t.Parallel()
	for _, h := range headers() {
		t.Run(name(h), func(t *testing.T) {
			t.Parallel()
			property := func(in header) bool {
				for _, s := range []wire.Serialization{wire.JSON, wire.RocketMQ} {
					frame, err := wire.AppendFrame(nil, s, &wire.Head{}, in, nil, nil)
					require.NoError(t, err)
					c, err := wire.Decode(frame[4:])
					require.NoError(t, err)
					out := fresh(in)
					require.NoError(t, c.DecodeFields(out))
					require.Equal(t, in, out)
				}
				return true
			}
			require.NoError(t, quick.Check(property, &quick.Config{
				MaxCount: 50,
				Values: func(args []reflect.Value, r *rand.Rand) {
					v, ok := quick.Value(reflect.TypeOf(h), r)
					require.True(t, ok)
					if v.IsNil() {
						v = reflect.New(reflect.TypeOf(h).Elem())
					}
					in := v.Interface().(header)
					if p := v.Elem().FieldByName("Properties"); p.IsValid() { // text in Java
						p.SetBytes([]byte("P\x01" + strings.ToValidUTF8(string(p.Bytes()), "x")))
					}
					args[0] = reflect.ValueOf(in)
				},
			}))
		})
	}
}

func TestHeadersIgnoreUnknownFields(t *testing.T) {
	t.Parallel()
	for _, h := range headers() {
		require.NoError(t, h.SetField([]byte("of a later release"), []byte("x")))
		require.Equal(t, fresh(h), h)
	}
}

func TestHeadersRefuseBadNumbers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		h   header
		key string
	}{
		{&SendMessageV2Request{}, "e"}, {&SendMessageV2Request{}, "g"}, {&SendMessageV2Request{}, "k"}, {&SendMessageV2Request{}, "l"},
		{&QueryConsumerOffsetRequest{}, "setZeroIfNotFound"}, {&PullMessageResponse{}, "nextBeginOffset"}, {&HeartbeatResponse{}, "IS_SUB_CHANGE"},
	}
	for _, tt := range tests {
		require.Error(t, tt.h.SetField([]byte(tt.key), []byte("x")), tt.key)
	}
}

func TestOptionalFields(t *testing.T) {
	t.Parallel()
	zero, no := int32(0), false
	tests := []struct {
		name   string
		h      header
		has    []string
		hasNot []string
	}{
		{"send", &SendMessageV2Request{}, []string{"a", "j", "k", "m"}, []string{"i", "l", "n"}},
		{"send, no attempts", &SendMessageV2Request{MaxReconsumeTimes: &zero, BrokerName: "b"}, []string{"l", "n"}, nil},
		{"pull", &PullMessageRequest{}, []string{"queueOffset", "subVersion"}, []string{"subscription", "expressionType", "maxMsgBytes", "bname"}},
		{"offset", &QueryConsumerOffsetRequest{}, nil, []string{"setZeroIfNotFound"}},
		{"offset, or an error", &QueryConsumerOffsetRequest{SetZeroIfNotFound: &no}, []string{"setZeroIfNotFound"}, nil},
		{"route", &GetRouteInfoRequest{}, []string{"topic"}, []string{"acceptStandardJsonOnly"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := fieldMap(wire.CollectFields(nil, tt.h))
			for _, key := range tt.has {
				require.Contains(t, got, key)
			}
			for _, key := range tt.hasNot {
				require.NotContains(t, got, key)
			}
		})
	}
}

func fieldMap(fields []wire.Field) map[string]string {
	m := make(map[string]string, len(fields))
	for _, f := range fields {
		m[f.Key] = f.Value
	}
	return m
}
