package consumer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/remote"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/route"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// membersTimeout bounds one question for the members of the group.
const membersTimeout = time.Second

// errAbsent says that brokers answered, but none of their lists has this consumer in it.
var errAbsent = errors.New("brokers do not list this consumer among the members of its group yet")

// members asks for the client ids of the group, sorted. Brokers of the topic are asked one after the other, until one
// gives a list with this consumer in it: one that has just started knows nobody yet, and what it says must not
// change anything. All members begin with the same broker, so that they see the same list.
func (c *session) members(ctx context.Context, r *route.Topic, seen map[string][]string) ([]string, error) {
	brokers := slices.Clone(r.Brokers)
	slices.SortStableFunc(brokers, func(a, b route.Broker) int { // the one that failed last time comes last
		return boolInt(a.Name == c.silent) - boolInt(b.Name == c.silent)
	})
	var errs []error
	for _, b := range brokers {
		if ids, ok := seen[b.Name]; ok {
			return ids, nil
		}
		ids, err := c.membersAt(ctx, r.Name, b.Name)
		if err == nil {
			seen[b.Name] = ids
			return ids, nil
		}
		var refused *primitive.BrokerError
		if !errors.As(err, &refused) && !errors.Is(err, errAbsent) {
			c.silent = b.Name
		}
		errs = append(errs, err)
	}
	if len(errs) == 0 {
		return nil, fmt.Errorf("topic %s: %w", r.Name, rmqerrors.ErrBrokerNotFound)
	}
	return nil, errors.Join(errs...)
}

func (c *session) membersAt(ctx context.Context, topic, broker string) ([]string, error) {
	addr, _, ok := c.client.Routes().Replica(broker, 0, false)
	if !ok {
		return nil, fmt.Errorf("broker %s: %w", broker, rmqerrors.ErrBrokerNotFound)
	}
	ctx, cancel := context.WithTimeout(ctx, membersTimeout)
	defer cancel()
	cmd, err := c.client.Remote().Invoke(ctx, addr, &remote.Request{
		Code:   command.CodeGetConsumerListByGroup,
		Header: &command.GetConsumerListRequest{ConsumerGroup: c.group, BrokerName: broker},
		VIP:    true,
	})
	if err != nil {
		return nil, err
	}
	if cmd.Code != command.Success {
		err := &primitive.BrokerError{Code: cmd.Code, Remark: cmd.Remark, Addr: addr, Broker: broker, Topic: topic, Group: c.group}
		if cmd.Code == command.SystemError { // "no consumer for this group": it has not seen our heartbeat
			return nil, errors.Join(errAbsent, err)
		}
		return nil, err
	}
	var list command.ConsumerList
	if err := list.Decode(cmd.Body); err != nil {
		return nil, fmt.Errorf("members of group %s at %s: %w", c.group, addr, err)
	}
	if !slices.Contains(list.ConsumerIDList, c.client.ID()) {
		return nil, fmt.Errorf("members of group %s at %s: %w", c.group, addr, errAbsent)
	}
	slices.SortFunc(list.ConsumerIDList, compareUTF16)
	return slices.Compact(list.ConsumerIDList), nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
