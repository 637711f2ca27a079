#!/usr/bin/env bash
# Regenerates the vectors from Java's own classes that internal/remote/record, primitive, consumer (allocation) and
# internal/remote (signatures) are tested against, and has Java read bodies that Go compressed.
# Usage: record_vectors.sh <folder with the jars of 5.4.0>: rocketmq-client, -store and all they depend on.
set -euo pipefail
jars=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
javac -Xlint:none -nowarn -encoding UTF-8 -d "$classes" -cp "$jars/*" \
  "$here/src/vectors/RecordVectors.java" "$here/src/vectors/AllocationVectors.java"
run() { java -cp "$classes:$jars/*" "vectors.$1" "${@:2}" 2>"$classes/log" || { cat "$classes/log" >&2; return 1; }; }

record=$root/internal/remote/record/testdata
mkdir -p "$record" "$root/internal/remote/testdata" "$root/consumer/testdata"
run RecordVectors acl >"$root/internal/remote/testdata/java_acl.jsonl"
run RecordVectors messages >"$record/java_messages.jsonl"
run RecordVectors batches >"$record/java_batches.jsonl"
run RecordVectors properties >"$record/java_properties.jsonl"
run RecordVectors hashes >"$record/java_hashes.jsonl"
run RecordVectors ids >"$record/java_ids.jsonl"
run RecordVectors compression >"$record/java_compression.jsonl"
run AllocationVectors >"$root/consumer/testdata/java_allocation.jsonl"

# The other direction: Java decompresses what Go compressed.
(cd "$root" && RECORD_BODIES_FOR_JAVA="$classes/bodies" go test -count=1 -run '^TestCompressedBodiesForJava$' ./internal/remote/record >/dev/null)
run RecordVectors decompress "$classes/bodies"
tail -n 1 "$classes/log"
