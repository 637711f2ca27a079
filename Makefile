# rocketmq-go. Run `make` or `make help` for the list of targets.
SHELL       := /bin/bash
GO          ?= go
TOOLS       := $(CURDIR)/.cache/bin
LINT_VERSION := v2.15.0
FUZZTIME    ?= 10s
VERSIONS    ?= 4.5.2 4.9.7 5.1.4 5.4.0
PLATFORMS   := windows/amd64 windows/arm64 linux/amd64 linux/arm64 linux/386 darwin/amd64 darwin/arm64
STAMP       := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: test
test: ## Run all tests of the library on the embedded broker, with the race detector, and the allocation budgets without (no Java needed)
	$(GO) test -race -shuffle=on -timeout 15m ./...
	@$(MAKE) --no-print-directory budgets
	@if command -v java >/dev/null && command -v mvn >/dev/null; \
		then echo "not part of this target: the suites against real brokers (make conformance interop real load)"; \
		else echo "SKIPPED: the suites against real brokers (make conformance interop real load), because java and mvn are not installed"; fi

.PHONY: test-386
test-386: ## Run the tests on a 32-bit platform, where 64-bit atomics must be aligned
	CGO_ENABLED=0 GOARCH=386 $(GO) test -timeout 15m ./...

.PHONY: budgets
budgets: ## Check the allocation budgets, and ten million ids (without the race detector, which allocates and is slow)
	$(GO) test -count=1 -run 'Budget|Alloc|NoDuplicateIDs' ./...

.PHONY: bench
bench: ## Run the Go benchmarks of the hot paths
	$(GO) test -run '^$$' -bench . -benchmem ./producer ./consumer ./internal/remote/...

# The suites below start real brokers as child processes on loopback ports. They
# fetch Apache RocketMQ with Maven; without Java they skip, with CI=true they fail.
# They run in their own folders, because go test then shows their output.
.PHONY: jars
jars: ## Fetch the jars of the real brokers and of the Java client
	cd test/broker && $(GO) test -count=1 -timeout 20m -run '^TestJars$$'

.PHONY: conformance
conformance: ## Run the behaviour cases on the embedded broker and on the real brokers of VERSIONS; prints case x version
	cd test && ROCKETMQ_VERSIONS="$(VERSIONS)" $(GO) test -count=1 -timeout 30m -run '^TestConformance$$'

.PHONY: real
real: ## Access control, TLS, a broker's restart and slaves, on real brokers
	cd test && $(GO) test -count=1 -timeout 20m -skip '^TestConformance$$' . ./broker

.PHONY: interop
interop: ## Exchange messages with the Java client and rocketmq-client-go v2, on real brokers and on the embedded one
	cd test/interop && $(GO) test -count=1 -timeout 20m -v

.PHONY: load
load: ## 200,000 messages through a group that changes, 200 start-stop cycles, a quick retry: on a real broker
	cd test/load && $(GO) test -count=1 -timeout 20m -v

.PHONY: vectors
vectors: ## Regenerate the golden vectors from the Java classes (needs Java and Maven)
	./scripts/vectors.sh

.PHONY: fuzz
fuzz: ## Fuzz every decoder for FUZZTIME each
	GO="$(GO)" FUZZTIME=$(FUZZTIME) ./scripts/fuzz.sh

.PHONY: cross
cross: ## Build every package and test binary for all supported platforms, without cgo
	@set -e; for p in $(PLATFORMS); do \
		echo "build $$p"; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build ./...; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) vet ./...; \
	done

.PHONY: build
build: ## Build the command-line tool into bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(STAMP)" -o bin/rmq ./cmd/rmq

LINTER := $(TOOLS)/golangci-lint

.PHONY: lint
lint: $(LINTER) ## gofmt, go vet, golangci-lint (with staticcheck), in every module
	@test -z "$$(gofmt -l .)" || { echo "not formatted:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(LINTER) run ./...
	cd test && $(GO) vet ./... && $(LINTER) run --config ../.golangci.yml ./...

$(LINTER):
	mkdir -p $(TOOLS)
	GOBIN=$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

.cache/bin/golangci-lint: $(LINTER)

.PHONY: prove-gates
prove-gates: ## Show that the leak, race, import, allocation and conformance gates can fail
	./scripts/prove-gates.sh

.PHONY: tidy
tidy: ## Check that go.mod and go.sum of every module are tidy
	@for m in $$(git ls-files '*go.mod'); do (cd $$(dirname $$m) && $(GO) mod tidy -diff) || exit 1; done

.PHONY: ci
ci: ## Everything that CI runs
	.ci/run
