#!/usr/bin/env bash
# Builds and runs the fixed image, and shows the faults of the brief's Dockerfile.
# Needs a Docker engine. With a registry in reach the build is the real one; without, a Debian base made by
# mmdebstrap (root) stands in for the official Python image, and Debian's packages for PyPI.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export DOCKER_BUILDKIT=0 # the classic builder needs no plugin; nothing in the Dockerfile needs the other
run=dockerfile-review-$$ # the prefix of every name, and a label that every image and container inherits
work=$(mktemp -d)
index_pid=

cleanup() {
  local status=$?
  set +e
  [ -z "$index_pid" ] || kill "$index_pid"
  docker ps -aq --filter "label=check=$run" | xargs -r docker rm -f >/dev/null
  # -a lists also what a failed build left. A parent goes only after its children, hence the passes.
  for _ in 1 2 3 4 5 6; do
    docker images -aq --filter "label=check=$run" | sort -u | xargs -r docker rmi -f >/dev/null 2>&1
  done
  [ -z "$(docker images -aq --filter "label=check=$run")" ] || { echo "FAIL: images left, label check=$run" >&2; status=1; }
  rm -rf "$work"
  exit "$status"
}
trap cleanup EXIT

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

keys_in() { # keys_in IMAGE: lists private keys in all its layers; fails if there is one
  docker save "$1" -o "$work/image.tar"
  python3 "$here/find_keys.py" "$work/image.tar"
}

build() { # build NAME FOLDER [FLAGS...]; the log is shown on failure
  local name=$1 folder=$2
  shift 2
  docker build --force-rm --network host -t "$run:$name" "$@" "$folder" >"$work/$name.log" 2>&1 ||
    { tail -n 30 "$work/$name.log" >&2; return 1; }
}

label_base() { echo "LABEL check=$run"; }

offline_base() { # a base as python:slim is for us: python3 and pip; its Debian wheels lie beside it
  local tar=$root/.cache/dockerfile-review/trixie.tar
  if [ ! -f "$tar" ]; then
    local sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo)
    "$root/hack/apt.sh" mmdebstrap debian-archive-keyring
    mkdir -p "${tar%/*}"
    # Without documents and translations: fewer files, faster builds.
    "${sudo[@]}" mmdebstrap --quiet --variant=minbase --include=python3,python3-pip,python3-uvicorn \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/zoneinfo/*' \
      trixie - >"$tar.new" # the file is then of whoever runs this
    mv "$tar.new" "$tar"
  fi
  docker import --change "$(label_base)" \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    "$tar" "$run:base" >/dev/null

  local packages=usr/lib/python3/dist-packages
  tar -C "$work" -xf "$tar" --wildcards "./$packages/uvicorn*" "./$packages/click*" "./$packages/h11*"
  python3 "$here/wheels.py" "$work/$packages" "$work/index" click h11 uvicorn >"$work/context/requirements.txt"
  : >"$work/index.log" # so that it is there when the loop below reads it
  python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$work/index" >"$work/index.log" 2>&1 &
  index_pid=$!
  for _ in $(seq 50); do
    index_port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/index.log")
    [ -z "$index_port" ] || break
    sleep 0.1
  done
  index="http://127.0.0.1:$index_port"
}

# The context, with a key lying about as in the brief. The key is random text: no real one is needed.
mkdir "$work/context"
cp -R "$here/app" "$here/Dockerfile" "$here/.dockerignore" "$here/requirements.txt" "$work/context"
mkdir "$work/context/ssh-keys"
{
  printf -- '-----BEGIN %s PRIVATE KEY-----\n' OPENSSH
  head -c 300 /dev/urandom | base64
} >"$work/context/ssh-keys/id_rsa"

# --- The brief's version: its RUN lines need Alpine's network; the rest can be shown on an empty base.
{
  echo 'FROM scratch'
  label_base
  awk '/^FROM/ {next} /^RUN/ {skip=1} !skip {print} skip && !/\\$/ {skip=0}' "$here/Dockerfile.brief"
  echo 'COPY app/__init__.py /home/user/.ssh/id_rsa' # as `RUN rm` would: a later layer hides the key
} >"$work/brief.dockerfile"
rm "$work/context/.dockerignore"
build brief "$work/context" -f "$work/brief.dockerfile"
docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$run:brief" | grep -qx 'PATH=/.local/bin:.*' ||
  fail "the brief's PATH is not as said"
ok "brief: \${HOME} in its own ENV is empty: PATH starts with /.local/bin"
# shellcheck disable=SC2016 # the dollar sign is what is looked for
docker inspect --format '{{json .Config.Cmd}}' "$run:brief" | grep -q '"--port=$PORT"' || fail "the brief's CMD"
ok "brief: the exec form keeps --port=\$PORT as it is written"
if keys_in "$run:brief" >"$work/keys"; then fail "the search missed the brief's key"; fi
[ "$(grep -c 'home/user/.ssh/id_rsa' "$work/keys")" = 2 ] || fail "expected the key and the file that hides it"
ok "brief: the key is found in its layer, though a later layer hides it"
sh -c 'exit 22 | python3 - --version 1.1.13' || fail "the pipe's status"
ok "brief: a failed download piped into python3 still exits 0"
cp "$here/.dockerignore" "$work/context"
printf 'FROM scratch\n%s\nCOPY . /\n' "$(label_base)" >"$work/all.dockerfile"
build all "$work/context" -f "$work/all.dockerfile"
keys_in "$run:all" >/dev/null || fail "the key passed .dockerignore"
ok "fixed: .dockerignore keeps the key from the engine even with COPY . /"

# --- The fixed version. What it faults in the brief's, it must not do itself: each base that it names is pinned by digest.
image=$(sed -n 's/^ARG PYTHON_IMAGE=//p' "$here/Dockerfile")
while read -r base; do
  [[ $base =~ ^[^:@]+:[^:@]+@sha256:[0-9a-f]{64}$ ]] || fail "the base ${base:-?} has no tag and digest: another image on any day"
done < <(sed -n 's/^FROM \([^ ]*\).*/\1/p' "$here/Dockerfile" | sed "s|\${PYTHON_IMAGE}|$image|")
ok "fixed: its bases are pinned by digest"
if timeout 300 docker pull -q "$image" >/dev/null 2>&1; then
  printf 'FROM %s\n%s\n' "$image" "$(label_base)" | docker build -q -t "$run:base" - >/dev/null
  index=https://pypi.org/simple
else
  offline_base
  echo "offline: NOT checked: $image, and the download from PyPI of what requirements.txt pins, because neither registry answers;" \
    "built instead on Debian trixie, with wheels and a lock made from its uvicorn, click and h11"
fi
flags=(--build-arg "PYTHON_IMAGE=$run:base" --build-arg "PIP_INDEX_URL=$index")
build packages "$work/context" "${flags[@]}" --target packages # named, so that it is removed
build fixed "$work/context" "${flags[@]}"
ok "fixed: builds ($(docker image inspect --format '{{.Size}}' "$run:fixed" | numfmt --to=iec), of that the base $(docker image inspect --format '{{.Size}}' "$run:base" | numfmt --to=iec))"
keys_in "$run:fixed" >"$work/keys" || { cat "$work/keys" >&2; fail "a key in the image"; }
ok "fixed: $(tail -n 1 "$work/keys")"

sed -i '/h11/,/sha256:/ s/sha256:..../sha256:0000/' "$work/context/requirements.txt"
if build tampered "$work/context" "${flags[@]}" --target packages 2>"$work/tampered"; then fail "a wrong hash was installed"; fi
grep -q 'DO NOT MATCH THE HASHES' "$work/tampered" || fail "the build failed for another reason: $(cat "$work/tampered")"
ok "fixed: a package whose hash is not in the lock stops the build"

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
docker run -d --name "$run" --network host --read-only --cap-drop ALL --security-opt no-new-privileges \
  -e UVICORN_HOST=127.0.0.1 -e "UVICORN_PORT=$port" -e UVICORN_WORKERS=2 "$run:fixed" >/dev/null
answer=$(curl -fs --retry 20 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$port/healthz") ||
  { docker logs "$run" >&2; fail "no answer"; }
[ "$answer" = '{"path": "/healthz", "ok": true}' ] || fail "answered $answer"
ok "fixed: answers over HTTP, read-only, without capabilities"
[ "$(docker exec "$run" python3 -c 'import os; print(os.getuid(), os.getgid())')" = '10001 10001' ] || fail "runs as another user"
ok "fixed: runs as 10001, not root"
docker exec "$run" python3 -c 'import uvicorn; assert uvicorn.__file__.startswith("/opt/venv/"), uvicorn.__file__'
ok "fixed: uvicorn comes from the locked environment, not from the base"
[ "$(docker logs "$run" 2>&1 | grep -c 'Started server process')" = 2 ] || fail "UVICORN_WORKERS was not read"
ok "fixed: port and workers are read from the environment, without a shell"
SECONDS=0
docker stop -t 20 "$run" >/dev/null
[ "$SECONDS" -lt 10 ] || fail "did not end on SIGTERM"
ok "fixed: ends on SIGTERM in ${SECONDS} s"

if docker run --rm "$run:fixed" uvicorn --host=0.0.0.0 '--port=$PORT' >"$work/brief-cmd" 2>&1; then fail "the brief's CMD ran"; fi
grep -q "'\$PORT' is not a valid integer" "$work/brief-cmd" || fail "$(cat "$work/brief-cmd")"
if docker run --rm "$run:fixed" uvicorn --host=0.0.0.0 >"$work/brief-cmd" 2>&1; then fail "uvicorn ran without an application"; fi
grep -q "Missing argument 'APP'" "$work/brief-cmd" || fail "$(cat "$work/brief-cmd")"
ok "brief: its CMD fails twice: '\$PORT' is no integer, and no application is named"
