package observe

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// Stored is one message as the broker keeps it: the body is not decompressed.
type Stored struct {
	Broker     string
	Topic      string
	Properties map[string]string
	record.Message
}

// observerGroup reads without being a member: the subscription travels with
// each pull.
const observerGroup = "GID_conformance_observer"

// Pull system flag: the subscription is attached (PullSysFlag.FLAG_SUBSCRIPTION).
const flagSubscription = 4

// Messages returns everything that is stored in a topic, queue by queue, in
// offset order. A topic that does not exist is empty.
func (c *Cluster) Messages(ctx context.Context, topic string) ([]Stored, error) {
	queues, err := c.Queues(ctx, topic)
	if err != nil {
		if refused(err, command.TopicNotExist) {
			return nil, nil
		}
		return nil, err
	}
	var all []Stored
	for _, q := range queues {
		if all, err = c.appendQueue(ctx, all, q); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (c *Cluster) appendQueue(ctx context.Context, all []Stored, q Queue) ([]Stored, error) {
	offset, err := c.MinOffset(ctx, q)
	if err != nil {
		return nil, err
	}
	end, err := c.MaxOffset(ctx, q)
	if err != nil {
		return nil, err
	}
	for offset < end {
		messages, next, err := c.Pull(ctx, q, offset, 32)
		if err != nil {
			return nil, err
		}
		if next <= offset {
			return nil, fmt.Errorf("%s: stuck at offset %d of %d", q, offset, end)
		}
		all, offset = append(all, messages...), next
	}
	return all, nil
}

// Pull reads up to n messages of one queue at offset and says where to go on.
func (c *Cluster) Pull(ctx context.Context, q Queue, offset int64, n int) ([]Stored, int64, error) {
	cmd, err := c.PullAnswer(ctx, observerGroup, q, offset, n)
	if err != nil {
		return nil, 0, err
	}
	next, err := longField(cmd, "nextBeginOffset")
	if err != nil {
		return nil, 0, err
	}
	if cmd.Code != command.Success {
		return nil, next, nil
	}
	messages, err := Decode(q.Broker, cmd.Body)
	return messages, next, err
}

// PullAnswer is the raw answer to one pull without long polling. Codes other
// than found, no new, no match and moved are errors.
func (c *Cluster) PullAnswer(ctx context.Context, group string, q Queue, offset int64, n int) (*wire.Command, error) {
	addr, err := c.master(ctx, q.Broker)
	if err != nil {
		return nil, err
	}
	cmd, err := c.Invoke(ctx, addr, command.CodePullMessage, pullFields(group, q, offset, n), nil)
	if err != nil {
		return nil, err
	}
	switch cmd.Code {
	case command.Success, command.PullNotFound, command.PullRetryImmediately, command.PullOffsetMoved:
		return cmd, nil
	}
	return nil, &Refusal{Code: cmd.Code, Remark: cmd.Remark, Addr: addr}
}

func pullFields(group string, q Queue, offset int64, n int) wire.Fields {
	return wire.Fields{
		{Key: "consumerGroup", Value: group},
		{Key: "topic", Value: q.Topic},
		{Key: "queueId", Value: strconv.Itoa(q.ID)},
		{Key: "queueOffset", Value: strconv.FormatInt(offset, 10)},
		{Key: "maxMsgNums", Value: strconv.Itoa(n)},
		{Key: "sysFlag", Value: strconv.Itoa(flagSubscription)},
		{Key: "commitOffset", Value: "0"},
		{Key: "suspendTimeoutMillis", Value: "0"},
		{Key: "subscription", Value: "*"},
		{Key: "expressionType", Value: "TAG"},
		{Key: "subVersion", Value: "0"},
	}
}

// View returns the one message at a commit log offset of a broker.
func (c *Cluster) View(ctx context.Context, broker string, offset int64) (Stored, error) {
	addr, err := c.master(ctx, broker)
	if err != nil {
		return Stored{}, err
	}
	cmd, err := c.Call(ctx, addr, command.CodeViewMessageByID, wire.Fields{{Key: "offset", Value: strconv.FormatInt(offset, 10)}}, nil)
	if err != nil {
		return Stored{}, err
	}
	messages, err := Decode(broker, cmd.Body)
	if err != nil {
		return Stored{}, err
	}
	return messages[0], nil
}

// Decode reads the body of a pull or view answer.
func Decode(broker string, body []byte) ([]Stored, error) {
	var messages []Stored
	for len(body) > 0 {
		m := Stored{Broker: broker, Properties: map[string]string{}}
		n, err := m.Message.Decode(body)
		if err != nil {
			return nil, err
		}
		m.Topic = string(m.Message.Topic)
		record.EachProperty(string(m.Message.Properties), func(k, v string) bool {
			m.Properties[k] = v
			return true
		})
		messages, body = append(messages, m), body[n:]
	}
	return messages, nil
}

// MaxOffset is the offset that the next message of a queue will get.
func (c *Cluster) MaxOffset(ctx context.Context, q Queue) (int64, error) {
	return c.offset(ctx, command.CodeGetMaxOffset, q)
}

// MinOffset is the offset of the oldest message of a queue.
func (c *Cluster) MinOffset(ctx context.Context, q Queue) (int64, error) {
	return c.offset(ctx, command.CodeGetMinOffset, q)
}

func (c *Cluster) offset(ctx context.Context, code int32, q Queue) (int64, error) {
	addr, err := c.master(ctx, q.Broker)
	if err != nil {
		return 0, err
	}
	return c.offsetAt(ctx, addr, code, q.Topic, q.ID)
}

// MaxOffsetAt is MaxOffset as one broker, master or slave, sees it.
func (c *Cluster) MaxOffsetAt(ctx context.Context, addr, topic string, queue int) (int64, error) {
	return c.offsetAt(ctx, addr, command.CodeGetMaxOffset, topic, queue)
}

func (c *Cluster) offsetAt(ctx context.Context, addr string, code int32, topic string, queue int) (int64, error) {
	cmd, err := c.Call(ctx, addr, code, wire.Fields{{Key: "topic", Value: topic}, {Key: "queueId", Value: strconv.Itoa(queue)}}, nil)
	if err != nil {
		return 0, err
	}
	return longField(cmd, "offset")
}

// CommittedOffset is the offset that a group has stored for a queue, −1 for none.
// Releases before 5.1 answer 0 for a young queue without one.
func (c *Cluster) CommittedOffset(ctx context.Context, group string, q Queue) (int64, error) {
	addr, err := c.master(ctx, q.Broker)
	if err != nil {
		return 0, err
	}
	cmd, err := c.Call(ctx, addr, command.CodeQueryConsumerOffset, wire.Fields{
		{Key: "consumerGroup", Value: group},
		{Key: "topic", Value: q.Topic},
		{Key: "queueId", Value: strconv.Itoa(q.ID)},
		{Key: "setZeroIfNotFound", Value: "false"},
	}, nil)
	if refused(err, command.QueryNotFound) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	return longField(cmd, "offset")
}

// CommittedTotal sums what a group has committed over all queues of a topic.
func (c *Cluster) CommittedTotal(ctx context.Context, group, topic string) (int64, error) {
	queues, err := c.Queues(ctx, topic)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, q := range queues {
		offset, err := c.CommittedOffset(ctx, group, q)
		if err != nil {
			return 0, err
		}
		sum += max(offset, 0)
	}
	return sum, nil
}

// Members returns the ids of the clients that a group has on any master, sorted.
func (c *Cluster) Members(ctx context.Context, group string) ([]string, error) {
	masters, err := c.Masters(ctx)
	if err != nil {
		return nil, err
	}
	members := map[string]bool{}
	for _, addr := range masters {
		cmd, err := c.Invoke(ctx, addr, command.CodeGetConsumerListByGroup, wire.Fields{{Key: "consumerGroup", Value: group}}, nil)
		if err != nil {
			return nil, err
		}
		if cmd.Code != command.Success {
			// This is how a broker says that a group has no member.
			if cmd.Code == command.SystemError && strings.Contains(cmd.Remark, "no consumer for this group") {
				continue
			}
			return nil, &Refusal{Code: cmd.Code, Remark: cmd.Remark, Addr: addr}
		}
		var list struct {
			IDs []string `json:"consumerIdList"`
		}
		if err := unmarshal(cmd.Body, &list); err != nil {
			return nil, err
		}
		for _, id := range list.IDs {
			members[id] = true
		}
	}
	return slices.Sorted(maps.Keys(members)), nil
}

// OffsetOrYoung asks for a committed offset as Java's client does: a broker
// answers 0 for a queue without one whose first message is still in memory.
func (c *Cluster) OffsetOrYoung(ctx context.Context, group string, q Queue) (offset int64, found bool, err error) {
	addr, err := c.master(ctx, q.Broker)
	if err != nil {
		return 0, false, err
	}
	cmd, err := c.Call(ctx, addr, command.CodeQueryConsumerOffset, wire.Fields{
		{Key: "consumerGroup", Value: group},
		{Key: "topic", Value: q.Topic},
		{Key: "queueId", Value: strconv.Itoa(q.ID)},
	}, nil)
	if refused(err, command.QueryNotFound) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	offset, err = longField(cmd, "offset")
	return offset, err == nil, err
}

// Commit stores an offset for a group.
func (c *Cluster) Commit(ctx context.Context, group string, q Queue, offset int64) error {
	addr, err := c.master(ctx, q.Broker)
	if err != nil {
		return err
	}
	_, err = c.Call(ctx, addr, command.CodeUpdateConsumerOffset, wire.Fields{
		{Key: "consumerGroup", Value: group},
		{Key: "topic", Value: q.Topic},
		{Key: "queueId", Value: strconv.Itoa(q.ID)},
		{Key: "commitOffset", Value: strconv.FormatInt(offset, 10)},
	}, nil)
	return err
}
