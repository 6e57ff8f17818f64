# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Figures stand on records: what they import, and how little of it at once."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import paper_figs

ALLOWED = (
    "experiments.files",
    "experiments.records",
    "experiments.sampling.record",
    "experiments.summary",
    "experiments.places",
    "experiments.workloads",
    "momo.installed",
    "momo.lookup",
    "momo.reference",
    "paper_figs",
    "theory",
)


def test_figures_import_records_and_what_was_stored() -> None:
    for path in Path(paper_figs.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                module = str(node.module)
                whole = module == "experiments"
                names = [f"{module}.{alias.name}" for alias in node.names] if whole else [module]
            else:
                continue
            own = [
                name for name in names if name.split(".")[0] in ("momo", "experiments", "theory")
            ]
            assert all(name.startswith(ALLOWED) for name in own), (path, own)
            assert not {"torch", "cvxpy"} & {name.split(".")[0] for name in names}, path


@pytest.mark.parametrize("loaded", ["paper_figs.command", "paper_figs.figures.stability"])
def test_figures_need_no_torch(loaded: str) -> None:
    heavy = {"torch", "cvxpy", "joblib"}
    heavy |= {"matplotlib", "polars"} if loaded.endswith("command") else set()
    code = f"import sys, {loaded}\nsys.exit({heavy!r} & set(sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
