#!/usr/bin/env bash
# The numbers of README.md's table are those of its formula.
set -euo pipefail
cd "$(dirname "$0")"
command -v python3 >/dev/null || ../../hack/apt.sh python3

python3 - <<'EOF'
import re

rows = re.findall(r"^\| (\d+)% \| (.+) \| (.+) \|$", open("README.md").read(), re.MULTILINE)
assert len(rows) == 6, f"{len(rows)} rows found"
for share, figures, needed in rows:
    shared = int(share) / 100 * 0.05
    own = (0.05 - shared) / (1 - shared)
    up = lambda n: 1 - (shared + (1 - shared) * own**n)
    want = " | ".join(f"{100 * up(n):.2f}%" for n in (1, 2, 3, 10))
    assert figures == want, f"{share}%: the table says {figures}, the formula {want}"
    enough = next((str(n) for n in range(1, 1000) if up(n) >= 0.99), "none suffices") if 1 - shared > 0.99 else "none suffices"
    assert needed == enough, f"{share}%: the table says {needed}, the formula {enough}"
EOF
echo "ok: the table follows from the formula"
