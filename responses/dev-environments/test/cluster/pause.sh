#!/usr/bin/env bash
# Prints an image that holds one static program, as `docker save` would: what keeps a pod's namespaces open.
#
#   pause.sh IMAGE PROGRAM
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tar --create --file "$work/layer.tar" --directory "$(dirname "$2")" "$(basename "$2")"
digest=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
cat >"$work/config.json" <<END
{
  "architecture": "$(dpkg --print-architecture)", "os": "linux",
  "config": {"Entrypoint": ["/$(basename "$2")", "-P"], "User": "65535"},
  "rootfs": {"type": "layers", "diff_ids": ["sha256:$digest"]}
}
END
echo '[{"Config": "config.json", "RepoTags": ["'"$1"'"], "Layers": ["layer.tar"]}]' >"$work/manifest.json"
tar --create --directory "$work" manifest.json config.json layer.tar
