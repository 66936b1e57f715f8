#!/usr/bin/env bash
# Prints a Markdown table of the suites in Ginkgo's JUnit reports in a folder.
#
#   .github/junit-summary.sh DIR
set -euo pipefail

echo '| suite | specs | failed | skipped | seconds |'
echo '|---|---:|---:|---:|---:|'
sed -nE 's/.*<testsuite name="([^"]*)" .* tests="([0-9]+)" .* skipped="([0-9]+)" errors="([0-9]+)" failures="([0-9]+)" time="([0-9]+).*/\1 \2 \4 \5 \3 \6/p' "$1"/*.xml |
  while read -r suite specs errors failures skipped seconds; do
    echo "| $suite | $specs | $((errors + failures)) | $skipped | $seconds |"
  done
