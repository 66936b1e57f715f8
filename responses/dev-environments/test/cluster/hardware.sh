# shellcheck shell=bash
# Sourced by init.sh. The machine has the host's kernel: what Kubernetes would change there for
# everybody, and what it reads of it, is covered with files that only the machine sees.

# cover FILE TEXT
cover() {
  local file=/run/cover$1
  mkdir -p "$(dirname "$file")"
  echo "$2" >"$file"
  mount --bind "$file" "$1"
}

# The kubelet sets these. It finds what it wants, and the host keeps its own.
hide_sysctls() {
  cover /proc/sys/vm/overcommit_memory 1
  cover /proc/sys/vm/panic_on_oom 0
  cover /proc/sys/kernel/panic 10
  cover /proc/sys/kernel/panic_on_oops 1
  cover /proc/sys/kernel/keys/root_maxkeys 1000000
  cover /proc/sys/kernel/keys/root_maxbytes 25000000
}

# The node reports at least N cores whatever the host has, so that the same environments fit everywhere: it sees
# the real cores in several NUMA nodes. Only their number is untrue: limits and measured use are the kernel's.
pretend_cores() {
  local real numa topology cpu
  real=$(nproc --all)
  mount -t tmpfs tmpfs /sys/devices/system/node
  for ((numa = 0; numa * real < $1; numa++)); do
    for ((cpu = 0; cpu < real; cpu++)); do
      topology=/sys/devices/system/node/node$numa/cpu$cpu/topology
      mkdir -p "$topology"
      echo "$cpu" >"$topology/core_id"
      echo 0 >"$topology/physical_package_id"
    done
  done
}
