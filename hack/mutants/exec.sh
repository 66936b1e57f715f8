#!/usr/bin/env bash
# Runs a test binary as `go test -exec` asks it to: until the first spec that fails, which is all
# that a mutant needs.
exec "$@" -ginkgo.fail-fast
