# Shared by try.sh and measure.sh: a base image, an index for pip and a build context; all removed at the end.
# shellcheck shell=bash
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export DOCKER_BUILDKIT=0 # the classic builder needs no plugin; nothing in the Dockerfiles needs the other
run=image-build-$$       # the prefix of every name, and a label that every image and container inherits
work=$(mktemp -d)
index_pid=

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

# remove_images KEPT: all of this run, but the one with the ID KEPT.
remove_images() {
  # -a lists also what a failed build left. A parent goes only after its children, hence the passes.
  for _ in 1 2 3 4 5 6; do
    docker images -aq --filter "label=check=$run" | sort -u | grep -vxF "$1" | xargs -r docker rmi -f >/dev/null 2>&1 || true
  done
}

cleanup() {
  local status=$?
  set +e
  [ -z "$index_pid" ] || kill "$index_pid"
  docker ps -aq --filter "label=check=$run" | xargs -r docker rm -f >/dev/null
  remove_images none
  [ -z "$(docker images -aq --filter "label=check=$run")" ] || { echo "FAIL: images left, label check=$run" >&2; status=1; }
  rm -rf "$work"
  exit "$status"
}

# build NAME DOCKERFILE [FLAGS...]: the log is shown on failure.
build() {
  local name=$1 dockerfile=$2
  shift 2
  docker build --force-rm --network host -t "$run:$name" -f "$work/context/$dockerfile" \
    --build-arg "BASE=$run:base" --build-arg "PIP_INDEX_URL=$index" "$@" "$work/context" >"$work/$name.log" 2>&1 ||
    { tail -n 40 "$work/$name.log" >&2; return 1; }
}

# Debian from its packages, and wheels made from its python3-* packages in place of PyPI's.
offline_base() {
  local tar=$root/.cache/image-build/trixie.tar
  if [ ! -s "$tar" ]; then
    local sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo)
    "$root/hack/apt.sh" mmdebstrap debian-archive-keyring
    mkdir -p "${tar%/*}"
    # As Debian's own slim image: no documents and translations, and no fsync for each file.
    "${sudo[@]}" mmdebstrap --quiet --format=tar --variant=minbase \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io trixie - >"$tar.new" # the file is then of whoever runs this
    mv "$tar.new" "$tar"
  fi
  docker import --change "LABEL check=$run" \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' "$tar" "$run:base" >/dev/null

  # decorator: Debian takes the copy of it out of prometheus-client.
  local packages=(blinker click decorator flask gunicorn itsdangerous jinja2 markupsafe packaging prometheus-client werkzeug)
  printf 'FROM %s\nWORKDIR /debs\nRUN apt-get update && apt-get download %s\n' \
    "$run:base" "$(printf 'python3-%s ' "${packages[@]}" six)" |
    docker build --network host -t "$run:debs" - >"$work/debs.log" 2>&1 || { tail "$work/debs.log" >&2; fail "no Debian packages"; }
  docker create --name "$run-debs" "$run:debs" true >/dev/null
  docker cp -q "$run-debs:/debs" "$work/debs"
  docker rm "$run-debs" >/dev/null
  python3 "$here/offline_index.py" "$work/debs" "$work/index" "$work/context/requirements.txt" "${packages[@]}"
  python3 "$here/offline_index.py" "$work/debs" "$work/index" "$work/context/requirements-python2.txt" six
  : >"$work/index.log" # so that it is there when the loop below reads it
  python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$work/index" >"$work/index.log" 2>&1 &
  index_pid=$!
  local port=
  for _ in $(seq 50); do
    port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/index.log")
    [ -z "$port" ] || break
    sleep 0.1
  done
  index="http://127.0.0.1:$port"
}

setup() {
  trap cleanup EXIT
  mkdir "$work/context"
  cp -R "$here/app" "$here/.dockerignore" "$here"/Dockerfile.* "$here"/requirements*.txt "$work/context"
  local pinned
  pinned=$(sed -n 's/^ARG BASE=//p' "$here/Dockerfile.efficient")
  if timeout 300 docker pull -q "$pinned" >/dev/null 2>&1; then
    printf 'FROM %s\nLABEL check=%s\n' "$pinned" "$run" | docker build -q -t "$run:base" - >/dev/null
    index=https://pypi.org/simple
  else
    offline_base
    echo "offline: NOT checked: $pinned, and the download from PyPI of what the locks pin, because neither registry answers;" \
      "used instead: Debian trixie by mmdebstrap, with wheels and locks made from its python3-* packages"
  fi
}
