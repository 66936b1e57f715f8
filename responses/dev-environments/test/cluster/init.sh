#!/usr/bin/env bash
# The machine's first process: network, certificates, the servers of Kubernetes and one node. If a server ends, the machine does.
set -euo pipefail
address=10.99.0.1 etc=/etc/kubernetes pki=/etc/kubernetes/pki here=/dev-environments/test/cluster
mkdir -p /var/log/machine
for directory in /sys $(findmnt --raw --noheadings --output TARGET --types cgroup,cgroup2); do mount -o remount,bind,rw "$directory"; done

# The kernel is the host's: what the kubelet would set there for everybody, it finds set in files that only the machine sees.
while read -r name value; do
  echo "$value" >"/run/$name"
  mount --bind "/run/$name" "/proc/sys/${name//.//}"
done <<'SYSCTLS'
vm.overcommit_memory 1
vm.panic_on_oom 0
kernel.panic 10
kernel.panic_on_oops 1
kernel.keys.root_maxkeys 1000000
kernel.keys.root_maxbytes 25000000
SYSCTLS
# The node reports 16 cores or more, or nothing would fit on a small host: it sees the real ones in several NUMA nodes.
mount -t tmpfs tmpfs /sys/devices/system/node
for ((numa = 0; numa * $(nproc --all) < 16; numa++)); do
  for ((cpu = 0; cpu < $(nproc --all); cpu++)); do
    mkdir -p "/sys/devices/system/node/node$numa/cpu$cpu/topology"
    echo "$cpu" >"/sys/devices/system/node/node$numa/cpu$cpu/topology/core_id"
    echo 0 >"/sys/devices/system/node/node$numa/cpu$cpu/topology/physical_package_id"
  done
done
mount --make-rshared /

# A bridge without ports stands in for the network card; its default route gives services' addresses a way to go.
ip link add node0 type bridge
ip address add "$address/24" dev node0
ip link set node0 up
ip route add default dev node0
sysctl -q -w net.ipv4.ip_forward=1
echo "$address realnode" >>/etc/hosts
echo "nameserver $address" >/etc/resolv.conf # a spec starts it

kubeadm init phase certs all --apiserver-advertise-address "$address" --kubernetes-version v1.36.3 >/dev/null
kubeadm init phase kubeconfig all --apiserver-advertise-address "$address" --kubernetes-version v1.36.3 >/dev/null

serve() { "$@" >"/var/log/machine/$1.log" 2>&1 & }
await() { until "$@" >/dev/null 2>&1; do sleep 0.2; done; }

serve containerd --config "$here/etc/containerd.toml"
serve etcd --data-dir=/var/lib/etcd --unsafe-no-fsync
serve kube-apiserver --etcd-servers=http://127.0.0.1:2379 --advertise-address="$address" --service-cluster-ip-range=10.96.0.0/16 \
  --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged \
  --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
  --kubelet-preferred-address-types=InternalIP --kubelet-certificate-authority="$pki/ca.crt" \
  --kubelet-client-certificate="$pki/apiserver-kubelet-client.crt" --kubelet-client-key="$pki/apiserver-kubelet-client.key"
await kubectl --kubeconfig "$etc/super-admin.conf" create clusterrolebinding kubeadm:cluster-admins --clusterrole cluster-admin --group kubeadm:cluster-admins
kubectl --kubeconfig "$etc/super-admin.conf" create clusterrolebinding kubelet-api --clusterrole system:kubelet-api-admin --user kube-apiserver-kubelet-client
serve kube-controller-manager --kubeconfig="$etc/controller-manager.conf" --leader-elect=false --use-service-account-credentials \
  --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key"
serve kube-scheduler --kubeconfig="$etc/scheduler.conf" --leader-elect=false
serve kube-proxy --kubeconfig="$etc/admin.conf" --hostname-override=realnode --proxy-mode=iptables --cluster-cidr=10.244.0.0/16 \
  --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0s --conntrack-tcp-timeout-close-wait=0s
await ctr version
serve kubelet --config="$here/etc/kubelet.yaml" --kubeconfig="$etc/kubelet.conf" --node-ip="$address" --node-labels=dev.example.com/group=general
# Nodes that a spec makes with this annotation are kwok's: nothing runs there, but pods get as far as Running.
serve kwok --config=/usr/local/bin/kwok-stages.yaml --manage-all-nodes=false --manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake \
  --cidr=10.245.0.0/16 --node-ip="$address" --node-lease-duration-seconds=40
await kubectl wait --for=condition=Ready node/realnode --timeout=1s
await kubectl get serviceaccount default
# Of kube-router only what enforces network policies. Pods reach each other by routes, not over a bridge: it sees all.
serve kube-router --kubeconfig="$KUBECONFIG" --hostname-override=realnode --run-firewall=true --run-router=false --run-service-proxy=false \
  --service-cluster-ip-range=10.96.0.0/16
await curl --fail http://127.0.0.1:20244/healthz

touch /run/ready
wait -n || true
echo "machine: a server has ended, and the machine with it"
