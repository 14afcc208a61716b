#!/bin/sh
# Holds the modules against go.sum, and against the known vulnerabilities. A machine that cannot reach the list of vulnerabilities is told
# so, loudly, and is not failed: nothing was found because nothing was looked up.
set -u
cd "$(dirname "$0")/.."
export GOFLAGS=
go mod verify || exit 1
(cd tools && go mod verify >/dev/null) || { echo "audit: the modules of tools differ from go.sum"; exit 1; }

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# scan LEVEL: 0 nothing found, 3 something, 9 the list cannot be reached, else the scan failed.
scan() {
	go tool -modfile=tools/go.mod govulncheck -C cmd/opsbook -scan "$@" >"$work/said" 2>&1
	code=$?
	if [ $code -eq 1 ] && grep -q 'fetching vulnerabilities\|vuln.go.dev' "$work/said"; then code=9; fi
	return $code
}

scan module # quick: whether any version of ours is in the list at all
case $? in
0) echo "audit: no module has a known vulnerability" ; exit 0 ;;
3) ;;
9)
	echo "******************************************************************************"
	echo "** VULNERABILITIES WERE NOT CHECKED: the list at vuln.go.dev is out of reach. **"
	echo "** Run make audit on a machine that reaches it before you release.            **"
	echo "******************************************************************************"
	sed 's/^/   /' "$work/said"
	exit 0
	;;
*) cat "$work/said"; echo "audit: the scan failed"; exit 1 ;;
esac

scan symbol ./... # slow: whether the program calls what is vulnerable
code=$?
cat "$work/said"
case $code in
0) echo "audit: modules have known vulnerabilities, in code that the program does not call" ;;
3) echo "audit: the program calls code with known vulnerabilities: update the modules named above"; exit 1 ;;
*) echo "audit: the scan failed"; exit 1 ;;
esac
