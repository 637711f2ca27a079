package mqserver

import "time"

const (
	// protocolVersion is what the answers say: 5.4.0, so that clients use all they know.
	protocolVersion = 493

	// pullMaxMessages and pullMaxBytes bound one answer to a pull (MessageStoreConfig.maxTransferCountOnMessageInMemory
	// and maxTransferBytesOnMessageInMemory): everything here is in memory.
	pullMaxMessages = 32
	pullMaxBytes    = 256 << 10

	// pullScan bounds how many messages one pull looks at when a filter matches few of them
	// (MessageStoreConfig.maxFilterMessageSize of 16000 bytes / 20 bytes a queue entry).
	pullScan = 800

	// holdRecheck is how often a held pull is looked at again even when nothing matching arrives
	// (PullRequestHoldService): it tells a filtering consumer how far the queue went.
	holdRecheck = 5 * time.Second

	// maxHold bounds what a client can ask for with suspendTimeoutMillis, which sizes a timer here.
	maxHold = 10 * time.Minute

	// memberExpiry and memberScan: a client silent for that long is no longer a member (BrokerConfig.channelExpiredTimeout).
	memberExpiry = 120 * time.Second
	memberScan   = 10 * time.Second

	// lockExpiry is how long a queue lock lives without being renewed (RebalanceLockManager).
	lockExpiry = 60 * time.Second

	// registerPeriod is how often brokers tell name servers their topics (BrokerConfig.registerNameServerPeriod).
	registerPeriod = 30 * time.Second

	// staleRoutes is how long a name server lists a silent broker (NamesrvController.scanNotActiveBroker).
	staleRoutes = 120 * time.Second

	// propertiesMax is what the stored record's int16 can say.
	propertiesMax = 1<<15 - 1

	// outboxLimit is the amount of unwritten answers at which a connection's requests are no longer read.
	outboxLimit = 16 << 20

	// outboxKeep is the largest write buffer that is kept for the next answers.
	outboxKeep = 1 << 20

	// writeTimeout ends a connection whose peer takes nothing for that long.
	writeTimeout = 30 * time.Second

	// relistenFor is how long a restarted server tries to get its old port back: somebody's outgoing connection may
	// have been given it meanwhile.
	relistenFor = 5 * time.Second

	relistenPause = 20 * time.Millisecond

	// closeTimeout bounds the join of a stopped server's goroutines; it is only reached when a hook blocks.
	closeTimeout = 10 * time.Second

	// segments grow from the first size to the largest, so that a small test costs little.
	segmentFirst = 64 << 10
	segmentMax   = 4 << 20

	maxQueues = 1 << 16 // of a topic

	defaultMaxMemory      = 256 << 20
	minMemoryPerBroker    = 1 << 20
	defaultMaxMessageSize = 4 << 20
)
