#!/bin/sh
# Prints how long a save takes to be seen and to be found in serve, on a copy of generated documents.
# BENCH_FROM names folders of Markdown to sample, BENCH_DOCS how many documents to make.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
from=""
for dir in ${BENCH_FROM:-content}; do from="$from --from $dir"; done
for docs in ${BENCH_DOCS:-1000 5000}; do
	# shellcheck disable=SC2086
	go run ./internal/corpus $from --docs "$docs" --out "$work/c$docs"
	echo "== $docs documents"
	OPSBOOK_BENCH="$work/c$docs" go test -run '^$' -bench '^BenchmarkServe$' -benchtime 100x ./cmd/opsbook | grep Benchmark
done
