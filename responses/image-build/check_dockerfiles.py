"""Check the two Dockerfiles: that they install the same, and that the efficient one keeps what README.md promises."""

import pathlib
import re
import sys

here = pathlib.Path(sys.argv[1])


def instructions(name):
    text = re.sub(r"^ *#.*\n", "", (here / name).read_text(), flags=re.MULTILINE)
    return [re.sub(r"\s+", " ", line) for line in re.sub(r"\\\n", " ", text).splitlines() if line]


def check(text, *conditions):
    print(("ok: " if all(conditions) else "FAIL: ") + text)
    if not all(conditions):
        sys.exit(1)


slow, fast = instructions("Dockerfile.inefficient"), instructions("Dockerfile.efficient")
starts = [i for i, line in enumerate(fast) if line.startswith("FROM ")]
packages, python2, final = (fast[a:b] for a, b in zip(starts, [*starts[1:], None]))

# --- The measured difference must come from order and stages alone.
word = re.compile(
    r"(?<=\s)(build-essential|dpkg-dev|lib[a-z0-9.-]+-dev|zlib1g-dev|python2\.7=\S+|python3-?[a-z]*|r-base-core|tini|\$\(cat \S+\)"
    r"|--(?:with-system|without-ensurepip|prefix|enable|only-binary|require|python-version)[-a-z0-9=/.:]*)(?=\s|$)"
)
words = [{w.replace("/tmp/", "") for line in lines if line.startswith("RUN") for w in word.findall(line)} for lines in (slow, fast)]
check(f"both install the same {len(words[0])} packages with the same options", words[0] == words[1], len(words[0]) > 15)
base = re.compile(r"ARG BASE=debian:trixie-\d+-slim@sha256:[0-9a-f]{64}")
check("one base for all, by digest", base.fullmatch(fast[0]), slow[0] == fast[0], all(fast[i].startswith("FROM ${BASE}") for i in starts))
source = re.compile(r"http://snapshot\.debian\.org/archive/debian/\d{8}T\d{6}Z")
named = [line.removeprefix("ARG DEBIAN_SOURCE=") for line in [*slow, *fast] if line.startswith("ARG DEBIAN_SOURCE")]
check("Python 2's source comes from a dated snapshot of Debian's archive", len(named) == 2, len(set(named)) == 1, source.fullmatch(named[0]))
pip = [line for line in fast for _ in re.findall(r"pip (?:--python \S+ )?install", line)]
check("pip takes only what the locks have, wheels alone", len(pip) == 2, all("--require-hashes" in p and "--only-binary=:all:" in p for p in pip))

# --- What changes least comes first.
copies = [line for line in final if line.startswith("COPY")]
check(
    "the code comes last, and the version after it",
    copies[-1] == "COPY app /srv/app",
    final.index("ARG VERSION=unknown") > final.index(copies[-1]) > max(i for i, line in enumerate(final) if line.startswith("RUN")),
    not any(line.startswith("COPY") and "app" in line.split() for line in packages + python2),
)
check("the code of another lock does not install this one again", [c.split()[1] for c in packages if c.startswith("COPY")] == ["requirements-python2.txt", "requirements.txt"])
installed = " ".join(line for line in final if line.startswith("RUN"))
check("no compiler and no pip in the image", not re.search(r"build-essential|gcc|-dev\b|pip|dpkg-dev", installed), "apt-get upgrade -y" in installed)
users = [line for line in final if line.startswith("USER")]
check(
    "user 10001, tini first, the server as the command",
    users == ["USER 10001:10001"],
    final.index(users[0]) > max(i for i, line in enumerate(final) if line.startswith(("RUN", "COPY"))),
    final[-2:] == ['ENTRYPOINT ["tini", "--"]', 'CMD ["gunicorn", "server:server"]'],
)
ignore = (here / ".dockerignore").read_text().split("\n")
check(".dockerignore lists what may go in", [line for line in ignore if line and not line.startswith("#")] == ["*", "!app", "!requirements*.txt"])

# --- The times: README.md has the medians of three runs.
times = {}
for line in (here / "times.txt").read_text().splitlines():
    name, case, seconds = line.split()
    times.setdefault((name, case), []).append(float(seconds))
median = {key: f"{sorted(values)[1]:.0f}" for key, values in times.items() if len(values) == 3}
readme = (here / "README.md").read_text()
rows = {"cold": "cold, without any cache", "code": "after a change of the code", "requirements": "after a change of the requirements"}
check(
    "README.md has the medians of three runs",
    len(median) == 6,
    all(f"| {text} | {median['inefficient', case]} | {median['efficient', case]} |" in readme for case, text in rows.items()),
    f"{median['efficient', 'code']} s instead of {median['inefficient', 'code']} s" in re.sub(r"\s+", " ", readme),
)
