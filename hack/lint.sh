#!/usr/bin/env bash
# Checks everything that can be checked without running it. Its tools are built from pinned modules,
# but for shellcheck, a package of the system.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { echo "lint: $*" >&2; }

step "go.mod and go.sum are tidy"
go mod tidy -diff
step "Go: golangci-lint"
go tool -modfile=hack/tools/go.mod golangci-lint run
step "Go for macOS and Windows: vet"
GOOS=darwin go vet ./...
GOOS=windows go vet ./cmd/... ./lister/... ./integration/... ./hack/repository/...
step "shell scripts: shellcheck"
command -v shellcheck >/dev/null || hack/apt.sh shellcheck
git ls-files -z --cached --others --exclude-standard '*.sh' .ci/run cmd/dkr-ls/completions/bash | xargs -0 shellcheck --external-sources --source-path=SCRIPTDIR
step "workflows: actionlint"
go tool -modfile=hack/tools/actionlint/go.mod actionlint
