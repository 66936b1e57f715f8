#!/usr/bin/env bash
# A Kubernetes cluster in one container, for the suite: it needs no registry, and has no network but its own.
#
#   cluster.sh up [IMAGE...]   starts it, with these images of Docker's
#   cluster.sh run CMD...      runs a command in it
#   cluster.sh down            removes it
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
answer=$(cd "$here/../.." && pwd)
bin=$(cd "$here/../../../.." && pwd)/.cache/dev-environments/bin
machine=dev-environments

fail() { echo "cluster.sh: error: $*" >&2; exit 1; }

up() {
  ! docker container inspect "$machine" >/dev/null 2>&1 || fail "it is there already; try: cluster.sh down"
  # All but privileged: some hosts may not raise limits (SYS_RESOURCE). What the pods leave in its cgroups goes with the container.
  docker run --detach --name "$machine" --hostname realnode --network none --cgroupns private \
    --cap-add ALL --cap-drop SYS_RESOURCE --device /dev/kmsg --device-cgroup-rule 'a *:* rwm' \
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
    --tmpfs /run --tmpfs /tmp:exec --volume "$answer:/dev-environments:ro" --volume "$bin:/usr/local/bin:ro" "$machine:machine" >/dev/null
  SECONDS=0
  until docker exec "$machine" test -e /run/ready; do
    if [ "$(docker inspect --format '{{.State.Running}}' "$machine")" = false ] || [ "$SECONDS" -gt 600 ]; then
      docker logs "$machine" >&2
      docker exec "$machine" sh -c 'tail -n 3 /var/log/machine/*' >&2 || true
      down
      fail "it did not start; see above"
    fi
    sleep 1
  done
  for image in "$@"; do docker save "$image" | docker exec --interactive "$machine" ctr --namespace k8s.io images import - >/dev/null; done
  echo "cluster.sh: up in $SECONDS s" >&2
}

down() { docker rm --force --volumes "$machine" >/dev/null; }

verb=${1-}
shift || true
case $verb in
  up | down) "$verb" "$@" ;;
  run) docker exec "$machine" "$@" ;;
  *) fail "try: cluster.sh up, run or down" ;;
esac
