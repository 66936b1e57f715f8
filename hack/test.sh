#!/usr/bin/env bash
# Runs Ginkgo suites: hack/test.sh [go test flags] PACKAGES. With JUNIT_DIR set, their reports go
# to that folder, one file a package.
set -euo pipefail
cd "$(dirname "$0")/.."

flags=(-count=1 -ginkgo.randomize-all -ginkgo.fail-on-pending -ginkgo.silence-skips=false)
if [[ "$(go env CGO_ENABLED)" == 1 ]] && command -v "$(go env CC)" >/dev/null; then
  flags+=(-race)
else
  echo "hack/test.sh: no C compiler, so without the race detector" >&2
fi
if [[ -n "${JUNIT_DIR:-}" ]]; then
  flags+=(-ginkgo.junit-report=junit.xml) # in each package's folder
  trap 'collect' EXIT
fi

collect() {
  mkdir -p "$JUNIT_DIR"
  find . -name junit.xml -not -path "./.cache/*" | while read -r report; do
    name=${report#./} && name=${name%/junit.xml}
    mv "$report" "$JUNIT_DIR/${name//\//-}.xml"
  done
}

go test "$@" "${flags[@]}"
