package conformance

import (
	"sync"
	"testing"
	"time"
)

// quietParallel is how many timing cases run at once: few enough that they do
// not disturb each other's clocks on a machine of two cores.
const quietParallel = 3

// Run checks the cases on target as subtests of t and returns one result for
// each. A case that does not apply to the release is not run, and its result
// says why.
func Run(t *testing.T, target Target, cases []Case) []Result {
	t.Helper()
	var quiet, loud []Case
	results := &resultList{target: target.Name}
	for _, c := range cases {
		switch why := c.NotApplicable(target.Release); {
		case why != "":
			results.add(Result{Case: c.Name, Row: c.Row, Outcome: NotApplicable, Detail: why})
		case c.Quiet:
			quiet = append(quiet, c)
		default:
			loud = append(loud, c)
		}
	}
	run := func(c Case) {
		began := time.Now()
		result := Result{Case: c.Name, Row: c.Row, Outcome: Failed, Detail: "did not finish"}
		ran := false
		t.Run(c.Name, func(t *testing.T) {
			ran = true
			// Deferred, so that a failing or panicking case is counted, too.
			defer func() {
				result.Took = time.Since(began)
				switch {
				case t.Skipped():
					result.Outcome, result.Detail = NotApplicable, "skipped"
				case !t.Failed():
					result.Outcome, result.Detail = Passed, ""
				default:
					result.Detail = ""
				}
			}()
			c.Run(t, newEnv(t, target, c))
		})
		if ran { // otherwise -run left it out
			results.add(result)
		}
	}
	inParallel(min(quietParallel, target.Parallel), quiet, run)
	inParallel(target.Parallel, loud, run)
	return results.sorted(cases)
}

// inParallel calls run for each case, n at once. It is used instead of
// t.Parallel because cases mostly wait, and go test's own limit is the number
// of processors.
func inParallel(n int, cases []Case, run func(Case)) {
	queue := make(chan Case, len(cases))
	for _, c := range cases {
		queue <- c
	}
	close(queue)
	var wg sync.WaitGroup
	for range max(n, 1) {
		wg.Go(func() {
			for c := range queue {
				run(c)
			}
		})
	}
	wg.Wait()
}
