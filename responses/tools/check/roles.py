"""Every Role's verbs against the kubectl commands that use it: those of the pods that run under it, else of the scripts beside it.

What the scripts apply is in expected.yaml: `roles: {NAME: [MANIFEST]}`. What a pod that runs another program needs is not known here.
"""
import re

import yaml

from pods import at, containers, name, template

# What kubectl asks of the API; behind a colon of another resource than the command's.
NEEDS = {
    "get": "get", "patch": "get patch", "apply": "get create patch", "delete": "delete", "set": "get patch", "wait": "get list watch",
    "rollout status": "get list watch", "rollout restart": "get patch", "rollout undo": "get patch list:replicasets.apps",
}
LONG = {"hpa": "horizontalpodautoscalers.autoscaling", "deployment": "deployments.apps"}
IN_SCRIPT = re.compile(r"(?:^|[;&|(!]|\b(?:if|then|do|command)\b)\s*kubectl\s+([^|;&>)\n]+)", re.M)
NO_WORDS = re.compile(r"(^| )(--(namespace|context) [^ ]+|-\w [^ ]+|-[^ ]+|kubectl)(?= |$)")


def check(answer):
    found = [o for o in answer.objects if o["kind"] in ("Role", "ClusterRole")]
    for role in found:
        allowed = {
            (verb, f"{plural}.{group}".rstrip(".")): rule.get("resourceNames")
            for rule in role["rules"] for group in rule["apiGroups"] for plural in rule["resources"] for verb in rule["verbs"]
        }
        used, needed = list(commands(answer, role)), set()
        if None in used:
            continue
        for verb, named, one in (need for words in used for need in needs(words)):
            if one and (named, one) not in {(resource(o), at(o, "metadata.name")) for o in answer.objects}:
                answer.fault(f"{name(role)}: a command names {named} {one}, which is not beside it")
            for wanted in {named} if named else applied(answer, role) or {known for _, known in allowed}:
                needed.add((verb, wanted))
                if one not in (allowed.get((verb, wanted), []) or [one]):
                    answer.fault(f"{name(role)} does not allow {verb} on {wanted} {one or ''}, which a command needs")
        for verb, wanted in needed ^ allowed.keys():
            answer.fault(f"{name(role)}: {verb} on {wanted} is {'not allowed' if (verb, wanted) in needed else 'for no command'}")
    return len(found)


def commands(answer, role):
    """The words of each kubectl command that runs with the Role; None for another program."""
    subjects = [
        s for binding in answer.objects for s in binding.get("subjects", [])
        if at(binding, "roleRef.name") == at(role, "metadata.name") and at(binding, "roleRef.kind") == role["kind"]
    ]
    accounts = {s["name"] for s in subjects if s["kind"] == "ServiceAccount"}
    for workload in answer.objects:
        if at(template(workload), "spec.serviceAccountName") in accounts:
            words = ([c["image"]] + c.get("command", []) + c.get("args", []) for c in containers(workload))
            yield from (w[1:] if "kubectl" in " ".join(w[:2]) else None for w in words)
    if any(s["kind"] != "ServiceAccount" for s in subjects):
        for script in (text for file, text in answer.files.items() if file.endswith(".sh") and file != "check.sh"):
            yield from (line.split() for line in IN_SCRIPT.findall(re.sub(r"(^|\s)#.*", "", script)))


def applied(answer, role):
    """The resources in the files that the Role's scripts apply."""
    files = answer.expected.get("roles", {}).get(at(role, "metadata.name"), [])
    objects = (o for file in files for o in yaml.safe_load_all((answer.folder / file).read_text()) if o)
    return {resource(o) for o in objects}


def resource(o):
    """What a kind is called in a Role, with its group: deployments.apps, services."""
    return f"{re.sub('y$', 'ie', o['kind'].lower())}s.{o['apiVersion'].rpartition('/')[0]}".rstrip(".")


def needs(words):
    """(verb, resource, object) for what a command needs; None where it does not name them."""
    words = NO_WORDS.sub("", " ".join(words)).split()
    if not words or not words[0].isalpha():
        return []
    command, rest = next((" ".join(words[:n]), words[n:]) for n in (2, 1) if n == 1 or " ".join(words[:n]) in NEEDS)
    resource = one = None
    if rest and (named := re.fullmatch(r"([a-z]+)(?:/(\S+))?", rest[0].strip('"'))):
        resource, one = LONG.get(named[1], named[1]), named[2] or " ".join(rest[1:2]) or None
    one = None if one and "$" in one else one
    verbs = NEEDS.get(command, f"kubectl-{command}").split()
    return [(verb.partition(":")[0], verb.partition(":")[2] or resource, one) for verb in verbs]
