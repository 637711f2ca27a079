package conformance

import (
	"slices"
	"testing"
)

// Case is one behaviour.
type Case struct {
	// Name is unique, lower case with hyphens; it is the subtest's name.
	Name string
	// Row names what the case is about: a row of the parity checklist of the
	// Java client ("8.3 #42"), or a point of the plan.
	Row string
	// Since is the first release that has the behaviour; zero means all.
	Since Release
	// Quiet cases measure time: they run before the others, a few at once.
	Quiet bool
	// Run checks the behaviour.
	Run func(t *testing.T, e *Env)
}

// Cases returns all cases. Each call returns a fresh slice.
func Cases() []Case {
	return slices.Concat(
		brokerAnswerCases(),
		sendCases(),
		sendRefusalCases(),
		batchCases(),
		compressionCases(),
		selectorCases(),
		delayCases(),
		consumeCases(),
		filterCases(),
		membershipCases(),
		startPointCases(),
		retryCases(),
		offsetCases(),
		broadcastCases(),
		runtimeCases(),
		loadCases(),
	)
}

// NotApplicable says why a case does not apply to a release, empty if it does.
func (c Case) NotApplicable(r Release) string {
	if r.Before(c.Since) {
		return "since " + c.Since.String()
	}
	return ""
}
