# shellcheck shell=bash
# Sourced by init.sh: the cluster's certificates and kubeconfigs, by openssl. They live as long as the machine.

pki=/etc/kubernetes/pki

make_key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# certificate NAME SUBJECT [SUBJECT-ALTERNATIVE-NAMES]
certificate() {
  make_key "$pki/$1.key"
  openssl req -new -x509 -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -days 30 -key "$pki/$1.key" -subj "$2" \
    -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth,clientAuth \
    ${3:+-addext "subjectAltName=$3"} -out "$pki/$1.crt"
}

# kubeconfig NAME ADDRESS: for who has the certificate NAME, to the API server at ADDRESS
kubeconfig() {
  cat >"/etc/kubernetes/$1.kubeconfig" <<END
apiVersion: v1
kind: Config
clusters:
  - {name: machine, cluster: {server: "https://$2:6443", certificate-authority: $pki/ca.crt}}
users:
  - {name: $1, user: {client-certificate: $pki/$1.crt, client-key: $pki/$1.key}}
contexts:
  - {name: machine, context: {cluster: machine, user: $1}}
current-context: machine
END
}

# make_certificates NODE ADDRESS
make_certificates() {
  local node=$1 address=$2 name
  mkdir -p "$pki"
  make_key "$pki/ca.key"
  openssl req -new -x509 -days 30 -key "$pki/ca.key" -subj /CN=machine-ca \
    -addext keyUsage=critical,keyCertSign,cRLSign -out "$pki/ca.crt"
  make_key "$pki/sa.key"
  openssl pkey -in "$pki/sa.key" -pubout -out "$pki/sa.pub"

  certificate apiserver /CN=kube-apiserver \
    "IP:$address,IP:10.96.0.1,IP:127.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  certificate admin /O=system:masters/CN=admin
  certificate controller-manager /CN=system:kube-controller-manager
  certificate scheduler /CN=system:kube-scheduler
  certificate proxy /CN=system:kube-proxy
  certificate kubelet "/O=system:nodes/CN=system:node:$node" "IP:$address,DNS:$node"

  for name in admin controller-manager scheduler proxy kubelet; do
    kubeconfig "$name" "$address"
  done
}
