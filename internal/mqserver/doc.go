// Package mqserver is a RocketMQ name server and any number of brokers in one
// process, in memory, over real TCP.
//
// It is for tests and quick starts, not for production: nothing is written to
// disk, memory is bounded by dropping the oldest messages, and a slave is a
// second door to its master's store. NOT_DONE.md lists what is missing.
//
// It is the independent judge of the client: it shares frames, headers and the
// stored-message codec with it, and none of its connection, route, producer or
// consumer code. Behaviour follows the Java broker; where a file says so, the
// Java class is named.
//
//	connection ─ reader goroutine ─ hooks, counters ─ signature ─ handler of the request code (cNNN_name.go)
//	                                                                 │ store (put wakes held pulls), consumers, topics, groups
//	           ─ writer goroutine ◄── frames ──────────────────────┘
//	scheduler, one goroutine a cluster ─ delay levels, held pulls that time out, expiry of members, delayed answers
//
// Lock order: store.mu, consumers.mu and registry.mu are never held together;
// conn.mu may be taken under any of them, and nothing is taken under conn.mu.
// No lock is held over I/O.
package mqserver
