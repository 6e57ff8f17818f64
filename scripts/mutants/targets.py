# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which modules are broken, and which tests have to notice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

EQUATIONS = (
    "momo/core/*.py",
    "momo/reference/groups.py",
    "momo/reference/methods.py",
    "momo/reference/vectors.py",
    "momo/reference/iterates/*.py",
    "momo/reference/preconditioners/*.py",
    "momo/optim/blocks.py",
    "momo/optim/checkpoint.py",
    "momo/optim/gate.py",
    "momo/optim/numbers.py",
    "momo/optim/optimizer.py",
    "momo/optim/passes.py",
    "momo/optim/plan.py",
    "momo/optim/ranks.py",
    "momo/optim/settings.py",
    "momo/optim/state.py",
    "momo/optim/iterates/*.py",
    "momo/optim/preconditioners/*.py",
)
"""The modules that hold equations. The literal oracles are not broken: they are the truth."""
TESTS = ("tests/core", "tests/reference", "tests/conformance", "tests/optim")
"""The tests of the equations."""
LEFT_OUT = (*("amp", "distributed", "graphs", "recorder", "schedulers", "scripts", "training"),)
"""Of ``tests/optim/test_optim_*.py``: those that compile, start processes, or use the whole."""
LIBRARIES = ("numpy", "torch")
"""What every process needs, so that it is imported once."""


def modules(root: Path, patterns: Iterable[str] = EQUATIONS) -> dict[str, Path]:
    """Return the modules' files by name, in the order of the names."""
    paths = {path for pattern in patterns for path in root.glob(pattern)}
    return {name_of(path.relative_to(root)): path for path in sorted(paths)}


def name_of(path: Path) -> str:
    """Return the name of the module in a file, given relative to the root."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def arguments(tests: Iterable[str] = (), root: Path = Path()) -> list[str]:
    """Return pytest's arguments, where the default are the tests of the equations.

    Raises
    ------
    ValueError
        If there are no such tests.
    """
    chosen = list(tests) or list(TESTS)
    for path in chosen:
        if not path.startswith("tests/") or not (root / path).exists():
            raise ValueError(f"tests = {path!r}; allowed: files and folders in tests/")
    ignored = [f"--ignore=tests/optim/test_optim_{name}.py" for name in LEFT_OUT]
    return [*chosen, *ignored, "-m", "not slow and not gpu"]
