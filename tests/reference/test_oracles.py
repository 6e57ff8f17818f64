# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every NumPy method against its literal oracle, and what the oracles stand on."""

from __future__ import annotations

import ast
import inspect
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from oracle_problems import SHAPES, Run, distance, oracle, runs, slightly_off

import momo.reference
from momo.methods import METHODS, Hyperparameters
from momo.reference import GroupedState, State, grouped
from momo.reference.sources import ORACLES

Array = NDArray[np.float64]
FOLDER = Path(momo.reference.__file__).parent
FILES = [FOLDER / "paper.py", *sorted((FOLDER / "sources").glob("*.py"))]


def reference(name: str, run: Run) -> list[Array]:
    """Return the points of a row's NumPy form; every parameter of several is a group."""
    methods = [METHODS[name].reference(run.h, shape) for shape in run.shapes]
    x, points = run.start(), [run.start()]
    state, states, joint = State(), GroupedState(), grouped(*methods)
    for sample in run.samples():
        loss, grad = METHODS[name].seen(sample)(x)
        if len(methods) == 1:
            x, state, _ = methods[0].step(state, x, loss, grad)
        else:
            cut = [np.split(a, run.ends) for a in (x, grad)]
            xs, states, _ = joint.step(states, cut[0], loss, cut[1])
            x = np.concatenate(xs)
        points.append(x)
    return points


def test_every_method_of_the_table_has_an_oracle() -> None:
    assert list(ORACLES) == list(METHODS)


@pytest.mark.parametrize("name", ORACLES)
@settings(max_examples=20)
@given(data=st.data())
def test_a_method_is_its_oracle(name: str, data: st.DataObject) -> None:
    run = data.draw(runs(name))
    assert distance(name, run, reference(name, run)) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ORACLES)
@settings(max_examples=400)
@given(data=st.data())
def test_a_method_is_its_oracle_at_length(name: str, data: st.DataObject) -> None:
    run = data.draw(runs(name))
    assert distance(name, run, reference(name, run)) <= 1


ONE_OFF = [
    (name, argument)
    for name, row in METHODS.items()
    for argument in asdict(Hyperparameters())
    if argument in row.arguments or (argument in ("beta", "beta2") and "betas" in row.arguments)
]


@pytest.mark.parametrize(("name", "argument"), ONE_OFF)
def test_a_number_that_is_a_millionth_off_is_seen(name: str, argument: str) -> None:
    """What the oracles compare is not lost in the tolerance: for each number in one run of ten."""

    def seen(seed: int) -> bool:
        h = Hyperparameters([0.02, 5.0][seed % 2], 0.5, 0.1, 0.9, 1e-3, -0.5)
        run = Run(SHAPES[seed % len(SHAPES)], h, bool(seed % 3), seed)
        other = replace(run, h=slightly_off(h, argument))
        return distance(name, run, reference(name, other)) > 1

    assert any(map(seen, range(10)))


@pytest.mark.parametrize("name", ORACLES)
def test_the_defaults_are_the_tables(name: str) -> None:
    h = METHODS[name].defaults
    values = {**asdict(h), "betas": (h.beta, h.beta2)}
    parameters = inspect.signature(ORACLES[name]).parameters
    given = {n: p.default for n, p in parameters.items() if n in values}
    assert given == {n: values[n] for n in METHODS[name].arguments}


def test_an_oracle_yields_a_point_a_batch() -> None:
    run = Run(SHAPES[0], Hyperparameters(), True, 0)
    assert len(oracle("momo", run)) == len(run.samples()) + 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_oracles_stand_on_numpy_alone(path: Path) -> None:
    """They import one another, and nothing of what is compared with them."""
    names = imported(path)
    own = ("momo.reference.paper", "momo.reference.sources")
    assert all(name.startswith(own) for name in names if name.startswith("momo"))
    assert {name.partition(".")[0] for name in names} <= {"numpy", "momo", *sys.stdlib_module_names}


def test_the_papers_algorithms_import_nothing_of_the_project() -> None:
    assert not any(name.startswith("momo") for name in imported(FOLDER / "paper.py"))


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    modules = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return modules | set(named)
