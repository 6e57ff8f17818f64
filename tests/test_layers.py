# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Imports point one way, heavy libraries wait until they are needed, and nothing is too long."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from readme_pages import table

from scripts.headers import LINES

ROOT = Path(__file__).parents[1]
PRODUCT = ("momo", "theory", "experiments", "paper_figs", "scripts")
"""All that is no test."""


@dataclass(frozen=True)
class Layer:
    """What a folder may import, itself aside: of the project, and of libraries.

    ``libraries`` are the only ones; where that is None, ``never`` are those that it may not.
    """

    project: tuple[str, ...]
    libraries: frozenset[str] | None = None
    never: frozenset[str] = frozenset()


def only(*names: str) -> frozenset[str]:
    return frozenset(names)


INSTALLED = "momo.installed"
METHODS = ("momo.core", "momo.lookup", "momo.methods", "momo.optim", "momo.reference")
LAYERS = {
    # The first two need a library only where it has been imported already: see `heavy` below.
    "momo/atomic.py": Layer((), only()),
    "momo/lookup.py": Layer((), only()),
    "momo/installed.py": Layer((), only()),
    "momo/core": Layer((), only("numpy", "torch")),
    "momo/reference": Layer(("momo.core",), only("numpy")),
    # NumPy is for records and tables of pointers, Triton for kernels.
    "momo/optim": Layer(("momo.core", INSTALLED), only("numpy", "torch", "triton")),
    "momo/methods": Layer(METHODS, only()),
    "momo/conformance": Layer(
        ("momo", "momo.atomic", INSTALLED, *METHODS),
        only("numpy", "torch", "hypothesis", "pytest", "rich", "tyro"),
    ),
    "momo/integrations": Layer(
        (INSTALLED, "momo.optim"), only("torch", "accelerate", "lightning", "transformers")
    ),
    "momo/bench": Layer(
        ("momo", "momo.atomic", INSTALLED, *METHODS), only("numpy", "torch", "rich", "tyro")
    ),
    "theory": Layer(("momo.core", INSTALLED, "momo.lookup", "momo.reference"), never=only("torch")),
    "experiments": Layer(("momo", "momo.bench.records", INSTALLED, *METHODS)),
    "paper_figs": Layer(
        (
            "experiments.files",
            "experiments.places",
            "experiments.records",
            "experiments.sampling.record",
            "experiments.summary",
            "experiments.workloads",
            INSTALLED,
            "momo.lookup",
        ),
        never=only("torch", "cvxpy"),
    ),
    "scripts": Layer(("experiments",)),
}
HEADER = "".join(f"# {line}\n" for line in LINES) + "\n"
EXCEPTIONS = {
    # The law is that the theory's claims hold. A wheel has no theory: there it is skipped.
    "momo/conformance/catalogue/claims.py": ("theory",),
    # What has no records: one is computed, the others show what the theory measured and proved.
    "paper_figs/figures/model.py": ("momo.reference",),
    "paper_figs/figures/rate.py": ("theory.bounds",),
    "paper_figs/figures/worst_case.py": ("theory.bounds", "theory.worst_case"),
    # A command of its own that measures for a figure; the figure reads the file it writes.
    "paper_figs/rate_curves.py": ("theory",),
    # The site has the figures.
    "scripts/site/hooks.py": ("paper_figs.gallery",),
    # What is said where a library is missing; and what runs in an environment with a wheel.
    "scripts/release/__main__.py": (INSTALLED,),
    "scripts/release/smoke.py": ("momo", "momo.optim", "momo.reference"),
    # Measures an optimizer, on the theory's worst cases too.
    "scripts/gradient_release.py": ("momo.optim", "theory.hard"),
    # Writes what all methods save.
    "scripts/record.py": ("momo", "momo.methods"),
}
"""What some files import beyond their layer, and why."""


def files(*folders: str) -> list[Path]:
    """Return all modules of folders, or those given as files themselves."""
    found = [p for f in folders for p in (*sorted((ROOT / f).rglob("*.py")), ROOT / f)]
    return [path for path in found if path.suffix == ".py"]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in files(*PRODUCT)}


def imported(path: Path) -> Iterator[str]:
    """Yield what a file imports, at its top, within functions and for type checkers alike."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else str(node.module) for name in whole)


def own(name: str) -> bool:
    return name.partition(".")[0] in PRODUCT


def within(name: str, allowed: tuple[str, ...]) -> bool:
    """Return whether a module is one of these or in one; ``momo`` is its version and no more."""
    return any(name == a or (a != "momo" and name.startswith(f"{a}.")) for a in allowed)


@pytest.mark.parametrize("folder", LAYERS)
def test_layers_import_what_is_below_them(folder: str) -> None:
    layer, itself = LAYERS[folder], folder.removesuffix(".py").replace("/", ".")
    for path in files(folder):
        allowed = (itself, *layer.project, *EXCEPTIONS.get(str(path.relative_to(ROOT)), ()))
        for name in imported(path):
            root = name.partition(".")[0]
            if own(name):
                assert within(name, allowed), f"{path} imports {name}"
            elif root not in sys.stdlib_module_names:
                assert layer.libraries is None or root in layer.libraries, f"{path} imports {name}"
                assert root not in layer.never, f"{path} imports {name}"


def test_all_of_the_product_is_in_a_layer() -> None:
    for name in MODULES:
        assert name == "momo" or within(
            name, tuple(folder.removesuffix(".py").replace("/", ".") for folder in LAYERS)
        )


@pytest.mark.parametrize("path", EXCEPTIONS)
def test_the_exceptions_are_needed(path: str) -> None:
    names = list(imported(ROOT / path))
    for allowed in EXCEPTIONS[path]:
        assert any(within(name, (allowed,)) for name in names)


def test_no_module_needs_itself() -> None:
    """Neither at once nor later, in a function: what is late is no less a circle."""
    graph = {name: set(imported(path)) & set(MODULES) for name, path in MODULES.items()}
    for name in graph:
        # ``from package import name`` in the package's own ``__init__`` is no import of itself.
        graph[name].discard(name)
    TopologicalSorter(graph).prepare()


def test_nothing_is_too_long() -> None:
    """A module has at most 400 lines, whose it is aside, and a function 60."""
    long = []
    for path in MODULES.values():
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        if len(text.replace(HEADER, "", 1).splitlines()) > 400:
            long.append(name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno >= 60:
                    long.append(f"{name} {node.name}")
    assert not long


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("momo", {"numpy", "torch"}),
        ("momo.core", {"numpy", "torch"}),
        ("momo.core.method", {"numpy", "torch"}),
        ("momo.lookup", {"numpy", "torch"}),
        ("momo.methods", {"torch"}),
        ("momo.optim", {"torch._dynamo", "torch.distributed.tensor", "triton"}),
        ("momo.integrations", {"torch", "accelerate", "lightning", "transformers"}),
        ("momo.reference", {"torch", "scipy", "cvxpy"}),
        ("theory.problems", {"cvxpy", "sklearn", "matplotlib"}),
        ("theory.verify", {"cvxpy", "sklearn", "matplotlib", "torch"}),
        ("experiments.config", {"numpy", "torch", "polars"}),
        ("experiments.optimizers", {"torch", "polars"}),
        ("experiments.data", {"torch", "polars", "PIL"}),
        ("experiments.records", {"torch", "joblib"}),
        ("experiments.sampling.record", {"torch", "scipy"}),
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


def test_the_page_for_maintainers_says_so() -> None:
    """Its table has a row for each layer; the version alone, ``momo``, is not told."""
    said = {}
    for row in table("| folder | stands on |"):
        folder, below, _ = row.strip("| ").split(" | ")
        said[folder.strip("`")] = {*re.findall(r"`([\w./]+)`", below)}
    for folder, layer in LAYERS.items():
        below = {MODULES[name].relative_to(ROOT) for name in layer.project if name != "momo"}
        paths = {path.parent if path.name == "__init__.py" else path for path in below}
        assert said.pop(folder) == {str(path) for path in paths} - {folder}
    assert not said
