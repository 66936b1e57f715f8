#!/usr/bin/env bash
# Starts an engine in a container, in a network of the same name, and prints its address once it answers.
# Whoever calls removes both.
#
#   hack/engine-container.sh NAME IMAGE [SETTINGS]     SETTINGS: what /etc/docker/daemon.json shall hold
#
# The engine's API has no TLS, so it is published on this machine's loopback address only, and no other
# container is in its network. No container runs in there, so it needs no bridge.
set -euo pipefail

name=$1 image=$2 settings=${3:-'{}'}

# The official image's entrypoint sets up mounts and cgroups. An image without it needs less.
case $(docker image inspect --format '{{json .Config.Entrypoint}}' "$image") in
  *dockerd-entrypoint.sh*) privileges=(--privileged) ;;
  *) privileges=(--cap-add SYS_ADMIN --cap-add NET_ADMIN --cap-add MKNOD --cap-add SYS_CHROOT
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined) ;;
esac

docker network create "$name" >/dev/null
docker create --name "$name" --network "$name" --publish 127.0.0.1::2375 --env DOCKER_TLS_CERTDIR= "${privileges[@]}" \
  "$image" dockerd --host=tcp://0.0.0.0:2375 --tls=false --iptables=false --ip6tables=false --bridge=none >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/docker"
echo "$settings" >"$work/docker/daemon.json"
docker cp "$work/." "$name:/etc/" >/dev/null
docker start "$name" >/dev/null
address=tcp://$(docker port "$name" 2375/tcp | head -n 1)

until env -u DOCKER_TLS_VERIFY docker --host "$address" version >/dev/null 2>&1; do
  if [ "$(docker inspect --format '{{.State.Running}}' "$name")" != true ] || [ "$SECONDS" -ge 60 ]; then
    docker logs --tail 20 "$name" >&2
    echo "engine-container.sh: error: the engine does not answer at $address, see its log above" >&2
    exit 1
  fi
  sleep 0.2
done
echo "$address"
