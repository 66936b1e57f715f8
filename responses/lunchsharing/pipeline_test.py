"""Old and new photos on their way to a phone: copy, notification, worker, CDN. The prefixes come from the files themselves.

The bucket is a dictionary, and gcloud a stand-in that does what its reference says: `rsync` without --recursive skips
folders. The worker is the real one.
"""
import fnmatch
import io
import json
import os
import pathlib
import re
import stat
import subprocess
import sys
import tempfile
import types

from PIL import Image

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here / "worker"))
import main  # noqa: E402

GCLOUD = r"""#!/usr/bin/env python3
import pathlib, shutil, sys
arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
flags = [a for a in sys.argv[1:] if a.startswith("--")]
source, target = (a.removeprefix("posix://") for a in arguments[-2:])
root = pathlib.Path(__file__).parent / "bucket" / target.removeprefix("gs://").partition("/")[2]
everything = arguments[:3] == ["transfer", "jobs", "create"] or "--recursive" in flags
for file in pathlib.Path(source).rglob("*") if everything else pathlib.Path(source).iterdir():
    copy = root / file.relative_to(source)
    if not file.is_file() or copy.exists():
        continue
    if "--dry-run" in flags:
        print(f"Would copy {file}")
    else:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
"""


class Blob:
    cache_control = None

    def __init__(self, objects, name):
        self.objects, self.name = objects, name

    def download_as_bytes(self):
        return self.objects[self.name][0]

    def upload_from_string(self, data, content_type):
        self.objects[self.name] = (data, content_type, self.cache_control)


class Bucket:
    def __init__(self):
        self.objects = {}

    def blob(self, name):
        return Blob(self.objects, name)


def photo():
    """A photo as a phone takes it: on its side, and with the place."""
    image = Image.new("RGB", (3000, 2000), "orange")
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif.get_ifd(0x8825).update({1: "N", 2: (60.0, 10.0, 0.0), 3: "E", 4: (24.0, 56.0, 0.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def terraform(pattern):
    found = re.findall(pattern, "".join(f.read_text() for f in (here / "terraform").glob("*.tf")))
    if len(found) != 1:
        sys.exit(f"terraform/: {len(found)} matches of {pattern}, want one")
    return found[0]


served_path = terraform(r'paths\s+= \["([^"]+)"\]')
notified = terraform(r'object_name_prefix\s+= "([^"]+)"')

with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work)
    mount, copied = work / "mnt", work / "bucket"
    names = ["a.jpg", "2024/b.jpg", "2024/05/c.jpg"]
    for name in names:
        (mount / name).parent.mkdir(parents=True, exist_ok=True)
        (mount / name).write_bytes(photo())
    gcloud = work / "gcloud"
    gcloud.write_text(GCLOUD)
    gcloud.chmod(gcloud.stat().st_mode | stat.S_IXUSR)
    environment = os.environ | {"PATH": f"{work}:{os.environ['PATH']}"}

    def migrate(step):
        command = [here / "migrate.sh", step, mount, "BUCKET"]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    missing = migrate("compare").splitlines()
    if len(missing) != len(names):
        sys.exit(f"migrate.sh compare: before the copy it misses {len(missing)} of {len(names)} photos")
    migrate("copy")
    if migrate("compare"):
        sys.exit("migrate.sh compare: something is missing after the copy")

    bucket = Bucket()
    for file in copied.rglob("*.jpg"):
        bucket.objects[file.relative_to(copied).as_posix()] = (file.read_bytes(), "image/jpeg", None)

# Cloud Storage's library, with this one bucket.
storage = types.ModuleType("google.cloud.storage")
storage.Client = lambda: types.SimpleNamespace(bucket={"BUCKET": bucket}.__getitem__)
cloud = types.ModuleType("google.cloud")
cloud.storage = storage
sys.modules |= {"google": types.ModuleType("google"), "google.cloud": cloud, "google.cloud.storage": storage}


def push(name):
    """Posts what Pub/Sub posts for a new object, and returns the status."""
    attributes = {"bucketId": "BUCKET", "objectId": name, "eventType": "OBJECT_FINALIZE"}
    body = json.dumps({"message": {"attributes": attributes, "messageId": "1"}, "subscription": "lunch-worker"}).encode()
    said = []
    main.app({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}, lambda status, headers: said.append(status))
    return said[0]


# The worker is told of what lies under the notification's prefix. A broken file must not come back for ever.
bucket.objects[notified + "broken.jpg"] = (b"no image", "image/jpeg", None)
bucket.objects[notified + "truncated.jpg"] = (photo()[:2000], "image/jpeg", None)
for name in list(bucket.objects):
    if name.startswith(notified) and not push(name).startswith("2"):
        sys.exit(f"{name}: the worker refuses the message, so it comes again and again")

served = {name: o for name, o in bucket.objects.items() if fnmatch.fnmatch("/" + name, served_path)}
for name in names:
    for width in (320, 720, 1440):
        data, content_type, cache_control = served.get(f"img/{name}/{width}.webp") or sys.exit(f"{name}: the CDN has no {width}.webp")
        image = Image.open(io.BytesIO(data))
        if image.size != (width, width * 3 // 2):
            sys.exit(f"{name}: {width}.webp is {image.size}: not turned, or not resized")
        if image.getexif() or "exif" in image.info or "xmp" in image.info or b"EXIF" in data:
            sys.exit(f"{name}: {width}.webp still tells where it was taken")
        if not re.search(r"max-age=[1-9]", cache_control or "") or "private" in cache_control:
            sys.exit(f"{name}: {width}.webp has Cache-Control {cache_control}: no phone keeps it")
        if len(data) >= len(photo()):
            sys.exit(f"{name}: {width}.webp is not smaller than the original")
strangers = [name for name in served if not name.startswith("img/") or not name.endswith(".webp")]
if strangers:
    sys.exit(f"the CDN also serves {strangers}")
