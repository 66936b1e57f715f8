#!/usr/bin/env bash
# The machine's first process: it makes the machine's file system and goes into it, then it is init.sh.
#
#   boot.sh STATE ROOTFS BIN ANSWER
#
# cluster.sh starts it in namespaces of its own, so that all it mounts is gone with it.
set -euo pipefail
state=$1 rootfs=$2 bin=$3 answer=$4 root=$1/root

# /proc is still the host's: that is this process's number there.
read -r pid _ </proc/self/stat
echo "$pid" >"$state/pid"

mkdir "$state"/{root,upper,work,containerd,kubelet}
mount -t overlay overlay -o "lowerdir=$rootfs,upperdir=$state/upper,workdir=$state/work" "$root"

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"

mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty kmsg; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root"/dev/{pts,shm}
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

# An overlay cannot lie on an overlay, and containerd makes some: its files need the disk itself.
for directory in containerd kubelet; do
  mkdir -p "$root/var/lib/$directory"
  mount --bind "$state/$directory" "$root/var/lib/$directory"
done

mkdir -p "$root/dev-environments"
mount --bind "$answer" "$root/dev-environments"
mount -o remount,bind,ro "$root/dev-environments"
mount --bind "$bin" "$root/usr/local/bin"
mount -o remount,bind,ro "$root/usr/local/bin"

# Both the new root and the old lie on "." now, the old above.
cd "$root"
pivot_root . .
umount -l .
exec chroot . /dev-environments/test/cluster/init.sh
