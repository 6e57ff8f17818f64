# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``python -m scripts.audit PIP-AUDIT``: known vulnerabilities of what ``constraints.txt`` pins.

The argument is the program of that name. Status 0: none is known. 1: there are. 3: the database
could not be asked about all packages, so nothing is known, however good it looks.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
VULNERABLE, UNREACHED = 1, 3


def verdict(said: str, error: str) -> tuple[int, list[str]]:
    """Return the status, and lines that say why.

    Parameters
    ----------
    said
        What pip-audit prints with ``--format json``; "" if it came to nothing.
    error
        What it says beside it.
    """
    try:
        found: list[dict[str, Any]] = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = error.strip().splitlines()[-1:] or ["nothing was said"]
        return UNREACHED, [f"the database cannot be reached: {last[0]}"]
    bad = [
        f"{each['name']} {each['version']}: {one['id']}"
        + (f", mended in {', '.join(one['fix_versions'])}" if one["fix_versions"] else "")
        for each in found
        for one in each.get("vulns", [])
    ]
    if bad:
        return VULNERABLE, bad
    skipped = [each for each in found if "skip_reason" in each]
    if skipped or not found:
        why = skipped[0]["skip_reason"] if skipped else "it was asked about no package"
        return UNREACHED, [
            f"the database cannot be reached for {len(skipped)} of {len(found)} packages: {why}"
        ]
    return 0, [f"no vulnerability is known of {len(found)} packages"]


def main(arguments: Sequence[str]) -> int:
    """Ask, print what is known, and return the status."""
    (program,) = arguments
    done = subprocess.run(
        [
            *(program, "--requirement", str(ROOT / "constraints.txt"), "--no-deps"),
            *("--disable-pip", "--progress-spinner", "off", "--format", "json", "--timeout", "15"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    status, lines = verdict(done.stdout, done.stderr)
    print("\n".join(lines), file=sys.stderr if status else sys.stdout)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
