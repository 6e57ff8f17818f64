"""Which modules are broken, and which tests have to notice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

EQUATIONS = (
    "momo/reference/**/*.py",
    "momo/optim/averaging/*.py",
    "momo/optim/iterates/*.py",
    "momo/optim/lower_bounds/*.py",
    "momo/optim/preconditioners/*.py",
    "momo/optim/step_rules/*.py",
    "momo/optim/base.py",
    "momo/optim/model.py",
    "momo/optim/parts.py",
    "momo/optim/products.py",
)
"""The modules that hold equations."""
TESTS = ("tests/reference", "tests/conformance", "tests/optim")
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


def arguments(tests: Iterable[str] = TESTS) -> list[str]:
    """Return pytest's arguments."""
    ignored = [f"--ignore=tests/optim/test_optim_{name}.py" for name in LEFT_OUT]
    return [*tests, *ignored, "-m", "not slow and not gpu"]
