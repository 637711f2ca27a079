// Package budget turns allocation ceilings into tests. Allocation counts are
// exact, so exceeding one fails the build; times are never asserted.
package budget

import (
	"runtime"
	"testing"
)

// Allocs fails the test when f allocates more than limit times a run, averaged
// over runs after one warm-up run. Under the race detector, whose instrumentation
// allocates, f only runs, so that its races are found; `make budgets` measures.
func Allocs(t testing.TB, limit float64, runs int, f func()) {
	t.Helper()
	if raceEnabled {
		for range runs + 1 { // as often as AllocsPerRun calls it
			f()
		}
		return
	}
	if got := testing.AllocsPerRun(runs, f); got > limit {
		t.Fatalf("%.1f allocations a run, the budget is %.1f", got, limit)
	}
}

// Process fails the test when the whole process, all goroutines together,
// allocates more than limit times an operation while f runs n operations. Use
// it where the work is spread over goroutines. f runs once before, to warm up.
func Process(t testing.TB, limit float64, n int, f func(n int)) {
	t.Helper()
	f(n)
	if raceEnabled {
		f(n)
		return
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f(n)
	runtime.ReadMemStats(&after)
	mallocs := float64(after.Mallocs-before.Mallocs) / float64(n)
	bytes := float64(after.TotalAlloc-before.TotalAlloc) / float64(n)
	t.Logf("%.2f allocations and %.0f B an operation (budget %.2f allocations)", mallocs, bytes, limit)
	if mallocs > limit {
		t.Fatalf("%.2f allocations an operation, the budget is %.2f", mallocs, limit)
	}
}
