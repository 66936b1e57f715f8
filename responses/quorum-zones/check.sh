#!/usr/bin/env bash
# The enumeration's tests pass, and the table in README.md is what the program prints.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."

go vet ./quorum-zones
go test ./quorum-zones >/dev/null || { go test ./quorum-zones; exit 1; }
echo "ok: which outages and cuts stop each layout, how likely, how slow (go test)"

while IFS= read -r line; do
  grep -Fxq -- "$line" "$here/README.md" || { echo "FAIL: README.md lacks the line: $line" >&2; exit 1; }
done < <(go run ./quorum-zones)
echo "ok: README.md shows the program's table"
