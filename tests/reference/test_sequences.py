# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sequences, and rules with a memory, within a method of one group, which is written out anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from momo import reference as ref
from momo.core.ops import TINY, arrays
from momo.core.random import uniform
from momo.reference import HARMONIC, TRUNCATION, GrowthLimited, Scaled

Array = np.ndarray[Any, np.dtype[np.float64]]
SEQUENCES = [
    ref.PLAIN,
    ref.IterateAveraging(0.7),
    ref.ScheduleFree(0.8),
    ref.ScheduleFree(0.8, 2.0),
    ref.ScheduleFree(0.8, 0.0),
    ref.RandomScaling(7),
]
SPLITMIX = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)
"""The published first outputs of SplitMix64 from the seed 0."""


@pytest.mark.parametrize("sequence", SEQUENCES, ids=str)
@pytest.mark.parametrize(
    "rule",
    [TRUNCATION, Scaled(GrowthLimited(1.1), 0.4)],
    ids=["truncation", "growth"],
)
def test_one_group_makes_the_steps_of_the_method(sequence: Any, rule: Any) -> None:
    one = ref.method(
        ref.FROM_FIRST,
        ref.Identity(),
        ref.Given(-0.5),
        lr=0.7,
        beta=0.8,
        weight_decay=0.1,
        step_rule=rule,
        iterates=sequence,
    )
    rng, joint = np.random.default_rng(3), ref.grouped(one)
    x = y = rng.normal(size=4)
    state, states = ref.State(), ref.GroupedState()
    for _ in range(5):
        grad, loss = rng.normal(size=4), rng.uniform(0, 3)
        x, state, info = one.step(state, x, loss, grad)
        (y,), states, joint_info = joint.step(states, (y,), loss, (grad,))
        # A few dozen roundings a step of numbers of size 1.
        np.testing.assert_allclose(y, x, rtol=0, atol=1e-13)
        assert info.step_size == pytest.approx(joint_info.step_size, rel=1e-12)


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_schedule_free_is_two_lines_of_its_source(power: float) -> None:
    """``z ← z - τ g``, x̄ the mean of the z's with weights τ^p, gradients between the two."""
    beta, one = (
        0.8,
        ref.method(
            ref.FROM_FIRST,
            ref.Identity(),
            ref.Given(-0.5),
            lr=0.3,
            iterates=ref.ScheduleFree(0.8, power),
        ),
    )
    rng = np.random.default_rng(5)
    x = z = rng.normal(size=3)
    state, zs, weights = ref.State(), [], []
    for _ in range(6):
        grad, loss = rng.normal(size=3), rng.uniform(0, 1)
        gap = loss + grad @ (z - x) + 0.5
        tau = min(0.3, max(gap, 0) / (grad @ grad))
        z = z - tau * grad
        zs.append(z)
        weights.append(tau**power)
        mean = np.average(zs, axis=0, weights=weights)
        x, state, info = one.step(state, x, loss, grad)
        assert float(info.step_size) == pytest.approx(tau, rel=1e-12)
        # A mean of six vectors of size 1.
        np.testing.assert_allclose(x, (1 - beta) * z + beta * mean, rtol=0, atol=1e-13)


def test_random_numbers_are_those_of_splitmix() -> None:
    expected = [((bits >> 11) + 0.5) * 2.0**-53 for bits in SPLITMIX]
    assert [uniform(0, k) for k in (1, 2, 3)] == expected


def test_a_scaled_rule_hands_everything_on() -> None:
    given = (np.ones(2), np.full(2, 3.0), np.full(2, 5.0), "memory", 7)
    tau, memory = Scaled(lambda *all_of: (all_of[1], all_of), 0.5)(*given)
    assert np.array_equal(tau, [1.5, 1.5])
    assert np.array_equal(memory[0], given[0])
    assert np.array_equal(memory[2], given[2])
    assert memory[3:] == given[3:]


def test_growth_is_limited_by_the_last_step_above_0() -> None:
    rule = GrowthLimited(1.5)
    cap, norm_sq = np.asarray(10.0), np.asarray(1.0)
    taus, memory = [], 0.0
    for zeta in (0.0, 2.0, 0.0, 8.0, 8.0):
        tau, memory = rule(cap, np.asarray(zeta), norm_sq, memory, arrays())
        taus.append(float(tau))
    assert taus == [0.0, 2.0, 0.0, 3.0, 4.5]


@pytest.mark.parametrize(
    ("cap", "zeta", "tau"), [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (2.0, 1.0, 1.0), (np.inf, 3.0, 6.0)]
)
def test_the_harmonic_rule_is_half_the_harmonic_mean(cap: float, zeta: float, tau: float) -> None:
    found, _ = HARMONIC(np.asarray(cap), np.asarray(zeta), np.asarray(1.0), 0.0, arrays())
    assert float(found) == tau


def test_a_gradient_of_another_batch_is_named_with_its_shape() -> None:
    after = ref.momo().step(ref.State(), np.ones((3, 2)), np.ones(3), np.ones((3, 2)))[1]
    with pytest.raises(ValueError, match=r"x: \(\), loss: \(\), grad: \(4,\)"):
        ref.momo().step(after, np.ones(2), 1.0, np.ones((4, 2)))


def test_a_group_without_a_gradient_has_steps_of_0() -> None:
    one = ref.momo(lr=0.5)
    _, _, info = ref.grouped(one, one).step(
        ref.GroupedState(), (np.ones(2), np.ones(2)), 1.0, (np.ones(2), None)
    )
    assert [float(move.size) for move in info.moves] == [0.5, 0.0]


@pytest.mark.parametrize("beta2", [1.0, -0.1])
def test_lions_second_rate_is_checked(beta2: float) -> None:
    with pytest.raises(ValueError, match=f"beta2 = {beta2}"):
        ref.method(ref.LionAverage(beta2), ref.Sign(), ref.Given(), 1.0)


def test_the_smallest_normal_number_divides() -> None:
    tiny = np.asarray(TINY)
    assert np.finfo(float).tiny == TINY
    assert arrays().quotient(2 * tiny, tiny) == 2
    assert arrays().quotient(tiny, tiny / 2) == 0
