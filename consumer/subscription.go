package consumer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
	"github.com/rocketmq-go/rocketmq/internal/namespace"
	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/record"
	"github.com/rocketmq-go/rocketmq/internal/validate"
	"github.com/rocketmq-go/rocketmq/primitive"
)

// subscription is what the consumer wants of one topic. It is immutable.
type subscription struct {
	topic   string // on the wire, with the namespace
	name    string // as the user calls it
	data    command.SubscriptionData
	handler Handler // nil for the group's retry topic: its messages go to the handlers of their own topics
	stats   *topicStats
}

// wants says whether a message with that tag is selected. The broker compares hashes of tags only, and lets
// other tags with the same hash through.
func (s *subscription) wants(m *primitive.MessageExt) bool {
	return len(s.data.TagsSet) == 0 || slices.Contains(s.data.TagsSet, m.GetTags())
}

// subscriptions is the set of subscriptions at one moment. It is immutable; changes make a new one.
type subscriptions struct {
	list    []*subscription
	byTopic map[string]*subscription
	byName  map[string]*subscription
}

func newSubscriptions(list []*subscription) *subscriptions {
	s := &subscriptions{
		list:    list,
		byTopic: make(map[string]*subscription, len(list)),
		byName:  make(map[string]*subscription, len(list)),
	}
	for _, sub := range list {
		s.byTopic[sub.topic] = sub
		s.byName[sub.name] = sub
	}
	return s
}

// with returns a set in which sub takes the place of the subscription of the same topic, if there is one.
func (s *subscriptions) with(sub *subscription) *subscriptions {
	return newSubscriptions(append(s.without(sub.topic).list, sub))
}

// without returns a set without that topic.
func (s *subscriptions) without(topic string) *subscriptions {
	list := make([]*subscription, 0, len(s.list)+1)
	for _, sub := range s.list {
		if sub.topic != topic {
			list = append(list, sub)
		}
	}
	return newSubscriptions(list)
}

// data lists the subscriptions for a heartbeat.
func (s *subscriptions) data() []command.SubscriptionData {
	out := make([]command.SubscriptionData, len(s.list))
	for i, sub := range s.list {
		out[i] = sub.data
	}
	return out
}

// newSubscription checks what the user gave to Subscribe.
func newSubscription(ns, topic string, selector MessageSelector, f Handler) (*subscription, error) {
	if topic == "" {
		return nil, rmqerrors.ErrTopicEmpty
	}
	wire := namespace.Wrap(ns, topic)
	if err := validate.Topic(wire); err != nil {
		return nil, fmt.Errorf("subscribe to topic %q: %w", topic, err)
	}
	if f == nil {
		return nil, fmt.Errorf("subscribe to topic %q: handler is nil", topic)
	}
	data, err := subscriptionData(wire, selector, time.Now())
	if err != nil {
		return nil, fmt.Errorf("subscribe to topic %q: %w", topic, err)
	}
	return &subscription{topic: wire, name: topic, data: data, handler: f, stats: newTopicStats()}, nil
}

// newRetrySubscription wants all of the group's retry topic. group is the name on the wire.
func newRetrySubscription(ns, group string) *subscription {
	topic := namespace.RetryPrefix + group
	data, _ := subscriptionData(topic, MessageSelector{}, time.Now()) // "*" has no syntax to get wrong
	return &subscription{topic: topic, name: namespace.Unwrap(ns, topic), data: data, stats: newTopicStats()}
}

// subscriptionData turns a selector into what brokers understand (Java: FilterAPI.build).
func subscriptionData(topic string, selector MessageSelector, now time.Time) (command.SubscriptionData, error) {
	data := command.SubscriptionData{
		Topic:          topic,
		SubString:      selector.Expression,
		ExpressionType: command.ExpressionTag,
		SubVersion:     now.UnixMilli(),
	}
	switch selector.Type {
	case "", TAG:
	case SQL92:
		return data, fmt.Errorf("selector of type SQL92: %w", ErrNotSupported)
	default:
		return data, fmt.Errorf("selector of unknown type %q", selector.Type)
	}
	if strings.TrimSpace(selector.Expression) == "" || selector.Expression == "*" {
		data.SubString = "*"
		return data, nil
	}
	if strings.Trim(selector.Expression, "|") == "" {
		return data, errors.New("selector consists of separators only")
	}
	for tag := range strings.SplitSeq(selector.Expression, "||") {
		tag = strings.TrimSpace(tag)
		if tag == "" || slices.Contains(data.TagsSet, tag) {
			continue
		}
		data.TagsSet = append(data.TagsSet, tag)
		if code := record.TagHash(tag); !slices.Contains(data.CodeSet, code) {
			data.CodeSet = append(data.CodeSet, code)
		}
	}
	return data, nil
}
