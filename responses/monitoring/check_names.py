"""Check that what monitoring asks for is there: check_names.py FOLDER METRICS HEALTH. Both files are from the real server.

FOLDER is this one. METRICS is what the server's metrics port serves, HEALTH what it answers on /healthz.
"""

import pathlib
import re
import sys

import yaml

here, metrics, health = pathlib.Path(sys.argv[1]), *(pathlib.Path(f).read_text() for f in sys.argv[2:])


def read(name):
    return list(yaml.safe_load_all((here / name).read_text()))


def one(name, kind):
    return next(o for o in read(name) if o["kind"] == kind)


def check(text, *conditions):
    print(("ok: " if all(conditions) else "FAIL: ") + text)
    if not all(conditions):
        sys.exit(1)


rules = [rule for group in one("rules.yaml", "PrometheusRule")["spec"]["groups"] for rule in group["rules"]]
monitor, probe = one("scrape.yaml", "PodMonitor")["spec"], one("scrape.yaml", "Probe")["spec"]
pod = one("../kubernetes-deployment/deployment.yaml", "Deployment")["spec"]["template"]
service = one("../kubernetes-deployment/expose.yaml", "Service")["metadata"]
hosts = one("../kubernetes-deployment/expose.yaml", "HTTPRoute")["spec"]["hostnames"]
blackbox = read("blackbox.yaml")[0]
alertmanager = read("alertmanager.yaml")[0]["alertmanager"]

# --- Metrics, their labels, and the jobs.
recorded = {rule["record"] for rule in rules if "record" in rule}
asked = {name for rule in rules for name in re.findall(r"\b([a-z_]+(?::\w+)*)(?=[{\[]| [<>])", rule["expr"])}
served = set(re.findall(r"^(\w+)[{ ]", metrics, re.MULTILINE))
foreign = {"up", "probe_success", "probe_ssl_earliest_cert_expiry"}  # of Prometheus and of the blackbox exporter
check(f"the {len(asked)} metrics and recordings that the rules ask for are there", asked <= served | recorded | foreign, recorded <= asked)
labels = {label for rule in rules for matchers in re.findall(r"\{(.*?)\}", rule["expr"]) for label in re.findall(r'(\w+)=~?"', matchers)}
check("and so are the labels", labels == {"job", "code", "le"}, 'code="200"' in metrics)
check("a bucket ends exactly at the objective, 250 ms", 'http_request_duration_seconds_bucket{le="0.25"' in metrics)
jobs = {job for rule in rules for job in re.findall(r'job="(.*?)"', rule["expr"])}
check(
    "the jobs are those of PodMonitor and probe",
    jobs == {pod["metadata"]["labels"][monitor["jobLabel"]], probe["jobName"]},
    monitor["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items(),
)
settings = (here / "../image-build/app/gunicorn.conf.py").read_text()
port = int(re.search(r'"METRICS_BIND", "0\.0\.0\.0:(\d+)"', settings)[1])
ports = {p["containerPort"]: p["name"] for p in pod["spec"]["containers"][0]["ports"]}
check(
    "the port that is scraped is the metrics', more than twice in the rules' shortest window",
    [(e["port"], e["interval"]) for e in monitor["podMetricsEndpoints"]] == [(ports[port], "15s")],
)

# --- The probe.
module = blackbox["config"]["modules"][probe["module"]]["http"]
check(
    "the probe asks for the route's name, with a module that the server's answer passes, from an exporter that is there",
    probe["targets"]["staticConfig"]["static"] == [f"https://{hosts[0]}/healthz"],
    module["fail_if_not_ssl"] and module["valid_status_codes"] == [200],
    all(re.search(e, health) for e in module["fail_if_body_not_matches_regexp"]),
    probe["prober"]["url"] == f"{blackbox['fullnameOverride']}.monitoring.svc:9115",
)

# --- Found by the chart, sent where README.md says, with a first look.
objects = [one("rules.yaml", "PrometheusRule"), *read("scrape.yaml")]
check(
    "the chart's default selectors take all three objects, in the namespace of the pods",
    all(o["metadata"]["labels"] == {"release": "monitoring"} and o["metadata"]["namespace"] == service["namespace"] for o in objects),
)
alerts = {rule["alert"] for rule in rules if "alert" in rule}
quiet = [{m for m in alerts if re.fullmatch(re.search(r'alertname =~? "?(.*?)"?$', rule[side][0])[1], m)}
         for rule in alertmanager["config"]["inhibit_rules"] for side in ("source_matchers", "target_matchers")]
check(
    "if the site cannot be reached, that is the one page",
    quiet == [{"ToolboxUnreachable"}, {a for a in alerts if re.search("Errors|Slow|MetricsMissing", a)}],
)
heartbeat = next(r for r in alertmanager["config"]["route"]["routes"] if r["receiver"] == "heartbeat")
check("the heartbeat comes every minute", {heartbeat["group_interval"], heartbeat["repeat_interval"]} == {"1m"})
keys = [c["routing_key_file"] for r in alertmanager["config"]["receivers"] for c in r.get("pagerduty_configs", [])]
check("the pager's key is in a mounted secret", keys == [f"/etc/alertmanager/secrets/{alertmanager['alertmanagerSpec']['secrets'][0]}/key"])
readme = (here / "README.md").read_text()
urls = {rule["annotations"].get("runbook_url") for rule in rules if "alert" in rule}
check(
    "each alert links to its first look",
    urls == {"https://git.example.com/toolbox/blob/main/responses/monitoring/README.md#when-it-rings"},
    "\n## When it rings\n" in readme,
    all(re.search(rf"\b{rule['alert'].removeprefix('Toolbox')}\b", readme) for rule in rules if "alert" in rule),
)
