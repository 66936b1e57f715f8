"""Check what no schema can: that the objects of this folder fit each other. Prints a line a check."""

import ast
import pathlib
import sys

import yaml

here = pathlib.Path(sys.argv[1])
objects = [o for file in sorted(here.glob("*.yaml")) for o in yaml.safe_load_all(file.read_text())]


def one(kind, name):
    return next(o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name)


def check(text, condition):
    print(("ok: " if condition else "FAIL: ") + text)
    if not condition:
        sys.exit(1)


pod = one("Deployment", "toolbox")["spec"]["template"]
container = pod["spec"]["containers"][0]
ports = {port["name"]: port["containerPort"] for port in container["ports"]}
labels = pod["metadata"]["labels"].items()
service = one("Service", "toolbox")["spec"]
policy = one("NetworkPolicy", "toolbox")["spec"]
rule = one("HTTPRoute", "toolbox")["spec"]["rules"][0]

selectors = [
    service["selector"],
    policy["podSelector"]["matchLabels"],
    one("PodDisruptionBudget", "toolbox")["spec"]["selector"]["matchLabels"],
]
check("service, policy and budget select the server's pods", all(s.items() <= labels for s in selectors))
shell = one("Deployment", "toolbox-shell")["spec"]["template"]["metadata"]["labels"].items()
check("and not the shell's", not any(s.items() <= shell for s in selectors))

names = [p["targetPort"] for p in service["ports"]] + [p["port"] for i in policy["ingress"] for p in i["ports"]]
names += [container[probe]["httpGet"]["port"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")]
check("named ports exist", set(names) <= set(ports))
public = {p["port"]: p["targetPort"] for p in service["ports"]}
check("the route reaches http, and not the metrics", [public[b["port"]] for b in rule["backendRefs"]] == ["http"])

balancers = sorted((here / "load-balancers").glob("*.yaml"))
specs = [yaml.safe_load(file.read_text())["spec"] for file in balancers]
check(
    f"the policies for {' and '.join(f.stem for f in balancers)} open the server's http port to addresses, and no more",
    len(specs) == 2
    and all(s["podSelector"] == policy["podSelector"] and s["policyTypes"] == ["Ingress"] for s in specs)
    and all([p["port"] for p in i["ports"]] == ["http"] for s in specs for i in s["ingress"])
    and all(set(source) == {"ipBlock"} for s in specs for i in s["ingress"] for source in i["from"]),
)

config = ast.parse((here / "../image-build/app/gunicorn.conf.py").read_text())
settings = {
    s.targets[0].id: s.value.value
    for s in config.body
    if isinstance(s, ast.Assign) and isinstance(s.value, ast.Constant)
}
grace = pod["spec"]["terminationGracePeriodSeconds"]
drain = container["lifecycle"]["preStop"]["sleep"]["seconds"] + settings["graceful_timeout"]
check(f"{drain} s to drain fit into the grace period of {grace} s", drain < grace)

images = {c["image"] for o in objects if o["kind"] == "Deployment" for c in o["spec"]["template"]["spec"]["containers"]}
check("one image, by digest", len(images) == 1 and "@sha256:" in images.pop())
