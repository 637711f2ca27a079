package conformance

import "time"

// Target is a running cluster to check.
type Target struct {
	// Name is the column of the table: a release, or "embedded".
	Name string
	// Release is what the cluster behaves like.
	Release Release
	// NameServers are host:port addresses.
	NameServers []string
	// DelayLevels are the durations of the cluster's delay levels, level 1 first.
	// The cases need the first three.
	DelayLevels []time.Duration
	// OldQueues says that the broker takes no message for being in memory
	// (accessMessageInMemoryMaxRatio=0), as if all queues were long.
	OldQueues bool
	// Parallel is how many cases run at once; at least 1.
	Parallel int
}

// DefaultDelayLevels are the first delay levels of an untouched broker.
func DefaultDelayLevels() []time.Duration {
	return []time.Duration{time.Second, 5 * time.Second, 10 * time.Second}
}
