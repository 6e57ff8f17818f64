# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the rounding of gradients becomes in the iterates, of every method that works on matrices.

Two runs whose gradients differ in their last bit, in float32, and a run in float64: by what they
differ, over the length of the path and the size of the rounding, is how much that is magnified.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import prod, sqrt
from typing import Any

import numpy as np
import pytest
import torch
from rows_with_loss import METHODS
from torch import Tensor

from momo.core.method import Method
from momo.optim import MomoSoap, MuonAdamMomo
from momo.optim.plan import preconditioner_of
from momo.optim.preconditioners import (
    AdaLomoDiagonal,
    AdaptiveHeavyBall,
    Factored,
    Soap,
    Spectral,
)
from momo.optim.preconditioners.matrices import RESOLUTION
from momo.optim.preconditioners.soap import SHIFT

Optimizer = Any
Shape = tuple[int, ...]

U = 2.0**-23
"""Relative: 2^-24 of a number is half of the distance to the next float32, or all of it."""
STEPS = 10
SHAPES: tuple[Shape, ...] = ((12, 12), (40, 4), (4, 40), (8, 3, 2, 2), (1, 9), (9, 1))
SEEDS = (0, 1)


class Polar(MuonAdamMomo):
    """With the singular value decomposition, which no method of the table uses."""

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        matrices = Spectral("polar", "shape")
        return replace(MuonAdamMomo.method(h), matrices=matrices)


class OneSided(MomoSoap):
    """With a basis on the shorter side alone."""

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        preconditioner = Soap(h["betas"][1], h["eps"], h["frequency"], max_size=4)
        return replace(MomoSoap.method(h), preconditioner=preconditioner)


OWN: dict[str, Optimizer] = {
    "polar": Polar,
    "soap_one_side": OneSided,
    "soap_each_step": partial(MomoSoap, frequency=1),
    "soap_short_memory": partial(MomoSoap, frequency=1, betas=(0.95, 0.3)),
    "soap_third_step": partial(MomoSoap, frequency=3),
}


def rule_of(make: Optimizer) -> Any:
    """Return what preconditions matrices."""
    optimizer = make([torch.nn.Parameter(torch.zeros(2, 2))], lr=1.0)
    return preconditioner_of(optimizer._method(optimizer.param_groups[0]), (2, 2))


def optimizers() -> dict[str, Optimizer]:
    """Return all of the table whose preconditioner sees a matrix as one, and more."""
    found = {name: partial(row.torch_class(), **row.fixed) for name, row in METHODS.items()}
    rules = {name: rule_of(make) for name, make in found.items()}
    # Of the adaptive heavy ball no bound holds: its r divides a rounding of g by the length of m,
    # which nothing keeps from being short.
    free = {n for n, rule in rules.items() if rule.elementwise or type(rule) is AdaptiveHeavyBall}
    return {name: make for name, make in found.items() if name not in free} | OWN


def bound(rule: Any) -> float:
    """Return by how much a direction magnifies a relative rounding of ``||d||_F`` at most.

    To first order, for a capped step, which is a multiple of the direction y. d and memory are off
    by u in every number. Averages do not add to that: of k gradients that are orthogonal, roundings
    of random signs grow like the length of d, as sqrt(k); of parallel ones less.

    * `Factored`. Sums of squares are off by 2u, roots of their products by 3u; y, with d, by 4u.
    * `AdaLomoDiagonal`. That, and each scale: a root mean square of y, off by 4u and a rounding,
      and one of x, which is the same number for both.
    * `Spectral`, Newton-Schulz. ``d/||d||`` is off by 2u in Frobenius' norm. An odd function p of
      the singular values multiplies that by the largest divided difference of p (Higham, Functions
      of Matrices, 2008, ch. 3, for the symmetric matrix that has d and dᵀ beside its diagonal): for
      five steps of the quintic by its slope at 0, ``3.4445^5 = 485``. y is not shorter than the
      image of the largest singular value, 0.68. Each iterate is rounded, too, by 2u, which fewer
      steps multiply: ``1/3.4 + 1/3.4² + … < 1/2`` of 485 together.
    * `Spectral`, polar. Likewise, with ``d/σ_1``: divided differences are at most ``2/φ``, φ =
      `RESOLUTION`, and y has at least length 1.
    * `Soap`. L is off by 2u of its largest eigenvalue σ_1², as a product of two gradients. Its
      orthogonal factor turns, between directions of the eigenvalues σ_i² >= σ_j², by at most
      ``2u σ_1²/(σ_i² + δ σ_1²)``, δ = `SHIFT`. Turning moves a coordinate of size σ_i into others,
      which hence are off by ``2u σ_1 σ_1 σ_i/(σ_i² + δ σ_1²) <= u σ_1/sqrt(δ)``; with two sides by
      sqrt(2) of that, as signs are random. They are divided by at least φ of the largest. So are
      the roots of averaged squares, to which y is as sensitive: again sqrt(2).
    """
    match rule:
        case AdaLomoDiagonal():
            return 10
        case Factored():
            return 4
        case Spectral(way="newton_schulz"):
            return 3.4445**5 / 0.68 * (2 + 2 / 2)
        case Spectral(way="polar"):
            return 2 * 2 / RESOLUTION
        case Soap():
            return 2 / (RESOLUTION * sqrt(SHIFT))
    raise NotImplementedError(f"no bound was derived for {rule}")


def gradient(kind: str, rng: np.random.Generator, rows: int, columns: int, first: Any) -> Any:
    """Return a gradient as networks have them: a sum over a small batch has a low rank."""
    rank = {"one": 1, "same_one": 1, "three": 3}.get(kind, 0)
    if kind == "same_one" and first is not None:
        return first * rng.uniform(0.5, 1.5)
    if rank:
        return rng.normal(size=(rows, rank)) @ rng.normal(size=(rank, columns))
    if kind == "full":
        return rng.normal(size=(rows, columns))
    size = min(rows, columns)  # "graded": singular values from 1 to 1e-6
    left, right = (np.linalg.qr(rng.normal(size=(n, size))).Q for n in (rows, columns))
    return (left * np.geomspace(1, 1e-6, size)) @ right.T


def gradients(kind: str, shape: Shape, seed: int) -> list[Tensor]:
    rng = np.random.default_rng(seed)
    found: list[Any] = []
    for _ in range(STEPS):
        first = found[0] if found else None
        found.append(gradient(kind, rng, shape[0], prod(shape[1:]), first))
    return [torch.tensor(g.reshape(shape), dtype=torch.float32) for g in found]


def perturbed(grads: list[Tensor], seed: int) -> list[Tensor]:
    """Return the gradients times ``1 ± 2^-24``, rounded away from them."""
    generator = torch.Generator().manual_seed(seed)
    signs = [torch.randint(2, g.shape, generator=generator) * 2.0 - 1 for g in grads]
    return [torch.nextafter(g, g + s * g.abs()) for g, s in zip(grads, signs, strict=True)]


def run(make: Optimizer, grads: list[Tensor], dtype: torch.dtype) -> Tensor:
    """Return the points, one after the other, of capped steps from 0."""
    p = torch.nn.Parameter(torch.zeros(grads[0].shape, dtype=dtype))
    optimizer, points = make([p], lr=1e-3, weight_decay=0.0), [p.detach().double()]
    for grad in grads:
        p.grad = grad.to(dtype)
        optimizer.step(loss=1e6)
        assert optimizer.last.step_size == optimizer.last.cap
        points.append(p.detach().double().clone())
    return torch.stack(points)


def magnified(make: Optimizer, grads: list[Tensor], seed: int) -> float:
    """Return the largest magnification at any step, by noise and by working in float32."""
    single, double = torch.float32, torch.float64
    exact, plain = run(make, grads, double), run(make, grads, single)
    others = (run(make, perturbed(grads, seed), single), exact)
    steps = exact.diff(dim=0).flatten(1).norm(dim=1).cumsum(0)
    off = [(plain - other)[1:].flatten(1).norm(dim=1) / steps / U for other in others]
    return float(torch.stack(off).max())


@pytest.mark.parametrize("kind", ["full", "one", "same_one", "three", "graded"])
@pytest.mark.parametrize("name", optimizers())
def test_rounding_is_not_magnified_beyond_its_bound(name: str, kind: str) -> None:
    make = optimizers()[name]
    limit = bound(rule_of(make))
    assert limit * U < 0.01  # or it would say nothing
    for shape in SHAPES:
        for seed in SEEDS:
            found = magnified(make, gradients(kind, shape, seed), seed)
            assert found <= limit, (shape, seed)
