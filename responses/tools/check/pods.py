"""Whatever selects pods finds them beside it, on ports that they have: Services, budgets, network policies, spreads, probes, routes.

And what the API server would refuse: a mount without its volume, a request above its limit.
"""
import re

UNITS = {"m": 0.001, "": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def at(node, path, default=None):
    """The value at a dotted path, such as spec.template.metadata.labels."""
    for key in path.split("."):
        if isinstance(node, list):
            node = node[int(key)] if int(key) < len(node) else None
        else:
            node = node.get(key) if isinstance(node, dict) else None
    return default if node is None else node


def name(o):
    return f"{o['file']}: {o['kind']} {at(o, 'metadata.name')}"


def template(o):
    return at(o, "spec.jobTemplate.spec.template") or at(o, "spec.template") or {}


def containers(o):
    return at(template(o), "spec.containers", [])


def labels(o):
    return at(template(o), "metadata.labels", {})


def selector(o):
    return at(o, "spec.selector.matchLabels") or at(o, "spec.podSelector.matchLabels") or (o["kind"] == "Service" and at(o, "spec.selector")) or {}


def amount(quantity):
    number, unit = re.fullmatch(r"([\d.]+)(\w*)", str(quantity)).groups()
    return float(number) * UNITS[unit]


def has(some, port):
    return any(port in (p.get("name"), p.get("containerPort")) for c in some for p in c.get("ports", []))


def check(answer):
    checked, budgets = 0, {}
    workloads = [o for o in answer.objects if containers(o)]
    for o in answer.objects:
        if o["kind"] in ("Service", "PodDisruptionBudget", "NetworkPolicy"):
            chosen = [
                w for w in workloads if selector(o).items() <= labels(w).items() and at(w, "metadata.namespace") == at(o, "metadata.namespace")
            ]
            if not chosen or not (selector(o) or o["kind"] == "NetworkPolicy"):
                answer.fault(f"{name(o)} selects no pod beside it: {selector(o)}")
            ports = at(o, "spec.ports", []) + [p for rule in at(o, "spec.ingress", []) for p in rule.get("ports", [])]
            for w in chosen:
                for port in (p.get("targetPort", p["port"]) for p in ports):
                    if not has(containers(w), port):
                        answer.fault(f"{name(o)}: {name(w)} has no port {port}")
                if o["kind"] == "PodDisruptionBudget":
                    budget(answer, o, w)
                    if budgets.setdefault(name(w), o) is not o:
                        answer.fault(f"{name(w)} has two budgets: its pods cannot be evicted")
            checked += 1
        if o["kind"] == "HTTPRoute":
            route(answer, o)
        if containers(o):
            checked += own(answer, o)
    for w in workloads:
        if at(w, "spec.replicas", 1) > 1 and name(w) not in budgets:
            answer.fault(f"{name(w)} has no budget: a drain may take all its pods at once")
    return checked


def budget(answer, o, w):
    """One pod may go, and most stay, whatever the number of replicas."""
    replicas = at(w, "spec.replicas", 2)
    least = at(o, "spec.minAvailable", replicas)
    may = at(o, "spec.maxUnavailable", replicas - least if isinstance(least, int) else least)
    if isinstance(may, int) and not 1 <= may <= (replicas + 1) // 2:
        answer.fault(f"{name(o)} lets {may} of {replicas} pods go")


def route(answer, o):
    ports = {(at(s, "metadata.name"), p["port"]) for s in answer.objects if s["kind"] == "Service" for p in at(s, "spec.ports", [])}
    for backend in (b for rule in at(o, "spec.rules", []) for b in rule.get("backendRefs", [])):
        if (backend["name"], backend.get("port")) not in ports:
            answer.fault(f"{name(o)}: there is no Service {backend['name']} with the port {backend.get('port')}")


def own(answer, o):
    """A workload selects and spreads its own pods, its probes ask a port that their container has, its mounts have volumes."""
    spreads = at(template(o), "spec.topologySpreadConstraints", [])
    chosen = [selector(o)] * (o["kind"] == "Deployment") + [at(s, "labelSelector.matchLabels", {}) for s in spreads]
    for wanted in chosen:
        if not wanted or not wanted.items() <= labels(o).items():
            answer.fault(f"{name(o)} selects or spreads {wanted}, and its pods have {labels(o)}")
    for c in containers(o):
        for kind, probe in c.items():
            port = at(probe, "httpGet.port") or at(probe, "tcpSocket.port") if kind.endswith("Probe") else None
            if port and not has([c], port):
                answer.fault(f"{name(o)}: {kind} asks port {port}, which {c['name']} does not have")
        for mount in c.get("volumeMounts", []):
            if mount["name"] not in [v["name"] for v in at(template(o), "spec.volumes", [])]:
                answer.fault(f"{name(o)}: {c['name']} mounts {mount['name']}, and there is no such volume")
        limits = at(c, "resources.limits", {})
        for what, requested in at(c, "resources.requests", {}).items():
            if amount(requested) > amount(limits.get(what, requested)):
                answer.fault(f"{name(o)}: {c['name']} requests more {what} than its limit")
    return len(chosen)
