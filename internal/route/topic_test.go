package route

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/primitive"
)

func names(queues []primitive.MessageQueue) string {
	var b strings.Builder
	for _, q := range queues {
		fmt.Fprintf(&b, "%s/%d ", q.BrokerName, q.QueueId)
	}
	return strings.TrimSpace(b.String())
}

func TestNewTopic(t *testing.T) {
	t.Parallel()
	broker := func(name string, addrs map[int64]string) command.BrokerData {
		return command.BrokerData{BrokerName: name, Cluster: "C", BrokerAddrs: addrs}
	}
	queue := func(name string, perm, read, write int32) command.QueueData {
		return command.QueueData{BrokerName: name, Perm: perm, ReadQueueNums: read, WriteQueueNums: write}
	}
	a := broker("a", map[int64]string{0: "a:1", 1: "a1:1"})
	b := broker("b", map[int64]string{0: "b:1"})
	slaveOnly := broker("s", map[int64]string{1: "s1:1"})
	for _, tc := range []struct {
		name     string
		data     command.TopicRouteData
		writable string
		readable string
		ordered  bool
	}{
		{
			name: "sorted by broker name",
			data: command.TopicRouteData{
				QueueDatas:  []command.QueueData{queue("b", 6, 2, 1), queue("a", 6, 1, 2)},
				BrokerDatas: []command.BrokerData{b, a},
			},
			writable: "a/0 a/1 b/0", readable: "a/0 b/0 b/1",
		}, {
			name: "permissions",
			data: command.TopicRouteData{
				QueueDatas:  []command.QueueData{queue("a", 4, 1, 1), queue("b", 2, 1, 1)},
				BrokerDatas: []command.BrokerData{a, b},
			},
			writable: "b/0", readable: "a/0",
		}, {
			name: "no permission at all is a valid route",
			data: command.TopicRouteData{QueueDatas: []command.QueueData{queue("a", 0, 1, 1)}, BrokerDatas: []command.BrokerData{a}},
		}, {
			name: "a broker without master is not written to",
			data: command.TopicRouteData{
				QueueDatas:  []command.QueueData{queue("s", 6, 1, 1), queue("a", 6, 1, 1)},
				BrokerDatas: []command.BrokerData{slaveOnly, a},
			},
			writable: "a/0", readable: "a/0 s/0",
		}, {
			name: "queues of an unknown broker, twice the same broker, negative numbers, broken addresses",
			data: command.TopicRouteData{
				QueueDatas:  []command.QueueData{queue("x", 6, 1, 1), queue("a", 6, 1, 1), queue("a", 6, 9, 9), queue("b", 6, -1, -5), queue("", 6, 1, 1)},
				BrokerDatas: []command.BrokerData{a, broker("a", map[int64]string{0: "other:1"}), broker("b", map[int64]string{0: "nonsense", -1: "b:1", 2: "b2:1"}), broker("", map[int64]string{0: "c:1"})},
			},
			writable: "a/0", readable: "a/0 x/0",
		}, {
			name: "ordered",
			data: command.TopicRouteData{
				QueueDatas:     []command.QueueData{queue("a", 6, 1, 1), queue("b", 6, 1, 1)},
				BrokerDatas:    []command.BrokerData{a, b},
				OrderTopicConf: "b:2;a:1",
			},
			writable: "b/0 b/1 a/0", readable: "a/0 b/0", ordered: true,
		}, {
			name: "order with broken entries",
			data: command.TopicRouteData{
				QueueDatas: []command.QueueData{queue("a", 6, 1, 1)}, BrokerDatas: []command.BrokerData{a},
				OrderTopicConf: ";b;:3;c:x;d:-1;e:99999999999;a:1;",
			},
			writable: "a/0", readable: "a/0", ordered: true,
		}, {
			name: "order of nothing but broken entries counts as none",
			data: command.TopicRouteData{
				QueueDatas: []command.QueueData{queue("a", 6, 1, 2)}, BrokerDatas: []command.BrokerData{a},
				OrderTopicConf: "nonsense",
			},
			writable: "a/0 a/1", readable: "a/0",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := newTopic("T", &tc.data, nil)
			require.NoError(t, err)
			require.Equal(t, tc.writable, names(r.Writable))
			require.Equal(t, tc.readable, names(r.Readable))
			require.Equal(t, tc.ordered, r.Ordered)
			for _, q := range append(r.Writable, r.Readable...) {
				require.Equal(t, "T", q.Topic)
			}
		})
	}
}

func TestNewTopicRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*command.TopicRouteData{
		"nothing":             {},
		"no broker":           {QueueDatas: data(1, "a").QueueDatas},
		"no queue":            {BrokerDatas: data(1, "a").BrokerDatas},
		"no address":          {QueueDatas: data(1, "a").QueueDatas, BrokerDatas: []command.BrokerData{{BrokerName: "a"}}},
		"too many queues":     data(1<<30, "a", "b", "c"),
		"too many in a order": {QueueDatas: data(1, "a").QueueDatas, BrokerDatas: data(1, "a").BrokerDatas, OrderTopicConf: strings.Repeat("a:60000;", 1000)},
	} {
		_, err := newTopic("T", d, nil)
		require.Error(t, err, name)
	}
}

func TestMapAddr(t *testing.T) {
	t.Parallel()
	d := data(1, "a")
	d.BrokerDatas[0].BrokerAddrs = map[int64]string{0: "::1:10911", 1: "10.0.0.2:10911"}
	r, err := newTopic("T", d, func(addr string) string {
		if addr == "[::1]:10911" {
			return "nat.example.com:30911"
		}
		return ""
	})
	require.NoError(t, err)
	require.Equal(t, map[int64]string{0: "nat.example.com:30911"}, r.Brokers[0].Addrs)
}

func TestStandIn(t *testing.T) {
	t.Parallel()
	base, err := newTopic(DefaultTopic, data(8, "a", "b"), nil)
	require.NoError(t, err)
	r := standIn(base, "T", 3)
	require.Equal(t, "a/0 a/1 a/2 b/0 b/1 b/2", names(r.Writable))
	require.Equal(t, "T", r.Writable[0].Topic)
	require.True(t, r.Fallback)
	require.Empty(t, r.Readable, "nothing can be read from a topic that does not exist")
	require.Equal(t, 16, len(standIn(base, "T", 100).Writable), "no more than readQueueNums on each broker")
}

// FuzzRoute feeds mutated route bodies: whatever a name server answers, the client must not panic, allocate without
// bound, or build a route that contradicts itself.
func FuzzRoute(f *testing.F) {
	good, err := data(4, "a", "b").Encode()
	require.NoError(f, err)
	f.Add(good)
	f.Add([]byte(`{"brokerDatas":[{"brokerAddrs":{0:"127.0.0.1:10911",1:"[::1]:1"},"brokerName":"a"}],"queueDatas":[{"brokerName":"a","perm":6,"readQueueNums":4,"writeQueueNums":4}]}`))
	f.Add([]byte(`{"queueDatas":[{"brokerName":"a","perm":6,"writeQueueNums":4}]}`))
	f.Add([]byte(`{"brokerDatas":[{"brokerName":"a"}],"queueDatas":[{}],"orderTopicConf":"a:1;b"}`))
	f.Add([]byte(`{"brokerDatas":null,"queueDatas":[null],"orderTopicConf":null}`))
	f.Add([]byte(`{"brokerDatas":[{"brokerAddrs":{"0":null},"brokerName":"a"}],"queueDatas":[{"brokerName":"a","perm":6,"readQueueNums":2147483647}]}`))
	f.Add([]byte(`{`))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		var d command.TopicRouteData
		if d.Decode(body) != nil {
			return
		}
		r, err := newTopic("T", &d, nil)
		if err != nil {
			require.Nil(t, r)
			return
		}
		require.LessOrEqual(t, len(r.Writable), maxQueues)
		require.LessOrEqual(t, len(r.Readable), maxQueues)
		require.True(t, r.equal(r))
		for _, q := range r.Writable {
			b, ok := r.broker(q.BrokerName)
			require.True(t, r.Ordered || ok && b.Addrs[MasterID] != "", "a writable queue has a master")
		}
		standIn(r, "U", 8)
	})
}
