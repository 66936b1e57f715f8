"""Check the workflow's order, conditions and rights, and that it, the cluster and the token agree. Prints a line a check."""

import pathlib
import re
import sys

import yaml

root = pathlib.Path(sys.argv[1])
here = root / "responses/image-ci"
text = (root / ".github/workflows/toolbox.yml").read_text()
workflow = yaml.safe_load(text)
jobs = workflow["jobs"]
build, push, deploy = jobs["build"], jobs["push"], jobs["deploy"]


def check(name, *conditions):
    print(("ok: " if all(conditions) else "FAIL: ") + name)
    if not all(conditions):
        sys.exit(1)


def runs(job):
    return {step["name"]: step["run"] for step in job["steps"] if "run" in step}


def place(job, what):
    """The place of a step among the job's: by its name, or by the start of its action or of its artifact."""
    names = [f"{s.get('name', s.get('uses', '').split('@')[0])} {s.get('with', {}).get('name', '')}".strip() for s in job["steps"]]
    return names.index(what)


# --- What must fail does: no step's failure is hidden.
check("three jobs, each after the one before", set(jobs) == {"build", "push", "deploy"}, push["needs"] == "build", deploy["needs"] == "push")
main = "github.ref == 'refs/heads/main'"
check(
    "a pull request only builds; push and deployment wait for main and for their variable",
    "if" not in build,
    push["if"] == f"{main} && vars.TOOLBOX_REPOSITORY != ''",
    deploy["if"] == "vars.KUBE_SERVER != ''",
    "pull_request_target" not in text,
    workflow[True]["push"]["branches"] == ["main"],  # YAML reads `on` as true
    re.fullmatch(r"\d+ \d+ \* \* 1", workflow[True]["schedule"][0]["cron"]),  # Mondays, with new packages
)
commands = [run for job in jobs.values() for run in runs(job).values()]
check("no failure is hidden", workflow["defaults"] == {"run": {"shell": "bash"}}, "continue-on-error" not in text, not any(re.search(r"\|\| *(true|:|exit 0)|set \+e", c) for c in commands))
always = [s["with"]["name"] for j in jobs.values() for s in j["steps"] if s.get("if") == "always()"]
check("only the report of the scan is kept after a failure", always == ["scan"])
conditions = {s.get("name", s["uses"].split("@")[0] if "uses" in s else ""): s["if"] for j in jobs.values() for s in j["steps"] if "if" in s}
check(
    "no step is left out, but the caches' and the artifacts'",
    set(conditions) == {"actions/cache/restore", "actions/upload-artifact", "actions/cache/save"},
    conditions["actions/cache/restore"] == "github.event_name != 'schedule'",
    conditions["actions/upload-artifact"] == conditions["actions/cache/save"] == main,
)
order = ["Build", "Try", "Scan", "Deploy to a throwaway cluster", "actions/upload-artifact image", "actions/cache/save"]
check("built, tried, scanned and deployed to a throwaway cluster before anything can be pushed", [place(build, o) for o in order] == sorted(place(build, o) for o in order))
check(
    "what is tried and scanned is what is deployed and pushed",
    runs(build)["Try"] == "responses/image-build/try.sh toolbox:built",
    'throwaway.sh "registry.example.com/toolbox@$digest"' in runs(build)["Deploy to a throwaway cluster"].splitlines()[-1],
    runs(build)["Scan"] == "responses/cve-scan/scan.sh image.tar scan",
    runs(build)["Build"].rstrip().endswith("docker save toolbox:built --output image.tar"),
    "docker load --input image.tar" in runs(push)["Push what was scanned, not a second build"],
    not any("docker buildx" in c for name, job in jobs.items() if name != "build" for c in runs(job).values()),
)

# --- Rights.
check(
    "nobody has rights but these",
    workflow["permissions"] == {},
    build["permissions"] == {"contents": "read"},
    push["permissions"] == {"contents": "read", "id-token": "write", "attestations": "write"},
    deploy["permissions"] == {"contents": "read", "attestations": "read", "id-token": "write"},
)
secret = re.compile(r"secrets\.\w+|secrets\[")
kept = re.findall(r"^ *TOKEN: \$\{\{ (secrets\.\w+) \}\}$", text, re.MULTILINE)
check(
    "secrets only in environments that main alone may use, and by reference",
    (push["environment"], deploy["environment"]) == ("registry", "production"),
    kept == secret.findall(text) == ["secrets.TOOLBOX_TOKEN", "secrets.TOOLBOX_PULL_TOKEN"],
    not secret.search(str(build)),
)
uses = re.findall(r"uses: (\S+)(.*)", text)
check("each action is pinned to a commit", all(re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40}", u) and re.match(r" # v\d", v) for u, v in uses))
check(
    "each job logs in before it asks the registry",
    place(push, "Log in to the registry") < place(push, "Push what was scanned, not a second build"),
    place(deploy, "Log in to the registry") < place(deploy, "Verify who built it") < place(deploy, "Deploy"),
)
verify = runs(deploy)["Verify who built it"]
check(
    "deployed is only what this workflow built from main",
    'gh attestation verify "oci://$IMAGE" --repo "$GITHUB_REPOSITORY" --source-ref refs/heads/main' in verify,
    '--signer-workflow "$GITHUB_REPOSITORY/.github/workflows/toolbox.yml"' in verify,
    deploy["env"]["IMAGE"] == "${{ needs.push.outputs.image }}",
)

# --- The cluster trusts the token of that environment.
readme = (here / "README.md").read_text()
trust = dict(pair.split("=", 1) for pair in re.search(r"--oidc \\\n +(\S+)", readme)[1].split(","))
binding = list(yaml.safe_load_all((here / "deployer-rbac.yaml").read_text()))[1]
user = binding["subjects"][0]
check(
    "the cluster trusts GitHub's tokens for it alone, and the role is for the production environment of one repository",
    trust.pop("identityProviderConfigName") == "github",
    trust == {
        "issuerUrl": "https://token.actions.githubusercontent.com",
        "clientId": re.search(r"&audience=([\w-]+)", (here / "github-token.sh").read_text())[1],
        "usernameClaim": "sub",
        "usernamePrefix": "github:",
    },
    len(binding["subjects"]) == 1 and user["kind"] == "User",
    re.fullmatch(rf"github:repo:example@\d+/toolbox@\d+:environment:{deploy['environment']}", user["name"]),
    '--exec-command="$PWD/responses/image-ci/github-token.sh"' in runs(deploy)["Deploy"],
)
