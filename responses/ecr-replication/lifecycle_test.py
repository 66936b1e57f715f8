"""Applies policies/lifecycle.json, day by day, to images whose pushes and pulls are known. Nothing that runs may go.

ECR's rules, as https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html has them: the rule
with the lowest number decides about an image first; an image that was never pulled counts from its push.
"""
import json
import pathlib
import sys

rules = json.loads((pathlib.Path(__file__).parent / "policies/lifecycle.json").read_text())["rules"]


def selects(rule, image, images, day):
    selection = rule["selection"]
    if selection["tagStatus"] != "any" and (selection["tagStatus"] == "untagged") != (image["tag"] is None):
        return False
    if selection.get("storageClass", "standard") != image["class"]:
        return False
    if selection["countType"] == "imageCountMoreThan":
        return sorted(images, key=lambda i: i["pushed"], reverse=True).index(image) >= selection["countNumber"]
    since = {
        "sinceImagePushed": image["pushed"],
        "sinceImagePulled": max([d for d in image["pulls"] if d <= day], default=image["pushed"]),
        "sinceImageTransitioned": image["archived"],
    }[selection["countType"]]
    return day - since > selection["countNumber"]


def live(images, days):
    """The names of the images that can be pulled after these days."""
    for day in range(days + 1):
        present = [i for i in images if i["pushed"] <= day and i["class"] != "deleted"]
        for image in present:
            rule = next((r for r in sorted(rules, key=lambda r: r["rulePriority"]) if selects(r, image, present, day)), None)
            if rule and rule["action"]["type"] == "transition":
                image["class"], image["archived"] = "archive", day
            elif rule:
                image["class"] = "deleted"
    return {i["name"] for i in images if i["class"] == "standard"}, {i["name"] for i in images if i["class"] != "deleted"}


def image(name, tag, pushed=0, pulls=()):
    return {"name": name, "tag": tag, "pushed": pushed, "pulls": list(pulls), "class": "standard", "archived": None}


node_starts = range(0, 366, 60)  # each new node pulls what runs
history = [
    image("runs by digest, its tag moved on", None, 0, node_starts),
    image("runs, tagged, from before the last fifty builds", "1.0", 0, node_starts),
    image("never run", "0.9"),
    image("stopped four months ago", "0.8", 0, range(0, 241, 60)),
] + [image(f"build {n}", f"b{n}", 200 + n, [200 + n, 260 + n, 320 + n]) for n in range(50)]
pullable, kept = live(history, 365)
for name in ("runs by digest, its tag moved on", "runs, tagged, from before the last fifty builds"):
    if name not in pullable:
        sys.exit(f"lifecycle.json: after a year this image cannot be pulled: {name}")
if "never run" in kept:
    sys.exit("lifecycle.json: an image that nobody ever pulled is still there after a year")
if "stopped four months ago" in pullable or "stopped four months ago" not in kept:
    sys.exit("lifecycle.json: an image that stopped four months ago should be in the archive, neither live nor deleted")
