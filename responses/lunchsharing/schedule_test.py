"""Is capacity there in time, every day of a year with both clock changes, and do the nodes follow the pods?

Reads the CronJobs of k8s/lunch-peak.yaml and the node pool of terraform/nodes.tf.
"""
import datetime
import pathlib
import re
from zoneinfo import ZoneInfo

LUNCHES = [("Europe/Helsinki", "11:00", "13:00"), ("Europe/Madrid", "13:30", "16:00")]
LEAD = datetime.timedelta(minutes=20)  # new nodes, images, warm caches

text = pathlib.Path(__file__).with_name("k8s").joinpath("lunch-peak.yaml").read_text()
jobs = {
    name: (f"{hour}:{minute}", zone)
    for name, minute, hour, zone in re.findall(
        r'name: (lunch-\w+)\n.*?schedule: "(\d+) (\d+) \* \* \*"\n\s+timeZone: (\S+)', text, re.DOTALL
    )
}
if set(jobs) != {"lunch-up", "lunch-down"}:
    raise SystemExit(f"CronJobs found: {sorted(jobs)}")


def at(day, clock, zone):
    hour, minute = map(int, clock.split(":"))
    return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(datetime.timezone.utc)


for n in range(365):
    day = datetime.date(2027, 1, 1) + datetime.timedelta(days=n)
    up, down = (at(day, *jobs[name]) for name in ("lunch-up", "lunch-down"))
    for zone, start, end in LUNCHES:
        if not (up + LEAD <= at(day, start, zone) and at(day, end, zone) <= down):
            raise SystemExit(f"{day}: {up:%H:%M} to {down:%H:%M} UTC does not cover lunch in {zone}")

# Pods before lunch, at lunch and at most need nodes that the pool may add. A pod's request is what the scheduler and the
# cluster's autoscaler count with.
folder = pathlib.Path(__file__).parent
number = lambda pattern, file: int(re.search(pattern, (folder / file).read_text()).group(1))
quiet, lunch = (number(name + r'\n(?:.*\n)*?.*"minReplicas":(\d+)', "k8s/lunch-peak.yaml") for name in ("name: lunch-down", "name: lunch-up"))
peak = number(r"maxReplicas: (\d+)", "k8s/autoscaling.yaml")
request = number(r"requests:\n\s+cpu: (\d+)m", "k8s/deployment.yaml")
fewest = number(r"total_min_node_count = (\d+)", "terraform/nodes.tf")
most = number(r"total_max_node_count = (\d+)", "terraform/nodes.tf")
ALLOCATABLE, SYSTEM = {2: 1930, 4: 3920}, 400  # millicores of an e2-standard; GKE's own pods on each node
a_node = (ALLOCATABLE[number(r'"e2-standard-(\d+)"', "terraform/nodes.tf")] - SYSTEM) // request
nodes = [-(-pods // a_node) for pods in (quiet, lunch, peak)]
if not nodes[0] <= fewest < nodes[1] <= nodes[2] <= most:
    raise SystemExit(f"{a_node} pods fit a node: {nodes} nodes off-peak, at lunch and at most, but the pool has {fewest} to {most}")
print(f"ok: nodes: {fewest} off-peak, {nodes[1]} ordered before lunch, {nodes[2]} at most, within the pool's {fewest} to {most}")
