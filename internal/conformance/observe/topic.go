package observe

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Queue is one message queue of a topic.
type Queue struct {
	Topic  string
	Broker string
	ID     int
}

func (q Queue) String() string { return fmt.Sprintf("%s@%s:%d", q.Topic, q.Broker, q.ID) }

// QueueData says how many queues of a topic one broker has and what may be done
// with them.
type QueueData struct {
	Broker string `json:"brokerName"`
	Read   int    `json:"readQueueNums"`
	Write  int    `json:"writeQueueNums"`
	Perm   int    `json:"perm"`
}

// Route returns where the first name server sees a topic, sorted by broker name.
func (c *Cluster) Route(ctx context.Context, topic string) ([]QueueData, error) {
	return c.routeFrom(ctx, 0, topic)
}

func (c *Cluster) routeFrom(ctx context.Context, nameServer int, topic string) ([]QueueData, error) {
	cmd, err := c.Call(ctx, c.nameServers[nameServer], command.CodeGetRouteInfoByTopic, wire.Fields{{Key: "topic", Value: topic}}, nil)
	if err != nil {
		return nil, err
	}
	var route struct {
		QueueDatas []QueueData `json:"queueDatas"`
	}
	if err := unmarshal(cmd.Body, &route); err != nil {
		return nil, fmt.Errorf("route of %s: %w", topic, err)
	}
	slices.SortFunc(route.QueueDatas, func(a, b QueueData) int { return strings.Compare(a.Broker, b.Broker) })
	return route.QueueDatas, nil
}

// Queues returns the readable queues of a topic, sorted by broker and id.
func (c *Cluster) Queues(ctx context.Context, topic string) ([]Queue, error) {
	route, err := c.Route(ctx, topic)
	if err != nil {
		return nil, err
	}
	var queues []Queue
	for _, d := range route {
		for id := range d.Read {
			queues = append(queues, Queue{Topic: topic, Broker: d.Broker, ID: id})
		}
	}
	return queues, nil
}

// CreateTopic creates a topic with the same number of read and write queues on
// every master and waits until every name server lists it. Perm 6 is read and
// write.
func (c *Cluster) CreateTopic(ctx context.Context, topic string, queues, perm int) error {
	masters, err := c.Masters(ctx)
	if err != nil {
		return err
	}
	return c.createTopic(ctx, masters, topic, queues, perm)
}

// Announce makes the broker at addr register with its name servers now, by
// creating a topic there. Brokers of release 5 lose their first registration
// while they start, and the next is 10 s away. Failures do not matter.
func (c *Cluster) Announce(ctx context.Context, addr string) {
	_, _ = c.Invoke(ctx, addr, command.CodeUpdateAndCreateTopic, newTopic("conformance_announce", 1, 6, false), nil)
}

// CreateTopicOn is CreateTopic for one broker.
func (c *Cluster) CreateTopicOn(ctx context.Context, broker, topic string, queues, perm int) error {
	addr, err := c.master(ctx, broker)
	if err != nil {
		return err
	}
	return c.createTopic(ctx, map[string]string{broker: addr}, topic, queues, perm)
}

func (c *Cluster) createTopic(ctx context.Context, masters map[string]string, topic string, queues, perm int) error {
	update := func(order bool) error {
		for _, addr := range masters {
			if _, err := c.Call(ctx, addr, command.CodeUpdateAndCreateTopic, newTopic(topic, queues, perm, order), nil); err != nil {
				return fmt.Errorf("create topic %s: %w", topic, err)
			}
		}
		return nil
	}
	if err := update(false); err != nil {
		return err
	}
	asked := time.Now()
	return c.poll(ctx, "route of new topic "+topic, func() (bool, error) {
		// When several topics change at once, name servers may get one broker's
		// registrations in the wrong order and drop a change for good. Only another
		// change of the topic makes the broker tell it again.
		if time.Since(asked) > 3*time.Second {
			asked = time.Now()
			if err := update(true); err != nil {
				return false, err
			}
			if err := update(false); err != nil {
				return false, err
			}
		}
		for i := range c.nameServers {
			route, err := c.routeFrom(ctx, i, topic)
			if err != nil {
				return false, err
			}
			for broker := range masters {
				if !slices.ContainsFunc(route, func(d QueueData) bool {
					return d.Broker == broker && d.Write == queues && d.Perm == perm
				}) {
					return false, fmt.Errorf("name server %d says %+v", i, route)
				}
			}
		}
		return true, nil
	})
}

func newTopic(topic string, queues, perm int, order bool) wire.Fields {
	return wire.Fields{
		{Key: "topic", Value: topic},
		{Key: "defaultTopic", Value: "TBW102"},
		{Key: "readQueueNums", Value: strconv.Itoa(queues)},
		{Key: "writeQueueNums", Value: strconv.Itoa(queues)},
		{Key: "perm", Value: strconv.Itoa(perm)},
		{Key: "topicFilterType", Value: "SINGLE_TAG"},
		{Key: "topicSysFlag", Value: "0"},
		{Key: "order", Value: strconv.FormatBool(order)},
	}
}

// DeleteTopic removes a topic from every master and name server.
func (c *Cluster) DeleteTopic(ctx context.Context, topic string) error {
	masters, err := c.Masters(ctx)
	if err != nil {
		return err
	}
	header := wire.Fields{{Key: "topic", Value: topic}}
	for _, addr := range masters {
		if _, err := c.Call(ctx, addr, command.CodeDeleteTopicInBroker, header, nil); err != nil {
			return err
		}
	}
	for _, addr := range c.nameServers {
		if _, err := c.Call(ctx, addr, command.CodeDeleteTopicInNamesrv, header, nil); err != nil {
			return err
		}
	}
	return nil
}

// CreateGroup creates a consumer group on every master.
func (c *Cluster) CreateGroup(ctx context.Context, group string, retryQueues, retryMax int) error {
	masters, err := c.Masters(ctx)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{
		"groupName": group, "consumeEnable": true, "consumeFromMinEnable": true, "consumeBroadcastEnable": true,
		"retryQueueNums": retryQueues, "retryMaxTimes": retryMax, "brokerId": 0, "whichBrokerWhenConsumeSlowly": 1,
		"notifyConsumerIdsChangedEnable": true,
	})
	if err != nil {
		return err
	}
	for _, addr := range masters {
		if _, err := c.Call(ctx, addr, command.CodeUpdateAndCreateSubscriptionGroup, nil, body); err != nil {
			return fmt.Errorf("create group %s: %w", group, err)
		}
	}
	return nil
}

// routeTimeout covers registrations that get lost between broker and name server.
const routeTimeout = 25 * time.Second

// poll calls f every 20 ms until it says true. A failing attempt only counts
// when time is up.
func (c *Cluster) poll(ctx context.Context, what string, f func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, routeTimeout)
	defer cancel()
	for {
		ok, err := f()
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: not seen in time: %w (last error: %w)", what, ctx.Err(), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// HasTopic says whether one broker, master or slave, knows a topic: a pull is
// not refused for want of it.
func (c *Cluster) HasTopic(ctx context.Context, addr, topic string) bool {
	cmd, err := c.Invoke(ctx, addr, command.CodePullMessage, pullFields(observerGroup, Queue{Topic: topic}, 0, 1), nil)
	return err == nil && cmd.Code != command.TopicNotExist
}
