"""Is capacity there in time, every day of a year with both clock changes? Reads the CronJobs of k8s/lunch-peak.yaml."""
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
