#!/usr/bin/env bash
# Checks Terraform with OpenTofu, built from the Go module proxy: formatted? valid? and its *.tftest.hcl tests; leaves nothing in DIR.
#
#   responses/tools/tofu.sh check DIR...
#
# The provider registry may be out of reach: `init` installs tfprovider (beside this file), a real provider's schema and nothing else.
set -euo pipefail

# name version module-that-holds-the-schema: crossplane's providers are generated from Terraform's, at these versions.
providers=(
  "aws    5.82.2 github.com/upbound/provider-aws@v1.23.0"
  "google 5.45.2 github.com/upbound/provider-gcp@v1.14.0"
)
root=$(cd "$(dirname "$0")/../.." && pwd)
cache=$root/.cache/tofu

# install_provider NAME VERSION MODULE: puts the stand-in where `tofu init` looks for providers.
install_provider() {
  local name=$1 version=$2 module=$3 dir scratch source_dir
  dir=$cache/mirror/registry.opentofu.org/hashicorp/$name/$version/$(go env GOOS)_$(go env GOARCH)
  [ ! -e "$dir/schema.json" ] || return 0
  echo "tofu: preparing the schema of hashicorp/$name $version (once)" >&2
  mkdir -p "$(dirname "$dir")"
  scratch=$(mktemp -d "$cache/new.XXXXXX")
  # Go checks the sum against the checksum database. From /: inside a module it would write into that go.sum.
  source_dir=$(cd / && GOWORK=off go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  go -C "$root/responses/tools" build -trimpath -o "$scratch/terraform-provider-${name}_v$version" ./tfprovider
  cp "$source_dir/config/schema.json" "$scratch/schema.json"
  chmod -R u+w "$scratch"
  # A move is atomic: two checks at once cannot see half a folder.
  mv -T "$scratch" "$dir" 2>/dev/null || { [ -e "$dir/schema.json" ] && rm -rf "$scratch"; }
}

# check DIR: in a copy, because init writes .terraform and a lock file with the stand-in's hash.
check() {
  local copy status=0
  "$tofu" fmt -check -diff -recursive "$1" || { echo "not formatted: $1 (tofu fmt)"; return 1; }
  copy=$(mktemp -d "$cache/check.XXXXXX")
  cp -rL "$1/." "$copy"
  rm -rf "$copy"/.terraform*
  # The types that its files name: the stand-in leaves out the others.
  TFPROVIDER_TYPES=$(grep -rhoE --include='*.tf' --include='*.hcl' '\b(aws|google)_[a-z0-9_]+' "$copy" | sort -u | tr '\n' ' ' || true)
  export TFPROVIDER_TYPES
  if "$tofu" -chdir="$copy" init -backend=false -input=false -no-color >"$copy/init.log" 2>&1; then
    "$tofu" -chdir="$copy" validate -no-color && "$tofu" -chdir="$copy" test -no-color -compact-warnings || status=$?
  else
    status=$?
    cat "$copy/init.log"
  fi
  rm -rf "$copy"
  return "$status"
}

[ "${1:-}" = check ] || { echo "usage: tofu.sh check DIR..." >&2; exit 2; }
mkdir -p "$cache"
tofu=$(go -C "$root/responses/tools/opentofu" tool -n tofu)
export CHECKPOINT_DISABLE=1 # no call home for a newer version
for provider in "${providers[@]}"; do
  # shellcheck disable=SC2086 # three words
  install_provider $provider
done
echo "provider_installation { filesystem_mirror { path = \"$cache/mirror\" } }" >"$cache/tofu.rc.$$"
mv "$cache/tofu.rc.$$" "$cache/tofu.rc"
export TF_CLI_CONFIG_FILE=$cache/tofu.rc
for dir in "${@:2}"; do check "$dir"; done
