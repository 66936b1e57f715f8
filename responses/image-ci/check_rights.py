"""Compare the deployer's Role with what deploy.sh applies and runs: check_rights.py ROLE APPLIED. Prints a line."""

import sys

import yaml

with open(sys.argv[1]) as role, open(sys.argv[2]) as applied:
    rules = next(yaml.safe_load_all(role))["rules"]
    objects = [o for o in yaml.safe_load_all(applied) if o]
allowed = {(g, r, v) for rule in rules for g in rule["apiGroups"] for r in rule["resources"] for v in rule["verbs"]}


def resource(o):
    kind = o["kind"].lower()
    return o["apiVersion"].rpartition("/")[0], kind[:-1] + "ies" if kind.endswith("y") else kind + "s"


# kubectl apply reads, makes or changes; rollout status also lists and watches; rollout undo lists the former versions.
needed = {(*resource(o), verb) for o in objects for verb in ("get", "create", "patch")}
needed |= {("apps", "deployments", "list"), ("apps", "deployments", "watch"), ("apps", "replicasets", "list")}
if allowed != needed:
    sys.exit(f"FAIL: deployer-rbac.yaml lacks {sorted(needed - allowed)} and has {sorted(allowed - needed)} too many")
print(f"ok: deployer-rbac.yaml: the {len(needed)} rights that deploy.sh uses, and no others")
