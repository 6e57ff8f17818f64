# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Somebody else's program is checked against the types of the installed wheel, not the checkout.

The wheel is built and installed into an environment of its own, which finds other packages where
this one does.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from readme_pages import ROOT

FOLDER = Path(__file__).parent / "downstream"
SETTINGS = "[mypy]\nstrict = true\nuntyped_calls_exclude = torch\n"
"""``Tensor.backward`` has no types."""


def done(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    # Without a place where the checkout would be found.
    env = {**os.environ, "MOMO_NATIVE": "0"}
    env.pop("PYTHONPATH", None)
    env.pop("MYPYPATH", None)
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that has the wheel."""
    folder = tmp_path_factory.mktemp("downstream")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    built = done(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", ".", str(ROOT), cwd=folder)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    made = done(sys.executable, "-m", "venv", "--without-pip", "env", cwd=folder)
    assert made.returncode == 0, made.stderr
    python = folder / "env" / "bin" / "python"
    said = done(
        str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    )
    packages = Path(said.stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (folder / "mypy.ini").write_text(SETTINGS, encoding="utf-8")
    for path in FOLDER.glob("*.py"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return python


@pytest.fixture(scope="module")
def errors(environment: Path) -> dict[str, set[tuple[int, str]]]:
    """Return the errors of each file: the lines, and what kind."""
    folder = environment.parents[2]
    command = ("--python-executable", str(environment), "--config-file", "mypy.ini")
    said = done(sys.executable, "-m", "mypy", *command, "good.py", "wrong.py", cwd=folder)
    assert said.returncode in (0, 1), said.stdout + said.stderr
    found: dict[str, set[tuple[int, str]]] = {"good.py": set(), "wrong.py": set()}
    for file, line, kind in re.findall(r"^(.+?):(\d+): error: .*\[([\w-]+)\]$", said.stdout, re.M):
        found[file].add((int(line), kind))
    return found


@pytest.mark.slow
def test_the_wheel_is_what_is_found(environment: Path) -> None:
    said = done(str(environment), "-c", "import momo; print(momo.__file__)", cwd=environment.parent)
    package = Path(said.stdout.strip()).parent
    assert package.is_relative_to(environment.parents[1])
    assert (package / "py.typed").exists()


@pytest.mark.slow
def test_right_use_has_no_error_and_the_types_that_it_expects(
    errors: dict[str, set[tuple[int, str]]],
) -> None:
    assert "assert_type(optimizer.last, StepInfo | None)" in (FOLDER / "good.py").read_text()
    assert errors["good.py"] == set()


@pytest.mark.slow
def test_each_mistake_is_seen(errors: dict[str, set[tuple[int, str]]]) -> None:
    lines = (FOLDER / "wrong.py").read_text(encoding="utf-8").splitlines()
    expected = {
        (number, kind[1])
        for number, line in enumerate(lines, 1)
        if (kind := re.search(r"  # ([\w-]+)$", line))
    }
    assert len(expected) > 10
    assert errors["wrong.py"] == expected
