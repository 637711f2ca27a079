// Package lifecycle owns goroutines: every one of them has a name, an owner and a join.
//
// Nothing else in this module contains a go statement. A component keeps one Group; what it
// starts with Group.Go ends before Group.Stop returns, and a goroutine that does not end is
// reported by name instead of being forgotten.
//
//	Group.Cancel   step one: ask (the context ends, nothing new starts)
//	Group.Wait     step two: join, within the caller's context
//
// State guards Start and Shutdown of a component against early, double, concurrent and failing
// calls:
//
//	New ──Start──► Starting ──ok──► Running ──Stop──► Stopping ──► Stopped
//	 ▲                │ error                                        ▲
//	 └────────────────┘                      New ──────Stop──────────┘
//
// Executor runs tasks on a bounded number of goroutines that exist only while there is work,
// so that an idle component costs none.
package lifecycle
