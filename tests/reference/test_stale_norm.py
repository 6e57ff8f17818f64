# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The dual norm of the step before, in the place of that of this one: what it changes, bounded."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, prod

import numpy as np
import pytest
from numpy.typing import NDArray

from momo.core.products import MAX, Product
from momo.reference import (
    DECOUPLED,
    FROM_FIRST,
    Given,
    GroupedInfo,
    GroupedMethod,
    GroupedState,
    grouped,
    method,
)
from momo.reference.preconditioners import AdamFromFirst, Spectral
from momo.reference.preconditioners.spectral import (
    COEFFICIENTS,
    SLOPES,
    newton_schulz_slope,
)

Array = NDArray[np.float64]
MATRICES = ((4, 3), (3, 5))
VECTOR = (6,)
ROUNDING = 1e-12
"""Of a dozen steps with matrices of a dozen numbers, whose polar factors have conditions below 1e3:
about 1e-13 of what is compared."""


def nuclear(flat: Array, shape: tuple[int, ...]) -> float:
    return float(np.linalg.norm(flat.reshape(shape), "nuc"))


def built(
    shapes: tuple[tuple[int, ...], ...],
    lr: float,
    beta: float,
    product: Product | None,
    stale: bool,
) -> GroupedMethod:
    def part(shape: tuple[int, ...]) -> Spectral | AdamFromFirst:
        matrix = len(shape) > 1
        return Spectral(shape, "polar", stale_norm=stale) if matrix else AdamFromFirst(0.95, 1e-8)

    return grouped(
        *(
            method(FROM_FIRST, part(shape), Given(0.0), lr, beta, 0.0, DECOUPLED, product=product)
            for shape in shapes
        )
    )


@dataclass(frozen=True)
class Both:
    """A step with the norms of the step before, and the one that it would be with its own."""

    beta: float
    before: tuple[Array, ...]  # d_{k-1}
    now: tuple[Array, ...]  # d_k
    grads: tuple[Array, ...]
    stale: GroupedInfo
    own: GroupedInfo
    end: float  # where the stale step takes the line

    def norms(self) -> tuple[float, float, float]:
        """Return N_{k-1}, N_k, and e."""
        old, new = (
            sum(nuclear(d, s) for d, s in zip(a, MATRICES, strict=False))
            for a in (self.before, self.now)
        )
        change = sum(
            nuclear(g - d, s) for g, d, s in zip(self.grads, self.before, MATRICES, strict=False)
        )
        return old, new, (1 - self.beta) * change / old


def steps(beta: float, product: Product | None, lr: float, vector: bool, seed: int) -> list[Both]:
    """Return a run of steps with the norms of the step before; the noise is half of the signal."""
    shapes = (*MATRICES, VECTOR) if vector else MATRICES
    stale, own = (built(shapes, lr, beta, product, kind) for kind in (True, False))
    rng = np.random.default_rng(seed)
    signal = [rng.standard_normal(prod(shape)) for shape in shapes]
    xs, state = tuple(rng.standard_normal(prod(shape)) for shape in shapes), GroupedState()
    found = []
    for k in range(12):
        grads = tuple(s + 0.5 * rng.standard_normal(s.shape) for s in signal)
        loss = float(rng.uniform(20, 30))
        after, new, info = stale.step(state, xs, loss, grads)
        if k:
            _, _, other = own.step(state, xs, loss, grads)
            moved = zip(new.grad_avg, after, xs, strict=True)
            end = float(info.value) + sum(float(d @ (b - a)) for d, b, a in moved)
            pair = (info, other)
            found.append(Both(beta, state.grad_avg, new.grad_avg, grads, *pair, end))
        xs, state = after, new
    return found


every_run = pytest.mark.parametrize("seed", range(4))
both_betas = pytest.mark.parametrize("beta", [0.9, 0.95])
of_the_rest = pytest.mark.parametrize("vector", [False, True], ids=["matrices", "hybrid"])
capped_or_not = pytest.mark.parametrize("lr", [0.01, 5.0, 1e6])


@both_betas
@every_run
def test_the_norm_changes_by_no_more_than_the_average(beta: float, seed: int) -> None:
    """``|N - N'| <= e N'``, and the bounds of its being convex."""
    for one in steps(beta, MAX, 1.0, False, seed):
        old, new, e = one.norms()
        assert 0 < abs(new / old - 1) <= e
        pairs = list(zip(one.before, one.grads, MATRICES, strict=True))
        rise = sum(
            float(g @ Spectral(s, "polar").update(None, g, 1)[0].direction(d)) for d, g, s in pairs
        )
        most = sum(nuclear(g, s) for _, g, s in pairs)
        assert beta * old + (1 - beta) * rise <= new * (1 + ROUNDING)
        assert new <= (beta * old + (1 - beta) * most) * (1 + ROUNDING)


@both_betas
@every_run
@of_the_rest
@capped_or_not
def test_the_step_changes_by_no_more_than_the_bound(
    beta: float, seed: int, vector: bool, lr: float
) -> None:
    """τ of MuonMax by at most ``(1-e)^∓2``, the matrices' length by ``(1-e)^∓1``."""
    for one in steps(beta, MAX, lr, vector, seed):
        old, new, e = one.norms()
        tau, own = float(one.stale.step_size), float(one.own.step_size)
        assert own > 0
        assert e < 1
        assert (1 - e) ** 2 * (1 - ROUNDING) <= tau / own <= (1 - e) ** -2 * (1 + ROUNDING)
        length = tau * old / (own * new)
        assert (1 - e) * (1 - ROUNDING) <= length <= (1 + ROUNDING) / (1 - e)


@both_betas
@every_run
@of_the_rest
@capped_or_not
def test_the_constrained_step_changes_by_no_more_than_the_bound(
    beta: float, seed: int, vector: bool, lr: float
) -> None:
    for one in steps(beta, None, lr, vector, seed):
        _, _, e = one.norms()
        ratio = float(one.stale.step_size / one.own.step_size)
        assert (1 - e) * (1 - ROUNDING) <= ratio <= (1 + ROUNDING) / (1 - e)


@both_betas
@every_run
def test_the_line_ends_near_its_bound(beta: float, seed: int) -> None:
    """At ``a (1 - N/N')`` of its bound, which is 0: not above or below by more than ``e a``."""
    for one in steps(beta, MAX, inf, False, seed):
        old, new, e = one.norms()
        above = float(one.stale.value)
        assert above > 0
        assert one.end == pytest.approx(above * (1 - new / old), abs=ROUNDING * above)
        assert abs(one.end) <= e * above


def test_the_first_step_has_its_own_norm() -> None:
    stale, own = (built(MATRICES, inf, 0.9, MAX, kind) for kind in (True, False))
    rng = np.random.default_rng(0)
    xs, grads = (tuple(rng.standard_normal(prod(s)) for s in MATRICES) for _ in range(2))
    ours, theirs = (one.step(GroupedState(), xs, 3.0, grads)[0] for one in (stale, own))
    assert all(map(np.array_equal, ours, theirs))


def test_the_dual_norm_needs_the_average() -> None:
    with pytest.raises(ValueError, match="grad_avg is None; allowed: d_k"):
        Spectral((2, 2), stale_norm=True).update(None, np.ones(4), 1)


# ---- Newton-Schulz -------------------------------------------------------------------


def test_the_slopes_of_newton_schulz_are_those_of_a_grid() -> None:
    s = np.concatenate([np.linspace(0, 1, 200_001), np.geomspace(1e-6, 1, 200_001)])
    a, b, c = COEFFICIENTS
    p, slope = s, np.ones_like(s)
    for _ in range(5):
        slope = (a + 3 * b * p**2 + 5 * c * p**4) * slope
        p = a * p + b * p**3 + c * p**5
    found = (np.abs(p + s * slope).max(), np.abs(s * slope).max())
    assert SLOPES[0] - 0.02 < found[0] <= SLOPES[0]
    assert SLOPES[1] - 0.02 < found[1] <= SLOPES[1]


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (8, 8)])
@pytest.mark.parametrize("far", [1e-3, 1.0])
def test_newton_schulz_changes_by_no_more_than_its_own_constant(
    shape: tuple[int, int], far: float
) -> None:
    norm, _ = Spectral(shape, radius=0.5, eps=0.0).update(None, np.zeros(prod(shape)), 1)
    most = 0.0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        scales = 10.0 ** rng.uniform(-4, 0, shape[1])  # of all conditions
        d = (rng.standard_normal(shape) * scales).reshape(-1)
        other = d + far * rng.standard_normal(d.size) * np.abs(d).max()
        change = abs(float(norm.dual_norm_sq(d) - norm.dual_norm_sq(other)))
        most = max(most, change / (0.5 * nuclear(d - other, shape)))
    assert 0.3 < most <= newton_schulz_slope(min(shape))
