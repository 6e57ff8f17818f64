"""Imports point one way, and heavy libraries wait until they are needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def imported(folder: str) -> dict[str, set[str]]:
    """Return the modules that every file of a folder imports anywhere, by file."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path} imports relatively"
                names.add(str(node.module))
        found[str(path)] = names
    assert found
    return found


def roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)


def test_the_core_stands_on_nothing() -> None:
    """NumPy and torch are imported where arrays and tensors are asked for."""
    for path, names in imported("momo/core").items():
        assert roots(names) <= ({"numpy", "torch", "momo"} if "ops" in path else {"momo"}), path
        assert all(n.startswith("momo.core") for n in names if n.startswith("momo")), path


def test_the_reference_needs_numpy_alone() -> None:
    for path, names in imported("momo/reference").items():
        assert roots(names) <= {"numpy", "momo"}, path
        own = ("momo.core", "momo.reference")
        assert all(n.startswith(own) for n in names if n.startswith("momo")), path


def test_the_optimizers_need_torch_alone() -> None:
    """The benchmark, which is a command, may use more; NumPy is for records."""
    for path, names in imported("momo/optim").items():
        if "bench" not in path:
            assert roots(names) <= {"numpy", "torch", "momo"}, path
            assert all(n.startswith("momo.optim") for n in names if n.startswith("momo")), path


def test_the_table_of_methods_stands_on_the_reference() -> None:
    for path, names in imported("momo/methods").items():
        assert roots(names) <= {"momo"}, path


def test_the_theory_stands_on_the_reference_and_never_on_torch() -> None:
    for path, names in imported("theory").items():
        assert "torch" not in roots(names), path
        allowed = ("momo.core", "momo.reference", "momo.files")
        assert all(n.startswith(allowed) for n in names if n.startswith("momo")), path


def test_experiments_stand_on_the_optimizers_and_not_on_the_theory() -> None:
    for path, names in imported("experiments").items():
        assert not roots(names) & {"theory", "paper_figs", "tests"}, path


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("momo", {"numpy", "torch"}),
        ("momo.core.parts", {"numpy", "torch"}),
        ("momo.methods", {"torch"}),
        ("momo.optim", {"torch._dynamo", "torch.distributed.tensor"}),
        ("momo.reference", {"torch", "scipy", "cvxpy"}),
        ("theory.problems", {"cvxpy", "sklearn", "matplotlib"}),
        ("theory.verify", {"cvxpy", "sklearn", "matplotlib", "torch"}),
        ("experiments.config", {"numpy", "torch", "polars"}),
        ("experiments.optimizers", {"torch", "polars"}),
        ("experiments.data", {"torch", "polars", "PIL"}),
        ("experiments.records", {"torch", "joblib"}),
        ("experiments.summary", {"torch", "scipy", "matplotlib"}),
    ],
)
def test_imports_are_light(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; found = {heavy!r} & set(sys.modules)\nsys.exit(found or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_optimizers_are_found_by_their_names() -> None:
    import momo
    from momo.optim import Momo, MomoAdam

    assert (momo.Momo, momo.MomoAdam) == (Momo, MomoAdam)
    assert {"Momo", "MomoAdam", "__version__"} <= set(dir(momo))
    with pytest.raises(AttributeError, match="no attribute 'MomoSGD'"):
        momo.MomoSGD  # noqa: B018


def test_the_version_is_the_one_of_the_package() -> None:
    from importlib.metadata import version

    import momo

    assert version("momentum-models") == momo.__version__
