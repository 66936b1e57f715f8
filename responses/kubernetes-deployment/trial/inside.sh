#!/usr/bin/env bash
# Inside the private cluster's machine, as its root: the trial that ../try.sh prepares.
set -euo pipefail
cd /root/trial
export PATH=$PATH:/root/trial # jq
address=10.99.0.1 # the machine's
pki=/etc/kubernetes/pki

ok() { echo "ok: $*"; }
fail() { echo "FAIL: $*" >&2; exit 1; }
# eventually COMMAND...: within 40 seconds
eventually() {
  local deadline=$((SECONDS + 40))
  until "$@" >/root/trial/log 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || { cat /root/trial/log >&2; return 1; }
    sleep 0.3
  done
}
# never COMMAND...: fails soon, and fails for three seconds on end
never() {
  local deadline=$((SECONDS + 40)) quiet=$((SECONDS + 3))
  while [ "$SECONDS" -lt "$quiet" ]; do
    if "$@" >/dev/null 2>&1; then quiet=$((SECONDS + 3)); fi
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.3
  done
}
certificate() { # certificate FILE SUBJECT-ALTERNATIVE-NAME
  openssl req -new -x509 -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -days 2 -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$1" \
    -addext "subjectAltName=$2" -addext basicConstraints=critical,CA:FALSE -out "$1.crt" 2>/dev/null
}
trap 'jobs -p | xargs -r kill' EXIT

# --- A registry of the name that the manifests use, with TLS; the machine trusts its certificate.
echo "$address registry.example.com" >>/etc/hosts
cp "$pki/ca.crt" /usr/local/share/ca-certificates/trial.crt
update-ca-certificates >/dev/null 2>&1
certificate registry DNS:registry.example.com
printf 'version: 0.1\nhttp: {addr: "%s:443", tls: {certificate: registry.crt, key: registry.key}}\nstorage: {filesystem: {rootdirectory: /root/trial/registry-data}}\n' \
  "$address" >registry.yaml
./registry serve registry.yaml >registry.log 2>&1 &
eventually curl -fs https://registry.example.com/v2/ || { cat registry.log >&2; fail "the registry"; }
ctr --namespace trial images import images.tar >/dev/null
declare -A digests
for version in built broken; do
  ctr --namespace trial images tag --force "docker.io/library/toolbox:$version" "registry.example.com/toolbox:$version" >/dev/null
  ctr --namespace trial images push "registry.example.com/toolbox:$version" >/dev/null
  digests[$version]=$(curl -fsSI -H 'Accept: application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json' \
    "https://registry.example.com/v2/toolbox/manifests/$version" | tr -d '\r' | sed -n 's/^docker-content-digest: //Ip')
done
built=registry.example.com/toolbox@${digests[built]}
broken=registry.example.com/toolbox@${digests[broken]}
ok "pushed: $built"

# --- The platform's part. This node is the development environments'; here it is anybody's.
kubectl taint nodes --all dev.example.com/group- >/dev/null 2>&1 || true
kubectl apply --server-side -f gateway-api >/dev/null
kubectl apply -f responses/kubernetes-deployment/namespace.yaml -f responses/kubernetes-deployment/network-policy.yaml \
  -f responses/image-ci/deployer-rbac.yaml -f admission-policy.yaml >/dev/null
for namespace in gateways monitoring strangers; do kubectl create namespace "$namespace" >/dev/null; done
certificate gateway DNS:toolbox.example.com
kubectl --namespace gateways create secret tls example-com --cert gateway.crt --key gateway.key >/dev/null
sed "s|IMAGE|$built|" responses/kubernetes-deployment/trial/gateway.yaml | kubectl apply -f - >/dev/null
kubectl --namespace gateways rollout status deployment/traefik --timeout=60s >/dev/null || { kubectl --namespace gateways get pods -o wide; fail "Traefik"; }

# --- The pipeline's part: the workflow's own step, with tokens of a stand-in for GitHub, to an API server that trusts them.
certificate issuer "IP:$address"
./issuer "$address:8444" issuer.crt issuer.key >issuer.log 2>&1 &
awk -v url="https://$address:8444" -v ca="$(sed 's/^/        /' "$pki/ca.crt")" \
  '$1 == "url:" { print "      url: " url; print "      certificateAuthority: |"; print ca; next } { print }' \
  responses/image-ci/authentication.yaml >authentication.yaml
eventually curl -fs "https://$address:8444/keys" || { cat issuer.log >&2; fail "the issuer"; }
kube-apiserver --etcd-servers=http://127.0.0.1:2379 --advertise-address="$address" --secure-port=7443 --endpoint-reconciler-type=none \
  --service-cluster-ip-range=10.96.0.0/16 --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
  --client-ca-file="$pki/ca.crt" --authorization-mode=Node,RBAC --service-account-issuer=https://kubernetes.default.svc \
  --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
  --authentication-config=authentication.yaml >apiserver.log 2>&1 &
eventually curl -fs --cacert "$pki/ca.crt" "https://$address:7443/readyz" || { tail -n 5 apiserver.log >&2; fail "the API server with authentication.yaml"; }
mkdir runner
CA=$(cat "$pki/ca.crt")
export CA SERVER=https://$address:7443 RUNNER_TEMP=/root/trial/runner ACTIONS_ID_TOKEN_REQUEST_TOKEN=any
deploy() { # deploy IMAGE
  ACTIONS_ID_TOKEN_REQUEST_URL="https://$address:8444/token?environment=production" IMAGE=$1 bash -eo pipefail deploy-step.sh >deploy.log 2>&1
}
# A rollout that hangs is given up after 20 seconds here, and not after three minutes.
sed -i 's/progressDeadlineSeconds: .*/progressDeadlineSeconds: 20/' responses/kubernetes-deployment/deployment.yaml
if deploy "$broken"; then fail "a broken first version counts as deployed"; fi
grep -q 'deploy: taken back' deploy.log || { cat deploy.log >&2; fail "a broken first version is not taken back"; }
nothing_left() { [ -z "$(kubectl --namespace toolbox get deployments,services,httproutes,poddisruptionbudgets,pods -o name)" ]; }
eventually nothing_left || fail "a broken first version leaves something"
ok "deploy.sh: a broken first version leaves nothing"
may() { # may ENVIRONMENT NAMESPACE VERB KIND: may a workflow of this environment?
  ACTIONS_ID_TOKEN_REQUEST_URL="https://$address:8444/token?environment=$1" KUBECONFIG=runner/kubeconfig \
    kubectl --namespace "$2" auth can-i "$3" "$4" 2>&1
}
[ "$(may production toolbox create deployments)" = yes ] || fail "the token has no rights: $(may production toolbox create deployments)"
for verb_and_kind in 'get secrets' 'list pods' 'create pods/exec' 'delete namespaces' 'patch networkpolicies' 'patch roles'; do
  # shellcheck disable=SC2086 # two words
  [ "$(may production toolbox $verb_and_kind | tail -n 1)" = no ] || fail "the deployer may $verb_and_kind"
done
[ "$(may production default create deployments)" = no ] || fail "the deployer may deploy elsewhere"
[ "$(may staging toolbox create deployments)" = no ] || fail "another environment's workflow may deploy"
ok "GitHub's token: may deploy here, read no secret and no pod, change no policy; nothing elsewhere, nobody else"
deploy "$built" || { cat deploy.log >&2; kubectl -n toolbox get events | tail >&2; fail "deploy.sh"; }
[ "$(kubectl --namespace toolbox get pods -l app.kubernetes.io/name=toolbox -o jsonpath='{.items[*].spec.containers[0].image}')" = "$built $built" ] ||
  fail "not two pods by digest"
ok "deploy.sh: two pods, pulled by digest, ready"

# --- Reached through what is exposed, from outside of the cluster.
network() { # network NAME ROUTER ADDRESS: a machine beside the cluster
  ip netns add "$1"
  ip link add "$1" type veth peer name eth0 netns "$1"
  ip address add "$2/24" dev "$1"
  ip link set "$1" up
  ip -n "$1" address add "$3/24" dev eth0
  ip -n "$1" link set eth0 up
  ip -n "$1" route add default via "$2"
}
network outside 192.0.2.1 192.0.2.2
visit() { ip netns exec outside curl -s -m 5 --cacert "$pki/ca.crt" --connect-to "toolbox.example.com:443:$address:30443" "$@"; }
answers() { [ "$(visit https://toolbox.example.com/healthz)" = '{"ok":true}' ]; }
eventually answers || { kubectl --namespace toolbox get httproute toolbox -o yaml >&2; fail "no answer through the gateway"; }
[ "$(kubectl --namespace toolbox get httproute toolbox -o jsonpath='{.status.parents[*].conditions[?(@.type=="Accepted")].status}')" = True ] ||
  fail "the route is not accepted"
[ "$(visit -o /dev/null -w '%{http_code}' https://toolbox.example.com/metrics)" = 404 ] || fail "the metrics are outside"
ok "https://toolbox.example.com/healthz answers through Gateway and HTTPRoute; /metrics is 404"

# --- The command that keeps the pod running.
inside() { kubectl --namespace toolbox exec deploy/toolbox-shell -- "$@"; }
versions=$(inside python2 -V 2>&1; inside python3 -V; inside Rscript --version 2>&1)
[[ $versions = *"Python 2.7.18"*"Python 3."*Rscript* ]] || fail "the interpreters in the shell: $versions"
[ "$(inside cat /proc/1/comm)" = tini ] || fail "process 1 is not tini"
begin=$SECONDS
kubectl --namespace toolbox delete pod -l app.kubernetes.io/name=toolbox-shell --wait >/dev/null
ended=$((SECONDS - begin))
[ "$ended" -lt 15 ] || fail "the shell's pod ended after $ended s"
kubectl --namespace toolbox rollout status deployment/toolbox-shell --timeout=60s >/dev/null
ok "the shell: Python 2, Python 3 and R under tini; its pod ended in $ended s of 30"

# --- The network policies: real packets.
pod=$(kubectl --namespace toolbox get pods -l app.kubernetes.io/name=toolbox -o jsonpath='{.items[0].status.podIP}')
service=$(kubectl --namespace toolbox get service toolbox -o jsonpath='{.spec.clusterIP}')
client() { # client NAMESPACE OBJECT ADDRESS PORT
  kubectl --namespace "$1" exec "$2" -- python3 -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 2)' "$3" "$4"
}
kubectl --namespace monitoring wait pod/client --for=condition=Ready --timeout=60s >/dev/null
kubectl --namespace strangers wait pod/client --for=condition=Ready --timeout=60s >/dev/null
eventually client monitoring client "$pod" 9090 || fail "monitoring does not reach the metrics"
never client strangers client "$pod" 8080 || fail "a stranger reaches the server"
never client strangers client "$service" 80 || fail "a stranger reaches the service"
never client toolbox deploy/toolbox-shell "$service" 80 || fail "the shell reaches the service"
never client toolbox deploy/toolbox-shell "$address" 6443 || fail "the shell reaches the API server"
ok "network: monitoring reaches the metrics; strangers and the shell reach nothing"
from() { ip netns exec "$1" timeout 2 bash -c "</dev/tcp/$2/$3"; }
network gke 35.191.0.1 35.191.0.2
network eks 10.0.0.1 10.0.0.2
for cloud in gke eks; do
  never from "$cloud" "$pod" 8080 || fail "the policy admits $cloud's load balancer without being asked"
  kubectl apply -f "responses/kubernetes-deployment/load-balancers/$cloud.yaml" >/dev/null
  eventually from "$cloud" "$pod" 8080 || fail "$cloud's load balancer does not reach the server"
  never from "$cloud" "$pod" 9090 || fail "$cloud's load balancer reaches the metrics"
  never from outside "$pod" 8080 || fail "anybody reaches the server"
  kubectl delete -f "responses/kubernetes-deployment/load-balancers/$cloud.yaml" >/dev/null
done
ok "network: the load balancers of GKE and EKS reach the server with their policy only, and only the server"

# --- The admission policy.
pod_with() { # pod_with NAMESPACE IMAGE [VOLUME-IMAGE]
  local volumes=
  if [ $# -gt 2 ]; then volumes="volumes: [{name: v, image: {reference: \"$3\"}}]"; fi
  kubectl --namespace "$1" apply --dry-run=server -f - 2>&1 <<END
apiVersion: v1
kind: Pod
metadata: {name: try}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 10001, seccompProfile: {type: RuntimeDefault}}
  containers:
    - {name: a, image: "$2", securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
  $volumes
END
}
# Each namespace has its default service account after a moment.
eventually pod_with toolbox "$built" || fail "our image is refused"
for images in "registry.example.com/toolbox:built" "docker.io/library/busybox@${built#*@}" "$built docker.io/library/busybox"; do
  # shellcheck disable=SC2086 # one or two images
  if said=$(pod_with toolbox $images); then fail "admitted: $images"; fi
  [[ $said = *"images must come from registry.example.com and name a digest: ${images##* }"* ]] || fail "refused for another reason: $said"
done
pod_with strangers busybox >/dev/null || fail "the policy holds where nobody opted in"
ok "admission: a tag, another registry and a foreign image volume are refused; other namespaces are left alone"

# --- A version that does not become ready: nobody notices, and everything goes back.
before=$(kubectl --namespace toolbox get deployment toolbox -o jsonpath='{.spec.template.spec.containers[0].image}')
touch visiting
( while [ -e visiting ]; do answers || echo failed; sleep 0.1; done >visits ) &
visitor=$!
if deploy "$broken"; then fail "a broken version counts as deployed"; fi
rm visiting
wait "$visitor"
[ ! -s visits ] || fail "$(wc -l <visits) requests failed in a failed rollout"
grep -q 'deploy: taken back' deploy.log || { cat deploy.log >&2; fail "not taken back"; }
[ "$(kubectl --namespace toolbox get deployment toolbox -o jsonpath='{.spec.template.spec.containers[0].image}')" = "$before" ] || fail "not the former image"
ok "deploy.sh: a broken version is taken back, and no request failed meanwhile"
cd responses/kubernetes-deployment
cp expose.yaml shell.yaml ../..
sed -i 's/^      port: 80$/      port: 81/; s/^          port: 80$/          port: 81/' expose.yaml
printf -- '---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: added\n  namespace: toolbox\n' >>expose.yaml
cd ../..
if deploy "$broken"; then fail "a broken version counts as deployed"; fi
grep -q 'service/toolbox configured' deploy.log || { cat deploy.log >&2; fail "the Service was not changed"; }
[ "$(kubectl --namespace toolbox get service toolbox -o jsonpath='{.spec.ports[*].port}')" = "80 9090" ] || fail "the Service stays as the failed version left it"
if kubectl --namespace toolbox get serviceaccount added >/dev/null 2>&1; then fail "what the failed version added stays"; fi
eventually answers || fail "no answer after taking back"
ok "deploy.sh: Service and route are taken back too, and what was added is gone"
cp expose.yaml responses/kubernetes-deployment
sed 's/namespace: toolbox/namespace: strangers/' shell.yaml >responses/kubernetes-deployment/shell.yaml
if deploy "$built"; then fail "deployed into another namespace"; fi
if kubectl --namespace strangers get deployment toolbox-shell >/dev/null 2>&1; then fail "something is in another namespace"; fi
grep -q 'does not match' deploy.log || { cat deploy.log >&2; fail "refused for another reason"; }
ok "deploy.sh: an object of another namespace is refused"
