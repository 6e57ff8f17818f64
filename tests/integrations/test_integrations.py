# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Other people's training loops, run as their users would, and compared with a loop by hand.

Each script trains with one framework, and by hand over the joined batch with ``step(loss=)``: the
same losses, step sizes and iterates up to rounding, resumed runs bit for bit. All cases of a
framework run in one process, since most of the time goes into importing it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "scripts"
FRAMEWORKS = ("accelerate", "ignite", "lightning", "skorch", "timm", "transformers")
IN_TWO_PROCESSES = ("accelerate", "lightning", "transformers")


def cases(framework: str, mark: str) -> list[str]:
    """Return the names of the functions of a script that are marked so."""
    text = (SCRIPTS / f"script_{framework}.py").read_text(encoding="utf-8")
    return re.findall(rf"^@hand\.{mark}\ndef (\w+)", text, re.MULTILINE)


def run(framework: str, folder: Path, *launcher: str) -> list[str]:
    """Run a script, and return which cases passed, as it says."""
    if find_spec(framework) is None:  # timm alone: the extra does not install it
        pytest.skip(f"needs {framework}, which `make test` installs")
    script = str(SCRIPTS / f"script_{framework}.py")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *launcher, script],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return re.findall(r"(\w+): as by hand", done.stdout)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_framework_trains_as_one_would_by_hand(framework: str, tmp_path: Path) -> None:
    assert run(framework, tmp_path) == cases(framework, "case") != []


@pytest.mark.parametrize("framework", IN_TWO_PROCESSES)
def test_two_processes_train_as_one_would_by_hand(framework: str, tmp_path: Path) -> None:
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    passed = run(framework, tmp_path, *launcher)
    assert sorted(passed) == sorted(2 * cases(framework, "in_two_processes")) != []


def test_every_script_is_run() -> None:
    found = {path.stem.removeprefix("script_") for path in SCRIPTS.glob("script_*.py")}
    assert found == {*FRAMEWORKS}
