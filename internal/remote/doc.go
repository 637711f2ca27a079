// Package remote is the client side of RocketMQ's remoting protocol: one connection to each address, any
// number of requests on it at a time, and the requests that brokers send back.
//
//	Invoke, InvokeAsync, InvokeOneWay            the caller's goroutine
//	  prepare   namespace → stream → hooks → signer
//	  admit     deadline, permit (bounded requests in flight for each address)
//	  encode    opaque, header, body → pooled buffer
//	  submit ───► conn: table of requests in flight + queue ──► [writer] ──► one write for all that waits
//	     │                         ▲                            [reader] ◄── frame → opaque → call
//	     └─ no connection: parked ─┘ dial (one for an address)      └──────► frame → handler (bounded)
//
// # Who owns a request
//
// At each moment a call is held by its peer (waiting for a dial), by one connection (in flight), or by the
// goroutine that took it out of there under the holder's lock. Only that goroutine may finish it: this is
// why done is called exactly once when answer, timeout, cancellation, loss and Shutdown race.
//
// # What an error says
//
// Every failure is an *Error. Sent is false only if no byte of the request can have reached the peer: it
// was never given to the socket, or the failed write ended before it. A request whose context ends in
// the queue is dropped from it and never written.
//
// # Deadlines
//
// The requests in flight on a connection are in a heap by deadline, and the socket's read deadline is set
// to the first of them. So the reader wakes up in time by itself: there is no timer for a request, none for
// a connection, and a writer stuck in a write does not stop the clock. While an address is being
// dialled, one timer serves all requests that wait for it.
//
// # When a connection is given up
//
//   - a read or write fails, or a write does not finish in WriteTimeout (renewed every 256 KiB)
//   - a frame cannot be true (negative or huge length, garbage), or takes longer than FrameTimeout
//   - nothing is read and nothing written for IdleTimeout
//   - requests time out and the peer sends nothing: a request has timed out, and since it, or an
//     earlier one that timed out in the same silence, was written SilenceTimeout ago not one byte came.
//     A held long poll is no silence, and a slow peer that sends anything keeps its connection. (Java closes
//     the connection whenever a synchronous call times out, and fails everybody else's requests.) A
//     detector that probes a suspicious connection, instead of waiting for a timeout, would call
//     conn.fail as the reader does in expire.
//   - it said GO_AWAY: it takes no new requests and ends with its last answer
//
// All that is in flight fails at once. The next request dials again, immediately if the connection had
// brought answers; otherwise, and after a failed dial, after a backoff of that address during
// which requests fail at once with the last error.
//
// # Goroutines
//
//	remote reader <addr>      1 for each connection
//	remote writer <addr>      1 for each connection
//	remote dialer <addr>      while an address is being dialled
//	remote on-connect <addr>  while Config.OnConnect runs
//	remote handler            while requests of brokers are handled, at most Config.HandlerWorkers
//	remote callback           while a context or the dial timer ends requests
//
// An idle client has two for each connection and nothing else; without connections it has none.
//
// # Lock order
//
// Client.mu (only for replacing snapshots) · peer.mu → conn.mu. No lock is held during I/O, dialling,
// callbacks, hooks or logging.
//
// # Non-obvious
//
//   - Opaques are numbered for each address, so a frame can be encoded before its connection exists; each
//     connection has its own table. Answers and the broker's own requests are told apart by the response
//     flag, so a broker may reuse a value that is in flight.
//   - An answer counts only if its request was given to the socket; a peer that guesses gets nothing.
//   - Frames are copied into pooled buffers, body included: a caller who cancels may reuse his memory at once.
//   - A parked call enters the connection's queue before the connection becomes visible, so what one
//     caller sends stays in order.
//   - A read that reaches its deadline does not look whether bytes are there. Before requests are
//     failed the socket is read once more, for answers that came while the process was stopped.
//   - Synchronous calls are pooled, asynchronous ones are not: the watcher of a context may look at its
//     call after the end.
package remote
