#!/usr/bin/env bash
# Runs a test binary as `go test -exec` asks it to: until the first spec that fails, which is all
# that a mutant needs, and first those that take no time.
set -euo pipefail

slow='any inventory|ten thousand|own package|no rune'
if [[ "$*" == *-test.coverprofile* ]]; then
  exec "$@"
fi
"$@" -ginkgo.fail-fast -ginkgo.skip="$slow"
exec "$@" -ginkgo.fail-fast -ginkgo.focus="$slow"
