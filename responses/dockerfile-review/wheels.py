"""Make wheels and a hash-pinned lock from Debian's python3-* packages, for a build without PyPI.

    python3 wheels.py DIST_PACKAGES INDEX_FOLDER NAME... > requirements.txt

INDEX_FOLDER gets one folder a package; served over HTTP, it is an index that pip accepts.
Debian ships the modules and their metadata, but not the wheel's RECORD: that is written here.
"""

import base64
import hashlib
import pathlib
import sys
import zipfile


def pack(packages, index, name):
    """Pack one installed package into INDEX/NAME/*.whl; return its line for the lock."""
    info = next(packages.glob(f"{name}-*-info"))
    version = info.name.split("-")[1].rsplit(".", 1)[0]  # click-8.1.8.dist-info, h11-0.14.0.egg-info
    target = f"{name}-{version}.dist-info"
    files = {p.relative_to(packages).as_posix(): p.read_bytes() for p in sorted((packages / name).rglob("*.py"))}
    metadata = info / "METADATA" if (info / "METADATA").exists() else info / "PKG-INFO"
    files[f"{target}/METADATA"] = metadata.read_bytes()
    files[f"{target}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: wheels.py\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    if (info / "entry_points.txt").exists():
        files[f"{target}/entry_points.txt"] = (info / "entry_points.txt").read_bytes()
    record = [f"{path},sha256={digest(data)},{len(data)}" for path, data in files.items()]
    files[f"{target}/RECORD"] = "\n".join([*record, f"{target}/RECORD,,", ""]).encode()

    wheel = index / name / f"{name}-{version}-py3-none-any.whl"
    wheel.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    for package in sys.argv[3:]:
        print(pack(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), package))
