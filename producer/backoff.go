package producer

import (
	"math/rand/v2"
	"time"
)

// The pause before a further attempt. It keeps a failing broker from being
// stormed while it stays far below the time that a send has in all.
const (
	// pauseFirst follows a failed connection or an answer that is no overload:
	// most often another broker is tried, which has done nothing wrong.
	pauseFirst = 5 * time.Millisecond
	// pauseBusy follows an overload. A busy broker drops what waited 200 ms.
	pauseBusy = 40 * time.Millisecond
	// pauseMost bounds the growth of either.
	pauseMost = 640 * time.Millisecond
)

// pause returns how long to wait after so many failed attempts: it doubles each
// time and varies by half in both directions, so that callers who failed together
// do not come back together.
func pause(attempts int, busy bool) time.Duration {
	d := pauseFirst
	if busy {
		d = pauseBusy
	}
	for i := 1; i < attempts && d < pauseMost; i++ {
		d *= 2
	}
	d = min(d, pauseMost)
	return d/2 + rand.N(d)
}
