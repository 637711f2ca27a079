package mqserver

import "sync"

// groupConfig is a consumer group as brokers keep it (Java: SubscriptionGroupConfig), less what nothing here looks at.
type groupConfig struct {
	name             string
	consumeEnable    bool
	broadcastEnable  bool
	notifyChanges    bool
	retryQueues      int32
	retryMax         int32
	brokerID         int64 // suggested with every answer to a pull
	whichBrokerOnLag int64
	sysFlag          int32
}

func newGroupConfig(name string) groupConfig {
	return groupConfig{
		name: name, consumeEnable: true, broadcastEnable: true, notifyChanges: true,
		retryQueues: 1, retryMax: 16, whichBrokerOnLag: 1,
	}
}

// groupTable is the consumer groups of a broker and their offsets, shared by master and slaves
// (SubscriptionGroupManager, ConsumerOffsetManager).
type groupTable struct {
	autoCreate bool

	mu      sync.Mutex
	groups  map[string]groupConfig
	offsets map[offsetKey]int64
}

type offsetKey struct {
	group, topic string
	queue        int32
}

// systemGroups exist from the beginning.
var systemGroups = []string{
	"TOOLS_CONSUMER", "FILTERSRV_CONSUMER", "SELF_TEST_C_GROUP", "CID_ONS-HTTP-PROXY", "CID_ONSAPI_PULL",
	"CID_ONSAPI_PERMISSION", "CID_ONSAPI_OWNER", "CID_RMQ_SYS_TRANS",
}

func newGroupTable(autoCreate bool) *groupTable {
	t := &groupTable{autoCreate: autoCreate, groups: map[string]groupConfig{}, offsets: map[offsetKey]int64{}}
	for _, name := range systemGroups {
		t.groups[name] = newGroupConfig(name)
	}
	return t
}

// find returns a group, created when brokers would create it (SubscriptionGroupManager.findSubscriptionGroupConfig).
func (t *groupTable) find(name string) (groupConfig, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if g, ok := t.groups[name]; ok {
		return g, true
	}
	if !t.autoCreate || checkGroup(name) != "" {
		return groupConfig{}, false
	}
	g := newGroupConfig(name)
	t.groups[name] = g
	return g, true
}

// has reports whether a group exists, without creating it.
func (t *groupTable) has(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.groups[name]
	return ok
}

func (t *groupTable) put(g groupConfig) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.groups[g.name] = g
}

func (t *groupTable) commit(group, topic string, queue int32, offset int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.offsets[offsetKey{group, topic, queue}] = offset
}

// committed returns the group's offset, −1 when there is none.
func (t *groupTable) committed(group, topic string, queue int32) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at, ok := t.offsets[offsetKey{group, topic, queue}]; ok {
		return at
	}
	return -1
}

// forgetTopic removes the offsets of a deleted topic.
func (t *groupTable) forgetTopic(topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k := range t.offsets {
		if k.topic == topic {
			delete(t.offsets, k)
		}
	}
}
