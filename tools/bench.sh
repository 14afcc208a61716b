#!/bin/sh
# Builds generated documents and reports pages per second, peak memory and where the time went.
# BENCH_FROM names folders of Markdown to sample, BENCH_DOCS how many documents to make.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
from=""
for dir in ${BENCH_FROM:-content}; do from="$from --from $dir"; done
go build -o "$work/opsbook" ./cmd/opsbook
for docs in ${BENCH_DOCS:-1000 5000}; do
	# shellcheck disable=SC2086
	go run ./internal/corpus $from --docs "$docs" --out "$work/c$docs"
	echo "== $docs documents: cold, then nothing changed"
	for run in cold again; do
		/usr/bin/time -f "%e s wall, %U s user, %M KB peak" "$work/opsbook" build --source "$work/c$docs" --out "$work/o$docs" --clock 2026-11-01 --history none
	done
	OPSBOOK_BENCH="$work/c$docs" go test -run '^$' -bench 'Build|Rebuild|Load' -benchtime 1x -cpuprofile "$work/cpu.prof" -o "$work/generator.test" ./generator | grep Benchmark
	go tool pprof -top -cum -nodecount 25 "$work/generator.test" "$work/cpu.prof" 2>/dev/null
done
