#!/usr/bin/env bash
# Prints a Markdown table of Ginkgo's JUnit reports in a folder.
#
#   .github/junit-summary.sh DIR
set -euo pipefail

# number ATTRIBUTE FILE: the attribute of the report's outermost element.
number() { grep -m 1 '<testsuites ' "$2" | sed -nE "s/.* $1=\"([0-9.]+)\".*/\1/p"; }

echo '| suite | specs | failed | skipped | seconds |'
echo '|---|---:|---:|---:|---:|'
for report in "$1"/*.xml; do
  [ -e "$report" ] || continue
  failed=$(($(number failures "$report") + $(number errors "$report")))
  echo "| $(basename "$report" .xml) | $(number tests "$report") | $failed | $(number disabled "$report") | $(number time "$report") |"
done
