# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaLomo is AdaLomo, MoMo in its metric is AdaLomo where every step is capped, and its decay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import Parameter

from momo.optim import AdaLomo, MomentumModelOptimizer, MomoAdaLomo

SHAPES = [(3, 4), (5,), (2, 3, 2), ()]
STEPS, LR = 30, 0.05


def parameters(scale: float = 1.0) -> list[Parameter]:
    generator = torch.Generator().manual_seed(0)
    drawn = [torch.randn(s, generator=generator, dtype=torch.float64) for s in SHAPES]
    return [Parameter(scale * x) for x in drawn]


def gradients() -> Iterator[list[Tensor]]:
    generator = torch.Generator().manual_seed(1)
    for k in range(STEPS):
        size = 10.0 ** (k % 3 - 1)
        yield [size * torch.randn(s, generator=generator, dtype=torch.float64) for s in SHAPES]


def run(params: list[Parameter], optimizer: MomentumModelOptimizer, loss: float) -> list[Parameter]:
    for grads in gradients():
        for p, g in zip(params, grads, strict=True):
            p.grad = g
        optimizer.step(loss=loss)
    return params


def literal(params: list[Parameter], decay: float) -> list[Tensor]:
    """Return where AdaLomo leads, as its authors write it: state R and C, or v, one a parameter."""
    points = [p.detach().clone() for p in params]
    states: list[dict[str, Any]] = [{} for _ in params]
    for k, grads in enumerate(gradients(), start=1):
        beta = 1 - k**-0.8
        for i, g in enumerate(grads):
            x, state, square = points[i], states[i], g**2 + 1e-30
            if g.dim() < 2:
                state["v"] = beta * state.get("v", 0) + (1 - beta) * square
                v = state["v"]
            else:
                state["r"] = beta * state.get("r", 0) + (1 - beta) * square.mean(-1)
                state["c"] = beta * state.get("c", 0) + (1 - beta) * square.mean(-2)
                r = state["r"] / state["r"].mean(-1, keepdim=True)
                v = r[..., :, None] * state["c"][..., None, :]
            update = g / v.sqrt()
            update = update / max(1.0, update.pow(2).mean().sqrt().item())
            relative = LR * max(1e-3, x.pow(2).mean().sqrt().item())
            points[i] = x - relative * decay * x - relative * update
    return points


@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("scale", [1.0, 1e-5])
def test_adalomo_is_as_its_source_writes_it(decay: float, scale: float) -> None:
    """Also where parameters are smaller than ε_2."""
    params = parameters(scale)
    found = run(params, AdaLomo(params, lr=LR, weight_decay=decay), loss=1.0)
    for ours, theirs in zip(found, literal(parameters(scale), decay), strict=True):
        # Thirty steps of some twenty roundings.
        torch.testing.assert_close(ours.detach(), theirs, rtol=1e-13, atol=1e-13 * scale)


@pytest.mark.parametrize("foreach", [None, False])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_capped_and_without_average_momo_adalomo_is_adalomo(
    decay: float, foreach: bool | None
) -> None:
    theirs, ours = parameters(), parameters()
    run(theirs, AdaLomo(theirs, lr=LR, weight_decay=decay, foreach=foreach), loss=1.0)
    model = MomoAdaLomo(ours, lr=LR, beta=0.0, weight_decay=decay, foreach=foreach)
    run(ours, model, loss=1e9)
    assert model.last is not None
    assert model.last.step_size == LR
    assert all(map(torch.equal, ours, theirs))
    short = parameters()
    run(short, MomoAdaLomo(short, lr=LR, beta=0.0, weight_decay=decay, foreach=foreach), loss=1e-3)
    assert not any(map(torch.equal, short, theirs))  # the model cuts


def test_a_direction_is_no_longer_than_its_parameter() -> None:
    params = parameters()
    optimizer = AdaLomo(params, lr=1.0, clip_threshold=0.5)
    for k, grads in enumerate(gradients()):
        before = [p.detach().clone() for p in params]
        for p, g in zip(params, grads, strict=True):
            p.grad = g * 100.0**k  # each far larger than what V knows
        optimizer.step(loss=1.0)
        for p, x in zip(params, before, strict=True):
            moved, size = (a.square().mean().sqrt().item() for a in (p.detach() - x, x))
            assert moved <= 0.5 * max(size, 1e-3) * (1 + 1e-12)
        if k == 3:
            break


def test_the_line_knows_where_a_scaled_decay_has_led() -> None:
    """A parameter is frozen after a step with decay: the next line is that of what has moved."""
    lines = []
    for frozen in (False, True):
        params = parameters()
        optimizer = MomoAdaLomo(params, lr=LR, weight_decay=0.5)
        steps = gradients()
        for k in range(3):
            for i, (p, g) in enumerate(zip(params, next(steps), strict=True)):
                still = k == 2 and i == 0
                p.requires_grad_(not (frozen and still))
                p.grad = None if still else g
            optimizer.step(loss=1.0)
        assert optimizer.last is not None
        lines.append(optimizer.last.value)
    # Frozen or merely without a gradient, the batch's line is the same.
    torch.testing.assert_close(lines[0], lines[1], rtol=1e-12, atol=0)
