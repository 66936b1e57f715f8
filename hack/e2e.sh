#!/usr/bin/env bash
# Loads the examples' eight images into a Docker engine, runs the six examples
# there, compares what they print, and removes the images again.
#
#   hack/e2e.sh                      in a throwaway engine, which runs in a container
#   E2E_ENGINE=current hack/e2e.sh   in the engine that docker uses now
#
# DKR_LS_ENGINE_IMAGE names the throwaway engine's image, such as docker:27-dind.
#
# The examples and their texts are integration/testdata/*.cmd and *.txt. Image
# IDs follow from what is in the images, the creation time included: those in
# the texts are replaced by the ones of this run. All else must be the same.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

examples=(repos tags repos-maxTags tags-prefix tags-maxTags-sum tags-minAge-minSize)
official_image=$(hack/pinned-image.sh docker-28) # the same as in integration/image_test.go
start_timeout=60                                 # seconds, for the engine to answer

container=dkr-ls-e2e-$$ # of the throwaway engine
address=                # host:port of its API
on_engine=(env)         # runs a command against the engine that gets the images
seeded=no               # whether the engine may hold images of this run
alone=yes               # whether it held no images before
passed=0
failed=0

say() { echo "e2e: $*"; }
fail() {
  say "error: $*" >&2
  exit 1
}

# --- the engine ---------------------------------------------------------------

present() { docker image inspect "$1" >/dev/null 2>&1; }

# engine_image prints the name of an image with an engine in it: one that is
# here, else the official one, else one made from Debian's packages.
engine_image() {
  local name
  if [ -n "${DKR_LS_ENGINE_IMAGE:-}" ]; then
    echo "$DKR_LS_ENGINE_IMAGE"
    return
  fi
  for name in "$official_image" dkr-ls-engine:trixie dkr-ls-engine:bookworm; do
    if present "$name"; then
      echo "$name"
      return
    fi
  done
  if docker pull "$official_image" >&2; then
    echo "$official_image"
  else
    hack/engine-image.sh | tail -n 1
  fi
}

start_engine() {
  local image
  image=$(engine_image)
  present "$image" || docker pull "$image"
  say "starting an engine from $image, in the container $container"
  hack/engine-container.sh "$container" "$image"
  # The containerd store would show what an image takes on disk as its SIZE.
  mkdir -p "$work/etc/docker"
  echo '{"features": {"containerd-snapshotter": false}}' >"$work/etc/docker/daemon.json"
  docker cp "$work/etc/." "$container:/etc/"
  docker start "$container" >/dev/null

  address=$(docker port "$container" 2375/tcp | head -n 1)
  on_engine=(env -u DOCKER_CONTEXT -u DOCKER_TLS -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH "DOCKER_HOST=tcp://$address")
  wait_for_engine
  check_isolation "$image"
}

# check_isolation ends the run where another container reaches the engine. In the
# engine's own network one does, or this would show nothing.
check_isolation() {
  local ip
  # For the container, whatever this machine is.
  CGO_ENABLED=0 GOOS=linux GOARCH=$(docker version --format '{{.Server.Arch}}') go build -o "$work/linux/" ./cmd/dkr-ls
  ip=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$container")
  if list_from bridge "$1" "$ip"; then
    fail "another container reaches the engine at $ip:2375"
  fi
  list_from "$container" "$1" "$ip" || fail "nothing reaches the engine at $ip:2375, so that others do not shows nothing"
  say "no other container reaches it"
}

# list_from runs dkr-ls in a container in the network. Its status is the program's.
list_from() { # NETWORK IMAGE IP
  local status=0
  docker create --name "$container-other" --network "$1" --entrypoint /dkr-ls "$2" \
    repos --timeout 3s --host "tcp://$3:2375" >/dev/null
  docker cp "$work/linux/dkr-ls" "$container-other:/dkr-ls"
  docker start --attach "$container-other" >/dev/null 2>&1 || status=$?
  docker rm --volumes "$container-other" >/dev/null
  return "$status"
}

wait_for_engine() {
  local deadline=$((SECONDS + start_timeout))
  say "waiting until it answers, at most $start_timeout s"
  until "${on_engine[@]}" docker version >/dev/null 2>&1; do
    if [ "$(docker inspect --format '{{.State.Running}}' "$container")" != true ]; then
      docker logs --tail 20 "$container" >&2
      fail "the engine has stopped, see its log above"
    elif [ "$SECONDS" -ge "$deadline" ]; then
      docker logs --tail 20 "$container" >&2
      fail "the engine does not answer on tcp://$address, see its log above"
    fi
    sleep 0.2
  done
}

# --- the images ---------------------------------------------------------------

# seed runs hack/seed, with the same values each time: image IDs follow from them.
seed() { "$work/seed" --now "$now" --arch "$arch" "$@"; }

seed_engine() {
  arch=$("${on_engine[@]}" docker version --format '{{.Server.Arch}}')
  now=$(date +%s)
  seed --names >"$work/names"
  seed --ids >"$work/ids"
  refuse_to_overwrite

  seed >"$work/images.tar"

  say "loading the eight images"
  # In the background, in a process group of its own, which Ctrl-C does not reach:
  # an engine goes on loading after its client has gone, and images that arrive
  # after the clean-up would stay.
  seeded=yes
  set -m
  "${on_engine[@]}" docker load --input "$work/images.tar" &
  set +m
  wait $!
}

# refuse_to_overwrite ends the run where it could touch what is not its own.
refuse_to_overwrite() {
  local id name
  if "${on_engine[@]}" docker info --format '{{json .DriverStatus}}' | grep -q io.containerd.snapshotter; then
    fail "this engine has the containerd image store, where SIZE is what an image takes on disk: leave out E2E_ENGINE=current"
  fi
  # All tags of a repository count: --maxTags would show one of them instead.
  while read -r name; do
    if [ -n "$("${on_engine[@]}" docker image ls --quiet "${name%:*}")" ]; then
      fail "this engine has images of ${name%:*} already, nothing was changed: leave out E2E_ENGINE=current"
    fi
  done <"$work/names"
  while read -r id; do
    if "${on_engine[@]}" docker image inspect "$id" >/dev/null 2>&1; then
      fail "this engine has the image $id already, nothing was changed"
    fi
  done <"$work/ids"
  if [ -n "$("${on_engine[@]}" docker image ls --all --quiet)" ]; then
    alone=no
    say "this engine has other images: they are shown, but only the rows of the eight are compared, without widths and TOTAL"
  fi
}

# remove_images removes what seed_engine made: by name, and the untagged one by ID.
remove_images() {
  local image status=0
  cp "$work/names" "$work/made"
  tail -n 1 "$work/ids" >>"$work/made"
  while read -r image; do
    if "${on_engine[@]}" docker image inspect "$image" >/dev/null 2>&1; then
      "${on_engine[@]}" docker rmi "$image" >/dev/null || status=1
    fi
  done <"$work/made"
  seeded=no
  return "$status"
}

# --- the examples -------------------------------------------------------------

# prepare_expectations writes how to turn the examples' texts into this run's.
prepare_expectations() {
  awk 'NR > 1 { print $3 }' integration/testdata/tags.txt >"$work/examples.ids"
  cut -c 8-19 "$work/ids" >"$work/short.ids" # 12 digits after "sha256:"
  paste -d / "$work/examples.ids" "$work/short.ids" | sed 's|.*|s/&/|' >"$work/ids.sed"
  # What the lines that are about the eight images look like.
  { echo ^REPOSITORY && sed 's/.*/ & /' "$work/short.ids" && sed 's/:.*/$/; s/^/^/' "$work/names"; } >"$work/ours"
}

# ours leaves lines out that are not about the eight images, where there may be some.
ours() {
  if [ "$alone" = yes ]; then
    cat
  else
    grep -f "$work/ours" | tr -s ' '
  fi
}

run_example() {
  local name=$1 command part same=yes
  local wanted=$work/$name.wanted actual=$work/$name.actual
  mkdir "$wanted" "$actual"
  read -ra command <"integration/testdata/$name.cmd"

  echo
  echo "\$ ${command[*]}"
  echo 0 >"$actual/status"
  PATH=$work:$PATH "${on_engine[@]}" "${command[@]}" >"$work/stdout" 2>"$work/stderr" || echo $? >"$actual/status"
  cat "$work/stdout"
  cat "$work/stderr" >&2
  ours <"$work/stdout" >"$actual/stdout"
  until_usage <"$work/stderr" >"$actual/stderr"

  sed -f "$work/ids.sed" "integration/testdata/$name.txt" >"$work/text"
  if grep -q ^Error: "$work/text"; then
    : >"$wanted/stdout"
    until_usage <"$work/text" >"$wanted/stderr"
    echo 2 >"$wanted/status"
  else
    ours <"$work/text" >"$wanted/stdout"
    : >"$wanted/stderr"
    echo 0 >"$wanted/status"
  fi
  for part in stdout stderr status; do
    diff -u -L "$name: wanted $part" -L "$name: actual $part" "$wanted/$part" "$actual/$part" || same=no
  done
  [ "$same" = yes ]
}

# until_usage leaves out what follows "Usage:", which the examples leave open.
until_usage() { sed '/^Usage:$/q'; }

# --- all of it ----------------------------------------------------------------

cleanup() {
  trap '' HUP INT TERM # a second Ctrl-C must not leave things behind
  docker ps --all --quiet --filter "name=^/$container(-other)?\$" | while read -r id; do docker rm --force --volumes "$id"; done >/dev/null
  docker network ls --quiet --filter "name=^$container\$" | while read -r id; do docker network rm "$id"; done >/dev/null
  wait # for a loading that was interrupted
  if [ "$seeded" = yes ] && [ "$engine" = current ]; then
    remove_images || true
  fi
  rm -rf "$work"
}

engine=${E2E_ENGINE:-throwaway}
case $engine in
  throwaway | current) ;;
  *) fail "E2E_ENGINE is '$engine': leave it out, or use current" ;;
esac
for tool in docker go; do
  command -v "$tool" >/dev/null || fail "the $tool command is missing, see the README on what to install"
done
docker version >/dev/null || fail "no Docker engine answers"
work=$(mktemp -d)
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

say "building dkr-ls"
go build -o "$work/" ./cmd/dkr-ls ./hack/seed
if [ "$engine" = throwaway ]; then
  start_engine
else
  say "using the current engine: $(docker info --format '{{.Name}}, Docker {{.ServerVersion}}')"
fi
seed_engine
prepare_expectations

for example in "${examples[@]}"; do
  if run_example "$example"; then
    passed=$((passed + 1))
    say "as expected"
  else
    failed=$((failed + 1))
    say "DIFFERENT, see the lines above"
  fi
done

echo
say "removing the images"
remove_images || failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
