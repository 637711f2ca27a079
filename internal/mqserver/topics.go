package mqserver

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
)

// Permission bits of a topic (Java: PermName).
const (
	permInherit = 1
	permWrite   = 2
	permRead    = 4
)

// topicConfig is one topic of a broker (Java: TopicConfig).
type topicConfig struct {
	name        string
	read, write int32 // numbers of queues
	perm        int32
	filterType  string
	sysFlag     int32
	order       bool
}

func newTopicConfig(name string, queues int32) topicConfig {
	return topicConfig{name: name, read: queues, write: queues, perm: permRead | permWrite, filterType: "SINGLE_TAG"}
}

// String is Java's TopicConfig.toString, which reaches clients in the remark of a refused queue id.
func (t topicConfig) String() string {
	perm := []byte("---")
	for i, bit := range []int32{permRead, permWrite, permInherit} {
		if t.perm&bit != 0 {
			perm[i] = "RWX"[i]
		}
	}
	return fmt.Sprintf("TopicConfig [topicName=%s, readQueueNums=%d, writeQueueNums=%d, perm=%s, topicFilterType=%s, topicSysFlag=%d, order=%t, attributes={}]",
		t.name, t.read, t.write, perm, t.filterType, t.sysFlag, t.order)
}

// topicTable is the topics of a broker, shared by master and slaves (Java: TopicConfigManager).
type topicTable struct {
	system []string // besides systemTopics

	mu     sync.RWMutex
	topics map[string]topicConfig
}

// newTopicTable has the topics that brokers create for themselves.
func newTopicTable(cluster, broker string, levels, queues int, autoCreate bool) *topicTable {
	t := &topicTable{topics: map[string]topicConfig{}}
	add := func(name string, queues, perm int32) {
		c := newTopicConfig(name, queues)
		c.perm = perm
		t.topics[name] = c
		t.system = append(t.system, name)
	}
	const rw = permRead | permWrite
	add("SELF_TEST_TOPIC", 1, rw)
	if autoCreate {
		add(defaultTopic, int32(queues), rw|permInherit)
	}
	add("BenchmarkTest", 1024, rw)
	add(cluster, 16, rw|permInherit)
	add(broker, 1, rw|permInherit)
	add("OFFSET_MOVED_EVENT", 1, rw)
	add(scheduleTopic, int32(levels), rw)
	add(cluster+"_REPLY_TOPIC", 1, rw)
	add("rmq_sys_REVIVE_LOG_"+cluster, 8, rw)
	add("rmq_sys_SYNC_BROKER_MEMBER_"+broker, 1, permInherit)
	add("RMQ_SYS_TRANS_HALF_TOPIC", 1, rw)
	add("RMQ_SYS_TRANS_OP_HALF_TOPIC", 1, rw)
	return t
}

func (t *topicTable) isSystem(topic string) bool {
	return slices.Contains(systemTopics, topic) || slices.Contains(t.system, topic) || strings.HasPrefix(topic, systemPrefix)
}

func (t *topicTable) get(name string) (topicConfig, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	c, ok := t.topics[name]
	return c, ok
}

// put creates or replaces a topic.
func (t *topicTable) put(c topicConfig) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.topics[c.name] = c
}

// ensure creates a topic unless it is there, and returns what is there.
func (t *topicTable) ensure(c topicConfig) topicConfig {
	t.mu.Lock()
	defer t.mu.Unlock()
	if old, ok := t.topics[c.name]; ok {
		return old
	}
	t.topics[c.name] = c
	return c
}

// inherit creates a topic as its first message does (TopicConfigManager.createTopicInSendMessageMethod). It returns
// false when the default topic does not allow it.
func (t *topicTable) inherit(name, from string, queues int32) (topicConfig, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if old, ok := t.topics[name]; ok {
		return old, true
	}
	base, ok := t.topics[from]
	if !ok || base.perm&permInherit == 0 {
		return topicConfig{}, false
	}
	c := newTopicConfig(name, max(0, min(queues, base.write)))
	c.perm, c.filterType = base.perm&^permInherit, base.filterType
	t.topics[name] = c
	return c, true
}

func (t *topicTable) remove(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.topics, name)
}

func (t *topicTable) names() []string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := make([]string, 0, len(t.topics))
	for name := range t.topics {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
