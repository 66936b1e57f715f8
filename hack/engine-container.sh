#!/usr/bin/env bash
# Makes a container with a Docker engine, and a network for it, both with this name; whoever calls
# starts the container, and removes both.
#
#   hack/engine-container.sh NAME IMAGE
#
# The engine's API has no TLS, so it is published on this machine's loopback address only and gets a
# network of its own, in which no other container reaches it. No container runs in there, so it needs
# no bridge.
set -euo pipefail

name=$1 image=$2

# The official image's entrypoint sets up mounts and cgroups. An image without it runs dockerd only and
# needs less.
case $(docker image inspect --format '{{json .Config.Entrypoint}}' "$image") in
  *dockerd-entrypoint.sh*) privileges=(--privileged) ;;
  *) privileges=(--cap-add SYS_ADMIN --cap-add NET_ADMIN --cap-add MKNOD --cap-add SYS_CHROOT
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined) ;;
esac

docker network create "$name" >/dev/null
docker create --name "$name" --network "$name" --publish 127.0.0.1::2375 --env DOCKER_TLS_CERTDIR= "${privileges[@]}" \
  "$image" dockerd --host=tcp://0.0.0.0:2375 --tls=false --iptables=false --ip6tables=false --bridge=none >/dev/null
