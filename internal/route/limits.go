package route

import "time"

const (
	// DefaultPort of a name server whose address has none (Java: NamesrvConfig's listen port).
	DefaultPort = "9876"

	defaultRefreshInterval = 30 * time.Second // Java: ClientConfig.pollNameServerInterval
	defaultMissingInterval = 3 * time.Second
	defaultTimeout         = 3 * time.Second // Java: ClientConfig.mqClientApiTimeout
	defaultHedgeDelay      = 300 * time.Millisecond

	// asideFor is how long a name server that failed is asked last.
	asideFor = 30 * time.Second
	// refreshWorkers bounds the refreshes under way at one time, so that a client with thousands of topics does not
	// flood a name server each half minute.
	refreshWorkers = 16
	// soonGap is the least time between two background refreshes of one topic: a producer whose every send fails
	// asks for one with each of them.
	soonGap = 200 * time.Millisecond
	// idleLimit is how long a topic that nobody asks for and nobody watches is kept and refreshed.
	idleLimit = time.Hour
	// warnGap is the least time between two log lines about name servers.
	warnGap = time.Minute
	// resolveGap is the least time between two questions to the resolver because no name server answers.
	resolveGap = 5 * time.Second
	// maxQueues bounds the queues of one topic: queue numbers come from the network and are allocated here.
	maxQueues = 1 << 16
	// defaultTopicQueues is Java's defaultTopicQueueNums.
	defaultTopicQueues = 4

	// lookupTimeout bounds the look-up of one name server name.
	lookupTimeout = 3 * time.Second

	httpPeriod      = 120 * time.Second // Java: MQClientInstance.startScheduledTask, fetchNameServerAddr
	httpRetryPeriod = 10 * time.Second
	httpTimeout     = 3 * time.Second // Java: TopAddressing.fetchNSAddr
	maxHTTPBody     = 64 << 10
)
