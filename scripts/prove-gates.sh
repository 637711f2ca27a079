#!/usr/bin/env bash
# Every gate must be able to fail. Each one runs here on a fixture that breaks
# its rule, and this script fails when the gate stays green or goes red for
# another reason than the one planted.
set -uo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
bad=0

# red NAME PATTERN COMMAND…: the command must fail and print PATTERN.
red() {
	local name=$1 pattern=$2 out
	shift 2
	if out=$("$@" 2>&1); then
		echo "gate $name: STAYED GREEN on its fixture"
		bad=1
	elif ! grep -qE "$pattern" <<<"$out"; then
		echo "gate $name: red, but not for the planted reason ($pattern):"
		tail -n 20 <<<"$out"
		bad=1
	else
		echo "gate $name: red as demanded"
	fi
}

fixtures=./internal/lint/testdata/gates
red leak 'found unexpected goroutines' "$go" test -count=1 $fixtures/leak
red race 'DATA RACE' "$go" test -count=1 -race $fixtures/race
red allocation 'the budget is' "$go" test -count=1 $fixtures/alloc
red import 'must not import "producer"' env LINT_ROOT=testdata/broken "$go" test -count=1 -run 'TestImportsPointDownwards' ./internal/lint
red code-rules 'go statement outside internal/lifecycle' env LINT_ROOT=testdata/broken "$go" test -count=1 -run 'TestCodeRules' ./internal/lint
red leak-gate-missing 'no TestMain with goleak' env LINT_ROOT=testdata/broken "$go" test -count=1 -run 'TestEveryTestedPackage' ./internal/lint
red conformance 'FAIL: ' env CONFORMANCE_LIE=1 "$go" test -count=1 -run 'TestConformance' ./internal/conformance
exit $bad
