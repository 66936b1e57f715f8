#!/usr/bin/env bash
# Runs promtool, of Debian's or Ubuntu's `prometheus` package: responses/tools/promtool.sh check|test rules FILE...
set -euo pipefail

promtool=$("$(dirname "$0")/debian.sh" prometheus promtool)
exec "$promtool" "$@"
