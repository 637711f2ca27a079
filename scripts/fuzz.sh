#!/usr/bin/env bash
# Runs every fuzz target of the module for FUZZTIME (default 10s) each.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
time=${FUZZTIME:-10s}
targets=0
while IFS=: read -r file name; do
	targets=$((targets + 1))
	echo "fuzz $(dirname "$file") $name $time"
	"$go" test -run '^$' -fuzz "^${name}\$" -fuzztime "$time" -parallel 2 "./$(dirname "$file")"
done < <(git ls-files '*_test.go' | grep -v '^test/' | xargs grep -noE '^func Fuzz[A-Za-z0-9_]+' | sed -E 's/:[0-9]+:func /:/')
[ "$targets" -gt 0 ] || { echo "no fuzz target found"; exit 1; }
echo "$targets fuzz targets passed"
