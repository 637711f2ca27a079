#!/usr/bin/env bash
# Regenerates every golden vector from the Java classes of Apache RocketMQ.
set -euo pipefail
cd "$(dirname "$0")/.."
make jars
jars=${ROCKETMQ_GO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rocketmq-go}/jars
test/java/wire_vectors.sh "$jars/5.1.4" "$jars/5.4.0"
test/java/record_vectors.sh "$jars/5.4.0"
git status --short -- '*testdata*'
