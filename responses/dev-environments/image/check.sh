#!/usr/bin/env bash
# The images' scripts, with a docker that only takes notes. ../test builds and runs one of the images.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAIL: image: $*" >&2; exit 1; }

command -v shellcheck >/dev/null || "$here/../../../hack/apt.sh" shellcheck
shellcheck "$here/entrypoint" "$here/push.sh"
[ "$(sed -n 's/^ARG BASE_IMAGE=//p' "$here/Dockerfile")" = "$(awk '$1 == "debian-13" { print $2 }' "$here/bases")" ] ||
  fail "the Dockerfile's default is not the debian-13 of bases"

digest=sha256:$(printf '%064d' 1)
cat >"$work/docker" <<END
#!/bin/sh
case "\$1 \$2" in
  "image inspect") for last; do :; done; printf '%s\n' "mirror.example.com/other@sha256:2" "\${last%:*}@$digest" ;;
  *) echo "\$*" >>"$work/notes" ;;
esac
END
chmod +x "$work/docker"
line=$(PATH=$work:$PATH "$here/push.sh" registry.example.com/dev r-4.5 sessions)
day=$(date --utc +%F)
[ "$line" = "r-4.5: registry.example.com/dev/environment:r-4.5-$day@$digest
sessions: registry.example.com/dev/sessions:1.0.0@$digest" ] || fail "push.sh says: $line"
[ "$(cut -d ' ' -f 1 "$work/notes" | xargs)" = "build push build push" ] || fail "push.sh does: $(cat "$work/notes")"
grep -q 'BASE_IMAGE=rocker/r-ver:4.5.2' "$work/notes" || fail "push.sh builds from: $(cat "$work/notes")"
echo "ok: image: shellcheck; push.sh builds, pushes, and says the lines of the catalogue"
echo "offline: NOT checked: image: that the registries have the images of bases, uv and micromamba, and that conda-forge answers"
