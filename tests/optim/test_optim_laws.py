# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Laws that every method obeys, and what each is when its steps are capped."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from optim_comparison import (
    E,
    assert_same_step,
    close,
    parameters,
    run,
    same_bits,
    settle_one_rounding,
)
from optim_strategies import (
    ADAPTIVE,
    OFFLINE,
    ROWS,
    SINGLE,
    Array,
    Path,
    Problem,
    betas,
    paths,
    problems,
    reals,
    roundoff,
    weight_decays,
)
from optim_training import numbers

from momo.methods import Hyperparameters
from momo.optim import MomentumModelOptimizer
from momo.optim.state import GRAD_AVG
from momo.reference import PROXIMAL, State

WIDE = (torch.float64, torch.complex128)


def decay_of(name: str) -> Any:
    return ROWS[name].reference(Hyperparameters(), ()).decay


def made(name: str, params: Any, **values: Any) -> MomentumModelOptimizer:
    """Return an optimizer of a row; Adam's ε is large enough not to shorten mantissas."""
    h = Hyperparameters(**{"eps": 1e-3, "beta2": 0.99, **values})
    return ROWS[name].torch_class()(params, **ROWS[name].torch_arguments(h))  # type: ignore[arg-type]


def parameter(values: Any, dtype: torch.dtype = torch.float64) -> torch.nn.Parameter:
    return torch.nn.Parameter(torch.as_tensor(values, dtype=dtype).clone())


# ---- capped steps --------------------------------------------------------------------------------

TORCH: dict[str, Callable[[Any, float, float, float], torch.optim.Optimizer]] = {
    "momo": lambda p, lr, beta, decay: torch.optim.SGD(p, lr, momentum=beta, dampening=beta),
    "momo_star": lambda p, lr, beta, decay: torch.optim.SGD(p, lr, momentum=beta, dampening=beta),
    "momo_adam": lambda p, lr, beta, decay: torch.optim.Adam(p, lr, (beta, 0.99), 1e-3),
    "momo_adam_star": lambda p, lr, beta, decay: torch.optim.Adam(p, lr, (beta, 0.99), 1e-3),
    "momo_adam_undivided": lambda p, lr, beta, decay: torch.optim.AdamW(
        p, lr, (beta, 0.99), 1e-3, decay
    ),
}
"""What torch.optim has of the same name; AdamW alone decays as the method does."""


def capped_run(
    name: str, dtype: torch.dtype, beta: float, lr: float, decay: float, seed: int
) -> list[tuple[float, Array, Array]]:
    """Return loss, gradient and point of steps that are all capped.

    The losses grow by far more than a step lowers them, and so stay above any estimated bound.
    """
    rng = np.random.default_rng(seed)
    p = parameter(rng.standard_normal(7), dtype)
    optimizer = made(name, [p], lr=lr, beta=beta, weight_decay=decay)
    steps = [(0.0, np.zeros(0), reals(p).copy())]
    for k in range(5):
        p.grad = torch.from_numpy(rng.standard_normal(7)).to(dtype)
        loss = 1e4 * 100.0**k
        optimizer.step(loss=loss)
        assert optimizer.last.step_size == optimizer.last.cap
        steps.append((loss, reals(p.grad).copy(), reals(p).copy()))
    return steps


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize("name", TORCH)
@settings(max_examples=25)
@given(beta=betas, lr=st.sampled_from([1e-4, 0.01, 0.3]), decay=weight_decays, seed=st.integers(0))
def test_a_capped_step_is_that_of_torch_optim(
    name: str, dtype: torch.dtype, beta: float, lr: float, decay: float, seed: int
) -> None:
    """Each step is a dozen operations on either side, of at most |x|, or the length of the step."""
    decay = decay if name == "momo_adam_undivided" else 0.0
    (_, _, x), *steps = capped_run(name, dtype, beta, lr, decay, seed)
    p = parameter(x, dtype)
    theirs = TORCH[name]([p], lr, beta, decay)
    error = np.zeros_like(x)
    for _, grad, after in steps:
        p.grad = torch.from_numpy(grad).to(dtype)
        theirs.step()
        error += 16 * roundoff(dtype) * (np.abs(after) + 2 * np.abs(after - x) + lr)
        close(after, reals(p), error)
        x = after


@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=25)
@given(beta=betas, lr=st.sampled_from([1e-4, 0.01, 0.3]), decay=weight_decays, seed=st.integers(0))
def test_a_capped_step_is_that_of_the_method_that_the_table_names(
    name: str, beta: float, lr: float, decay: float, seed: int
) -> None:
    (_, _, x), *steps = capped_run(name, torch.float64, beta, lr, decay, seed)
    h = Hyperparameters(lr=lr, beta=beta, weight_decay=decay, beta2=0.99, eps=1e-3)
    method, state, error = ROWS[name].capped(h, ()), State(), np.zeros_like(x)
    theirs = x
    for loss, grad, after in steps:
        theirs, state, _ = method.step(state, theirs, loss, grad)
        error += 16 * E * (np.abs(after) + 2 * np.abs(after - x) + lr)
        close(after, theirs, error)
        x = after


# ---- the model -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=25)
@given(data=st.data())
def test_the_norm_is_that_of_the_direction(name: str, data: st.DataObject) -> None:
    """``||d||² = <d, D⁻¹d>``, with D⁻¹d as x has moved: ``x - τ D⁻¹d``, shrunk by the decay."""
    problem = data.draw(problems((name,), WIDE, faults=False, gaps=False))
    for k, optimizer, before in run(problem, SINGLE):
        last, lrs = optimizer.last, problem.steps[k].lrs
        if last is None or not last.step_size > 0:
            continue
        total = size = 0.0
        d = [reals(optimizer.state[p][GRAD_AVG]) for p in parameters(optimizer)]
        for (g, _), old, p, own in zip(
            problem.leaves, before.x, parameters(optimizer), d, strict=True
        ):
            rate = lrs[g] * problem.groups[g].weight_decay
            shrink = 1 + rate if decay_of(name) is PROXIMAL else 1.0
            base = old if decay_of(name) is PROXIMAL else (1 - rate) * old
            moved = base - shrink * reals(p)
            total += own @ moved
            size += np.abs(own) @ (np.abs(base) + np.abs(moved) + np.abs(old)) * (1 + rate)
        tau = float(last.step_size)
        n = 16 + sum(a.size for a in d)
        close(tau * float(last.dual_norm_sq), total, n * E * (size + abs(total)))


@pytest.mark.parametrize("name", [n for n in ROWS if decay_of(n) is PROXIMAL])
@settings(max_examples=25)
@given(data=st.data())
def test_a_step_that_is_not_capped_takes_the_model_to_its_bound(
    name: str, data: st.DataObject
) -> None:
    """``f̄ + <d, x^{k+1}> - γ = ρ f_*``, decay included, with all groups moving together."""
    problem = data.draw(problems((name,), WIDE, faults=False))
    for _, optimizer, before in run(problem, SINGLE):
        last = optimizer.last
        if last is None or not 0 < last.step_size < last.cap:
            continue
        model = numbers(optimizer)
        value = float(model["loss_avg"] - model["inner_avg"])
        sizes = abs(float(model["loss_avg"])) + abs(float(model["inner_avg"]))
        for p, old in zip(parameters(optimizer), before.x, strict=True):
            if GRAD_AVG in optimizer.state[p]:
                d = reals(optimizer.state[p][GRAD_AVG])
                value += d @ reals(p)
                sizes += np.abs(d) @ (np.abs(reals(p)) + 2 * np.abs(old))
        bound = float(model["weight"] * last.lower_bound)
        n = 16 + sum(old.size for old in before.x)
        close(value, bound, 8 * n * E * (sizes + abs(bound) + abs(float(last.lower_bound))))


@pytest.mark.parametrize("name", OFFLINE)
@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_a_model_at_or_below_its_bound_takes_no_step(name: str, decay: float) -> None:
    """The decay goes on, since it is no part of the model."""
    x = torch.tensor([1.0, -2.0], dtype=torch.float64)
    p = parameter(x)
    optimizer = made(name, [p], lr=0.5, weight_decay=decay, lb=3.0)
    for loss in (3.0, 2.0, -50.0):
        p.data.copy_(x)
        # All at one point, orthogonal to it: h is the average loss, and the decay leaves it there.
        p.grad = torch.tensor([2.0, 1.0], dtype=torch.float64)
        optimizer.step(loss=loss)
        assert optimizer.last.adaptive == optimizer.last.step_size == 0
        shrunk = x / (1 + 0.5 * decay) if decay_of(name) is PROXIMAL else x * (1 - 0.5 * decay)
        assert torch.equal(p, shrunk)
        assert optimizer.state[p][GRAD_AVG].count_nonzero() == 2


@pytest.mark.parametrize("foreach", [False, True])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("name", ROWS)
def test_a_zero_gradient_takes_no_step(name: str, dtype: torch.dtype, foreach: bool) -> None:
    """At the first step, and after others where β = 0: d = 0, and never 0/0."""
    params = [parameter([1.0, -2.0], dtype), parameter(3.0, dtype)]
    optimizer = made(name, params, beta=0.0)
    optimizer.param_groups[0]["foreach"] = foreach
    for k, grad in enumerate((0.0, 1.0, 0.0, 0.0)):
        before = [p.detach().clone() for p in params]
        for p in params:
            p.grad = torch.full_like(p, grad)
        optimizer.step(loss=2.0 + k)  # growing, so that no estimated bound is reached
        assert all(torch.isfinite(value) for value in optimizer.last)
        for p, old in zip(params, before, strict=True):
            assert torch.equal(p, old) == (grad == 0)
            assert all(torch.isfinite(value).all() for n, value in optimizer.state[p].items())
    assert optimizer.last.dual_norm_sq == optimizer.last.step_size == 0


@pytest.mark.parametrize("size", [1e-25, 1e-21])
@pytest.mark.parametrize("name", ROWS)
def test_a_gradient_whose_squares_vanish_counts_as_zero(name: str, size: float) -> None:
    """Its squares are 0 in float32, or have lost digits; the quotient would be inf, or noise."""
    p = parameter([1.0, -2.0], torch.float32)
    optimizer = made(name, [p], lr=math.inf, eps=1e-3)
    p.grad = torch.full_like(p, size)
    optimizer.step(loss=2.0)
    assert optimizer.last.step_size == 0
    assert p.tolist() == [1.0, -2.0]


@pytest.mark.parametrize("name", ROWS)
def test_a_gradient_whose_squares_overflow_is_not_taken_in(name: str) -> None:
    """It would keep ||d||² infinite, and every step zero, for as long as it is in the average."""
    p = parameter([1.0, -2.0], torch.float32)
    optimizer = made(name, [p])
    p.grad = torch.full_like(p, 1e25)
    optimizer.step(loss=2.0)
    assert optimizer.skipped == 1
    p.grad = torch.full_like(p, 1e5)
    optimizer.step(loss=2.0)
    assert optimizer.skipped == 1
    assert optimizer.last.step_size > 0


# ---- invariances ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=25)
@given(data=st.data(), path=paths, exponent=st.integers(-12, 12))
def test_the_iterates_ignore_the_scale_of_the_loss(
    name: str, data: st.DataObject, path: Path, exponent: int
) -> None:
    """Of f, f_*, and with them ε; D = I needs α over, and λ times the scale.

    Exact: powers of two change no mantissa.
    """
    c = 2.0**exponent
    ours = data.draw(problems((name,), (torch.float64, torch.float32), faults=False))
    adaptive = name in ADAPTIVE
    step = 1.0 if adaptive else 1 / c
    theirs = replace(
        ours,
        scale=ours.scale * c,
        lb=ours.lb * c,
        groups=tuple(
            replace(group, eps=group.eps * c, weight_decay=group.weight_decay / step)
            for group in ours.groups
        ),
        steps=tuple(
            replace(
                s,
                loss=s.loss * c,
                lrs=tuple(lr * step for lr in s.lrs),
                lb=None if s.lb is None else s.lb * c,
            )
            for s in ours.steps
        ),
    )
    for (_, a, _), (_, b, _) in zip(run(ours, path), run(theirs, path), strict=True):
        for p, q in zip(parameters(a), parameters(b), strict=True):
            assert same_bits(p, q)


@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=25)
@given(data=st.data(), path=paths)
def test_groups_with_equal_hyperparameters_are_one_group(
    name: str, data: st.DataObject, path: Path
) -> None:
    """Also in another order.

    Without decay, whose factor 1/(1+αλ) would be rounded for each group.
    """
    drawn = data.draw(problems((name,), (torch.float64, torch.float32), max_steps=5))
    leaves = tuple(leaf for group in drawn.groups for leaf in group.leaves)
    one = replace(drawn.groups[0], leaves=leaves, beta2=0.5, weight_decay=0.0)
    steps = tuple(replace(step, lrs=step.lrs[:1]) for step in drawn.steps)
    problem = replace(
        drawn, groups=(one,), steps=steps, beta=0.5, scale=1.0, whole=True, lr_kind="number"
    )
    order = data.draw(st.permutations(range(len(leaves))))
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(leaves) - 1)), max_size=3)))

    ours, theirs = problem.start(), problem.start()
    chunks = [chunk for chunk in np.split(np.array(order), cuts) if chunk.size]
    h = problem.hyperparameters(0, 1.0)
    split = made_of(problem, [[ours[i] for i in chunk] for chunk in chunks], h, path)
    whole = problem.optimizer(theirs, False)
    for k, step in enumerate(steps):
        problem.prepare(theirs, whole, k)
        for p, q in zip(ours, theirs, strict=True):
            p.data.copy_(q)
            p.grad = q.grad
        for group in split.param_groups:
            group["lr"] = step.lrs[0]
        before = [reals(p).copy() for p in ours]
        with path.taken():
            split.step(**problem.arguments(k))
        whole.step(**problem.arguments(k))
        if name not in ADAPTIVE:
            settle_one_rounding(split, whole, list(zip(ours, theirs, strict=True)), before)
        assert_same_step(split, whole, list(zip(ours, theirs, strict=True)), name in ADAPTIVE)


def made_of(
    problem: Problem, params: list[list[torch.nn.Parameter]], h: Hyperparameters, path: Path
) -> MomentumModelOptimizer:
    groups = [{"params": own, **problem.row.torch_arguments(h)} for own in params]
    return problem.row.torch_class()(groups, foreach=path.foreach)  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=25)
@given(data=st.data(), path=paths)
def test_complex_parameters_are_pairs_of_reals(name: str, data: st.DataObject, path: Path) -> None:
    """Bit for bit, where the memory is the same."""
    drawn = data.draw(problems((name,), (torch.complex64, torch.complex128)))
    plain = {"layout": "plain", "grad_layout": "plain"}
    problem = replace(
        drawn,
        groups=tuple(
            replace(group, leaves=tuple(replace(leaf, **plain) for leaf in group.leaves))
            for group in drawn.groups
        ),
    )
    params = problem.start()
    pairs = [torch.nn.Parameter(torch.view_as_real(p.detach()).clone()) for p in params]
    ours, theirs = problem.optimizer(params, path.foreach), problem.optimizer(pairs, path.foreach)
    for k in range(len(problem.steps)):
        problem.prepare(params, ours, k)
        problem.set_lrs(theirs, k)
        for p, q in zip(params, pairs, strict=True):
            q.grad = None if p.grad is None else torch.view_as_real(p.grad)
        with path.taken():
            ours.step(**problem.arguments(k))
            theirs.step(**problem.arguments(k))
        for p, q in zip(params, pairs, strict=True):
            assert same_bits(torch.view_as_real(p.detach()), q)


@pytest.mark.parametrize("name", ROWS)
def test_a_gradient_that_is_a_lazy_conjugate_is_read_right(name: str) -> None:
    """What autograd leaves in ``.grad`` for a loss of x's conjugate is one."""
    values = torch.tensor([1 + 2j, 3 - 1j, 0.5j], dtype=torch.complex128)
    results = []
    for lazy in (True, False):
        p = parameter(values, torch.complex128)
        optimizer = made(name, [p], lr=0.1)
        loss = (p.conj() * (2 - 1j)).real.square().sum()
        loss.backward()
        grad = p.grad.resolve_conj()
        p.grad = grad.conj().resolve_conj().conj() if lazy else grad
        assert p.grad.is_conj() == lazy
        optimizer.step(loss=loss)
        results.append(p.detach())
    assert torch.equal(*results)
