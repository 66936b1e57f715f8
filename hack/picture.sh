#!/usr/bin/env bash
# Draws the README's picture of a terminal, cmd/dkr-ls/docs/terminal.svg, from a run on a real engine that holds
# the examples' images. The integration specs type its commands, and compare.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

engine=dkr-ls-picture-$$
work=$(mktemp -d)
cleanup() {
  docker rm --force --volumes "$engine" >/dev/null 2>&1 || true
  docker network rm "$engine" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

go build -o "$work/" ./cmd/dkr-ls ./hack/seed
image=$(hack/engine-image.sh trixie)
# The containerd store would show what an image takes on disk as its SIZE.
address=$(hack/engine-container.sh "$engine" "$image" '{"features": {"containerd-snapshotter": false}}')
"$work/seed" | docker --host "$address" load >/dev/null

while IFS= read -r line; do
  echo "\$ $line"
  env -u DOCKER_CONTEXT DOCKER_HOST="$address" PATH="$work:$PATH" bash -c "$line"
done <<'END' >"$work/transcript"
dkr-ls tags
dkr-ls tags --maxTags 1 --prefix nginx --prefix debian --sum
dkr-ls repos --sort size --format 'table {{.Repository}}\t{{.Tags}}\t{{.Size}}'
END

# A character of 14 px is 8.43 px wide in the fonts that are named, or in those that stand in for them.
awk '
  { gsub(/&/, "\\&amp;"); gsub(/</, "\\&lt;"); gsub(/>/, "\\&gt;"); line[NR] = $0; if (length > width) width = length }
  END {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" viewBox=\"0 0 %d %d\"\n", width * 8.43 + 32, NR * 20 + 32
    print "  font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, Liberation Mono, DejaVu Sans Mono, monospace\" font-size=\"14\" fill=\"#d0d7de\">"
    print "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#161b22\"/>"
    for (i = 1; i <= NR; i++) {
      style = line[i] ~ /^\$ / ? " fill=\"#7ee787\"" : ""
      printf "<text x=\"16\" y=\"%d\"%s>%s</text>\n", i * 20 + 10, style, line[i]
    }
    print "</svg>"
  }' "$work/transcript" >cmd/dkr-ls/docs/terminal.svg
