"""Every policy statement against the expected effect, principal, action, resource and condition."""
import json
import re


def check(answer):
    expected, checked = answer.expected.get("policies", {}), 0
    for name, text in answer.files.items():
        if name.endswith(".tf") and re.search(r"Statement|_policy_document", text):
            answer.fault(f"{name} has a policy in it, which nobody can compare: write it as a JSON file")
        if not name.endswith(".json") or '"Statement"' not in text:
            continue
        policy = json.loads(text)
        if policy.get("Version") != "2012-10-17":
            answer.fault(f"{name}: no Version 2012-10-17, without which variables in it mean nothing")
        got = [plain(statement) for statement in policy["Statement"]]
        want = [plain(statement) for statement in expected.get(name, [])]
        for statement in got + want:
            if got.count(statement) != want.count(statement):
                answer.fault(f"{name}: {'not expected' if statement in got else 'lacks'}: {json.dumps(statement)}")
        checked += len(got)
    for name in expected.keys() - answer.files.keys():
        answer.fault(f"expected.yaml: there is no {name}")
    return checked


def plain(statement):
    """A statement without its name, with lists where one text may stand for a list. All other fields count, as NotAction would."""
    lists = {key: sorted([value] if isinstance(value, str) else value) for key, value in statement.items() if key in ("Action", "Resource")}
    return {key: value for key, value in statement.items() if key != "Sid"} | lists
