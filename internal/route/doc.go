// Package route knows where topics live. It asks the name servers, keeps what they said as immutable snapshots,
// and answers which queues a topic has and at which address a broker is reached.
//
//	caller ── Topic/Publish ──► snapshot (one atomic load)            hit: no lock, no wait
//	               │ miss
//	               ▼
//	           flight (one per topic, whoever asks) ──► nameServers ──► preferred server
//	               ▲                                        │ silent for HedgeDelay, or an error
//	refresh loop ──┘ every 30 s, and on RefreshSoon         └──────► the next server as well
//
// Rules:
//   - A topic waits for no other topic, and a name server that fails costs its neighbours nothing: the one that
//     answered is asked first from then on, the failing one is put aside.
//   - What a name server says replaces the known route only if it can be right. No answer, an error, an empty or
//     broken route leave it as it is; "no such topic" removes it once all name servers that answer have said so
//     twice, a refresh interval apart, because a name server that has just been restarted knows no topic at all.
//   - Host names are resolved at each dial, never kept.
//   - Goroutines: the refresh loop, and one for each query that is under way.
package route
