package command

import (
	stdjson "encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

type body interface {
	Encode() ([]byte, error)
	Decode([]byte) error
}

// bodies has a new value of every body.
func bodies() []body {
	return []body{
		&HeartbeatData{}, &ConsumerList{}, &LockBatchRequestBody{}, &LockBatchResponseBody{}, &UnlockBatchRequestBody{},
		&CheckClientConfigBody{}, &TopicRouteData{}, &ClusterInfo{}, &ResetOffsetBody{}, &TopicConfig{}, &SubscriptionGroupConfig{},
	}
}

func newBody(b body) body { return reflect.New(reflect.TypeOf(b).Elem()).Interface().(body) }

func bodyName(b body) string { return reflect.TypeOf(b).Elem().Name() }

// Java's classes fail on null where they expect a collection.
func TestBodiesNeverHaveNull(t *testing.T) {
	t.Parallel()
	all := append(bodies(),
		&HeartbeatData{ConsumerDataSet: []ConsumerData{{SubscriptionDataSet: []SubscriptionData{{}}}, {}}},
		&TopicRouteData{BrokerDatas: []BrokerData{{}}},
		&ClusterInfo{BrokerAddrTable: map[string]BrokerData{"b": {}}, ClusterAddrTable: map[string][]string{"c": nil}},
	)
	for _, b := range all {
		text, err := b.Encode()
		require.NoError(t, err)
		require.NotContains(t, string(text), "null", bodyName(b))
		require.NoError(t, newBody(b).Decode(text))
	}
}

func TestBodiesAreStandardJSON(t *testing.T) {
	t.Parallel()
	for name, b := range javaBodies() {
		if name == "ResetOffsetBody" {
			continue
		}
		text, err := b.Encode()
		require.NoError(t, err)
		require.True(t, stdjson.Valid(text), name)
	}
}

func TestBodiesKeepTheirValueWhenDecodingFails(t *testing.T) {
	t.Parallel()
	for name, b := range javaBodies() {
		before, err := b.Encode()
		require.NoError(t, err)
		for _, bad := range []string{"", " ", "{", "[]", "12", `"x"`, `{"a":1}x`, "\x00", `{0:}`, `{"offsetTable":{"x":1}`} {
			require.Error(t, b.Decode([]byte(bad)), "%s: %q", name, bad)
		}
		after, err := b.Encode()
		require.NoError(t, err)
		require.Equal(t, string(before), string(after))
	}
}

func TestBodyErrorsNameTheBody(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, new(TopicRouteData).Decode([]byte(`{"queueDatas":7}`)), "topic route body: ")
	require.ErrorContains(t, new(ResetOffsetBody).Decode([]byte(`{"offsetTable":{"x":7}}`)), `key "x" is not a message queue`)
	require.ErrorContains(t, new(HeartbeatData).Decode([]byte(`{"consumerDataSet":[{"subscriptionDataSet":[{"codeSet":["x"]}]}]}`)), "codeSet")
}

// json-iterator alone reports an error here and leaves a wrong map.
func TestRouteWithBareBrokerIDs(t *testing.T) {
	t.Parallel()
	var route TopicRouteData
	require.NoError(t, route.Decode([]byte(`{"brokerDatas":[{"brokerAddrs":{0:"10.0.0.1:10911",2:"10.0.0.2:10911",},"brokerName":'broker-a'}],"queueDatas":null}`)))
	require.Equal(t, map[int64]string{0: "10.0.0.1:10911", 2: "10.0.0.2:10911"}, route.BrokerDatas[0].BrokerAddrs)
	require.Equal(t, "broker-a", route.BrokerDatas[0].BrokerName)
}

// rocketmq-client-go v2 writes hash codes in quotes and leaves out what fastjson would write.
func TestHeartbeatOfTheGoPeer(t *testing.T) {
	t.Parallel()
	var d HeartbeatData
	require.NoError(t, d.Decode([]byte(`{"clientID":"c","producerDataSet":[{"groupName":"PG"}],"consumerDataSet":[{"groupName":"CG","consumeType":"CONSUME_PASSIVELY",`+
		`"messageModel":"CLUSTERING","consumeFromWhere":"CONSUME_FROM_LAST_OFFSET","subscriptionDataSet":[{"classFilterMode":false,"topic":"T","subString":"TagA",`+
		`"tagsSet":["TagA"],"codeSet":["2598919",-5],"subVersion":7,"expressionType":"TAG"}],"unitMode":false}]}`)))
	require.Equal(t, []int32{2598919, -5}, d.ConsumerDataSet[0].SubscriptionDataSet[0].CodeSet)
	require.Equal(t, []string{"TagA"}, d.ConsumerDataSet[0].SubscriptionDataSet[0].TagsSet)
	require.Equal(t, int64(7), d.ConsumerDataSet[0].SubscriptionDataSet[0].SubVersion)
}

func TestConfigsHaveJavasDefaults(t *testing.T) {
	t.Parallel()
	var topic TopicConfig
	require.NoError(t, topic.Decode([]byte(`{"topicName":"T","perm":4}`)))
	want := NewTopicConfig("T")
	want.Perm = PermRead
	require.Equal(t, want, topic)

	var group SubscriptionGroupConfig
	require.NoError(t, group.Decode([]byte(`{"groupName":"G","consumeEnable":false,"subscriptionDataSet":[{"topic":"T"}]}`)))
	wantGroup := NewSubscriptionGroupConfig("G")
	wantGroup.ConsumeEnable = false
	wantGroup.SubscriptionDataSet = []SimpleSubscriptionData{{Topic: "T"}}
	require.Equal(t, wantGroup, group)
}

func TestTextsSurvive(t *testing.T) {
	t.Parallel()
	in := &LockBatchRequestBody{ClientID: "a\"\\\x00\x01\x1f\x7f<>&\u2028中😀", MQSet: []MessageQueue{{Topic: "%RETRY%组"}}}
	text, err := in.Encode()
	require.NoError(t, err)
	require.True(t, stdjson.Valid(text))
	out := &LockBatchRequestBody{}
	require.NoError(t, out.Decode(text))
	require.Equal(t, in, out)
}
