# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The way to add a theorem, as its page tells it, done in a copy of the theory."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extend" / "theorem.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (theory/theorems/\S+)\n(.*?)```", PAGE, re.DOTALL))
(LINE,) = re.findall(r"the line `(\"monotone\".*?)`", PAGE)
(IMPORT,) = re.findall(r"`(from .* import claim as monotone_claim.*?)`", PAGE)
(LEFT_OUT,) = re.findall(
    r"^from .* import MONOTONE\n", FILES["theory/theorems/monotone/claim.py"], re.M
)
REGISTRY = "theory/theorems/__init__.py"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the theory and the theorem of the page."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "theory", folder / "theory", ignore=shutil.ignore_patterns("__pycache__", "*.vo*")
    )
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "theory/theorems/monotone/__init__.py").write_text('"""Distances never grow."""\n')
    registry = folder / REGISTRY
    text = registry.read_text(encoding="utf-8")
    begins = "HOMES: dict[str, tuple[ModuleType, ...]] = {\n"
    assert text.count(begins) == 1
    head, _, rest = text.partition(begins)
    text = f"{head.rstrip()}\n{IMPORT}\n\n{begins}{rest}"
    # behind the theorems that it stands on
    end = text.index("}\n", text.index(begins))
    registry.write_text(f"{text[:end]}    {LINE}\n{text[end:]}", encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "theory", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_page_has_its_three_files() -> None:
    assert {Path(name).name for name in FILES} == {"statement.py", "claim.py", "proof.py"}


def test_statement_and_claim_in_a_file_of_ones_own_are_measured(tmp_path: Path) -> None:
    halves = (FILES[f"theory/theorems/monotone/{name}.py"] for name in ("statement", "claim"))
    (tmp_path / "monotone.py").write_text("".join(halves).replace(LEFT_OUT, ""), encoding="utf-8")
    arguments = ("--claims", "monotone:CLAIM", "--problems", "absolute_regression", "--jobs", "1")
    quick = ("--iterations", "60", "--seeds", "20", "--no-controls")
    done = run(tmp_path, *arguments, *quick)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OK: 1 claim holds on 1 problem" in done.stdout


def test_it_is_proven(copy: Path) -> None:
    done = run(copy, "prove", "monotone")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "||x^{k+1}-x*||² - ||x^k-x*||² ≤ 0" in done.stdout


def test_it_is_measured_and_catches_controls(copy: Path) -> None:
    arguments = ("--claims", "monotone", "--problems", "absolute_regression", "--jobs", "1")
    done = run(copy, *arguments, "--iterations", "60", "--seeds", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OK: 1 claim hold" in done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("statement", "le(v.change, 0)", "le(v.change, -1)", "is concluded by none"),
        (
            "proof",
            "summed.STEP: le(v.dist_next, v.dist - v.decrease)",
            "'x': le(v.dist_next, v.dist - v.decrease)",
            "needs “x” of monotone.step",
        ),
    ],
)
def test_what_is_wrong_in_it_is_refused(
    copy: Path, file: str, old: str, new: str, said: str
) -> None:
    """Another statement than the lemma's conclusion; a hypothesis that nothing backs."""
    path = copy / f"theory/theorems/monotone/{file}.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    try:
        done = run(copy, "prove", "monotone")
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stdout
