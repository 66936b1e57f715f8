"""Every Role's verbs against the kubectl commands that use it: those of the pods that run under it, else of the scripts beside it.

What a pod that runs another program needs is not known here.
"""
import re

from pods import at, containers, name, template

# What kubectl asks of the API. Where a command names no resource (a file, a variable), it needs the verbs on all that the Role has.
NEEDS = {
    "get": "get", "patch": "get patch", "apply": "get create patch", "diff": "get create patch", "create": "create", "replace": "get update",
    "delete": "delete", "set": "get patch", "label": "get patch", "annotate": "get patch", "wait": "get list watch",
    "rollout status": "get list watch", "rollout restart": "get patch", "rollout undo": "get list patch", "apply view-last-applied": "get",
    "config": "", "version": "",
}
LONG = {"hpa": "horizontalpodautoscalers", "deploy": "deployments", "deployment": "deployments", "pdb": "poddisruptionbudgets"}
IN_SCRIPT = re.compile(r"(?:^|[;&|(!]|\b(?:if|then|do|command)\b)\s*kubectl\s+([^|;&>)\n]+)", re.M)


def check(answer):
    found = [o for o in answer.objects if o["kind"] in ("Role", "ClusterRole")]
    for role in found:
        allowed = {
            (verb, resource): rule.get("resourceNames")
            for rule in role["rules"] for resource in rule["resources"] for verb in rule["verbs"]
        }
        used, needed = list(commands(answer, role)), set()
        if None in used:
            continue
        for verb, resource, one in (need for words in used for need in needs(words)):
            for wanted in {resource} if resource else {resource for _, resource in allowed}:
                needed.add((verb, wanted))
                if one not in (allowed.get((verb, wanted), []) or [one]):
                    answer.fault(f"{name(role)} does not allow {verb} on {wanted} {one or ''}, which a command needs")
        for verb, resource in needed ^ allowed.keys():
            answer.fault(f"{name(role)}: {verb} on {resource} is {'not allowed' if (verb, resource) in needed else 'for no command'}")
    return len(found)


def commands(answer, role):
    """The words of each kubectl command that runs with the Role; None for another program."""
    subjects = [
        s for binding in answer.objects if at(binding, "roleRef.name") == at(role, "metadata.name") and at(binding, "roleRef.kind") == role["kind"]
        for s in binding["subjects"]
    ]
    accounts = {s["name"] for s in subjects if s["kind"] == "ServiceAccount"}
    for workload in answer.objects:
        if at(template(workload), "spec.serviceAccountName") in accounts:
            words = ([c["image"]] + c.get("command", []) + c.get("args", []) for c in containers(workload))
            yield from (w[1:] if "kubectl" in " ".join(w[:2]) else None for w in words)
    if any(s["kind"] != "ServiceAccount" for s in subjects):
        for script in (text for file, text in answer.files.items() if file.endswith(".sh") and file != "check.sh"):
            yield from (line.split() for line in IN_SCRIPT.findall(script))


def needs(words):
    """(verb, resource, object) for what a command needs; None where it does not name them."""
    words = re.sub(r"(^| )(-\w [^ ]+|-[^ ]+|kubectl)(?= |$)", "", " ".join(words)).split()
    command, rest = next((" ".join(words[:n]), words[n:]) for n in (2, 1) if n == 1 or " ".join(words[:n]) in NEEDS)
    resource = one = None
    if rest and re.fullmatch(r"[a-z]+(/[\w.-]+)?", rest[0]):
        kind, _, one = rest[0].partition("/")
        resource, one = LONG.get(kind, kind), one or " ".join(rest[1:2]) or None
    if command.startswith("rollout"):
        resource = "deployments"
    return [(verb, resource, one) for verb in NEEDS.get(command, f"kubectl-{command}").split()]
