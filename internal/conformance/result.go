package conformance

import (
	"slices"
	"sync"
	"time"
)

// Outcome is how a case ended on one target.
type Outcome string

// The outcomes of a case.
const (
	Passed        Outcome = "pass"
	Failed        Outcome = "FAIL"
	NotApplicable Outcome = "n/a"
)

// Result is what became of one case on one target.
type Result struct {
	Target  string
	Case    string
	Row     string
	Outcome Outcome
	Detail  string // why it does not apply
	Took    time.Duration
}

type resultList struct {
	target string
	mu     sync.Mutex
	list   []Result
}

func (l *resultList) add(r Result) {
	r.Target = l.target
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, r)
}

// sorted returns the results in the order of cases.
func (l *resultList) sorted(cases []Case) []Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	position := make(map[string]int, len(cases))
	for i, c := range cases {
		position[c.Name] = i
	}
	slices.SortFunc(l.list, func(a, b Result) int { return position[a.Case] - position[b.Case] })
	return slices.Clone(l.list)
}
