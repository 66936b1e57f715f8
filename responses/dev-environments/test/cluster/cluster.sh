#!/usr/bin/env bash
# A private machine with a real Kubernetes cluster, for the suite: without registries, and without a trace on the host.
#
#   cluster.sh tools           builds what is missing of its programs
#   cluster.sh up              starts the machine
#   cluster.sh run CMD...      runs a command in it, as its root
#   cluster.sh load IMAGE...   gives it images of the host's Docker
#   cluster.sh down            ends it and removes all of it
#
# Programs and root file system are kept in .cache/dev-environments. All but `tools` is done as root, with sudo if needed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
answer=$(cd "$here/../.." && pwd)
cache=$(cd "$here/../../../.." && pwd)/.cache/dev-environments
state=$cache/machine
cgroup=dev-environments

say() { echo "cluster.sh: $*" >&2; }
fail() {
  say "error: $*"
  exit 1
}

as_root() {
  [ "$(id -u)" -ne 0 ] || return 0
  command -v sudo >/dev/null || fail "not root, and there is no sudo; try: the same command as root"
  exec sudo "$here/cluster.sh" "$@"
}

# The number of the machine's process 1, if it runs.
pid() {
  local pid
  pid=$(cat "$state/pid" 2>/dev/null) && grep -qsE 'cluster/(boot|init)\.sh' "/proc/$pid/cmdline" && echo "$pid"
}

ready() { local pid && pid=$(pid) && [ -e "/proc/$pid/root/run/ready" ]; }

# Where the pods' cgroups lie: one place with cgroup v2, one in each hierarchy with v1.
cgroups() { findmnt --noheadings --raw --output TARGET --types cgroup,cgroup2 | sed "s|\$|/$cgroup|"; }

make_cgroups() {
  local directory parent controller
  for directory in $(cgroups); do
    parent=$(dirname "$directory")
    # With cgroup v2 alone the root has to pass its controllers on, and not every host passes on all that the kubelet needs.
    if [ "$parent" = /sys/fs/cgroup ]; then
      for controller in cpu cpuset hugetlb memory pids; do
        if grep -qw "$controller" "$parent/cgroup.controllers"; then echo "+$controller" >"$parent/cgroup.subtree_control"; fi
      done
    fi
    mkdir "$directory"
  done
}

inside() {
  nsenter --target "$(pid)" --mount --net --pid --uts --ipc env --ignore-environment --chdir=/dev-environments \
    PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin HOME=/root LANG=C.UTF-8 ${TERM:+TERM="$TERM"} \
    KUBECONFIG=/etc/kubernetes/admin.kubeconfig "$@"
}

up() {
  local started deadline machine
  if pid >/dev/null; then fail "a machine runs already; try: cluster.sh run kubectl get nodes, or cluster.sh down"; fi
  if [ -e "$state" ]; then fail "a machine has ended and was not removed; try: cluster.sh down"; fi
  "$here/rootfs.sh" "$cache/rootfs"

  trap 'say "not started"; down; exit 1' EXIT
  trap 'exit 130' INT TERM
  mkdir -p "$state"
  started=$SECONDS deadline=$((SECONDS + 180))
  make_cgroups
  # In a session of its own: a Ctrl-C is for what runs in the terminal.
  setsid unshare --mount --net --pid --uts --ipc --fork --kill-child \
    "$here/boot.sh" "$state" "$cache/rootfs" "$cache/bin" "$answer" </dev/null >"$state/console" 2>&1 &
  machine=$!
  until ready; do
    if ! kill -0 "$machine" 2>/dev/null; then
      cat "$state/console" >&2
      fail "the machine has ended; try: what it says above"
    fi
    if [ "$SECONDS" -gt "$deadline" ]; then
      tail -n 2 "$state"/upper/var/log/machine/* >&2
      fail "the machine was not ready after three minutes; try: what its logs say above"
    fi
    sleep 0.2
  done
  trap - EXIT INT TERM
  say "the machine is up, after $((SECONDS - started)) s"
}

load() {
  local image
  for image in "$@"; do
    docker save "$image" | inside ctr --namespace k8s.io images import - >/dev/null
    say "loaded $image"
  done
}

down() {
  local pid directory
  if pid=$(pid); then
    # With process 1 everything in the machine goes, and with that its mounts and its network.
    kill -9 "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  fi
  for directory in $(cgroups); do
    if [ -d "$directory" ]; then find "$directory" -depth -type d -exec rmdir {} +; fi
  done
  rm -rf --one-file-system "$state"
}

verb=${1-}
case $verb in
  tools) "$here/tools.sh" "$cache/bin" ;;
  up)
    "$here/tools.sh" "$cache/bin"
    as_root "$@"
    up
    ;;
  run | load)
    as_root "$@"
    ready || fail "no machine runs; try: cluster.sh up"
    shift
    if [ "$verb" = run ]; then inside "$@"; else load "$@"; fi
    ;;
  down)
    as_root "$@"
    down
    ;;
  *)
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
    ;;
esac
