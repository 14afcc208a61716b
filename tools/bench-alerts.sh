#!/bin/sh
# What joining alerts to pages costs on top of a build: each folder of BENCH_FROM built without and with the alert rules of BENCH_RULES, in
# turns, nothing remembered. Prints the medians of BENCH_RUNS pairs and their ratio; 0.15 on top is the budget.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/opsbook" ./cmd/opsbook
for from in $BENCH_FROM; do
	for with in without with; do
		mkdir -p "$work/$with"
		rm -rf "$work/$with/content" && cp -r "$from" "$work/$with/content"
		echo 'title: Alerts' >"$work/$with/content/opsbook.yaml"
	done
	mkdir -p "$work/rules" && cp "$BENCH_RULES"/*.yaml "$work/rules/"
	cat >>"$work/with/content/opsbook.yaml" <<-'YAML'
		alerts:
		  urls: [https://runbooks.prometheus-operator.dev/runbooks/, https://github.com/openshift/runbooks/blob/master/]
		  sources:
		    - prometheus: ["../../rules/*.yaml"]
	YAML
	: >"$work/times"
	for run in $(seq 0 "${BENCH_RUNS:-21}"); do
		for with in without with; do
			rm -rf "$work/out"
			/usr/bin/time -o "$work/time" -f "$with %e %U %S" "$work/opsbook" build --source "$work/$with/content" --out "$work/out" \
				--clock 2026-11-01 --history none --cache off >/dev/null 2>&1
			[ "$run" = 0 ] || cat "$work/time" >>"$work/times" # the first pair warms the disk
		done
	done
	echo "== $from"
	awk '{ wall[$1, ++n[$1]] = $2; cpu[$1, n[$1]] = $3 + $4 }
		function median(a, k, i, j, t, c) { c = n[k]; for (i = 1; i <= c; i++) s[i] = a[k, i]
			for (i = 1; i <= c; i++) for (j = i + 1; j <= c; j++) if (s[j] < s[i]) { t = s[i]; s[i] = s[j]; s[j] = t }
			return s[int((c + 1) / 2)] }
		END { w = median(wall, "without"); x = median(wall, "with"); c = median(cpu, "without"); d = median(cpu, "with")
			printf "wall %.2f -> %.2f s (%+.3f), CPU %.2f -> %.2f s (%+.3f), %d pairs\n", w, x, x / w - 1, c, d, d / c - 1, n["with"] }' "$work/times"
done
