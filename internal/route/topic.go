package route

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/primitive"
)

const (
	// MasterID is the broker id of a master.
	MasterID = command.MasterID

	// DefaultTopic is the topic whose route stands in for a topic that does not exist yet
	// (Java: TopicValidator.AUTO_CREATE_TOPIC_KEY_TOPIC).
	DefaultTopic = "TBW102"
)

// Topic is the route of one topic. It is immutable: whoever holds one may read it without a lock for as long as
// he likes, and nobody may write to it, to its slices or maps.
type Topic struct {
	// Name is the topic's name as the name servers know it (with its namespace, if any).
	Name string
	// Writable lists the queues a producer may send to, in Java's order: by broker name, then queue id; for an
	// ordered topic as orderTopicConf lists them. Every broker in it has a master, except in an ordered topic.
	Writable []primitive.MessageQueue
	// Readable lists the queues a consumer may pull from, sorted by broker name, then queue id.
	Readable []primitive.MessageQueue
	// Brokers lists the brokers of the route, sorted by name.
	Brokers []Broker
	// Ordered says that Writable comes from orderTopicConf.
	Ordered bool
	// Fallback says that the topic does not exist yet and Writable was derived from DefaultTopic.
	Fallback bool
}

// Broker is one broker (a master and its slaves) as the name servers describe it. It is immutable, its map too.
type Broker struct {
	Name    string
	Cluster string
	// Addrs maps broker ids to addresses that can be dialled; MasterID is the master.
	Addrs map[int64]string
}

func (b Broker) equal(o Broker) bool {
	return b.Name == o.Name && b.Cluster == o.Cluster && maps.Equal(b.Addrs, o.Addrs)
}

func (r *Topic) equal(o *Topic) bool {
	return r.Name == o.Name && r.Ordered == o.Ordered && r.Fallback == o.Fallback &&
		slices.Equal(r.Writable, o.Writable) && slices.Equal(r.Readable, o.Readable) &&
		slices.EqualFunc(r.Brokers, o.Brokers, Broker.equal)
}

// broker finds a broker of the route.
func (r *Topic) broker(name string) (Broker, bool) {
	i, ok := slices.BinarySearchFunc(r.Brokers, name, func(b Broker, name string) int { return strings.Compare(b.Name, name) })
	if !ok {
		return Broker{}, false
	}
	return r.Brokers[i], true
}

var (
	errEmptyRoute = errors.New("the route has no queue or no broker with an address")
	errQueues     = fmt.Errorf("the route has more than %d queues", maxQueues)
)

// newTopic makes a route of what a name server answered. Fields that are missing or make no sense are left out; an
// error means that nothing usable was left, or that the numbers are beyond reason. A topic whose permission forbids
// both reading and writing is valid, and has no queue.
func newTopic(name string, data *command.TopicRouteData, mapAddr func(string) string) (*Topic, error) {
	r := &Topic{Name: name, Brokers: brokersOf(data, mapAddr)}
	queues := queuesOf(data)
	if len(queues) == 0 || len(r.Brokers) == 0 {
		return nil, errEmptyRoute
	}
	var reading, writing int64
	for _, q := range queues {
		reading += int64(max(q.ReadQueueNums, 0))
		writing += int64(max(q.WriteQueueNums, 0))
	}
	if reading > maxQueues || writing > maxQueues {
		return nil, errQueues
	}
	for _, q := range queues {
		if q.Perm&command.PermRead != 0 {
			r.Readable = appendQueues(r.Readable, name, q.BrokerName, int(q.ReadQueueNums))
		}
	}
	if order := parseOrderConf(data.OrderTopicConf); len(order) > 0 {
		for _, o := range order {
			if len(r.Writable)+o.queues > maxQueues {
				return nil, errQueues
			}
			r.Writable = appendQueues(r.Writable, name, o.broker, o.queues)
		}
		r.Ordered = true
		return r, nil
	}
	for _, q := range queues {
		b, ok := r.broker(q.BrokerName)
		if !ok || b.Addrs[MasterID] == "" || q.Perm&command.PermWrite == 0 {
			continue
		}
		r.Writable = appendQueues(r.Writable, name, q.BrokerName, int(q.WriteQueueNums))
	}
	return r, nil
}

// queuesOf returns the queue records sorted by broker name (Java: QueueData.compareTo), one for each broker.
func queuesOf(data *command.TopicRouteData) []command.QueueData {
	queues := slices.Clone(data.QueueDatas)
	queues = slices.DeleteFunc(queues, func(q command.QueueData) bool { return q.BrokerName == "" })
	byName := func(a, b command.QueueData) int { return cmp.Compare(a.BrokerName, b.BrokerName) }
	slices.SortStableFunc(queues, byName)
	return slices.CompactFunc(queues, func(a, b command.QueueData) bool { return byName(a, b) == 0 })
}

func brokersOf(data *command.TopicRouteData, mapAddr func(string) string) []Broker {
	brokers := make([]Broker, 0, len(data.BrokerDatas))
	for _, d := range data.BrokerDatas {
		addrs := make(map[int64]string, len(d.BrokerAddrs))
		for id, a := range d.BrokerAddrs {
			if a = dialable(a); a != "" && mapAddr != nil {
				a = mapAddr(a)
			}
			if id >= 0 && a != "" {
				addrs[id] = a
			}
		}
		if d.BrokerName != "" && len(addrs) > 0 {
			brokers = append(brokers, Broker{Name: d.BrokerName, Cluster: d.Cluster, Addrs: addrs})
		}
	}
	byName := func(a, b Broker) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortStableFunc(brokers, byName)
	return slices.CompactFunc(brokers, func(a, b Broker) bool { return byName(a, b) == 0 })
}

func appendQueues(dst []primitive.MessageQueue, topic, broker string, n int) []primitive.MessageQueue {
	for i := range max(n, 0) {
		dst = append(dst, primitive.MessageQueue{Topic: topic, BrokerName: broker, QueueId: i})
	}
	return dst
}

type orderEntry struct {
	broker string
	queues int
}

// parseOrderConf reads "broker-a:4;broker-b:8" (Java: MQClientInstance.topicRouteData2TopicPublishInfo, which fails
// on malformed entries; here they are left out).
func parseOrderConf(conf string) []orderEntry {
	var out []orderEntry
	for _, item := range strings.Split(conf, ";") {
		broker, num, ok := strings.Cut(strings.TrimSpace(item), ":")
		n, err := strconv.Atoi(strings.TrimSpace(num))
		if !ok || broker == "" || err != nil || n <= 0 || n > maxQueues {
			continue
		}
		out = append(out, orderEntry{broker: broker, queues: n})
	}
	return out
}

// standIn derives the route of a topic that does not exist from that of DefaultTopic: each of its writable brokers
// gets min(queues, readQueueNums) queues (Java: MQClientInstance.updateTopicRouteInfoFromNameServer).
func standIn(base *Topic, name string, queues int) *Topic {
	r := &Topic{Name: name, Brokers: base.Brokers, Fallback: true}
	readable := make(map[string]int)
	for i := range base.Readable {
		readable[base.Readable[i].BrokerName]++
	}
	last := ""
	for i := range base.Writable {
		if broker := base.Writable[i].BrokerName; broker != last {
			last = broker
			r.Writable = appendQueues(r.Writable, name, broker, min(queues, readable[broker]))
		}
	}
	return r
}
