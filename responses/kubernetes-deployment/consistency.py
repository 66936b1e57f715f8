"""Check what no schema can: that the objects here do what README.md says, and fit the image. Prints a line a check."""

import ast
import pathlib
import re
import sys

import yaml

here = pathlib.Path(sys.argv[1])
image = here / "../image-build"
objects = [o for file in sorted(here.glob("*.yaml")) for o in yaml.safe_load_all(file.read_text())]


def one(kind, name="toolbox"):
    return next(o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name)


def check(text, *conditions):
    print(("ok: " if all(conditions) else "FAIL: ") + text)
    if not all(conditions):
        sys.exit(1)


server = one("Deployment")["spec"]
shell = one("Deployment", "toolbox-shell")["spec"]
pods = [d["template"]["spec"] for d in (server, shell)]
container = pods[0]["containers"][0]
ports = {port["name"]: port["containerPort"] for port in container["ports"]}

# --- The command that keeps the pod running, and the image's entry point in front of it.
dockerfile = (image / "Dockerfile.efficient").read_text()
command = ast.literal_eval(re.search(r"^CMD (.*)$", dockerfile, re.MULTILINE)[1])
check(
    "the server's args are the image's command, the shell's are sleep infinity, and no `command` replaces tini",
    container["args"] == command,
    shell["template"]["spec"]["containers"][0]["args"] == ["sleep", "infinity"],
    all("command" not in c for p in pods for c in p["containers"]),
    'ENTRYPOINT ["tini", "--"]' in dockerfile,
)
images = {c["image"] for p in pods for c in p["containers"]}
check("one image, by digest", len(images) == 1, re.fullmatch(r"registry\.example\.com/toolbox@sha256:[0-9a-f]{64}", images.pop()))

# --- Two replicas, of which one at most is missing.
rollout, budget = server["strategy"]["rollingUpdate"], one("PodDisruptionBudget")["spec"]
check(
    "two replicas; a rollout takes none away, a drain one",
    server["replicas"] == 2,
    (rollout["maxUnavailable"], rollout["maxSurge"], budget["maxUnavailable"]) == (0, 1, 1),
)

# --- Rights, as README.md lists them.
check(
    "user 10001, a read-only root, no capabilities, no token",
    all(p["securityContext"]["runAsNonRoot"] and p["securityContext"]["runAsUser"] == 10001 for p in pods),
    all(p["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"} for p in pods),
    all(
        c["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        for p in pods
        for c in p["containers"]
    ),
    one("ServiceAccount")["automountServiceAccountToken"] is False,
    all(p["serviceAccountName"] == "toolbox" for p in pods),
    one("Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted",
)

# --- The image's ports and paths, its time to drain, and where it writes.
settings = (image / "app/gunicorn.conf.py").read_text()
binds = {name: int(port) for name, port in re.findall(r'"(\w*BIND)", "0\.0\.0\.0:(\d+)"', settings)}
check("the containers' ports are those that the server binds", ports == {"http": binds["BIND"], "metrics": binds["METRICS_BIND"]})
probes = [container[p]["httpGet"] for p in ("startupProbe", "readinessProbe", "livenessProbe")]
served = re.findall(r'@server\.get\("(.*?)"\)', (image / "app/server.py").read_text())
check("the probes ask for a page that is served", all(p["path"] in served and p["port"] == "http" for p in probes))
drain = container["lifecycle"]["preStop"]["sleep"]["seconds"] + int(re.search(r"^graceful_timeout = (\d+)", settings, re.MULTILINE)[1])
check(f"{drain} s to drain fit into the grace period", drain < pods[0]["terminationGracePeriodSeconds"])
check("/tmp can be written", all(m["mountPath"] == "/tmp" for p in pods for c in p["containers"] for m in c["volumeMounts"]))

# --- What is exposed, and to whom.
rules = one("HTTPRoute")["spec"]["rules"]
check(
    "the route leads to the service's port 80, which is http, and nowhere else",
    [b for r in rules for b in r["backendRefs"]] == [{"name": "toolbox", "port": 80}],
    [(p["port"], p["targetPort"]) for p in one("Service")["spec"]["ports"]] == [(80, "http")],
)
selector = {"app.kubernetes.io/name": "toolbox"}
labels = server["template"]["metadata"]["labels"].items()
check(
    "service, budget, policy and spread select the server's pods, and not the shell's",
    one("Service")["spec"]["selector"] == selector == budget["selector"]["matchLabels"],
    one("NetworkPolicy")["spec"]["podSelector"] == {"matchLabels": selector},
    server["template"]["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"] == selector,
    selector.items() <= labels,
    not selector.items() <= shell["template"]["metadata"]["labels"].items(),
)
allowed = {
    (frozenset(f["namespaceSelector"]["matchLabels"].items()) if set(f) == {"namespaceSelector"} else str(f), p["port"])
    for i in one("NetworkPolicy")["spec"]["ingress"]
    for f in i.get("from", [{}])
    for p in i.get("ports", [{"port": "all"}])
}
name = "kubernetes.io/metadata.name"
check(
    "only the Gateway's namespace reaches http, only monitoring the metrics; all else is closed, both ways",
    allowed == {(frozenset({(name, "gateways")}), "http"), (frozenset({(name, "monitoring")}), "metrics")},
    one("NetworkPolicy")["spec"].get("egress") is None,
    one("NetworkPolicy", "default-deny")["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    sum(o["kind"] == "NetworkPolicy" for o in objects) == 2,
)
parent = one("HTTPRoute")["spec"]["parentRefs"]
check("the route's Gateway is in the namespace that the policy admits", [p["namespace"] for p in parent] == ["gateways"])
