# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Laws of every method: scaling, permutation, translation, and what a zero gradient does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_strategies import (
    ADAM_EPS,
    BETA2,
    DECOUPLABLE,
    EPS,
    METHODS,
    TRUNCATED,
    Samples,
    Step,
    assert_same_move,
    betas,
    decoupled,
    lrs,
    run,
    samples,
    weight_decays,
)

from momo.reference import (
    APPROXIMATE,
    DECOUPLED,
    PROXIMAL,
    Decay,
    Method,
    adam,
    momo_adam,
    momo_adam_star,
    momo_star,
)

powers_of_two = st.integers(-30, 30).map(lambda e: 2.0**e)


def scaled(seen: Samples, s: float) -> Samples:
    return Samples(seen.points, s * seen.losses, s * seen.grads, s * seen.bounds)


def same_iterates(ours: list[Step], theirs: list[Step]) -> bool:
    return all(np.array_equal(a.x_next, b.x_next) for a, b in zip(ours, theirs, strict=True))


EUCLIDEAN_METHODS = ["momo", "momo_per_batch", "momo_star", "prox_sps", "sgd_m"]


@pytest.mark.parametrize("name", [name for name in EUCLIDEAN_METHODS if name != "sgd_m"])
@given(seen=samples(), beta=betas, s=powers_of_two)
def test_without_cap_the_iterates_ignore_the_scale_of_the_loss(
    name: str, seen: Samples, beta: float, s: float
) -> None:
    """Exact: a power of two changes no mantissa."""
    ours, theirs = METHODS[name](np.inf, beta, 0.0), METHODS[name](np.inf, beta, 0.0)
    if name == "momo_star":
        theirs = momo_star(np.inf, beta, lb=s * float(ours.lower_bound.lb))
    assert same_iterates(run(ours, seen), run(theirs, scaled(seen, s)))


@pytest.mark.parametrize("name", EUCLIDEAN_METHODS)
@pytest.mark.parametrize("kind", [PROXIMAL, DECOUPLED, APPROXIMATE])
@given(seen=samples(), lr=lrs, beta=betas, decay=weight_decays, s=powers_of_two)
def test_a_scaled_loss_wants_the_cap_scaled_down_and_the_decay_up(
    name: str, kind: Decay, seen: Samples, lr: float, beta: float, decay: float, s: float
) -> None:
    ours, theirs = METHODS[name](lr, beta, decay), METHODS[name](lr / s, beta, s * decay)
    if name == "momo_star":
        theirs = momo_star(lr / s, beta, s * decay, lb=s * float(ours.lower_bound.lb))
    ours, theirs = replace(ours, decay=kind), replace(theirs, decay=kind)
    assert same_iterates(run(ours, seen), run(theirs, scaled(seen, s)))


@pytest.mark.parametrize("kind", [PROXIMAL, DECOUPLED, APPROXIMATE])
@given(seen=samples(), lr=lrs, beta=betas, decay=weight_decays, s=powers_of_two)
def test_the_adam_family_ignores_the_scale_of_the_loss_if_epsilon_scales(
    kind: Decay, seen: Samples, lr: float, beta: float, decay: float, s: float
) -> None:
    for build, bounds in (
        (momo_adam, ({}, {})),
        (momo_adam_star, ({"lb": -0.5}, {"lb": -0.5 * s})),
        (adam, ({}, {})),
    ):
        ours, theirs = (
            build(lr, (beta, BETA2), eps, decay, decay=kind, **bound)
            for eps, bound in zip((ADAM_EPS, s * ADAM_EPS), bounds, strict=True)
        )
        assert same_iterates(run(ours, seen), run(theirs, scaled(seen, s)))


def assert_same_model_steps(ours: Step, theirs: Step, size: float) -> None:
    """h and the decrease agree to rounding; the decrease is min{cap ||d||², gap}: as stable as h.

    At most 6 steps of inner products of n terms, with sum of sizes ``size``.
    """
    tol = 64 * EPS * size
    assert abs(ours.info.value - theirs.info.value) <= tol
    decreases = [step.info.step_size * step.info.dual_norm_sq for step in (ours, theirs)]
    # With decay the gap is taken 1+αλ times, at most 6.
    assert abs(decreases[0] - decreases[1]) <= 6 * tol


def model_size(seen: Samples) -> float:
    points, grads = np.abs(seen.points).max(), np.abs(seen.grads).sum()
    return float(1 + np.abs(seen.losses).max() + np.abs(seen.bounds).max() + points * grads)


@pytest.mark.parametrize("name", [n for n in METHODS if "star" not in n])
@given(seen=samples(), lr=lrs, beta=betas, decay=weight_decays, data=st.data())
def test_the_order_of_coordinates_does_not_matter(
    name: str, seen: Samples, lr: float, beta: float, decay: float, data: st.DataObject
) -> None:
    """Inner products are added up in another order, elementwise results are the same.

    The online bound is left out: it jumps where the model meets the bound.
    """
    method = METHODS[name](lr, beta, decay)
    order = np.array(data.draw(st.permutations(range(seen.points.shape[-1]))))
    permuted = replace(seen, points=seen.points[..., order], grads=seen.grads[..., order])
    for ours, theirs in zip(
        run(method, seen, follow=False), run(method, permuted, follow=False), strict=True
    ):
        assert_same_model_steps(ours, theirs, model_size(seen))
        assert np.array_equal(ours.state.grad_avg[order], theirs.state.grad_avg)
        taus = (float(ours.info.step_size), float(theirs.info.step_size))
        back = np.argsort(order)
        assert_same_move(ours.x, ours.x_next, theirs.x_next[back], taus, 1 + lr * decay)


@pytest.mark.parametrize("name", [n for n in METHODS if "star" not in n])
@given(seen=samples(), lr=lrs, beta=betas, data=st.data())
def test_the_origin_does_not_matter_without_decay(
    name: str, seen: Samples, lr: float, beta: float, data: st.DataObject
) -> None:
    """Every point shifted by the same vector: h, the step size and the move stay as they were."""
    method = METHODS[name](lr, beta, 0.0)
    shift = seen.points[data.draw(st.integers(0, len(seen) - 1))]
    shifted = replace(seen, points=seen.points + shift)
    for ours, theirs in zip(
        run(method, seen, follow=False), run(method, shifted, follow=False), strict=True
    ):
        assert_same_model_steps(ours, theirs, model_size(shifted) + model_size(seen))


def without_gradient(seen: Samples) -> Samples:
    return replace(seen, grads=np.zeros_like(seen.grads))


@pytest.mark.parametrize("name", METHODS)
@given(seen=samples(), lr=lrs, beta=betas)
def test_a_zero_gradient_moves_nothing(name: str, seen: Samples, lr: float, beta: float) -> None:
    for step in run(METHODS[name](lr, beta, 0.0), without_gradient(seen)):
        assert np.array_equal(step.x_next, step.x)


@pytest.mark.parametrize("name", TRUNCATED)
@given(seen=samples(), beta=betas)
def test_a_zero_gradient_moves_nothing_without_cap(name: str, seen: Samples, beta: float) -> None:
    for step in run(METHODS[name](np.inf, beta, 0.0), without_gradient(seen)):
        assert np.array_equal(step.x_next, step.x)
        assert step.info.step_size == 0


@pytest.mark.parametrize("name", METHODS)
@given(seen=samples(), lr=lrs, beta=betas, decay=weight_decays)
def test_a_zero_gradient_leaves_the_decay(
    name: str, seen: Samples, lr: float, beta: float, decay: float
) -> None:
    method = METHODS[name](lr, beta, decay)
    for step in run(method, without_gradient(seen)):
        assert np.array_equal(step.x_next, 1 / (1 + lr * decay) * step.x)
    if name in DECOUPLABLE:
        for step in run(decoupled(method), without_gradient(seen)):
            assert np.array_equal(step.x_next, (1 - lr * decay) * step.x)


@pytest.mark.parametrize("name", METHODS)
@given(seen=samples(), lr=lrs, beta=betas, decay=weight_decays)
def test_a_run_resumes_from_its_state(
    name: str, seen: Samples, lr: float, beta: float, decay: float
) -> None:
    """The state is all there is: a new method object goes on where the old one stopped."""
    whole = run(METHODS[name](lr, beta, decay), seen)
    for k in range(1, len(seen)):
        method: Method = METHODS[name](lr, beta, decay)
        bound = seen.bounds[k] if "per_batch" in name else None
        x_next, state, _ = method.step(
            whole[k - 1].state, whole[k - 1].x_next, seen.losses[k], seen.grads[k], bound
        )
        assert np.array_equal(x_next, whole[k].x_next)
        assert state.k == k + 1
