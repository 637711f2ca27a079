package mqserver

import (
	"encoding/json"
	"maps"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
)

// 203 GET_CONSUMER_CONNECTION_LIST (AdminBrokerProcessor.getConsumerConnectionList): the members of a group, how it
// consumes and what.
//
// Left out: nothing.
func (b *broker) c203GetConsumerConnectionList(r *request) {
	group, _ := r.Field("consumerGroup")
	list := b.consumers.connections(group)
	if list == nil {
		r.fail(codeConsumerNotOnline, "the consumer group["+group+"] not online")
		return
	}
	r.answerBody(json.Marshal(list))
}

// consumerConnection is the answer's body (Java: ConsumerConnection).
type consumerConnection struct {
	ConnectionSet     []connection                        `json:"connectionSet"`
	ConsumeFromWhere  string                              `json:"consumeFromWhere,omitempty"`
	ConsumeType       string                              `json:"consumeType,omitempty"`
	MessageModel      string                              `json:"messageModel,omitempty"`
	SubscriptionTable map[string]command.SubscriptionData `json:"subscriptionTable"`
}

type connection struct {
	ClientAddr string `json:"clientAddr"`
	ClientID   string `json:"clientId"`
	Language   string `json:"language"`
	Version    int32  `json:"version"`
}

// connections describes an online group; nil for one that is not.
func (c *consumers) connections(group string) *consumerConnection {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.groups[group]
	if g == nil {
		return nil
	}
	out := &consumerConnection{
		ConsumeFromWhere: g.from, ConsumeType: g.consumeType, MessageModel: g.model,
		SubscriptionTable: maps.Clone(g.subscriptions),
	}
	for on, m := range g.members {
		out.ConnectionSet = append(out.ConnectionSet, connection{
			ClientAddr: on.from, ClientID: m.clientID, Language: m.language.String(), Version: m.version,
		})
	}
	return out
}
