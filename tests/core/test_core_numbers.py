# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Floats, arrays and 0-dim tensors are one number: the same equation, to rounding, on each.

What the equation says is tested against the literal oracles and the definition of a momentum model
(`tests/reference`); here only that it says the same to every kind of number, and that NaN is lost
in none of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from momo.core import iterates, parts, products
from momo.core.ops import FLOATS, TINY, Ops, arrays, tensors
from momo.core.step import Hyper, Inner, Line, Sample, State, step

KINDS: dict[str, tuple[Ops, Callable[[Any], Any]]] = {
    "floats": (FLOATS, float),
    "arrays": (arrays(), lambda a: np.array([a, a])),
    "tensors": (tensors(), lambda a: torch.tensor(a, dtype=torch.float64)),
}
others = pytest.mark.parametrize("kind", ["arrays", "tensors"])

AVERAGES: list[Any] = [parts.FROM_FIRST, parts.FROM_ZERO, parts.LionAverage(0.95)]
BOUNDS: list[Any] = [
    parts.Given(-0.25),
    parts.Online(-0.25),
    parts.RunningMean(-0.25),
    parts.DecreaseMean(-0.25),
]
RULES: list[Any] = [
    parts.TRUNCATION,
    parts.CAPPED,
    parts.HARMONIC,
    parts.Scaled(parts.TRUNCATION, 0.4),
    parts.Floored(0.5),
    parts.Floored(0.0),
    parts.GrowthLimited(1.25),
    parts.GrowthLimited(1.25, 0.5),
]
SEQUENCES: list[Any] = [
    parts.PLAIN,
    iterates.IterateAveraging(0.7),
    iterates.AnytimeAveraging(),
    iterates.ScheduleFree(0.8),
    iterates.ScheduleFree(0.8, 1.0),
    iterates.RandomScaling(7),
]
DECAYS: list[Any] = [
    parts.PROXIMAL,
    parts.DECOUPLED,
    parts.DECOUPLED_AT_X,
    parts.APPROXIMATE,
]
LINES: list[Any] = [parts.averaged, parts.newest]
numbers = st.integers(-1000, 1000).map(lambda i: i / 250)
positive = st.integers(1, 1000).map(lambda i: i / 250)


class Chosen:
    """The parts of a method."""

    def __init__(self, average: Any, bound: Any, rule: Any, sequence: Any, line: Any) -> None:
        self.averaging, self.lower_bound, self.step_rule = average, bound, rule
        self.iterates, self.linearisation, self.bounded = sequence, line, True


methods = st.builds(
    Chosen,
    st.sampled_from(AVERAGES),
    st.sampled_from(BOUNDS),
    st.sampled_from(RULES),
    st.sampled_from(SEQUENCES),
    st.sampled_from(LINES),
)


@st.composite
def groups(draw: st.DrawFn) -> list[tuple[float, float, Any, Any]]:
    """α, αλ, decay and limit of up to three groups; an infinite α in all, or in none."""
    count, infinite = draw(st.integers(1, 3)), draw(st.booleans())
    return [
        (
            math.inf if infinite else draw(positive),
            0.0 if infinite else draw(st.sampled_from([0.0, 0.125, 2.0])),
            draw(st.sampled_from(DECAYS)),
            draw(st.sampled_from([parts.penalty, parts.ball])),
        )
        for _ in range(count)
    ]


@st.composite
def samples(draw: st.DrawFn, count: int) -> list[tuple[float, float | None, list[list[float]]]]:
    """Losses, bounds of the batches and inner products of some steps."""
    inner = st.tuples(numbers, numbers, st.one_of(st.just(0.0), positive), *[numbers] * 3)
    one = st.tuples(
        numbers, st.one_of(st.none(), numbers), st.lists(inner, min_size=count, max_size=count)
    )
    return draw(st.lists(one, min_size=1, max_size=4))  # type: ignore[arg-type]


def flat(value: Any) -> list[float]:
    """All numbers in what a step returns, those of the first run where there are several."""
    if isinstance(value, tuple | list):
        return [number for each in value for number in flat(each)]
    return [float(np.ravel(np.asarray(value))[0])]


def steps(
    kind: str, method: Chosen, beta: float, given_groups: list[Any], seen: list[Any]
) -> list[list[float]]:
    ops, made = KINDS[kind]
    state = State(0, 0.0, 0.0, 0.0, (0.0,) * method.lower_bound.size, 0.0, 0.0)
    found = []
    hypers = [Hyper(made(lr), made(s), decay, limit) for lr, s, decay, limit in given_groups]
    for loss, lb, inners in seen:
        betas = method.averaging.betas(made(beta), state.k + 1, ops)
        bound = made(lb) if lb is not None and method.lower_bound.takes_lb else None
        products_ = [Inner(*map(made, inner)) for inner in inners]
        moves, follow, state, info = step(
            method, hypers, products_, state, Sample(made(loss), betas, bound), ops
        )
        found.append(flat([moves, follow, state, info]))
    return found


@others
@settings(max_examples=200)
@given(data=st.data(), method=methods, beta=st.sampled_from([0.0, 0.5, 0.9]), chosen=groups())
def test_every_kind_of_number_takes_the_same_steps(
    kind: str, data: st.DataObject, method: Chosen, beta: float, chosen: list[Any]
) -> None:
    """To rounding: powers and logarithms are rounded by each library in its way."""
    # Capped, and without a cap, a method has no step: its forms refuse that.
    assume(method.step_rule is not parts.CAPPED or chosen[0][0] < math.inf)
    seen = data.draw(samples(len(chosen)))
    ours, exact = (steps(k, method, beta, chosen, seen) for k in (kind, "floats"))
    np.testing.assert_allclose(ours, exact, rtol=1e-14, atol=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "method",
    [Chosen(parts.FROM_ZERO, b, r, parts.PLAIN, parts.averaged) for b in BOUNDS for r in RULES[:3]],
)
@pytest.mark.parametrize("where", ["loss", "norm", "product"])
def test_nan_is_not_lost(kind: str, method: Chosen, where: str) -> None:
    """A step of NaN says so in its value, its step size, or what it keeps."""
    inner = [1.0, 2.0, 3.0, 0.5, 2.0, 3.0]
    at = {"norm": 2, "product": 1}.get(where)
    if at is not None:
        inner[at] = math.nan
        inner[0] = math.nan if where == "product" else inner[0]
    seen = [(math.nan if where == "loss" else 1.0, None, [inner])] * 2
    found = steps(kind, method, 0.5, [(0.5, 0.0, parts.PROXIMAL, parts.penalty)], seen)
    assert np.isnan(found[-1]).any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("product", [products.MAX, products.SUM, products.L2])
@given(norms=st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0]), min_size=1, max_size=4))
def test_products_are_those_of_floats(kind: str, product: Any, norms: list[float]) -> None:
    """Sums of small integers: exact. Of equal norms the first is the largest."""
    ops, made = KINDS[kind]
    exact = product(norms, FLOATS)
    assert flat(product([made(n) for n in norms], ops)) == exact
    largest = max(norms)
    expected = {
        products.MAX: [sum(norms)] * len(norms),
        products.SUM: [largest if i == norms.index(largest) else 0.0 for i in range(len(norms))],
        products.L2: norms,
    }
    assert exact == expected[product]


@pytest.mark.parametrize("kind", KINDS)
@given(a=numbers, b=numbers)
def test_operations(kind: str, a: float, b: float) -> None:
    ops, made = KINDS[kind]
    x, y = made(a), made(b)
    assert flat(ops.minimum(x, y)) == [min(a, b)]
    assert flat(ops.maximum(x, y)) == [max(a, b)]
    assert flat(ops.where(x < y, x, y)) == [min(a, b)]
    assert flat(ops.quotient(x, made(abs(b)))) == [a / abs(b) if b else 0.0]
    assert flat(ops.power(made(abs(a)), 2.0)) == pytest.approx([a * a], rel=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_edges_of_the_operations(kind: str) -> None:
    ops, made = KINDS[kind]
    assert flat(ops.quotient(made(2 * TINY), made(TINY))) == [2]
    assert flat(ops.quotient(made(TINY), made(TINY / 2))) == [0]
    assert flat(ops.quotient(made(1e300), made(1e-300))) == [math.inf]
    assert flat(ops.power(made(1e200), 2.0)) == [math.inf]
    assert flat(ops.power(made(0.0), 0.0)) == [1]
    for found in (ops.minimum(made(math.nan), made(1.0)), ops.maximum(made(math.nan), made(1.0))):
        assert math.isnan(flat(found)[0])
    for found in (ops.minimum(made(1.0), made(math.nan)), ops.maximum(made(1.0), made(math.nan))):
        assert math.isnan(flat(found)[0])


def test_a_step_of_tensors_reads_none() -> None:
    """On the meta device there is nothing to read: whoever tries, raises."""

    def made(_: Any) -> Any:
        return torch.zeros((), dtype=torch.float64, device="meta")

    for average in AVERAGES:
        for bound in BOUNDS:
            method = Chosen(
                average, bound, parts.HARMONIC, iterates.ScheduleFree(0.5), parts.averaged
            )
            state = State(*map(made, State._fields))._replace(lower_bound=(made(0),) * bound.size)
            betas = average.betas(0.9, state.k + 1, tensors())
            inner, hyper = Inner(*map(made, range(6))), Hyper(0.5, 0.1, parts.PROXIMAL, parts.ball)
            _, _, new, _ = step(
                method, [hyper] * 2, [inner] * 2, state, Sample(made(0), betas), tensors()
            )
            assert new.loss_avg.device.type == "meta"


def test_reset_and_estimate_by_hand() -> None:
    line = Line(3.0, 0.5, (0.9, 0.9))
    bound = parts.Online(-1.0)
    assert bound.before((8.0,), None, 3.0, line, 2, FLOATS) == (3.0, (8.0,))
    assert bound.before((5.0,), None, 3.0, line, 2, FLOATS) == (5.0, (5.0,))
    assert bound.before((5.0,), None, -3.0, line, 2, FLOATS) == (-1.0, (5.0,))
    assert bound.before((8.0,), None, 3.0, line, 1, FLOATS)[0] == -1.0
    assert bound.after((0.0,), 3.0, 2.0, 1.0, 0.5, FLOATS) == (5.0,)
    assert bound.after((0.0,), -3.0, 2.0, 1.0, 0.5, FLOATS) == (-1.0,)
