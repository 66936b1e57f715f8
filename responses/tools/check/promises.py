"""Every number in a lead, and every promise that expected.yaml names, against what keeps it.

A promise has `says`, words of README.md, and one of these:
    file, at, is    a value: at is "Kind/name path.to.0.field" of a manifest, or a path alone
    file, has       a pattern (Python's re) that the file contains
    run, prints     a command, run in the folder, and a part of what it prints
    from            where else it comes from: an address, the question
"""
import re
import subprocess

import yaml

from pods import at

WORDS = "one two three four five six seven eight nine ten twelve twenty half third quarter fifth sixth".split()
NUMBER = re.compile(rf"(?<![\w.`/-])(?:\$?\d+(?:[.,]\d+)*|(?i:{'|'.join(WORDS)}))\b(?!-)")


def check(answer):
    text, rest, promises = " ".join(answer.text.split()), answer.lead, answer.expected.get("promises", [])
    for promise in promises:
        if promise["says"] not in text:
            answer.fault(f"expected.yaml: README.md does not say {promise['says']!r}")
        rest = rest.replace(promise["says"], "")
        if why := broken(answer, **promise):
            answer.fault(f"README.md says {promise['says']!r}, but {why}")
    for number in NUMBER.findall(rest):
        answer.fault(f"the lead says {number!r}, and expected.yaml does not tell what keeps that")
    return len(promises)


def broken(answer, says, file=None, at=None, has=None, run=None, prints=None, **other):
    """Why a promise is not kept, or None."""
    if file and file not in answer.files:
        return f"there is no {file}"
    if at:
        got = value(answer.files[file], at)
        return got != other["is"] and f"in {file} {at} is {got}, not {other['is']}"
    if has:
        return not re.search(has, answer.files[file]) and f"{file} has nothing like {has}"
    if run:
        done = subprocess.run(["bash", "-euc", run], cwd=answer.folder, capture_output=True, text=True, timeout=60)
        return (done.returncode or prints not in done.stdout) and f"{run} prints {done.stdout + done.stderr!r}, and not {prints!r}"
    return not other.get("from") and "nothing keeps it"


def value(text, path):
    kind, manifest, rest = path.rpartition(" ")
    for document in yaml.safe_load_all(text):
        if not manifest or f"{document['kind']}/{document['metadata']['name']}" == kind:
            return at(document, rest)
