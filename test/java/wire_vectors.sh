#!/usr/bin/env bash
# Regenerates the vectors that internal/remote/wire and internal/remote/command are tested against, from Java's own
# classes. Usage: wire_vectors.sh <folder with the jars of 5.1.4> <folder with the jars of 5.4.0>, each with
# rocketmq-remoting, -common and all they depend on.
set -euo pipefail
old=$1 new=$2
here=$(cd "$(dirname "$0")" && pwd)
remote=$here/../../internal/remote
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
javac -Xlint:none -nowarn -encoding UTF-8 -d "$classes" -cp "$new/*" "$here/src/vectors/WireVectors.java"
run() { java -cp "$classes:$1/*" vectors.WireVectors "$2" 2>"$classes/log" || { cat "$classes/log" >&2; return 1; }; }
mkdir -p "$remote/wire/testdata" "$remote/command/testdata"
{ run "$new" frames; run "$old" json; run "$new" json; } >"$remote/wire/testdata/java_vectors.jsonl"
{ run "$new" commands; run "$old" accepts; run "$new" accepts; } >"$remote/command/testdata/java_vectors.jsonl"
