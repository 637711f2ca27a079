package remote

import (
	"math"
	"time"
)

// clock measures time in nanoseconds since just before it was made: cheaper to read, to compare and
// to store than time.Time, and monotonic. It never reads 0, which can so mean "not yet".
type clock struct{ base time.Time }

func newClock() clock { return clock{base: time.Now().Add(-1)} }

// never is later than every deadline.
const never = math.MaxInt64

func (c clock) now() int64                  { return int64(time.Since(c.base)) }
func (c clock) time(t int64) time.Time      { return c.base.Add(time.Duration(t)) }
func (c clock) at(t time.Time) int64        { return min(int64(t.Sub(c.base)), never-1) }
func (c clock) until(t int64) time.Duration { return time.Duration(t - c.now()) }
