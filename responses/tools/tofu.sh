#!/usr/bin/env bash
# Runs OpenTofu, built from the Go module proxy.
#
#   responses/tools/tofu.sh check DIR...   formatted? valid? and its *.tftest.hcl tests; leaves nothing in DIR
#   responses/tools/tofu.sh ARGS...        any other tofu command, as it is
#
# Providers: the registry may be out of reach, so `init` installs tfprovider (beside this file), which has the
# real provider's schema and nothing else. Names, types, required attributes and block counts are then checked
# by OpenTofu; allowed values, formats and conflicts, which only the real provider knows, are not.
# With internet, RESPONSES_REAL_PROVIDERS=1 uses the real providers instead.
set -euo pipefail

# name version module-that-holds-the-schema: crossplane's providers are generated from Terraform's, at these versions.
providers=(
  "aws    5.82.2 github.com/upbound/provider-aws@v1.23.0"
  "google 5.45.2 github.com/upbound/provider-gcp@v1.14.0"
)

root=$(cd "$(dirname "$0")/../.." && pwd)
cache=$root/.cache/tofu
mirror=$cache/mirror

# install_provider NAME VERSION MODULE: puts the stand-in where `tofu init` looks for providers.
install_provider() {
  local name=$1 version=$2 module=$3 dir scratch source_dir
  dir=$mirror/registry.opentofu.org/hashicorp/$name/$version/$(go env GOOS)_$(go env GOARCH)
  [ ! -e "$dir/schema.json" ] || return 0
  echo "tofu: preparing the schema of hashicorp/$name $version (once)" >&2
  mkdir -p "$(dirname "$dir")" "$cache"
  scratch=$(mktemp -d "$cache/new.XXXXXX")
  # Go checks the sum against the checksum database. From /: inside a module it would write into that go.sum.
  source_dir=$(cd / && GOWORK=off go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  mkdir "$scratch/provider"
  go -C "$root/responses/tools" build -trimpath -o "$scratch/provider/terraform-provider-${name}_v$version" ./tfprovider
  cp "$source_dir/config/schema.json" "$scratch/provider/schema.json"
  # A move is atomic: two checks at once cannot see half a folder.
  mv -T "$scratch/provider" "$dir" 2>/dev/null || [ -e "$dir/schema.json" ]
  chmod -R u+w "$scratch"
  rm -rf "$scratch"
}

use_schema_providers() {
  local entry fields names=()
  for entry in "${providers[@]}"; do
    read -ra fields <<<"$entry"
    install_provider "${fields[@]}"
    names+=("\"registry.opentofu.org/hashicorp/${fields[0]}\"")
  done
  local list
  list=$(IFS=,; echo "${names[*]}")
  cat >"$cache/tofu.rc.$$" <<EOF
provider_installation {
  filesystem_mirror {
    path    = "$mirror"
    include = [$list]
  }
  direct {
    exclude = [$list]
  }
}
EOF
  mv "$cache/tofu.rc.$$" "$cache/tofu.rc"
  export TF_CLI_CONFIG_FILE=$cache/tofu.rc
}

# types_in DIR: the resource and data source types that its files name.
types_in() { grep -rhoE --include='*.tf' --include='*.hcl' '\b(aws|google)_[a-z0-9_]+' "$1" | sort -u | tr '\n' ' ' || true; }

# check DIR: in a copy, because init writes .terraform and a lock file with the stand-in's hash.
check() {
  local dir=$1 copy status=0
  "$tofu" fmt -check -diff -recursive "$dir" || { echo "not formatted: $dir (tofu fmt)"; return 1; }
  copy=$(mktemp -d "$cache/check.XXXXXX")
  cp -rL "$dir/." "$copy"
  rm -rf "$copy"/.terraform*
  TFPROVIDER_TYPES=$(types_in "$copy")
  export TFPROVIDER_TYPES
  {
    "$tofu" -chdir="$copy" init -backend=false -input=false -no-color >"$copy/init.log" 2>&1 || { cat "$copy/init.log"; false; }
  } && "$tofu" -chdir="$copy" validate -no-color || status=$?
  if [ "$status" -eq 0 ] && [ -n "$(find "$copy" -path '*/.terraform' -prune -o -name '*.tftest.hcl' -print)" ]; then
    "$tofu" -chdir="$copy" test -no-color -compact-warnings || status=$?
  fi
  rm -rf "$copy"
  return "$status"
}

mkdir -p "$cache"
tofu=$(go -C "$root/responses/tools/opentofu" tool -n tofu)
if [ -z "${RESPONSES_REAL_PROVIDERS:-}" ]; then use_schema_providers; fi
# No call home for a newer version.
export CHECKPOINT_DISABLE=1

if [ "${1:-}" != check ]; then exec "$tofu" "$@"; fi
shift
for dir in "$@"; do check "$dir"; done
