"""Check that the monitoring that is there takes what is here, and that both probes ask for what users ask for.

    python3 check_selected.py FOLDER
"""

import pathlib
import re
import sys

import yaml

here = pathlib.Path(sys.argv[1])
objects = [o for name in ("scrape.yaml", "rules.yaml") for o in yaml.safe_load_all((here / name).read_text())]

# kube-prometheus-stack's default for its podMonitorSelector, probeSelector and ruleSelector; namespaces: all of them.
RELEASE = {"release": "monitoring"}
for o in objects:
    assert RELEASE.items() <= o["metadata"].get("labels", {}).items(), f"{o['kind']} is not selected: it lacks {RELEASE}"
print(f"ok: kube-prometheus-stack's default selectors take all {len(objects)} objects")

expose = [o for o in yaml.safe_load_all((here / "../kubernetes-deployment/expose.yaml").read_text())]
hosts = next(o for o in expose if o["kind"] == "HTTPRoute")["spec"]["hostnames"]
probe = next(o for o in objects if o["kind"] == "Probe")["spec"]["targets"]["staticConfig"]["static"]
outside = dict(re.findall(r'^  (host|path) = "(.*)"$', (here / "outside/main.tf").read_text(), re.MULTILINE))
assert probe == [f"https://{hosts[0]}/healthz"], probe
assert outside == {"host": hosts[0], "path": "/healthz"}, outside
print(f"ok: the probe and the check from outside ask https://{hosts[0]}/healthz, the route's name")
