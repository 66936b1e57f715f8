#!/usr/bin/env bash
# Prints a Markdown table of Ginkgo's JUnit reports in a folder.
#
#   .github/junit-summary.sh DIR
set -euo pipefail

# number ATTRIBUTE FILE: a number of the report's suite.
number() { grep -m 1 '<testsuite ' "$2" | sed -nE "s/.* $1=\"([0-9.]+)\".*/\1/p"; }

echo '| suite | specs | failed | skipped | seconds |'
echo '|---|---:|---:|---:|---:|'
for report in "$1"/*.xml; do
  [ -e "$report" ] || continue
  failed=$(($(number failures "$report") + $(number errors "$report")))
  seconds=$(number time "$report")
  echo "| $(basename "$report" .xml) | $(number tests "$report") | $failed | $(number skipped "$report") | ${seconds%.*} |"
done
