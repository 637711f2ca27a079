package mqserver

import (
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/rocketmq-go/rocketmq/internal/remote/command"
	"github.com/rocketmq-go/rocketmq/internal/remote/wire"
)

// consumers is who is connected to one broker, by consumer group (ConsumerManager, ConsumerGroupInfo).
type consumers struct {
	clock clock

	mu           sync.Mutex
	groups       map[string]*onlineGroup
	fingerprints map[string]int32 // of each group's last heartbeat, of online and other groups
}

// onlineGroup is a group with at least one member.
type onlineGroup struct {
	consumeType, model, from string
	members                  map[*conn]*member
	subscriptions            map[string]command.SubscriptionData // by topic
}

type member struct {
	clientID string
	language wire.Language
	version  int32
	seen     time.Time
}

func newConsumers(c clock) *consumers {
	return &consumers{clock: c, groups: map[string]*onlineGroup{}, fingerprints: map[string]int32{}}
}

// register takes a consumer from a heartbeat. It returns the connections to notify because members or subscriptions
// changed (ConsumerManager.registerConsumer). Without subscriptions the old ones stay.
func (c *consumers) register(on *conn, m member, data *command.ConsumerData, subscriptions bool) []*conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.groups[data.GroupName]
	if g == nil {
		g = &onlineGroup{members: map[*conn]*member{}, subscriptions: map[string]command.SubscriptionData{}}
		c.groups[data.GroupName] = g
	}
	g.consumeType, g.model, g.from = data.ConsumeType, data.MessageModel, data.ConsumeFromWhere
	m.seen = c.clock.Now()
	_, known := g.members[on]
	g.members[on] = &m
	changed := !known
	if subscriptions && g.subscribe(data.SubscriptionDataSet) {
		changed = true
	}
	if !changed {
		return nil
	}
	return g.notify()
}

// subscribe replaces the subscriptions. A newer version of an old one is no change (ConsumerGroupInfo.updateSubscription).
func (g *onlineGroup) subscribe(list []command.SubscriptionData) (changed bool) {
	for _, s := range list {
		old, known := g.subscriptions[s.Topic]
		if !known || s.SubVersion > old.SubVersion {
			g.subscriptions[s.Topic] = s
		}
		changed = changed || !known
	}
	for topic := range g.subscriptions {
		if !slices.ContainsFunc(list, func(s command.SubscriptionData) bool { return s.Topic == topic }) {
			delete(g.subscriptions, topic)
			changed = true
		}
	}
	return changed
}

// notify returns whom to tell of a change: all members, unless they broadcast.
func (g *onlineGroup) notify() []*conn {
	if g.model == command.ModelBroadcasting {
		return nil
	}
	out := make([]*conn, 0, len(g.members))
	for c := range g.members {
		out = append(out, c)
	}
	return out
}

// exchangeFingerprint keeps the fingerprint of a group's heartbeat and returns whether there was another one before.
func (c *consumers) exchangeFingerprint(group string, now int32) (changed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, known := c.fingerprints[group]
	c.fingerprints[group] = now
	return known && before != now
}

// unregister removes a member and returns whom to notify.
func (c *consumers) unregister(group string, on *conn) []*conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.remove(group, on)
}

func (c *consumers) remove(group string, on *conn) []*conn {
	g := c.groups[group]
	if g == nil {
		return nil
	}
	delete(g.members, on)
	if len(g.members) == 0 {
		delete(c.groups, group)
	}
	return g.notify()
}

// gone removes a closed connection from all groups and returns whom to notify, by group.
func (c *consumers) gone(on *conn) map[string][]*conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string][]*conn{}
	for name, g := range c.groups {
		if _, member := g.members[on]; member {
			out[name] = c.remove(name, on)
		}
	}
	return out
}

// expired returns the connections that have been silent for too long.
func (c *consumers) expired() []*conn {
	limit := c.clock.Now().Add(-memberExpiry)
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []*conn
	for _, g := range c.groups {
		for on, m := range g.members {
			if m.seen.Before(limit) && !slices.Contains(out, on) {
				out = append(out, on)
			}
		}
	}
	return out
}

// clientIDs returns the group's members, sorted; empty when nobody is online.
func (c *consumers) clientIDs(group string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.groups[group]
	if g == nil {
		return nil
	}
	out := make([]string, 0, len(g.members))
	for _, m := range g.members {
		out = append(out, m.clientID)
	}
	sort.Strings(out)
	return out
}

// subscription returns what a pull without a filter of its own is filtered by: whether the group is online, its
// model, and its subscription of the topic.
func (c *consumers) subscription(group, topic string) (online bool, model string, s command.SubscriptionData, subscribed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.groups[group]
	if g == nil {
		return false, "", command.SubscriptionData{}, false
	}
	s, subscribed = g.subscriptions[topic]
	return true, g.model, s, subscribed
}

func (c *consumers) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.groups = map[string]*onlineGroup{}
	c.fingerprints = map[string]int32{}
}
