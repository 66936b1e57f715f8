# Every target is one line into the tools or into hack/; `make` tells what there is.

SHELL := bash
TOOL  := go tool -modfile=hack/tools/go.mod

# So builds are the same wherever modules are, and a cache that another user has filled has them.
export GOFLAGS := $(strip $(shell go env GOFLAGS 2>/dev/null) -trimpath)

.DEFAULT_GOAL := help
.PHONY: help build run test unit integration matrix lint fmt e2e image docs bench mutants fuzz benchmarks responses dev-environments vulncheck clean

help: ## tell what each target does
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

build: ## build bin/dkr-ls
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/ ./cmd/dkr-ls

run: ## run dkr-ls: make run ARGS="tags --sum"
	@go run ./cmd/dkr-ls $(ARGS)

test: unit integration ## run all specs: unit, then integration

unit: ## run the specs that need no engine
	hack/unit-setup.sh
	hack/test.sh ./cmd/... ./lister/... ./hack/matrix/... ./hack/mutants/... ./hack/repository/...

integration: ## run the specs on a real engine, which they start in a container
	hack/test-setup.sh
	hack/test.sh -v -timeout 20m ./integration/...

matrix: ## run the integration specs on every engine that can be had, and write the README's table of engines
	hack/test-setup.sh
	go run ./hack/matrix

lint: ## check code, scripts, workflows and module files
	hack/lint.sh

fmt: ## format the code
	$(TOOL) golangci-lint fmt

e2e: ## run the six examples on a real engine, for a person to read, and try the container image
	hack/e2e.sh
	hack/image-check.sh

image: ## build the container image dkr-ls
	hack/image.sh

docs: ## write the man page and the README's tables of flags anew
	go test ./cmd/dkr-ls -count=1 -ginkgo.focus='the documentation' -update

bench: ## measure dkr-ls against docker images, on a stand-in engine and on a real one
	hack/bench.sh
	hack/bench-real.sh

mutants: ## see whether the unit specs notice small changes to the program
	go run ./hack/mutants

fuzz: ## fuzz what reads text from outside, for 20 seconds each
	hack/fuzz.sh

benchmarks: ## run the Go benchmarks once
	go test -run '^$$' -bench . -benchtime 1x ./lister/...

responses: ## check the written answers in responses/ with real tools
	responses/tools/all.sh

dev-environments: ## try the development environments of responses/ on a private Kubernetes (Linux, root)
	responses/dev-environments/test/try.sh

vulncheck: ## look the dependencies up in Go's vulnerability database
	$(TOOL) govulncheck ./...

clean: ## remove what the other targets have made here
	rm -rf bin dist .cache
