# `make` lists the targets. What takes more than a few lines is a script in hack/.

SHELL := bash
TOOL  := go tool -modfile=hack/tools/go.mod

# Ginkgo's own command, of the version in go.mod. With JUNIT_DIR set, it writes a report there. `make lint` vets.
GINKGO = $(if $(RACES),,CGO_ENABLED=0) go run github.com/onsi/ginkgo/v2/ginkgo -r -p --randomize-all --randomize-suites \
  --fail-on-pending --fail-on-empty --keep-going --poll-progress-after=2m --vet=off $(RACES) \
  $(if $(JUNIT_DIR),--output-dir=$(JUNIT_DIR) --junit-report=$@.xml)
COMPILING = @echo "make: compiling the specs, which takes a minute or two where no cache has them" >&2

# CI looks for data races too, where Go can. That compiles everything anew; else the specs share what the program is built of.
RACE ?= $(CI)
RACES = $(if $(filter true,$(RACE)),$(if $(filter 1,$(shell go env CGO_ENABLED)),--race))

# So builds are the same wherever modules are, and a cache that another user has filled has them.
export GOFLAGS := $(strip $(shell go env GOFLAGS 2>/dev/null) -trimpath)

# Where `make install` puts what, and packagers' DESTDIR before it.
PREFIX    ?= /usr/local
INSTALLED  = bin/dkr-ls share/man/man1/dkr-ls.1 share/bash-completion/completions/dkr-ls \
  share/zsh/site-functions/_dkr-ls share/fish/vendor_completions.d/dkr-ls.fish

.DEFAULT_GOAL := help
.PHONY: help build install uninstall test unit integration shells engine matrix lint fmt e2e image docs bench mutants fuzz responses

help: ## say what each target does
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

build: ## build bin/dkr-ls
	CGO_ENABLED=0 go build -tags nethttpomithttp2 -ldflags '-s -w -funcalign=16' -o bin/ ./cmd/dkr-ls

# What is built is installed as it is: root may have no Go.
bin/dkr-ls:
	$(MAKE) build

install: bin/dkr-ls ## install program, man page and completions under PREFIX, /usr/local
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,$(sort $(dir $(INSTALLED))))
	install bin/dkr-ls $(DESTDIR)$(PREFIX)/bin
	install -m 644 cmd/dkr-ls/dkr-ls.1 $(DESTDIR)$(PREFIX)/share/man/man1
	cd cmd/dkr-ls/completions && install -m 644 bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/dkr-ls
	cd cmd/dkr-ls/completions && install -m 644 zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_dkr-ls
	cd cmd/dkr-ls/completions && install -m 644 fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/dkr-ls.fish

uninstall: ## remove what install has put under PREFIX
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,$(INSTALLED))

test: ## run all specs: unit, then integration
	@$(MAKE) --no-print-directory --jobs=2 unit engine # the engine's image is made while the specs compile
	@$(MAKE) --no-print-directory integration

unit: shells ## run the specs that need no engine
	$(COMPILING)
	$(GINKGO) --timeout=15m cmd lister hack/repository

integration: ## run the specs on a real engine, which they start in a container
	@hack/engine-image.sh >/dev/null # makes or pulls it where it is missing, and says so
	$(COMPILING)
	$(GINKGO) --timeout=20m --label-filter='!image' integration

shells:
	@hack/apt.sh bash zsh fish || echo "make: so completion is tried in those shells that are here" >&2

# After the shells, as apt-get update does not wait for another one.
engine: shells
	@hack/engine-image.sh >/dev/null

matrix: ## run the integration specs on every engine that can be had, and write the table of engines
	hack/matrix.sh

lint: ## check code, scripts, workflows, module files and the release's settings
	go mod tidy -diff
	$(TOOL) golangci-lint run
	GOOS=darwin go vet ./...
	GOOS=windows go vet ./cmd/... ./lister/... ./integration/... ./hack/repository/...
	command -v shellcheck >/dev/null || hack/apt.sh shellcheck
	git ls-files -z '*.sh' .ci/run cmd/dkr-ls/completions/bash ':!responses' | xargs -0 shellcheck --external-sources --source-path=SCRIPTDIR
	go tool -modfile=hack/tools/actionlint/go.mod actionlint
	go tool -modfile=hack/tools/goreleaser/go.mod goreleaser check

fmt: ## format the code
	$(TOOL) golangci-lint fmt

e2e: ## run the six examples on a real engine, for a person to read
	hack/e2e.sh

image: ## build the container image dkr-ls, and try it on a real engine
	hack/image.sh
	$(GINKGO) --timeout=20m --label-filter=image integration

docs: ## write the man page and the reference's tables anew
	go test ./cmd/dkr-ls -count=1 -ginkgo.focus='the documentation' -update

bench: ## measure dkr-ls against docker images, on a stand-in engine and on a real one
	hack/bench.sh

mutants: ## change the program in many small ways, and list the changes that no unit spec notices
	hack/mutants.sh $(if $(SINCE),'$(SINCE)')

fuzz: ## fuzz what reads text from outside, for 20 seconds each
	hack/fuzz.sh

responses: ## check the written answers in responses/ with real tools
	responses/tools/all.sh
