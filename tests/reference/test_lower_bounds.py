# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Lower bounds: constant, per batch, and the online bound against the paper's rules in scalars."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference_strategies import (
    ADAM_EPS,
    BETA2,
    METHODS,
    Array,
    Build,
    Samples,
    betas,
    filled,
    lrs,
    numbers,
    run,
    samples,
    weight_decays,
)

from momo.core.ops import arrays
from momo.core.parts import reset
from momo.core.step import Line
from momo.reference import (
    Given,
    Method,
    Online,
    RunningMean,
    State,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
)

STARRED = ["momo_star", "momo_adam_star"]


def starred(name: str, lr: float, beta: float, decay: float, lb: float) -> Method:
    if name == "momo_star":
        return momo_star(lr, beta, decay, lb)
    return momo_adam_star(lr, (beta, BETA2), ADAM_EPS, decay, lb)


@dataclass
class Scalars:
    """One step of the online bound, as the paper writes it."""

    used: float
    after: float
    tau: float
    value: float
    was_reset: bool
    margin: float


def online_scalars(
    name: str, seen: Samples, lr: float, decay: float, beta: float, lb: float
) -> Iterator[Scalars]:
    """Run a starred method in scalars and loops; x is kept only to evaluate inner products."""
    is_adam, n = name == "momo_adam_star", seen.grads.shape[-1]
    x, f_star, shrink = list(seen.points[0]), lb, 1 + lr * decay
    f_bar, gamma, d, v = 0.0, 0.0, [0.0] * n, [0.0] * n
    for k in range(1, len(seen) + 1):
        f, g = seen.losses[k - 1], seen.grads[k - 1]
        old, new = (0.0, 1.0) if k == 1 and not is_adam else (beta, 1 - beta)
        f_bar = old * f_bar + new * f
        gamma = old * gamma + new * sum(g[i] * x[i] for i in range(n))
        d = [old * d[i] + new * g[i] for i in range(n)]
        v = [BETA2 * v[i] + (1 - BETA2) * g[i] ** 2 for i in range(n)]
        rho = 1 - beta**k if is_adam else 1.0
        scale = [ADAM_EPS + (v[i] / (1 - BETA2**k)) ** 0.5 if is_adam else 1.0 for i in range(n)]
        norm_sq = sum(d[i] ** 2 / scale[i] for i in range(n))
        product = sum(d[i] * x[i] for i in range(n))

        c = shrink * (f_bar - gamma) + product
        margin = abs(c - shrink * rho * f_star)
        was_reset = c < shrink * rho * f_star
        if was_reset:
            f_star = max(c / (2 * shrink * rho), lb)
        used = f_star
        above = max(shrink * (f_bar - gamma - rho * f_star) + product, 0.0)
        tau = min(lr / rho, above / norm_sq) if norm_sq > 0 else 0.0
        value = f_bar + product - gamma
        f_star = max((value - tau * norm_sq / 2) / rho, lb)
        x = [(x[i] - tau * d[i] / scale[i]) / shrink for i in range(n)]
        yield Scalars(used, f_star, tau, value, was_reset, margin)


# Sums of a dozen terms, below 1e4, over ρ of at least 0.02: far below 1e-8.
TOL = {"rtol": 1e-9, "atol": 1e-8}


@pytest.mark.parametrize("name", STARRED)
@given(seen=samples(max_steps=6), lr=lrs, decay=weight_decays, beta=betas, lb=numbers(-3, 1))
def test_online_bound_follows_the_method(
    name: str, seen: Samples, lr: float, decay: float, beta: float, lb: float
) -> None:
    expected = list(online_scalars(name, seen, lr, decay, beta, lb))
    # At a tie rounding decides whether to reset; 1e-9 is far above what the sums lose.
    assume(all(scalars.margin > 1e-9 for scalars in expected))
    steps = run(starred(name, lr, beta, decay, lb), seen)
    for step, scalars in zip(steps, expected, strict=True):
        np.testing.assert_allclose(step.info.lower_bound, scalars.used, **TOL)
        np.testing.assert_allclose(step.state.lower_bound[0], scalars.after, **TOL)
        np.testing.assert_allclose(step.info.value, scalars.value, **TOL)
        decrease = step.info.step_size * step.info.dual_norm_sq
        np.testing.assert_allclose(decrease, scalars.tau * step.info.dual_norm_sq, **TOL)
        assert step.info.lower_bound >= lb
        assert step.state.lower_bound[0] >= lb


@pytest.mark.parametrize("name", STARRED)
def test_resets_occur_with_and_without_decay_and_floor(name: str) -> None:
    """The property above would be hollow if its samples never reset the bound."""
    seen = Samples(
        points=np.array([[1.0, -2.0], [0.0, 0.0], [0.0, 0.0]]),
        losses=np.array([8.0, 1.0, -0.5]),
        grads=np.array([[1.0, 0.5], [-1.0, 0.25], [0.5, 2.0]]),
        bounds=np.zeros(3),
    )
    for decay in (0.0, 0.5):
        for lb, clipped in ((-9.0, False), (-0.01, True)):
            scalars = list(online_scalars(name, seen, 0.125, decay, 0.0, lb))
            resets = [s for s in scalars if s.was_reset]
            assert resets
            assert any(s.used == lb for s in resets) == clipped


@pytest.mark.parametrize("name", STARRED)
@given(seen=samples(max_steps=6), beta=betas, lb=numbers(-3, 1))
def test_uncapped_without_decay_the_bound_goes_halfway_to_the_model(
    name: str, seen: Samples, beta: float, lb: float
) -> None:
    """``ρ f_*^{k+1} = ½(h_k + ρ f_*^k)`` where the model is above the bound and d is not 0."""
    for k, step in enumerate(run(starred(name, np.inf, beta, 0.0, lb), seen, follow=False)):
        rho = 1 - beta ** (k + 1) if name == "momo_adam_star" else 1.0
        info = step.info
        if info.value > rho * info.lower_bound and info.dual_norm_sq > 0:
            halfway = (info.value + rho * info.lower_bound) / (2 * rho)
            np.testing.assert_allclose(step.state.lower_bound[0], max(halfway, lb), **TOL)


def lowered(f_star: float, decayed: float, weight: float, floor: float) -> Array:
    line = Line(np.array(0.0), np.array(weight), (0.0, 0.0))
    return reset(np.array(f_star), np.array(decayed), line, np.array(floor), arrays())


@given(
    f_star=numbers(-4, 4),
    decayed=numbers(-4, 4),
    weight=numbers(0.1, 1),
    floor=numbers(-4, 4),
    lr=lrs,
    decay=weight_decays,
)
def test_reset_is_the_rule_in_c(
    f_star: float, decayed: float, weight: float, floor: float, lr: float, decay: float
) -> None:
    """In terms of ``c = (1+αλ) decayed``; the two sides of the rule differ by 1e-9 or are equal."""
    shrink = 1 + lr * decay
    c = shrink * decayed
    assume(abs(decayed - weight * f_star) > 1e-9)
    too_high = c < shrink * weight * f_star
    expected = max(c / (2 * shrink * weight), floor) if too_high else f_star
    ours = lowered(f_star, decayed, weight, floor)
    np.testing.assert_allclose(ours, expected, rtol=1e-14, atol=1e-14)


def test_a_bound_that_the_model_meets_is_not_reset() -> None:
    ours = lowered(2.0, 1.0, 0.5, 0.0)
    assert ours == 2.0


@given(value=numbers(-4, 4), decrease=numbers(0, 4), weight=numbers(0.1, 1), floor=numbers(-40, 40))
def test_estimate_is_half_the_decrease_below_the_model(
    value: float, decrease: float, weight: float, floor: float
) -> None:
    (ours,) = Online(floor).after((), *map(np.array, (value, 1.0, decrease, weight)), arrays())
    expected = max((value - 0.5 * decrease) / weight, floor)
    np.testing.assert_allclose(ours, expected, rtol=1e-14)


@pytest.mark.parametrize("build", [momo, momo_adam], ids=["momo", "momo_adam"])
@given(seen=samples(max_steps=6), lr=lrs, decay=weight_decays, bound=numbers(-2, 2))
def test_constant_bound_is_used_and_not_remembered(
    build: Build, seen: Samples, lr: float, decay: float, bound: float
) -> None:
    method = build(lr, weight_decay=decay, lower_bound=Given(bound))
    for step in run(method, seen):
        assert step.info.lower_bound == bound
        assert step.state.lower_bound == (0.0,)


@pytest.mark.parametrize("name", ["momo_per_batch", "momo_adam_per_batch"])
@given(seen=samples(max_steps=6), lr=lrs, decay=weight_decays, beta=betas)
def test_per_batch_bound_is_averaged_like_the_losses(
    name: str, seen: Samples, lr: float, decay: float, beta: float
) -> None:
    """``ρ_k f_*^k = Σ_j ρ_{j,k} ℓ_j``: with ℓ_j = f_j it is f̄_k itself."""
    of_losses = Samples(seen.points, seen.losses, seen.grads, seen.losses)
    method = METHODS[name](lr, beta, decay)
    for k, step in enumerate(run(method, of_losses), start=1):
        rho = 1 - beta**k if name == "momo_adam_per_batch" else 1.0
        assert step.state.lower_bound == (step.state.loss_avg,)
        np.testing.assert_allclose(step.info.lower_bound * rho, step.state.loss_avg, rtol=1e-13)
    for step, other in zip(
        run(method, seen),
        run(method, Samples(seen.points, seen.bounds, seen.grads, seen.losses)),
        strict=True,
    ):
        assert step.state.lower_bound == (other.state.loss_avg,)


@given(data=st.data(), beta=betas, lr=lrs)
def test_a_constant_per_batch_bound_is_the_constant(
    data: st.DataObject, beta: float, lr: float
) -> None:
    seen = data.draw(samples())
    bound = data.draw(numbers(-2, 2))
    level = Samples(seen.points, seen.losses, seen.grads, np.full(len(seen), bound))
    pairs = [
        ("momo_per_batch", momo(lr, beta, lower_bound=Given(bound))),
        (
            "momo_adam_per_batch",
            momo_adam(lr, (beta, BETA2), ADAM_EPS, lower_bound=Given(bound)),
        ),
    ]
    for name, fixed in pairs:
        for ours, theirs in zip(
            run(METHODS[name](lr, beta, 0.0), level, follow=False),
            run(fixed, level, follow=False),
            strict=True,
        ):
            ours_h, theirs_h = ours.info, theirs.info
            np.testing.assert_allclose(ours_h.lower_bound, bound, rtol=1e-13)
            decrease = ours_h.step_size * ours_h.dual_norm_sq
            np.testing.assert_allclose(decrease, theirs_h.step_size * theirs_h.dual_norm_sq, **TOL)


@given(lb=filled((3,), -2, 2))
def test_the_floor_may_differ_between_runs(lb: Array) -> None:
    method = momo_star(0.5, lb=lb)
    x, loss, grad = np.ones((3, 2)), np.full(3, -5.0), np.ones((3, 2))
    _, state, info = method.step(State(), x, loss, grad)
    assert np.array_equal(info.lower_bound, lb)
    assert np.array_equal(state.lower_bound[0], lb)


@pytest.mark.parametrize("lr", [0.05, 1.0, np.inf])
@pytest.mark.parametrize("loss", ["squares", "absolute"])
def test_the_running_mean_lies_above_the_optimum_by_no_more_than_the_start_was_far(
    loss: str, lr: float
) -> None:
    """``2 ω_{k+1} (F_{k+1} - f*) <= max_{j<=k} ||x^j - x*||² - ||x^{k+1} - x*||²``, or F is lb.

    Derived here: with ``f(x*, s) = f*`` for all s the model at x* is at most ρ f*, so that for
    every τ, ``||x^{k+1}-x*||² <= ||x^k-x*||² - 2τ_k (h_k - ρf* - ½τ_k ||d_k||²)``; summed since ω
    was 0, or F was raised to lb <= f*. Six runs at once, each with its own resets.
    """
    runs, n, f_star = 6, 5, 1.0
    rng = np.random.default_rng(7)
    solution = rng.standard_normal(n)
    method, state, x = momo(lr, 0.9, lower_bound=RunningMean(0.0)), State(), np.zeros((runs, n))
    since = np.zeros(runs)  # the largest ||x^j - x*||² since ω was 0
    above, reset = 0, 0
    for _ in range(300):
        a = rng.standard_normal((runs, n))
        r = np.vecdot(a, x - solution)
        values = (0.5 * r * r, r) if loss == "squares" else (np.abs(r), np.sign(r))
        before, mass = np.vecdot(x - solution, x - solution), state.lower_bound
        x, state, info = method.step(state, x, f_star + values[0], values[1][:, None] * a)
        forgotten = (mass == ()) | (info.lower_bound != (mass[0] if mass else 0.0))
        reset += int(forgotten.sum())
        since = np.where(forgotten, before, np.maximum(since, before))
        bound, total = state.lower_bound
        excess, after = 2 * total * (bound - f_star), np.vecdot(x - solution, x - solution)
        # Sums of at most 300 terms, of the size of ω F or of the distances.
        slack = 300 * 2.0**-52 * (1 + total * (1 + np.abs(bound)) + since)
        assert np.all(excess <= np.maximum(since - after, 0) + slack)
        above += int((bound > f_star).sum())
    assert above > 0
    assert reset > runs
