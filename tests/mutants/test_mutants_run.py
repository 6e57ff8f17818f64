# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The mutation check from end to end, on a package of a few lines in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

MODULE = '''"""A few lines."""

SCALE = 3


def clipped(x, low):
    """Tested on both sides of the limit, though not at it."""
    return x if x > low else low


def scaled(x):
    """Tested with 0 alone."""
    return x * SCALE


def untested(x):
    """Nobody calls it."""
    return x + 1


def counted(n):
    """Never comes back once it goes the wrong way."""
    k = 0
    while n > 0:
        n -= 2
        k += 1
    return k
'''
TESTS = """from momo.core.few import SCALE, clipped, counted, scaled


def test_scale():
    assert scaled(0) == SCALE - 3


def test_clipped():
    assert (clipped(1, 2), clipped(3, 2)) == (2, 3)


def test_scaled():
    assert scaled(0) == 0


def test_counted():
    assert (counted(3), counted(4)) == (2, 2)


def test_that_fails_already():
    assert scaled(1) == 0
"""
EQUIVALENT = """[[mutant]]
module = "momo.core.few"
function = "clipped"
change = "x > low → x >= low"
reason = "At the limit both branches are the limit."
"""
LIBRARIES = 'LIBRARIES = ("numpy", "torch")'
"""What these tests need none of."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder laid out as this repository, after a run of all mutants."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "scripts" / "mutants", root / "scripts" / "mutants")
    for name, text in {
        "momo/__init__.py": "",
        "experiments/__init__.py": "",
        "scripts/__init__.py": "",
        "experiments/files.py": (ROOT / "experiments" / "files.py").read_text(encoding="utf-8"),
        "momo/core/__init__.py": "",
        "momo/core/few.py": MODULE,
        "tests/conformance/conftest.py": "",
        "tests/core/conftest.py": "",
        "tests/optim/conftest.py": "",
        "tests/reference/test_few.py": TESTS,
        "tests/mutants/equivalent.toml": EQUIVALENT,
        "pyproject.toml": '[tool.pytest.ini_options]\nmarkers = ["slow", "gpu"]\n',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    targets = root / "scripts" / "mutants" / "targets.py"
    text = targets.read_text(encoding="utf-8")
    assert LIBRARIES in text
    targets.write_text(text.replace(LIBRARIES, "LIBRARIES = ()"), encoding="utf-8")
    done = run(root)
    assert done.returncode == 1, done.stdout + done.stderr
    (root / "first.txt").write_text(done.stdout, encoding="utf-8")
    return root


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # The kit's plugin is not in the package of this folder, which has the name of ours.
    environment = {**os.environ, "PYTEST_ADDOPTS": "-p no:momo.conformance.plugin"}
    return subprocess.run(
        [sys.executable, "-m", "scripts.mutants", "--patience", "0.5", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def results(root: Path) -> list[dict[str, Any]]:
    lines = (root / "build" / "mutants" / "results.jsonl").read_text(encoding="utf-8")
    found = []
    for line in lines.splitlines():
        with suppress(ValueError):  # cut off
            found.append(json.loads(line))
    return found


def outcome(root: Path) -> dict[tuple[str, str], tuple[bool, str]]:
    return {(r["key"][1], r["key"][2]): (r["killed"], r["by"]) for r in results(root)}


def test_what_tests_notice_is_killed_and_what_they_do_not_survives(project: Path) -> None:
    found = outcome(project)
    assert {change for change, (killed, _) in found.items() if not killed} == {
        ("scaled", "x * SCALE → x / SCALE"),
        ("untested", "x + 1 → x - 1"),
        ("untested", "1 → 2"),
    }
    assert found["", "3 → 4"] == (True, "tests/reference/test_few.py::test_scale")
    assert found["clipped", "x > low → x < low"][0]


def test_a_survivor_says_how_many_tests_it_has_survived(project: Path) -> None:
    found = outcome(project)
    assert found["scaled", "x * SCALE → x / SCALE"] == (False, "2 of 2 tests")
    assert found["untested", "1 → 2"] == (False, "0 of 0 tests")


def test_a_hang_is_a_kill(project: Path) -> None:
    about = "timeout in tests/reference/test_few.py::test_counted"
    assert outcome(project)["counted", "n -= 2 → n += 2"] == (True, about)


def test_the_report_has_diffs_reasons_and_a_table(project: Path) -> None:
    report = (project / "first.txt").read_text(encoding="utf-8")
    assert "1 fail already" in report
    assert "survived momo/core/few.py:13 scaled: 2 of 2 tests" in report
    assert "    -    return x * SCALE\n    +    return (x / SCALE)\n" in report
    assert "equivalent momo/core/few.py:8 clipped: x > low → x >= low" in report
    assert "At the limit both branches are the limit." in report
    row = next(line for line in report.splitlines() if "momo.core.few" in line)
    killed = sum(r["killed"] for r in results(project))
    assert row.split() == [
        "momo.core.few",
        str(killed),
        "3",
        "1",
        f"{killed / (killed + 3):.1%}",
    ]


def test_it_goes_on_where_it_was_ended(project: Path) -> None:
    path, before = project / "build" / "mutants" / "results.jsonl", outcome(project)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-2]) + lines[-2][:40], encoding="utf-8")  # a line cut off
    assert untried(run(project, "--report")) == 2
    again = run(project)
    assert "2 mutants" in again.stdout
    assert untried(again) == 0
    assert outcome(project) == before


def untried(done: subprocess.CompletedProcess[str]) -> int:
    (row,) = (line for line in done.stdout.splitlines() if line.strip().startswith("all "))
    return int(row.split()[-2])


def test_a_change_of_the_tests_lets_survivors_be_tried_again(project: Path) -> None:
    path = project / "tests" / "reference" / "test_few.py"
    path.write_text(TESTS + "\n\ndef test_more():\n    assert scaled(2) == 6\n", encoding="utf-8")
    try:
        again = run(project)
    finally:
        path.write_text(TESTS, encoding="utf-8")
    assert "3 mutants" in again.stdout
    last = {r["key"][2]: r["by"] for r in results(project)[-3:] if r["killed"]}
    assert last == {"x * SCALE → x / SCALE": "tests/reference/test_few.py::test_more"}


def test_an_equivalent_mutant_that_is_none_is_an_error(project: Path) -> None:
    listed = project / "listed.toml"
    listed.write_text(EQUIVALENT.replace("x > low", "y > low"), encoding="utf-8")
    done = run(project, "--listed", str(listed))
    assert done.returncode == 2
    assert "y > low → x >= low; allowed: mutants that there are" in done.stderr
    listed.write_text(EQUIVALENT.replace("At the limit both branches are the limit.", ""))
    assert "gives no reason" in run(project, "--listed", str(listed)).stderr


def test_an_unknown_module_is_an_error(project: Path) -> None:
    done = run(project, "momo.core.many")
    assert done.returncode == 2
    assert "momo.core.many; allowed: momo.core, momo.core.few" in done.stderr


def test_tests_may_be_chosen_and_have_results_of_their_own(project: Path) -> None:
    before = results(project)
    done = run(project, "--tests", "tests/reference/test_few.py")
    assert done.returncode == 1
    assert "4 tests take" in done.stdout
    assert len(list((project / "build" / "mutants").glob("results-*.jsonl"))) == 1
    assert results(project) == before


def test_unknown_tests_are_an_error(project: Path) -> None:
    done = run(project, "--tests", "tests/core", "tests/nowhere")
    assert done.returncode == 2
    assert "tests = 'tests/nowhere'; allowed: files and folders in tests/" in done.stderr
