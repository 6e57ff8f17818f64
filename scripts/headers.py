# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Two lines at the top of every source file of ours say whose it is, and under which licence.

``python -m scripts.headers`` names the files that lack them, with status 1; ``--add`` writes them.
What is told by ``REUSE.toml`` instead (data, pages, and the files of which a proof kernel's record
is made) has none. Of a file with a first line for the system (``#!``) they come after it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parents[1]
# REUSE-IgnoreStart
LINES = (
    "SPDX-FileCopyrightText: 2026 The momentum-models authors",
    "SPDX-License-Identifier: MIT",
)
# REUSE-IgnoreEnd
"""As the convention REUSE has them (https://reuse.software)."""
FORMS = {".py": "# {}\n", ".sh": "# {}\n", "": "# {}\n", ".c": "/* {} */\n", ".v": "(* {} *)\n"}
"""How a line is a comment, by the suffix; without one is a script of the shell, as ``.ci/run``."""
SCRIPTS = (".ci/run",)


def told(path: str, patterns: Iterable[str]) -> bool:
    """Return whether one of the patterns of ``REUSE.toml`` is for a file; ``**`` is any path."""
    return any(fnmatchcase(path, pattern.replace("**", "*")) for pattern in patterns)


def elsewhere() -> list[str]:
    """Return the patterns of ``REUSE.toml`` but the one for all that remains."""
    found = tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    listed = [each["path"] for each in found]
    flat = [one for each in listed for one in ([each] if isinstance(each, str) else each)]
    return [pattern for pattern in flat if pattern != "**"]


def sources() -> list[Path]:
    """Return the source files that git tracks, or could, and that have the lines themselves."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    patterns = elsewhere()
    return [
        ROOT / name
        for name in sorted({*done.stdout.splitlines()})
        if (Path(name).suffix in {*FORMS} - {""} or name in SCRIPTS)
        and not told(name, patterns)
        and (ROOT / name).exists()
    ]


def header(path: Path) -> str:
    """Return the lines as a file of this kind has them."""
    return "".join(FORMS[path.suffix].format(line) for line in LINES)


def with_header(text: str, lines: str) -> str:
    """Return a file's text with the lines; as it is, if it has them."""
    first, rest = "", text
    if text.startswith("#!"):
        first, _, rest = text.partition("\n")
        first += "\n"
    if rest.startswith(lines):
        return text
    # A comment that follows at once would seem to be of the header.
    gap = "\n" if rest and not rest.startswith("\n") else ""
    return first + lines + gap + rest


def main(arguments: list[str] | None = None) -> int:
    """Name the files without the lines, or give them these."""
    parser = argparse.ArgumentParser(prog="python -m scripts.headers", description=__doc__)
    parser.add_argument("--add", action="store_true", help="write the lines where they are missing")
    add = parser.parse_args(arguments).add
    lacking = 0
    for path in sources():
        text = path.read_text(encoding="utf-8")
        new = with_header(text, header(path))
        if new == text:
            continue
        lacking += 1
        print(path.relative_to(ROOT))
        if add:
            path.write_text(new, encoding="utf-8")
    if add and lacking:
        print(f"{lacking} files written; python hatch_build.py compiles the kernels anew")
    return int(bool(lacking) and not add)


if __name__ == "__main__":
    sys.exit(main())
