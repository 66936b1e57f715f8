#!/usr/bin/env bash
# Inside the machine: the network, the certificates, the servers of Kubernetes and one node.
# It stays, as process 1. If a server ends then the machine does, so that nobody tests a broken one.
set -euo pipefail
shopt -s inherit_errexit

here=/dev-environments/test/cluster
export PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin HOME=/root
export KUBECONFIG=/etc/kubernetes/admin.kubeconfig
log=/var/log/machine
node=realnode address=10.99.0.1
mkdir -p "$log"

# shellcheck source=pki.sh
source "$here/pki.sh"
# shellcheck source=hardware.sh
source "$here/hardware.sh"

hostname "$node"
echo "127.0.0.1 localhost" >/etc/hosts
echo "$address $node" >>/etc/hosts
echo "nameserver $address" >/etc/resolv.conf

hide_sysctls
pretend_cores 16
# Kubelet and the pods' volumes need mounts that pass on what is mounted below them.
mount --make-rshared /

# A bridge without ports stands in for the network card. Its default route gives services' addresses a way to go.
ip link set lo up
ip link add node0 type bridge
ip address add "$address/24" dev node0
ip link set node0 up
ip route add default dev node0
sysctl -q -w net.ipv4.ip_forward=1

make_certificates "$node" "$address"

# serve NAME COMMAND...: starts a server with a log of its own
declare -A servers
serve() {
  local name=$1
  shift
  "$@" >"$log/$name.log" 2>&1 &
  servers[$name]=$!
}

# Ends the machine if a server has ended.
check() {
  local name
  for name in "${!servers[@]}"; do
    if ! kill -0 "${servers[$name]}" 2>/dev/null; then
      echo "machine: $name has ended, and the machine with it; its log ends with:"
      tail -n 5 "$log/$name.log"
      exit 1
    fi
  done
}

# await COMMAND...: until it succeeds
await() {
  until "$@" >/dev/null 2>&1; do
    check
    sleep 0.2
  done
}

serve etcd etcd --data-dir=/var/lib/etcd --unsafe-no-fsync \
  --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379 \
  --listen-peer-urls=http://127.0.0.1:2380
serve containerd containerd --config="$here/etc/containerd.toml"
# Whose tokens it trusts: nobody's, until a spec writes its directory there.
authentication=/etc/kubernetes/authentication.yaml
printf '%s\n' 'apiVersion: apiserver.config.k8s.io/v1' 'kind: AuthenticationConfiguration' >"$authentication"
serve kube-apiserver kube-apiserver --authentication-config="$authentication" --etcd-servers=http://127.0.0.1:2379 \
  --advertise-address="$address" --secure-port=6443 --service-cluster-ip-range=10.96.0.0/16 \
  --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged \
  --service-account-issuer=https://kubernetes.default.svc \
  --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
  --kubelet-preferred-address-types=InternalIP --kubelet-certificate-authority="$pki/ca.crt" \
  --kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key"

await kubectl get --raw /readyz
serve kube-controller-manager kube-controller-manager --kubeconfig=/etc/kubernetes/controller-manager.kubeconfig \
  --bind-address=127.0.0.1 --leader-elect=false --use-service-account-credentials \
  --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" \
  --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key"
serve kube-scheduler kube-scheduler --kubeconfig=/etc/kubernetes/scheduler.kubeconfig \
  --bind-address=127.0.0.1 --leader-elect=false
serve kube-proxy kube-proxy --kubeconfig=/etc/kubernetes/proxy.kubeconfig --hostname-override="$node" \
  --proxy-mode=iptables --cluster-cidr=10.244.0.0/16 \
  --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0s --conntrack-tcp-timeout-close-wait=0s

await ctr version
"$here/pause.sh" machine.test/pause:1 /usr/bin/catatonit | ctr --namespace k8s.io images import - >/dev/null
serve kubelet kubelet --config="$here/etc/kubelet.yaml" --kubeconfig=/etc/kubernetes/kubelet.kubeconfig \
  --hostname-override="$node" --node-ip="$address" --node-labels=dev.example.com/group=general
# Nodes that a test makes with this annotation are kwok's: nothing runs there, but pods get as far as Running.
serve kwok kwok --kubeconfig="$KUBECONFIG" --config=/usr/local/bin/kwok-stages.yaml \
  --manage-all-nodes=false --manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake \
  --cidr=10.245.0.0/16 --node-ip="$address" --node-lease-duration-seconds=40

await kubectl wait --for=condition=Ready "node/$node" --timeout=1s
await kubectl get serviceaccount default

# Of kube-router only what enforces network policies. Pods reach each other by routes, not over a bridge: it sees all.
serve kube-router kube-router --kubeconfig="$KUBECONFIG" --hostname-override="$node" \
  --run-firewall=true --run-router=false --run-service-proxy=false --service-cluster-ip-range=10.96.0.0/16
await curl --fail http://127.0.0.1:20244/healthz

touch /run/ready

while true; do
  check
  wait -n || true
done
