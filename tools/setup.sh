#!/bin/sh
# Sets up what the tests need and nothing else. Safe to run again; fast when nothing is missing.
set -eu
cd "$(dirname "$0")"

missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need chromium chromium
need node nodejs
need npm npm
need git git
need nvim neovim
need pdftotext poppler-utils
need xmllint libxml2-utils
if [ "$(uname)" = Linux ]; then need strace strace; fi
if ! fc-list :lang=ja 2>/dev/null | grep -q .; then missing="$missing fonts-noto-cjk fontconfig"; fi

if [ -n "$missing" ]; then
	if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
		echo "setup: installing$missing"
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
	else
		echo "setup: missing:$missing"
		echo "setup: install them with your package manager, then run make test again"
		exit 1
	fi
fi

if ! cmp -s npm/package-lock.json npm/node_modules/.opsbook-lock; then
	echo "setup: installing the accessibility checker"
	(cd npm && npm ci --silent --no-audit --no-fund && cp package-lock.json node_modules/.opsbook-lock)
fi

if [ ! -x ../bin/s3 ] || [ s3/main.go -nt ../bin/s3 ] || [ s3/go.sum -nt ../bin/s3 ]; then
	echo "setup: building the S3 server for the tests of publish"
	(cd s3 && go build -o ../../bin/s3 .)
fi
