"""Holds answers to what matters in them: check.py FOLDER...

Every statement of an access policy is the one in expected.yaml beside the answer. Whatever selects pods finds them, with its ports.
Every Role allows what its commands need, and no more. Every number in an answer's lead, and every promise that expected.yaml names,
is kept by a file. And an answer is as long as a message. Prints each fault; status 1 if there is one.
"""
import collections
import pathlib
import re
import sys

import yaml

import pods
import policies
import promises
import roles

ONE_QUESTION = {"quorum-zones", "replicas-for-99", "terraform-remote-state"}  # the others have several parts


class Answer:
    """A folder: its files by path, the Kubernetes objects in them, its lead, and what is expected of it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.faults = []
        self.files = {
            str(path.relative_to(self.folder)): path.read_text(errors="replace")
            for path in sorted(self.folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts
        }
        self.expected = yaml.safe_load(self.files.get("expected.yaml", "{}"))
        self.objects = [
            document | {"file": name}
            for name, text in self.files.items() if name.endswith(".yaml") and re.search(r"^kind: ", text, re.M)
            for document in yaml.safe_load_all(text) if isinstance(document, dict) and "kind" in document
        ]
        self.text = self.files.get("README.md", "")
        self.lead = " ".join((self.text + "\n\n\n\n").split("\n\n")[1].split())

    def fault(self, text):
        self.faults.append(f"{self.folder.name}: {text}")

    def form(self):
        """The answer comes first, in bold, within the words of a message; what a page links to is there."""
        words, most = len(self.text.split()), 150 if self.folder.name in ONE_QUESTION else 350
        if words > most:
            self.fault(f"README.md has {words} words, at most {most}")
        if not self.lead.startswith("**"):
            self.fault("README.md: the second paragraph is not the answer, in bold")
        for name, text in self.files.items():
            for target in re.findall(r"\]\((?!https?:|#)([^()\s#]+)", text) if name.endswith(".md") else []:
                if not (self.folder / name).parent.joinpath(target).exists():
                    self.fault(f"{name} links to {target}, which is not there")
        return 1


def main(folders):
    counts, faults = collections.Counter(), []
    for answer in map(Answer, folders):
        for name, check in {
            "answers": Answer.form, "policy statements": policies.check, "selectors": pods.check,
            "Roles": roles.check, "promises": promises.check,
        }.items():
            counts[name] += check(answer)
        faults += answer.faults
    print("\n".join(faults) or "ok: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main(sys.argv[1:])
