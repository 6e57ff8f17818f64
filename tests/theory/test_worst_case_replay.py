# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases as functions: they interpolate, and the methods run on them as certified."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from momo.optim import Momo
from theory import bounds
from theory.worst_case.construction import given_order, one_function
from theory.worst_case.function import SmoothInterpolant, functions, simplex_minimiser
from theory.worst_case.instance import Instance
from theory.worst_case.pep import certified
from theory.worst_case.replay import reference, replay
from theory.worst_case.setting import Setting

CASES = [
    (Setting(0.0, 5), [5**-0.5] * 4),
    (Setting(0.5, 4), [0.562, 0.55, 0.74]),
    (Setting(0.9, 6), [0.69575, 0.0875, 0.1033, 0.1192, 0.1441]),
    (Setting(0.5, 5, "from_zero"), [1.0, 0.8, 0.7, 0.7]),
    (Setting(0.5, 4, measure="last"), [0.7, 0.6, 0.9]),
    (Setting(0.5, 5, functions=2), [0.6, 0.6, 0.7, 0.7]),
    (Setting(0.5, 4, lr=0.3), [0.3, 0.3, 0.2]),
    (Setting(0.5, 4, "from_zero", lr=0.15), [0.3, 0.15, 0.1]),
    (Setting(0.5, 4, kind="smooth"), [1.2, 0.5, 1.1]),
    (Setting(0.0, 4, kind="smooth"), [2.168, 1.969, 3.1445]),
    (Setting(0.5, 4, "from_zero", "smooth"), [2.0, 1.0, 1.1]),
    (Setting(0.5, 5, kind="smooth", functions=2), [1.1715, 0.731, 1.2505, 1.4043]),
]
IDS = [f"{setting.label}" for setting, _ in CASES]


@pytest.fixture(params=CASES, ids=IDS)
def instance(request: pytest.FixtureRequest) -> Instance:
    setting, steps = request.param
    return certified(setting, np.array(steps)).instance


def test_the_reference_repeats_the_certified_run(instance: Instance) -> None:
    run = replay(instance)
    assert run.good
    assert run.value == pytest.approx(instance.value, abs=1e-6)
    # what is allowed would not hide a wrong step, and far less is needed
    longest = np.linalg.norm(np.diff(instance.points, axis=0), axis=1).max()
    assert run.allowed < 0.05 * longest
    assert run.error < 1e-5


def test_another_beta_does_not(instance: Instance) -> None:
    other = replace(instance.setting, beta=instance.setting.beta + 0.05)
    assert not replay(instance, reference(other)).good


def test_nor_does_another_function(instance: Instance) -> None:
    changed = replace(instance, gradients=instance.gradients * 1.01)
    run = replay(changed, reference(instance.setting))
    assert run.error > 1e-3


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_torch_repeats_it(case: tuple[Setting, list[float]]) -> None:
    """float64: the same allowance as the reference's."""
    setting, steps = case
    worst = certified(setting, np.array(steps)).instance
    oracles = functions(worst)
    x = torch.tensor(worst.points[0], dtype=torch.float64, requires_grad=True)
    start = setting.averaging == "from_zero"
    optimizer = Momo([x], lr=setting.lr, beta=setting.beta, lb=0.0, bias_correction=start)
    run = replay(worst)
    for k, owner in enumerate(setting.owners):
        point = x.detach().numpy().copy()
        assert np.linalg.norm(point - worst.points[k]) <= run.allowed
        np.testing.assert_allclose(point, run.points[k], atol=run.allowed)
        loss, grad = oracles[owner].loss_and_grad(point)
        assert loss == pytest.approx(worst.values[k], abs=run.allowed)
        if k == setting.iterations - 1:
            break
        x.grad = torch.tensor(grad, dtype=torch.float64)
        optimizer.step(loss=torch.tensor(loss, dtype=torch.float64))
        length = float(optimizer.last.step_size)
        assert length == pytest.approx(worst.steps[k], abs=max(1e-6, 10 * run.allowed))


def test_the_functions_interpolate(instance: Instance) -> None:
    oracles, smooth = functions(instance), instance.setting.kind == "smooth"
    violation = max(instance.violations()["interpolation"], 0.0) + 1e-12
    for k, owner in enumerate(instance.setting.owners):
        value, slope = oracles[owner].loss_and_grad(instance.points[k])
        assert value == pytest.approx(instance.values[k], abs=2 * violation)
        off = np.linalg.norm(slope - instance.gradients[k])
        assert off <= (2 * math.sqrt(2 * violation) if smooth else 0.0)
    for oracle in oracles:
        assert oracle.value(instance.solution) == pytest.approx(0.0, abs=2 * violation)


def test_the_functions_are_of_the_class(instance: Instance) -> None:
    """Convex, and Lipschitz or smooth: checked on random pairs around the points."""
    rng = np.random.default_rng(0)
    dim = instance.points.shape[1]
    for oracle in functions(instance):
        near = rng.choice(len(instance.points), 20)
        points = instance.points[near] + 0.3 * rng.standard_normal((20, dim))
        answers = [oracle.loss_and_grad(x) for x in points]
        for x, (f, g) in zip(points, answers, strict=True):
            assert f >= -1e-9
            for y, (h, s) in zip(points, answers, strict=True):
                bend = np.sum((g - s) ** 2) / 2 if instance.setting.kind == "smooth" else 0.0
                assert f >= h + s @ (x - y) + bend - 1e-6
                if instance.setting.kind == "lipschitz":
                    assert abs(f - h) <= np.linalg.norm(x - y) * (1 + 1e-6) + 1e-6


def test_a_smooth_interpolant_is_that_of_a_quadratic() -> None:
    """The data of ½||x||² itself: f(x) is at most that, and equal on the points."""
    points = np.array([[1.0, 0.0], [0.0, 0.5], [0.0, 0.0]])
    oracle = SmoothInterpolant(points, points, np.sum(points**2, axis=1) / 2)
    for x in (*points, np.array([0.3, -0.7])):
        value, slope = oracle.loss_and_grad(x)
        assert value == pytest.approx(np.sum(x**2) / 2, abs=1e-10)
        np.testing.assert_allclose(slope, x, atol=1e-6)


def test_the_simplex_minimiser_meets_its_conditions() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        factor = rng.standard_normal((6, 3))
        matrix, linear = factor @ factor.T, rng.standard_normal(6)
        weights = simplex_minimiser(matrix, linear)
        assert weights.sum() == pytest.approx(1, abs=1e-9)
        slope = matrix @ weights + linear
        assert (weights >= 0).all()
        assert slope @ weights <= slope.min() + 1e-8


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("count", [1, 2, 7, 60])
@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
def test_the_trap_is_what_it_claims(averaging: str, beta: float, count: int) -> None:
    """Rounding: sums of some hundred terms of size 1, or N = 50 at β = 0.99."""
    built = one_function(beta, count, averaging)
    assert max(built.violations().values()) < 1e-12
    assert built.distance == pytest.approx(1, abs=1e-12)
    assert built.value == pytest.approx(float(bounds.construction(beta, count, averaging)))
    assert built.value <= float(bounds.upper(beta, count, averaging)) + 1e-12
    run = replay(built)
    assert run.good
    assert run.error < 1e-11
    assert run.value == pytest.approx(built.value, abs=1e-11)


@pytest.mark.parametrize(("beta", "count"), [(0.0, 3), (0.5, 40), (0.9, 150)])
def test_the_trap_for_functions_in_a_given_order(beta: float, count: int) -> None:
    built = given_order(beta, count)
    assert max(built.violations().values()) < 1e-12
    known = float(bounds.given_order_construction(beta, count))
    assert built.value == pytest.approx(known, rel=1e-12)
    run = replay(built)
    assert run.good
    assert run.error < 1e-11
    # of one function the pairs are violated
    shared = replace(built, setting=Setting(beta, count))
    assert count == 3 or shared.violations()["interpolation"] > 1e-3


@pytest.mark.parametrize("part", ["gradients", "values", "points"])
def test_a_disturbed_trap_is_found(part: str) -> None:
    built = one_function(0.9, 20)
    for row in (0, 5, 19):
        changed = getattr(built, part).copy()
        changed[row] *= 1.01
        broken = replace(built, **{part: changed})
        assert max(broken.violations().values()) > 1e-5


@pytest.mark.parametrize(("value", "violation"), [(0.5, 0.0), (0.4, 0.1), (0.7, 0.2)])
def test_of_smooth_functions_half_the_square_is_asked_for(value: float, violation: float) -> None:
    """One point at x = 1 with slope 1: of all smooth functions with minimum 0 only ½x² fits."""
    one = np.ones((1, 1))
    setting, solution = Setting(0.0, 1, kind="smooth"), np.zeros(1)
    built = Instance(setting, one, one, np.array([value]), np.zeros(0), solution)
    assert built.violations()["interpolation"] == pytest.approx(violation)
    assert built.violations()["start"] == 0
    far = replace(built, points=1.1 * one)
    assert far.violations()["start"] == pytest.approx(0.21)


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("count", [1, 2, 3, 10, 80])
def test_all_values_equal(averaging: str, beta: float, count: int) -> None:
    built = one_function(beta, count, averaging, last=1.0)
    assert max(built.violations().values()) < 1e-11
    known = float(bounds.equal_values(beta, count, averaging))
    assert built.value == pytest.approx(known, rel=1e-12)
    assert built.distance == pytest.approx(1, abs=1e-12)
    assert known >= float(bounds.orthogonal(count)) - 1e-12
    run = replay(built)
    assert run.good
    assert run.error < 1e-10


def test_all_values_equal_is_refused_where_it_is_no_function() -> None:
    """With β = 0.9 the trap without a rest is not convex from some K on."""
    assert max(one_function(0.9, 20, last=1.0).violations().values()) < 1e-11
    built = one_function(0.9, 60, last=1.0)
    assert built.violations()["interpolation"] > 1e-3
    assert not replay(built).good


@pytest.mark.slow
@pytest.mark.parametrize("beta", [0.5, 0.99])
def test_the_trap_is_long(beta: float) -> None:
    built = one_function(beta, 2000)
    assert max(built.violations().values()) < 1e-11
    run = replay(built)
    assert run.good
    assert run.error < 1e-9
    sharp = float(bounds.sharp(beta, 2000))
    assert built.value / sharp > (0.98 if beta == 0.5 else 0.1)
