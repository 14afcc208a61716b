#!/bin/sh
# Measures each stage of a cold build of generated documents and shows where its time and its memory go.
# BENCH_FROM names folders of Markdown to sample, BENCH_DOCS how many documents to make, STAGE what to measure: Parse, Resolve, Check, Plan,
# Render, Analyze, Build, or several as a regular expression. The profiles stay in bin/profile for go tool pprof.
set -eu
cd "$(dirname "$0")/.."
work=bin/profile
mkdir -p "$work"
docs=${BENCH_DOCS:-1000}
from=""
for dir in ${BENCH_FROM:-content}; do from="$from --from $dir"; done
rm -rf "$work/content"
# shellcheck disable=SC2086
go run ./internal/corpus $from --docs "$docs" --out "$work/content"
OPSBOOK_BENCH="$PWD/$work/content" go test -run '^$' -bench "^Benchmark(${STAGE:-Parse|Resolve|Check|Plan|Render|Analyze})\$" -benchtime 3x \
	-cpuprofile "$work/cpu.prof" -memprofile "$work/mem.prof" -o "$work/generator.test" ./generator
go tool pprof -top -cum -nodecount 40 "$work/generator.test" "$work/cpu.prof" 2>/dev/null
go tool pprof -top -sample_index=alloc_space -nodecount 25 "$work/generator.test" "$work/mem.prof" 2>/dev/null
