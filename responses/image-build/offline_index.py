"""Make a PyPI-like index and hash-pinned locks from Debian's python3-* packages, for a build without PyPI.

    python3 offline_index.py DEBS INDEX LOCK NAME...

DEBS is a folder with *.deb; INDEX gets one folder a package (served over HTTP, pip accepts it);
LOCK gets a line for each NAME. Debian leaves out the wheel's RECORD: it is written here.
"""

import base64
import hashlib
import io
import pathlib
import subprocess
import sys
import tarfile
import zipfile

ROOT = "./usr/lib/python3/dist-packages/"


def modules(deb):
    """The files that a package brings for Python: path under dist-packages -> content."""
    tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        return {
            member.name.removeprefix(ROOT): archive.extractfile(member).read()
            for member in archive
            if member.isfile() and member.name.startswith(ROOT)
        }


def pack(files, index):
    """Write a wheel from the files; return its normalized name and its line for the lock."""
    info = next(path.split("/")[0] for path in files if "-info/" in path)
    name, version = info.rsplit(".", 1)[0].split("-")[:2]
    name = name.lower().replace("_", "-")
    extension = any(path.endswith(".so") for path in files)
    tag = "cp313-cp313-linux_x86_64" if extension else "py2.py3-none-any"
    target = f"{name.replace('-', '_')}-{version}.dist-info"
    wheel = {path: data for path, data in files.items() if not path.startswith(info)}
    wheel |= {f"{target}/{path.split('/', 1)[1]}": data for path, data in files.items() if path.startswith(info)}
    wheel.setdefault(f"{target}/METADATA", files.get(f"{info}/PKG-INFO", b""))
    wheel[f"{target}/WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: {not extension}\nTag: {tag}\n".encode()
    record = [f"{path},sha256={digest(data)},{len(data)}" for path, data in wheel.items()]
    wheel[f"{target}/RECORD"] = "\n".join([*record, f"{target}/RECORD,,", ""]).encode()

    path = index / name / f"{target.removesuffix('.dist-info')}-{tag}.whl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in wheel.items():
            # ZipInfo's date is fixed: the same content is the same hash, whenever it is packed.
            archive.writestr(zipfile.ZipInfo(member), data, zipfile.ZIP_DEFLATED)
    return name, f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    debs, index, lock, *names = sys.argv[1:]
    lines = dict(pack(modules(deb), pathlib.Path(index)) for deb in sorted(pathlib.Path(debs).glob("*.deb")))
    pathlib.Path(lock).write_text("".join(lines[name] + "\n" for name in names))
