#!/bin/sh
# Runs every fuzz target for FUZZTIME (default 1m; 1000000x means executions), one after the other, on one core. What it finds becomes a
# file in the testdata of the package: fix the cause and keep the file.
set -eu
cd "$(dirname "$0")/.."
time=${FUZZTIME:-1m}
grep -rn --include='*_test.go' '^func Fuzz' cmd generator internal search | sort | while IFS=: read -r file _ line; do
	name=${line#func }
	name=${name%%(*}
	package=./$(dirname "$file")
	echo "== $package $name"
	# Interesting inputs are kept as they are: making each of them small takes most of the time.
	go test "$package" -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 20x -parallel "${FUZZPARALLEL:-1}"
done
