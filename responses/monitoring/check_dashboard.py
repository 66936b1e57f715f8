"""Compare the dashboard, the rules and the server's metrics.

    python3 check_dashboard.py DASHBOARD RULES METRICS RULES_OUT

METRICS is what the server serves. RULES_OUT gets each of the dashboard's queries as a rule, for promtool to parse.
"""

import json
import pathlib
import re
import sys

import yaml

dashboard, rules, metrics, out = map(pathlib.Path, sys.argv[1:])
queries = [t["expr"] for panel in json.loads(dashboard.read_text())["panels"] for t in panel["targets"]]
groups = yaml.safe_load(rules.read_text())["spec"]["groups"]
recorded = {rule["record"] for group in groups for rule in group["rules"] if "record" in rule}
alerts = [rule["expr"] for group in groups for rule in group["rules"]]

missing = {name for q in queries + alerts for name in re.findall(r"toolbox:\w+:\w+", q)} - recorded
assert not missing, f"not recorded: {missing}"
print("ok: every recorded series that an alert or a panel names is recorded")

served = set(re.findall(r"^(\w+)[{ ]", metrics.read_text(), re.MULTILINE))
missing = {name for q in queries + alerts for name in re.findall(r"\bhttp_\w+", q)} - served
assert not missing, f"not served by the server: {missing}"
print("ok: the server serves every http_* metric that is asked for")
bound = re.search(r'_bucket\{.*le="(0\.25)"', metrics.read_text())
assert bound, "no bucket ends at the objective, 250 ms"
print("ok: a bucket ends exactly at the objective, 250 ms")

out.write_text(
    yaml.safe_dump(
        {"groups": [{"name": "dashboard", "rules": [{"record": f"q{i}", "expr": q} for i, q in enumerate(queries)]}]}
    )
)
