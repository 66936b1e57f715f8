#!/usr/bin/env bash
# Runs promtool (checks and unit tests of Prometheus rules), whatever its arguments are.
#
#   responses/tools/promtool.sh check rules FILE...
#   responses/tools/promtool.sh test rules FILE...
#
# It is the one of Debian's or Ubuntu's `prometheus` package.
set -euo pipefail

promtool=$("$(dirname "$0")/debian.sh" prometheus promtool)
exec "$promtool" "$@"
