# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is there twice, in NumPy and in torch, has the same files, classes and hyper-parameters.

That is what works on vectors: preconditioners, and the vector half of the iterates.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path

import pytest

from momo.core import iterates

ROOT = Path(__file__).parents[1]
FOLDERS = ("preconditioners", "iterates")
TREES = ("reference", "optim")
METRIC = "what NumPy makes of each step, to be looked at; torch goes straight to the direction"
ALONE = {
    "reference.preconditioners.fixed": "the theory's metric that never changes: of no method",
    "reference.preconditioners.fixed.Frozen": "the theory's metric that never changes",
    "reference.preconditioners.base.Metric": METRIC,
    "reference.preconditioners.base.Diagonal": METRIC,
    "reference.preconditioners.base.Along": METRIC,
    "reference.preconditioners.identity.Euclidean": METRIC,
    "reference.preconditioners.sign.MaxNorm": METRIC,
    "reference.preconditioners.spectral.SpectralNorm": METRIC,
    "reference.preconditioners.ngn.Coordinates": METRIC,
    "reference.preconditioners.matrices.Rotated": METRIC,
}
"""What has no twin, and why."""


def classes(tree: str, folder: str) -> dict[str, type]:
    """Return the classes of a folder by ``file.Class``, and its files by ``file``."""
    found: dict[str, type] = {}
    for path in sorted((ROOT / "momo" / tree / folder).glob("[a-z]*.py")):
        name = f"momo.{tree}.{folder}.{path.stem}"
        members = getmembers(import_module(name), isclass)
        own = {f"{path.stem}.{cls}": made for cls, made in members if made.__module__ == name}
        found |= {path.stem: object, **own}
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_has_a_twin_of_its_name(folder: str) -> None:
    names = {
        tree: {name for name in classes(tree, folder) if f"{tree}.{folder}.{name}" not in ALONE}
        for tree in TREES
    }
    assert len(names["optim"]) > 6
    assert names["reference"] == names["optim"]


@pytest.mark.parametrize("name", ALONE)
def test_what_has_none_is_there(name: str) -> None:
    tree, folder, rest = name.split(".", 2)
    assert rest in classes(tree, folder)
    (other,) = {*TREES} - {tree}
    assert rest not in classes(other, folder)


@pytest.mark.parametrize("folder", FOLDERS)
def test_both_export_all_that_a_method_may_choose(folder: str) -> None:
    for tree in TREES:
        known = classes(tree, folder)
        module = import_module(f"momo.{tree}.{folder}")
        chosen = {cls.__name__ for cls in known.values() if is_dataclass(cls)}
        # Metrics of many numbers are made by their preconditioner alone.
        assert chosen - {"Rotated", "Coordinates"} <= set(module.__all__)


@pytest.mark.parametrize("folder", FOLDERS)
def test_twins_have_the_same_hyperparameters(folder: str) -> None:
    """In this order; in NumPy, where x is flat, those that treat matrices as such have a shape."""
    ours, theirs = (classes(tree, folder) for tree in ("optim", "reference"))
    chosen = [name for name, cls in ours.items() if is_dataclass(cls)]
    assert len(chosen) >= 3
    for name in chosen:
        here = [field.name for field in fields(ours[name])]
        there = [field.name for field in fields(theirs[name])]
        if getattr(ours[name], "elementwise", True):
            assert here == there, name
        else:
            assert ["shape", *here] == there, name


def test_the_vector_halves_are_halves_of_the_core() -> None:
    for tree in TREES:
        for name, cls in classes(tree, "iterates").items():
            if is_dataclass(cls):
                assert issubclass(cls, getattr(iterates, cls.__name__)), f"{tree} {name}"
