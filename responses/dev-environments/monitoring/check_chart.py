"""Compare kube-prometheus-stack.yaml with the chart's own values: its keys, and that the chart drops no series of the rules.

    python3 check_chart.py FOLDER CHART_VALUES
"""

import pathlib
import re
import sys

import yaml

folder, chart = map(pathlib.Path, sys.argv[1:])
ours = yaml.safe_load((folder / "kube-prometheus-stack.yaml").read_text())
theirs = yaml.safe_load(chart.read_text())


def unknown(ours, theirs, path=""):
    """Keys that the chart has not; what it leaves empty, and its subcharts, may have any."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and theirs and path != "kube-state-metrics.":
        for key, value in ours.items():
            yield from unknown(value, theirs[key], f"{path}{key}.") if key in theirs else [path + key]


assert not [*unknown(ours, theirs)], f"the chart has no {[*unknown(ours, theirs)]}"

asked = set()
for file in folder.parent.glob("deploy/rules/*.yaml"):
    asked |= set(re.findall(r"\b(?:container|machine)_\w+", file.read_text()))
kubelet = theirs["kubelet"]["serviceMonitor"]
for rule in kubelet["cAdvisorMetricRelabelings"]:
    if rule["action"] == "drop" and rule["sourceLabels"] == ["__name__"]:
        dropped = {name for name in asked if re.fullmatch(rule["regex"], name)}
        assert not dropped, f"the chart drops {dropped}"
print("ok: the chart has all of our keys, and drops no series of the rules")
