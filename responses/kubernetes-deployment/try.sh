#!/usr/bin/env bash
# Tries the deployment, its exposure and the pipeline's deploy.sh on a private Kubernetes, and removes it. Linux, root.
#
#   try.sh [ARCHIVE]     ARCHIVE: toolbox:built, as ../image-build/try.sh saves it. Else it is built once, and kept in
#                        .cache/kubernetes-deployment.
#
# The cluster is that of the development environments: real nodes, pods and network policies.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=$root/.cache/kubernetes-deployment
archive=${1:-$cache/toolbox.tar}
cluster=$root/responses/dev-environments/test/cluster/cluster.sh
gateway_api=sigs.k8s.io/gateway-api@v1.5.1 # as in responses/tools/kubeconform.sh
work=$(mktemp -d)
python=/usr/bin/python3 # Debian's and Ubuntu's own: python3-yaml is for this one
"$python" -c 'import yaml' 2>/dev/null || "$root/hack/apt.sh" python3-yaml

say() { echo "try.sh: $* ($SECONDS s)" >&2; }
cleanup() {
  [ -z "${up:-}" ] || "$cluster" down
  docker rmi -f toolbox:broken gateway.test/traefik:trial ${loaded:+toolbox:built} >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

mkdir -p "$cache/bin" "$work/trial"
"$cluster" tools
# build MODULE PACKAGE PROGRAM
build() { CGO_ENABLED=0 go -C "$1" build -trimpath -buildvcs=false -ldflags '-s -w' -o "$cache/bin/$3" "$2"; }
build "$root/responses/tools/registry" github.com/distribution/distribution/v3/cmd/registry registry
build "$root/responses/tools/traefik" github.com/traefik/traefik/v3/cmd/traefik traefik
build "$root/responses/tools/gojq" github.com/itchyny/gojq/cmd/gojq jq
build "$here/trial/issuer" . issuer
[ -s "$archive" ] || "$here/../image-build/try.sh" "$archive"
say "the tools and the image are there"

# A second version, that starts and that nobody can reach: it never becomes ready.
docker image inspect toolbox:built >/dev/null 2>&1 || loaded=yes # then it goes again
docker load -qi "$archive" >/dev/null
printf 'FROM toolbox:built\nENV BIND=127.0.0.1:8080\n' | DOCKER_BUILDKIT=0 docker build -q -t toolbox:broken - >/dev/null
docker save toolbox:built toolbox:broken -o "$work/trial/images.tar"
tar -C "$cache/bin" -c traefik | docker import --change 'ENTRYPOINT ["/traefik"]' - gateway.test/traefik:trial >/dev/null
mkdir "$work/trial/responses"
cp -R "$here/../kubernetes-deployment" "$here/../image-ci" "$work/trial/responses"
cp "$here/../cve-scan/admission-policy.yaml" "$cache"/bin/{registry,issuer,jq} "$work/trial"
# The workflow's step as it is.
"$python" -c 'import sys, yaml; print(next(s["run"] for s in yaml.safe_load(open(sys.argv[1]))["jobs"]["deploy"]["steps"] if s.get("name") == "Deploy"))' \
  "$here/../image-ci/workflow.yaml" >"$work/trial/deploy-step.sh"
crds=$(cd / && GOWORK=off go mod download -json "$gateway_api" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
cp -R "$crds/config/crd/standard" "$work/trial/gateway-api"
chmod -R u+w "$work/trial"

up=yes
"$cluster" up
"$cluster" load gateway.test/traefik:trial
tar -C "$work" -c trial | "$cluster" run tar -x -C /root
"$cluster" run bash /root/trial/responses/kubernetes-deployment/trial/inside.sh
say "passed"
