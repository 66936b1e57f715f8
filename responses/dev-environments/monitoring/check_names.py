"""Compare the names that rules, dashboard and kube-state-metrics' allowlist share.

    python3 check_names.py FOLDER RULES_OUT

RULES_OUT gets each of the dashboard's queries as a rule, for promtool to parse.
"""

import json
import pathlib
import re
import sys

import yaml

folder, out = map(pathlib.Path, sys.argv[1:])
dashboard = json.loads((folder / "dashboard.json").read_text())
groups = yaml.safe_load((folder.parent / "deploy/rules/environments.yaml").read_text())["groups"]
tests = yaml.safe_load((folder / "rules_test.yaml").read_text())["tests"]
values = yaml.safe_load((folder / "kube-prometheus-stack.yaml").read_text())

rules = [rule for group in groups for rule in group["rules"]]
recorded = {rule["record"] for rule in rules if "record" in rule}
queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
variables = [v["query"]["query"] for v in dashboard["templating"]["list"] if v["type"] == "query"]
names = re.compile(r"\b(?:environment|team|owner):\w+:\w+")

missing = {name for text in [*queries, *variables, *(rule["expr"] for rule in rules)] for name in names.findall(text)} - recorded
assert not missing, f"not recorded: {missing}"
foreign = {name for query in queries for name in re.findall(r"\b[a-zA-Z_]\w*(?=\{)", names.sub("", query))} - {"ALERTS"}
assert not foreign, f"neither recorded nor ALERTS: {foreign}"
print(f"ok: the dashboard's {len(queries)} queries and the rules name only what is recorded")

asked = {(t["alertname"], alert["exp_labels"].get("resource")) for test in tests for t in test.get("alert_rule_test", []) for alert in t["exp_alerts"] or []}
alerts = {(rule["alert"], rule["labels"].get("resource")) for rule in rules if "alert" in rule}
assert alerts <= asked, f"no test in which it fires: {alerts - asked}"
tested = {name for test in tests for t in test.get("promql_expr_test", []) if t["exp_samples"] for name in re.findall(r"\w+:\w+:\w+", t["expr"])}
assert recorded <= tested, f"no test with a value: {recorded - tested}"
print(f"ok: all of {len(alerts)} alerts fire in a test, and all of {len(recorded)} recordings have a value in one")

allowed = {
    re.sub(r"\W", "_", f"label_{label}")
    for entry in values["kube-state-metrics"]["metricLabelsAllowlist"]
    for label in re.search(r"\[(.*)]", entry)[1].split(",")
}
used = {label for rule in rules for label in re.findall(r"\blabel_(?!replace)\w+", rule["expr"])}
assert used <= allowed, f"not in metricLabelsAllowlist: {used - allowed}"
print("ok: kube-state-metrics shows the labels that the rules use")

plain = [re.sub(r"\$(team|owner|environment)\b", ".*", query) for query in queries]
assert not any("$" in query for query in plain), "a variable that the dashboard does not have"
out.write_text(
    yaml.safe_dump({"groups": [{"name": "dashboard", "rules": [{"record": f"q{i}", "expr": q} for i, q in enumerate(plain)]}]})
)
