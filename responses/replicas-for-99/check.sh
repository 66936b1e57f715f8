#!/usr/bin/env bash
# Formula and simulation agree, and the table in README.md is what the program prints.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."

go vet ./replicas-for-99
go test ./replicas-for-99 >/dev/null || { go test ./replicas-for-99; exit 1; }
echo "ok: 2 replicas suffice, the limits of shared causes, simulation against formula (go test)"

while IFS= read -r line; do
  grep -Fxq -- "$line" "$here/README.md" || { echo "FAIL: README.md lacks the line: $line" >&2; exit 1; }
done < <(go run ./replicas-for-99)
echo "ok: README.md shows the program's table"
