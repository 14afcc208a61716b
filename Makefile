.DEFAULT_GOAL := help
.PHONY: bench-page bench-alerts kill-soak fuzz reproducible audit notices bench-peers publish-soak release release-check run-every help run build test setup unit browser lint fmt bench bench-serve profile search-quality screenshots clean

GO     ?= go
TOOL   := $(GO) tool -modfile=tools/go.mod

PORT   ?= 8080

help: ## show what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## build content/ and serve it at a printed address (needs Go alone)
	$(GO) run ./cmd/opsbook serve content --port $(PORT)

build: ## build the program into bin/
	$(GO) build -trimpath -o bin/opsbook ./cmd/opsbook

test: setup audit lint unit browser ## set up what tests need, then run them all

setup: ## install what tests need (on Debian as root; elsewhere it names what is missing)
	@sh tools/setup.sh

unit: ## unit tests, fixtures, goldens, stories, JavaScript tests
	$(GO) vet ./...
	$(GO) test ./...
	cd tools && $(GO) test ./release
	node --test $$(find templates search internal -name '*.test.js' -not -path '*/node_modules/*' | sort)
	$(GO) run ./cmd/opsbook check content --clock 2026-11-01

browser: ## stories in a real Chromium
	$(GO) test -tags browser -run '^TestBrowser' -count=1 -timeout 30m ./cmd/opsbook

lint: ## formatting and static analysis, of workflows too
	@out=$$($(TOOL) gofumpt -l cmd generator internal search templates tools/release); if [ -n "$$out" ]; then echo "not formatted (make fmt):"; echo "$$out"; exit 1; fi
	$(TOOL) staticcheck ./...
	$(TOOL) actionlint internal/publish/hosting/github.yaml

fmt: ## format the Go code
	$(TOOL) gofumpt -w cmd generator internal search templates

bench: ## build 1,000 and 5,000 generated documents: pages per second, memory, profile
	@sh tools/bench.sh

profile: ## what each stage of a cold build costs, and where its time and memory go (STAGE=Render: of one)
	@sh tools/profile.sh

bench-peers: ## Hugo and Pagefind beside us on the same documents, and pages of Material, Docusaurus and Starlight; writes README's table
	$(GO) run ./internal/peers $(foreach dir,$(or $(BENCH_FROM),content),--from $(dir)) --docs $(or $(BENCH_DOCS),5000) --runs $(or $(BENCH_RUNS),3) \
		--page runbooks/rds-failover.md --readme README.md --chart tools/pictures/peers.svg $(if $(BENCH_TOOLS),--tools $(BENCH_TOOLS))

bench-serve: ## from saving a page to seeing and finding it, at 1,000 and 5,000 documents (BENCH_DOCS, BENCH_FROM)
	@sh tools/bench-serve.sh

bench-alerts: ## what joining alerts to pages costs on top of a build (BENCH_FROM: folders of pages; BENCH_RULES: one of Prometheus rules)
	@sh tools/bench-alerts.sh

bench-page: ## what a first visit to the heaviest runbook weighs, and that its largest paint comes within a second (on an idle machine)
	$(GO) test -tags 'browser measure' -run '^TestBrowserBudgets$$' -count=1 -v ./cmd/opsbook

search-quality: ## how well, how small and how fast search is, beside Pagefind (npm), and Go against JavaScript in full
	$(GO) test ./search/webindex -run 'Analyzes|EveryPiece' -all -count=1 -v
	$(GO) test ./search/quality -pagefind -scale 5000 -count=1 -timeout 30m -v
	$(GO) test -tags 'browser measure' -run '^TestBrowserSearchMeasured$$' -count=1 -timeout 30m -v ./cmd/opsbook

screenshots: setup ## pictures of the README, and a contact sheet of every kind of page in bin/contact-sheet
	$(GO) test -tags 'browser screenshots' -run '^TestScreenshots$$' -count=1 -timeout 20m ./cmd/opsbook

run-every: setup ## run every page with steps of the example and of the collections beside this checkout, in a browser (takes long)
	OPSBOOK_EVERY=1 $(GO) test -tags browser -run '^TestBrowserEveryPageWithStepsIsRun$$' -count=1 -timeout 40m -v ./cmd/opsbook

release: ## binaries for every platform, notices, checksums and a bill of materials in bin/release (VERSION names it)
	cd tools && $(GO) run ./release $(if $(VERSION),-version $(VERSION))

release-check: ## the same, built twice from different folders and compared byte by byte
	cd tools && $(GO) run ./release -check $(if $(VERSION),-version $(VERSION)) $(if $(PLATFORMS),-platforms $(PLATFORMS))

offline-cost: ## bytes and time of the copy in the browser at 60 and 1,000 documents
	$(GO) test -tags browser -run '^TestOfflineCost$$' -count=1 -timeout 10m -v ./cmd/opsbook

publish-soak: ## kill publishing after every pair of writes (takes long)
	OPSBOOK_SOAK=1 CI=true $(GO) test -count=1 -timeout 60m -run Kill ./internal/publish

audit: ## hold the modules against go.sum and the known vulnerabilities (says so if their list is out of reach)
	@sh tools/audit.sh

notices: ## the terms of everything that is linked into the program, in bin/NOTICES.txt
	cd tools && $(GO) run ./release -notices bin/NOTICES.txt

fuzz: ## run every fuzz target for a minute (FUZZTIME=10m or 1000000x for longer)
	@sh tools/fuzz.sh

reproducible: ## build two clones of a repository on different terms and compare all bytes
	$(GO) test -run '^TestReproducible$$' -count=1 -v ./cmd/opsbook

kill-soak: setup ## kill 50 builds while they parse, render, write and swap, beside a reader (takes long)
	OPSBOOK_SOAK=1 $(GO) test -run '^TestBuildKilled$$' -count=1 -timeout 60m -v ./cmd/opsbook

clean: ## remove what was made
	rm -rf bin content/.opsbook
	find public -mindepth 1 -not -name .gitignore -delete
