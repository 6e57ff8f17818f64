# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The cache of optima: it returns what was stored, and nothing that was damaged."""

from __future__ import annotations

import importlib
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from theory import cache
from theory.optimum import Optimum, compute
from theory.problems.base import Problem
from theory.problems.halfspaces import halfspaces


def never(problem: Problem) -> Optimum:
    raise AssertionError(f"{problem.name} was solved again")


def same(a: Optimum, b: Optimum) -> bool:
    return all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in fields(Optimum))


def test_the_second_call_reads_what_the_first_wrote(tmp_path: Path) -> None:
    problem = halfspaces()
    first = cache.optimum(problem, tmp_path)
    assert same(first, cache.optimum(problem, tmp_path, solve=never))
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_objections_are_kept(tmp_path: Path) -> None:
    from theory.problems.noisy_regression import noisy_regression

    first = cache.optimum(noisy_regression(), tmp_path)
    assert first.objections
    assert cache.optimum(noisy_regression(), tmp_path, never).objections == first.objections


@pytest.mark.parametrize("other", [{"seed": 1}, {"level": 0.25}, {"dim": 31}])
def test_another_problem_has_another_entry(tmp_path: Path, other: dict[str, float]) -> None:
    cache.optimum(halfspaces(), tmp_path)
    with pytest.raises(AssertionError, match="solved again"):
        cache.optimum(halfspaces(**other), tmp_path, never)  # type: ignore[arg-type]


OUTSIDE = """
import numpy as np
from dataclasses import replace
from theory.problems.halfspaces import halfspaces
from theory.problems.scalar_losses import HINGE

def argmin(z):
    return [z >= {bound}]

def mine():
    return replace(halfspaces(), loss=replace(HINGE, argmin=argmin))
"""


def test_other_code_has_another_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # the data, and the name of the loss, are the same: only the cvxpy form is corrected
    (tmp_path / "outside_family.py").write_text(OUTSIDE.format(bound=-1))
    monkeypatch.syspath_prepend(tmp_path)
    family = importlib.import_module("outside_family")
    assert {"outside_family", "theory.problems.linear_model"} <= cache.modules(family.mine())
    wrong = cache.key(family.mine())
    assert cache.key(family.mine()) == wrong
    (tmp_path / "outside_family.py").write_text(OUTSIDE.format(bound=0))
    assert cache.key(family.mine()) != wrong


def test_the_code_of_partial_functions_counts() -> None:
    assert "theory.problems.scalar_losses" in cache.modules(halfspaces())


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "garbage"])
def test_a_damaged_entry_is_reported_and_computed_again(tmp_path: Path, damage: str) -> None:
    problem = halfspaces()
    right = cache.optimum(problem, tmp_path)
    (entry,) = tmp_path.iterdir()
    data = bytearray(entry.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
    changed = {"flip": data, "cut": data[:-7], "empty": b"", "garbage": b"x" * 500}[damage]
    entry.write_bytes(changed)
    with pytest.warns(UserWarning, match="is damaged"):
        assert same(right, cache.optimum(problem, tmp_path))
    assert same(right, cache.optimum(problem, tmp_path, never))


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.warns(UserWarning, match="not cached"):
        found = cache.optimum(halfspaces(), tmp_path / "file" / "folder")
    assert same(found, compute(halfspaces()))


def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        cache.optimum(halfspaces(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif("sys.platform != 'linux'", reason="the variable is Linux's")
def test_the_folder_respects_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert tmp_path in cache.folder().parents
