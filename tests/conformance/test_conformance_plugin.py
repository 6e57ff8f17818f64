# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The pytest plugin, in a project that is not this repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OUTSIDE = '''
"""An optimizer of another project."""

from momo.optim import Momo


class Fine(Momo):
    """Nothing is changed."""


class Upwards(Momo):
    """A step may be negative."""

    exempt = {"errors": "for the test"}

    def step(self, closure=None, loss=None, lb=None):
        import torch

        before = [p.detach().clone() for p in self.param_groups[0]["params"]]
        super().step(closure, loss, lb)
        if self.last is not None and self.last.step_size == 0:
            with torch.no_grad():
                for p, old in zip(self.param_groups[0]["params"], before):
                    p.copy_(old + 1.0)
        return loss
'''
OWN_TEST = """
import pytest
from outside import Fine, Upwards
from momo.conformance import Subject, laws

SOME = ("dual_norm", "step_size_nonnegative", "torch_equals_reference")


@pytest.mark.parametrize("law", laws(*SOME))
def test_fine(law):
    law.check(Subject.of(Fine), examples=3)


@pytest.mark.parametrize("law", laws(*SOME))
def test_upwards(law):
    law.check(Subject.of(Upwards), examples=3)
"""


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the pytest command in another project, where the package is installed."""
    (folder / "outside.py").write_text(OUTSIDE)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    environment.pop("PYTEST_ADDOPTS", None)
    code = "import sys, pytest; sys.path.remove(''); sys.exit(pytest.console_main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "-p", "momo.conformance.plugin", "-W", "error", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_laws_are_collected_for_a_class_elsewhere_and_are_parameters_of_its_tests(
    tmp_path: Path,
) -> None:
    (tmp_path / "test_mine.py").write_text(OWN_TEST)
    wanted = ["--momo-method=outside:Fine", "--momo-method=outside:Upwards"]
    some = ["--momo-law=step_size_nonnegative", "--momo-law=torch_equals_reference"]
    status, shown = run(tmp_path, *wanted, *some, "--momo-examples=3", "-v", "-rs")
    assert status == pytest.ExitCode.TESTS_FAILED, shown
    assert "outside:Fine::step_size_nonnegative PASSED" in shown
    assert "outside:Fine::torch_equals_reference SKIPPED (no reference)" in shown
    assert "outside:Upwards::step_size_nonnegative FAILED" in shown
    assert "outside:Upwards breaks step_size_nonnegative: 0 <= step_size <= cap" in shown
    assert "test_mine.py::test_fine[dual_norm] PASSED" in shown
    assert "test_mine.py::test_fine[torch_equals_reference] SKIPPED" in shown
    assert "test_mine.py::test_upwards[step_size_nonnegative] FAILED" in shown
    assert "2 failed, 4 passed, 4 skipped" in shown


def test_what_cannot_be_found_is_said(tmp_path: Path) -> None:
    status, shown = run(tmp_path, "--momo-method=outside:Missing")
    assert status == pytest.ExitCode.USAGE_ERROR, shown
    assert "method 'outside:Missing' cannot be loaded" in shown
