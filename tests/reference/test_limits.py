# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Methods that momentum models contain: SGD-M, Adam, AdamW and ProxSPS, each written anew here."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_strategies import (
    ADAM_EPS,
    BETA2,
    Array,
    Build,
    Samples,
    betas,
    lrs,
    numbers,
    run,
    samples,
    vectors,
    weight_decays,
)

from momo.reference import (
    APPROXIMATE,
    DECOUPLED,
    PROXIMAL,
    AdamDiagonal,
    Decay,
    Given,
    Identity,
    Method,
    State,
    adam,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
    prox_sps,
    sgd_m,
)

# At most 6 steps of a dozen operations, each within an ulp of numbers not above `size`.
RTOL = 1e-13


def assert_same_path(method: Method, seen: Samples, expected: list[Array]) -> None:
    size = max(np.abs(seen.points[0]).max(), *(np.abs(x).max() for x in expected), 1.0)
    for step, x in zip(run(method, seen), expected, strict=True):
        np.testing.assert_allclose(step.x_next, x, rtol=RTOL, atol=RTOL * size)


def decayed(x: Array, update: Array, lr: float, decay: float, decoupled: bool) -> Array:
    if decoupled:
        return x - lr * decay * x - update
    return (x - update) / (1 + lr * decay)


def textbook_sgd_m(
    seen: Samples, lr: float, momentum: float, decay: float, decoupled: bool
) -> list[Array]:
    """``torch.optim.SGD`` with ``dampening = momentum``: the first gradient fills the buffer."""
    path, x, buffer = [], seen.points[0], seen.grads[0]
    for k, grad in enumerate(seen.grads):
        if k > 0:
            buffer = momentum * buffer + (1 - momentum) * grad
        x = decayed(x, lr * buffer, lr, decay, decoupled)
        path.append(x)
    return path


def textbook_adam(
    seen: Samples, lr: float, beta1: float, decay: float, decoupled: bool
) -> list[Array]:
    """Adam as in Kingma and Ba, algorithm 1."""
    path, x = [], seen.points[0]
    m, v = np.zeros_like(x), np.zeros_like(x)
    for t, grad in enumerate(seen.grads, start=1):
        m = beta1 * m + (1 - beta1) * grad
        v = BETA2 * v + (1 - BETA2) * grad**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - BETA2**t)
        x = decayed(x, lr * m_hat / (np.sqrt(v_hat) + ADAM_EPS), lr, decay, decoupled)
        path.append(x)
    return path


KINDS = {False: PROXIMAL, True: DECOUPLED}
decoupling = pytest.mark.parametrize("decoupled", [False, True], ids=["proximal", "decoupled"])
hyper = {"seen": samples(max_steps=6), "lr": lrs, "beta": betas, "decay": weight_decays}


@decoupling
@given(**hyper)
def test_sgd_m_is_the_textbooks(
    decoupled: bool, seen: Samples, lr: float, beta: float, decay: float
) -> None:
    expected = textbook_sgd_m(seen, lr, beta, decay, decoupled)
    assert_same_path(sgd_m(lr, beta, decay, KINDS[decoupled]), seen, expected)


@decoupling
@given(**hyper)
def test_adam_is_the_textbooks(
    decoupled: bool, seen: Samples, lr: float, beta: float, decay: float
) -> None:
    method = adam(lr, (beta, BETA2), ADAM_EPS, decay, KINDS[decoupled])
    assert_same_path(method, seen, textbook_adam(seen, lr, beta, decay, decoupled))


@st.composite
def capping(draw: st.DrawFn) -> tuple[float, float]:
    """A cap and a bound that together cap every step: either may be the reason.

    The iterates, gradients and losses drawn here stay below 1e3, so the model's gap is at least
    ``1 - 1e-3`` of 1e9 in one case; in the other a step of 1e-9 cannot close a gap of 1e3.
    """
    return draw(st.sampled_from([(0.5, -1e9), (2.0, -1e9), (1e-9, -1e4)]))


@decoupling
@given(seen=samples(max_steps=6), beta=betas, decay=weight_decays, caps=capping())
def test_capped_momo_is_sgd_m_and_capped_momo_adam_is_adam(
    decoupled: bool, seen: Samples, beta: float, decay: float, caps: tuple[float, float]
) -> None:
    lr, lb = caps
    bound = Given(lb)
    pairs = [
        (momo(lr, beta, decay, bound, KINDS[decoupled]), sgd_m(lr, beta, decay, KINDS[decoupled])),
        (
            momo_adam(lr, (beta, BETA2), ADAM_EPS, decay, bound, KINDS[decoupled]),
            adam(lr, (beta, BETA2), ADAM_EPS, decay, KINDS[decoupled]),
        ),
    ]
    for truncated, base in pairs:
        for ours, theirs in zip(run(truncated, seen), run(base, seen), strict=True):
            assert ours.info.step_size == ours.info.cap or not ours.state.grad_avg.any()
            assert np.array_equal(ours.x_next, theirs.x_next)


@pytest.mark.parametrize("method", [momo(1.0), momo_adam(1.0)], ids=["momo", "momo_adam"])
def test_the_truncation_is_not_the_cap(method: Method) -> None:
    """With a bound that matters the truncated step is shorter than the capped."""
    _, _, info = method.step(State(), [1.0, 2.0], 0.5, [3.0, 1.0])
    assert 0 < info.step_size < info.cap


def textbook_prox_sps(
    x: Array, loss: float, grad: Array, lr: float, decay: float, bound: float
) -> Array:
    """ProxSPS (Schaipp, Gower, Ulbrich 2023) with the squared 2-norm as regulariser.

    ``x⁺ = (x - τ g)/(1+αλ)``, ``τ = min{α, ((f - ℓ)(1+αλ) - αλ<g,x>)_+ / ||g||²}``.
    """
    if not grad.any():
        return x / (1 + lr * decay)
    above = (loss - bound) * (1 + lr * decay) - lr * decay * float(grad @ x)
    tau = min(lr, max(above, 0.0) / float(grad @ grad))
    return (x - tau * grad) / (1 + lr * decay)


@given(seen=samples(), lr=lrs, decay=weight_decays, bound=numbers(-2, 2))
def test_without_momentum_momo_is_prox_sps(
    seen: Samples, lr: float, decay: float, bound: float
) -> None:
    """The numerator cancels terms of at most 1e4 (1e-11 of rounding), over a ||g|| of 0.004."""
    x, expected = seen.points[0], []
    for loss, grad in zip(seen.losses, seen.grads, strict=True):
        x = textbook_prox_sps(x, loss, grad, lr, decay, bound)
        expected.append(x)
    for method in (
        momo(lr, 0.0, decay, Given(bound)),
        prox_sps(lr, decay, Given(bound)),
    ):
        for step, y in zip(run(method, seen), expected, strict=True):
            np.testing.assert_allclose(step.x_next, y, rtol=0, atol=1e-11 / 0.004)


@given(x=vectors((3,)), grad=vectors((3,)).filter(np.any), loss=numbers(0.1, 6))
def test_default_prox_sps_takes_zero_as_the_bound(x: Array, grad: Array, loss: float) -> None:
    x_next, _, info = prox_sps().step(State(), x, loss, grad)
    assert info.lower_bound == 0
    np.testing.assert_allclose(
        x_next, textbook_prox_sps(x, loss, grad, 1.0, 0.0, 0.0), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize(
    ("built", "lr", "beta"),
    [
        (momo(), 1.0, 0.9),
        (momo_star(), 1.0, 0.9),
        (momo_adam(), 1e-2, 0.9),
        (momo_adam_star(), 1e-2, 0.9),
        (prox_sps(), 1.0, 0.0),
        (sgd_m(0.5), 0.5, 0.9),
        (adam(), 1e-3, 0.9),
    ],
    ids=["momo", "momo_star", "momo_adam", "momo_adam_star", "prox_sps", "sgd_m", "adam"],
)
def test_defaults_are_the_papers(built: Method, lr: float, beta: float) -> None:
    assert (built.lr, built.beta, built.weight_decay) == (lr, beta, 0.0)
    assert built.decay is PROXIMAL
    assert built.preconditioner in (Identity(), AdamDiagonal(0.999, 1e-8))
    assert vars(built.lower_bound) == {"lb": 0.0}


@pytest.mark.parametrize("build", [momo, momo_star, momo_adam, momo_adam_star, sgd_m, adam])
@pytest.mark.parametrize("kind", [PROXIMAL, DECOUPLED, APPROXIMATE])
def test_the_kind_of_decay_reaches_the_method(build: Build, kind: Decay) -> None:
    assert build(0.5, decay=kind).decay is kind


def test_adams_default_diagonal() -> None:
    assert AdamDiagonal() == AdamDiagonal(0.999, 1e-8)


@pytest.mark.parametrize("built", [sgd_m(np.inf), adam(np.inf)], ids=["sgd_m", "adam"])
@pytest.mark.parametrize("grad", [[0.0], [1.0]])
def test_a_method_that_is_always_capped_needs_a_cap(built: Method, grad: list[float]) -> None:
    with pytest.raises(ValueError, match=r"lr = inf .* allowed: a finite lr"):
        built.step(State(), [1.0], 1.0, grad)
