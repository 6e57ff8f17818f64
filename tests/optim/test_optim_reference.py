# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every step of every method is the reference's, on every path and device."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import event, given, settings
from hypothesis import strategies as st
from optim_comparison import E, close, compare, methods, parameters, reference_step, run
from optim_devices import DEVICES
from optim_strategies import (
    ADAPTIVE,
    DTYPES,
    FROM_ZERO,
    ROWS,
    Array,
    Path,
    Problem,
    betas,
    numbers,
    paths,
    problems,
    reals,
    set_beta,
    weight_decays,
)

from momo.methods import Hyperparameters
from momo.optim.state import MEMORY_WEIGHT, MODEL
from momo.reference import GroupedState

WIDE = (torch.float64, torch.complex128)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=40)  # and 3000 of all methods below
@given(data=st.data(), path=paths)
def test_every_step_is_the_references(
    name: str, device: str, data: st.DataObject, path: Path
) -> None:
    compared = compare(data.draw(problems((name,))), path, device)
    event(f"held: {compared.held}")


@pytest.mark.slow
@pytest.mark.parametrize("device", DEVICES)
@settings(max_examples=3000)
@given(problem=problems(), path=paths)
def test_every_step_is_the_references_at_length(device: str, problem: Problem, path: Path) -> None:
    compare(problem, path, device)


@pytest.mark.parametrize("device", DEVICES)
@settings(max_examples=100)
@given(problem=problems(infinite=True, gaps=False), path=paths)
def test_without_a_cap_every_step_is_the_references(
    device: str, problem: Problem, path: Path
) -> None:
    """lr = inf: the plain method over the parameters as one vector."""
    compare(problem, path, device)


@pytest.mark.parametrize("device", DEVICES)
@settings(max_examples=100)
@given(problem=problems(dtypes=WIDE), path=paths)
def test_many_steps_on_their_own_are_the_references(
    device: str, problem: Problem, path: Path
) -> None:
    """Without starting afresh: the numbers carried from step to step are all that is carried.

    How far two runs can drift apart depends on the problem (a short d makes long steps; the online
    bound jumps), so the reference says it itself: three more runs of it see each number changed by
    2⁻⁴⁰ of itself. torch's rounding is a few hundred times 2⁻⁵³ of what is added up, so less.
    """
    exact = reference_run(problem, None)
    nearby = [reference_run(problem, seed) for seed in range(3)]
    for k, optimizer, _ in run(problem, path, device):
        spread = max(np.abs(points[k] - exact[k]).max(initial=0) for points in nearby)
        ours = np.concatenate([reals(p) for p in parameters(optimizer)])
        close(ours, exact[k], spread + 2.0**-40 * np.abs(exact[k]).max(initial=0))


def reference_run(problem: Problem, seed: int | None) -> list[Array]:
    """Return the points of a run of the reference, with numbers a little off if there is a seed."""
    rng = np.random.default_rng(seed)

    def off(values: Any) -> Any:
        noise = rng.standard_normal(np.shape(values))
        return values if seed is None else values * (1 + 2.0**-40 * noise)

    params = problem.start()
    x = tuple(off(reals(p)) for p in params)
    state, points = GroupedState(), []
    for k, step in enumerate(problem.steps):
        problem.set_gradients(params, k)
        grads = tuple(None if p.grad is None else off(reals(p.grad)) for p in params)
        if problem.outcome(k, [g.size for g in grads if g is not None]) == "step":
            sample = None
            if problem.per_batch:
                sample = off(problem.lb if step.lb is None else step.lb)
            done = reference_step(methods(problem, k), state, x, off(step.loss), grads, sample)
            x, state = done.x, done.state
        points.append(np.concatenate(x))
    return points


# ---- hyper-parameters that change, and points that something else moves -------------------------


@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=40)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1), weight_decay=weight_decays)
def test_the_model_is_its_definition_when_beta_changes_and_x_is_moved(
    name: str, data: st.DataObject, seed: int, weight_decay: float
) -> None:
    """``h_k = Σ_j ρ_{j,k} (f_j + <g_j, x^k - x^j>)`` and all that follows, written out.

    The inner products and γ are off by at most ``4 (2n) (k+2) E`` times the largest summand.
    """
    rng = np.random.default_rng(seed)
    row, eps, n = ROWS[name], 1e-3, 6
    count = data.draw(st.integers(1, 5))
    decays = [(data.draw(betas), data.draw(betas)) for _ in range(count)]
    lr, lb = data.draw(numbers(0.004, 5)), data.draw(numbers(-2, 1))
    p, late = (torch.nn.Parameter(torch.zeros(n, dtype=torch.float64)) for _ in range(2))
    h = Hyperparameters(lr, decays[0][0], weight_decay, decays[0][1], eps, lb)
    optimizer = row.torch_class()([p, late], **row.torch_arguments(h))  # type: ignore[arg-type]
    from_zero, rate = name in FROM_ZERO, lr * weight_decay
    rho: Array = np.zeros(0)  # ρ_{j,k}, and the weights of the squares
    square: Array = np.zeros(0)
    squares: list[Array] = []
    f: list[float] = []
    g: list[Array] = []
    x: list[Array] = []
    bound = lb
    for k, (beta, beta2) in enumerate(decays):
        (group,) = optimizer.param_groups
        set_beta(group, beta)
        if "betas" in group:
            group["betas"] = (beta, beta2)
        elif "beta2" in group:
            group["beta2"] = beta2
        x.append(rng.standard_normal(2 * n))
        f.append(float(rng.uniform(-1, 6)))
        g.append(rng.standard_normal(2 * n))
        if k < 2:
            g[-1][n:] = 0
        for q, part in ((p, slice(n)), (late, slice(n, None))):
            q.data.copy_(torch.from_numpy(x[-1][part]))
            q.grad = torch.from_numpy(g[-1][part].copy())
        if k < 2:
            late.grad = None
        optimizer.step(loss=f[-1])

        first = 1.0 if k == 0 and not from_zero else 1 - beta
        rho = np.append(beta * rho, first)
        weight = rho.sum()
        value = sum(r * (a + b @ (x[k] - y)) for r, a, b, y in zip(rho, f, g, x, strict=True))
        d = sum(r * b for r, b in zip(rho, g, strict=True))
        squares.append(g[-1] ** 2)
        square = np.append(beta2 * square, 1 - beta2)
        diagonal = np.ones(2 * n)
        if name in ADAPTIVE:
            v = np.sum(square[:, None] * np.array(squares), axis=0)
            total = np.full(2 * n, square.sum())
            total[n:] = square[2:].sum() if k >= 2 else 1
            diagonal = eps + np.sqrt(v / total)
        moves = np.arange(2 * n) < (n if k < 2 else 2 * n)
        in_model = 0.0 if name == "own" else rate
        decayed = value - (d @ (moves * x[k])) * in_model / (1 + in_model)
        if row.online and decayed < weight * bound:
            bound = max(decayed / (2 * weight), lb)
        norm_sq = np.sum((d**2 / diagonal)[moves])
        zeta = (1 + in_model) * max(decayed - weight * bound, 0) / norm_sq
        tau = min(lr / weight, zeta)
        moved = x[k] - tau * d / diagonal
        if name == "own" or row.fixed.get("divide") is False:
            moved = moved - rate * x[k]
        else:
            moved = moved / (1 + rate)
        moved = np.where(moves, moved, x[k])

        last = optimizer.last
        largest = max(
            abs(a) + np.abs(b) @ (np.abs(y) + np.abs(x[k])) for a, b, y in zip(f, g, x, strict=True)
        )
        error = 8 * n * (k + 2) * E * (largest + abs(lb))
        error_zeta = error * (1 + in_model) / norm_sq / weight + 100 * E * zeta / weight
        close(last.value, value, error)
        close(last.lower_bound, bound, error / weight)
        close(last.adaptive, zeta, error_zeta)
        close(last.step_size, tau, error_zeta)
        ours = np.concatenate([reals(p), reals(late)])
        scale = np.abs(x[k]) * (1 + rate) + tau * np.abs(d / diagonal)
        close(ours, moved, error_zeta * np.abs(d / diagonal) + 100 * E * scale)
        if row.online:
            bound = max((value - tau * norm_sq / 2) / weight, lb)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_scalars_are_float64_whatever_the_parameters_are(
    name: str, device: str, dtype: torch.dtype
) -> None:
    row = ROWS[name]
    p = torch.nn.Parameter(torch.ones(3, dtype=dtype, device=device))
    p.grad = torch.ones_like(p)
    optimizer = row.torch_class()([p])  # type: ignore[call-arg]
    optimizer.step(loss=torch.ones((), dtype=torch.bfloat16, device=device))
    state = optimizer.state[p]
    assert state[MODEL].dtype is torch.float64
    assert optimizer.skipped.dtype is torch.int64
    assert all(value.dtype is torch.float64 for value in optimizer.last)
    if name in ADAPTIVE:
        assert state[MEMORY_WEIGHT].dtype is torch.float64
    own = set(state) - {MODEL, MEMORY_WEIGHT}
    assert own == ({"grad_avg", "grad_sq_avg"} if name in ADAPTIVE else {"grad_avg"})
    assert all(state[name].shape == p.shape for name in own)
    assert state["grad_avg"].dtype is dtype
    if name in ADAPTIVE:  # squares of small numbers, and averages over thousands of steps
        assert state["grad_sq_avg"].dtype is torch.promote_types(dtype, torch.float32)
