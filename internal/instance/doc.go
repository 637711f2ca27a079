// Package instance is one running client: its identity, its connections, its routes, its heartbeats, and the
// producers and consumers that share them.
//
//	New ──► Acquire (first user) ──► running ──► Release (last user) ──► stopped ──► Acquire … any number of times
//	            │ Register…, HeartbeatNow                  ▲
//	            └───────── Unregister… ────────────────────┘
//
// Nothing here is shared between clients: each has its own name servers, account, TLS settings, connections and
// logger, and an id that no other client has, in whatever process. Java shares an instance among all that have the
// same instance name (MQClientManager); here it is shared by whoever holds the same *Client, and by nobody else.
//
// A client keeps two goroutines: the route table's refresh, and the loop that sends heartbeats each interval, sends
// one over every new connection, and passes on that the members of a group have changed. Each connection has two more.
//
// Rules:
//   - Heartbeats go to all brokers at the same time and none waits for another.
//   - A heartbeat on its way is awaited before its group is unregistered: brokers handle both on different threads.
//   - A refusal is returned to whoever asked for the heartbeat, and logged once for each broker until it changes.
package instance
