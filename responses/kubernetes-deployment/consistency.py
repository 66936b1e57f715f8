"""Check what the general checks cannot know: both pods' rights, the image in them, and that they fit it. Prints a line a check."""

import ast
import pathlib
import re
import sys

import yaml

here = pathlib.Path(sys.argv[1])
image = here / "../image-build"
objects = [o for file in sorted(here.glob("*.yaml")) for o in yaml.safe_load_all(file.read_text()) if "kind" in o]


def one(kind, name="toolbox"):
    return next(o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name)


def check(text, *conditions):
    print(("ok: " if all(conditions) else "FAIL: ") + text)
    if not all(conditions):
        sys.exit(1)


server, shell = one("Deployment")["spec"]["template"], one("Deployment", "toolbox-shell")["spec"]["template"]
pods = [server["spec"], shell["spec"]]
containers = [c for p in pods for c in p["containers"]]
check(
    "user 10001, a read-only root, no capabilities, a namespace that refuses anything else",
    all(p["securityContext"] == {"runAsNonRoot": True, "runAsUser": 10001, "runAsGroup": 10001, "seccompProfile": {"type": "RuntimeDefault"}} for p in pods),
    all(
        c["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        for c in containers
    ),
    all(p["serviceAccountName"] == "toolbox" for p in pods),
    not any(key.startswith("host") or key == "automountServiceAccountToken" for p in pods for key in p),
    one("Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted",
)
images = {c["image"] for c in containers}
check("one image, by digest", len(images) == 1, re.fullmatch(r"registry\.example\.com/toolbox@sha256:[0-9a-f]{64}", images.pop()))
check("the service does not send requests to the shell", not one("Service")["spec"]["selector"].items() <= shell["metadata"]["labels"].items())

command = ast.literal_eval(re.search(r"^CMD (.*)$", (image / "Dockerfile.efficient").read_text(), re.MULTILINE)[1])
check("the server's args are the image's command", containers[0]["args"] == command)
settings = (image / "app/gunicorn.conf.py").read_text()
binds = {name: int(port) for name, port in re.findall(r'"(\w*BIND)", "0\.0\.0\.0:(\d+)"', settings)}
ports = {port["name"]: port["containerPort"] for port in containers[0]["ports"]}
check("the containers' ports are those that the server binds", ports == {"http": binds["BIND"], "metrics": binds["METRICS_BIND"]})
probes = [containers[0][p]["httpGet"] for p in ("startupProbe", "readinessProbe", "livenessProbe")]
served = re.findall(r'@server\.get\("(.*?)"\)', (image / "app/server.py").read_text())
check("the probes ask for a page that is served", all(p["path"] in served and p["port"] == "http" for p in probes))
drain = containers[0]["lifecycle"]["preStop"]["sleep"]["seconds"] + int(re.search(r"^graceful_timeout = (\d+)", settings, re.MULTILINE)[1])
check(f"{drain} s to drain fit into the grace period", drain < pods[0]["terminationGracePeriodSeconds"])
check("/tmp can be written", all([m["mountPath"] for m in c["volumeMounts"]] == ["/tmp"] for c in containers))
