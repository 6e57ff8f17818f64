# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs for the definition: groups with their own α and λ, schedules, missing gradients, bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from definition import PARTS, Array, Batch, Layers, Model, Numbers, Parts
from hypothesis import strategies as st

from momo.methods import METHODS, Hyperparameters, Shape

STEPS = 8
NOISE = 2.0**-40
"""More than a hundred times what two dozen roundings of numbers of size 1 amount to."""
SCALARS = ("value", "adaptive", "cap", "step_size", "dual_norm_sq", "lower_bound", "loss_avg")
SHAPES: list[tuple[Shape, ...]] = [((4,),), ((2, 2), (3,)), ((3,), (2, 3), (1,), (2,))]

Chosen = str | Parts
"""A row, by its name, or any parts."""
Point = tuple[Array, Array]
"""The point after a step, flat, and its scalars in the order of `SCALARS`."""


@dataclass(frozen=True)
class Run:
    """What a method is given: ``lrs`` and ``weight_decays`` one a layer, the rest one a step.

    ``schedule`` multiplies all learning rates, ``missing`` has the (step, layer) without gradient.
    """

    shapes: tuple[Shape, ...]
    h: Hyperparameters
    lrs: tuple[float, ...]
    weight_decays: tuple[float, ...]
    schedule: tuple[float, ...]
    betas: tuple[float, ...]
    bounds: tuple[float | None, ...]
    missing: frozenset[tuple[int, int]]
    functions: bool
    seed: int

    def lr(self, step: int, layer: int) -> float:
        """Return α of a layer at a step, from 0."""
        return self.lrs[layer] * self.schedule[step]

    def start(self) -> Layers:
        rng = np.random.default_rng([self.seed, 0])
        return [rng.standard_normal(shape) for shape in self.shapes]

    def batch(self, step: int, x: Layers) -> Batch:
        """Return what the method sees at x: least squares of one row, or what is given."""
        rng = np.random.default_rng([self.seed, step + 1])
        a = [rng.standard_normal(shape) * (rng.random() > 0.1) for shape in self.shapes]
        a = [g * (rng.random(g.shape) > 0.1) for g in a]
        loss, r = float(rng.uniform(-0.7, 2)), 1.0
        absent = [(step, layer) in self.missing for layer in range(len(a))]
        if self.functions:
            r = sum(float(np.sum(g * y)) for g, y, no in zip(a, x, absent, strict=True) if not no)
            r, loss = r - loss, 0.5 * (r - loss) ** 2 + float(rng.uniform(0, 1))
        grads = [None if no else r * g for g, no in zip(a, absent, strict=True)]
        return Batch(loss, grads, self.bounds[step])

    def numbers(self, method: Chosen, step: int) -> Numbers:
        """Return the definition's numbers: α is as the source of ALR-SMAG has it."""
        beta, decays = self.betas[step], self.weight_decays
        scale = 1 / (1 - beta) if method == "alr_smag" else 1.0
        has = METHODS[method].arguments if isinstance(method, str) else ("weight_decay", "lb")
        decays = decays if "weight_decay" in has else (0.0,) * len(decays)
        lb = self.h.lb if "lb" in has else 0.0
        lrs = [scale * self.lr(step, layer) for layer in range(len(self.shapes))]
        return Numbers(lrs, decays, beta, self.h.beta2, self.h.eps, lb)


@st.composite
def runs(draw: st.DrawFn, method: Chosen, varying: bool = False) -> Run:
    """Draw a run; ``varying``: β changes on the way, and only some steps bring a bound."""
    shapes = draw(st.sampled_from(SHAPES))
    parts = parts_of(method)
    without = parts.rule != "capped" and draw(st.sampled_from([True, False, False, False]))
    layers, capped = len(shapes), not without

    def each(values: list[float], n: int) -> tuple[float, ...]:
        return tuple(draw(st.lists(st.sampled_from(values), min_size=n, max_size=n)))

    betas = [0.0, 0.5, 0.9]
    per_batch = parts.bound == "given" and draw(st.booleans())
    bounds: list[float | None] = [draw(st.sampled_from([0.0, -0.5, 0.3])) for _ in range(STEPS)]
    if varying:
        bounds = [None if draw(st.booleans()) else bound for bound in bounds]
    cells = [(step, layer) for step in range(STEPS) for layer in range(layers)]
    missing = draw(st.sets(st.sampled_from(cells), max_size=2 * (layers - 1)))
    full = {s for s in range(STEPS) if all((s, layer) in missing for layer in range(layers))}
    beta = draw(st.sampled_from(betas))
    # Their β is a part of x's sequence, or of what α means, and is not to change on the way.
    fixed = parts.follow in ("average", "schedule free") or parts.line == "newest"
    return Run(
        shapes=shapes,
        h=Hyperparameters(
            beta=beta,
            beta2=draw(st.sampled_from([0.5, 0.99])),
            eps=draw(st.sampled_from([1e-8, 1e-3])),
            lb=draw(st.sampled_from([0.0, -0.5, 0.25])),
        ),
        # AdaLomo's decay is of x²: with a large α points would grow faster than any power.
        lrs=each([0.02, 0.3, *[5.0] * (parts.metric != "adalomo")], layers)
        if capped
        else (inf,) * layers,
        weight_decays=each([0.0, 0.2, 0.5], layers) if capped else (0.0,) * layers,
        schedule=each([1.0, 0.5, 0.01], STEPS) if capped else (1.0,) * STEPS,
        betas=each(betas, STEPS) if varying and not fixed else (beta,) * STEPS,
        bounds=tuple(bounds) if per_batch else (None,) * STEPS,
        missing=frozenset(cell for cell in missing if cell[0] not in full),
        functions=draw(st.booleans()),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def parts_of(method: Chosen) -> Parts:
    return PARTS[method] if isinstance(method, str) else method


def defined(method: Chosen, run: Run, noise: int | None = None) -> list[Point]:
    """Return the run by the definition, if ``noise`` with all that it sees a little off."""
    rng = np.random.default_rng(noise)

    def off(values: Array) -> Array:
        return values if noise is None else values * (1 + NOISE * rng.standard_normal(values.shape))

    model, points = Model(parts_of(method), [off(x) for x in run.start()]), []
    for step in range(STEPS):
        seen = run.batch(step, model.x)
        grads = [None if g is None else off(g) for g in seen.grads]
        bound = None if seen.bound is None else float(off(np.array(seen.bound)))
        batch = Batch(float(off(np.array(seen.loss))), grads, bound)
        info = model.step(run.numbers(method, step), batch)
        points.append((joined(model.x), np.array([info[scalar] for scalar in SCALARS])))
    return points


def joined(layers: Layers) -> Array:
    return np.concatenate([x.reshape(-1) for x in layers])


def worst(
    method: Chosen, run: Run, take: Callable[[Any, Run], list[Point]], unseen: Sequence[str] = ()
) -> float:
    """Return how far a run is from the definition, over how far rounding may take it.

    As in `oracle_problems.distance`: three runs of the definition with noise on all that they see
    say how far two runs drift apart. What noise does not show is that SOAP's bases come, where the
    gradients are of rank one, from a shift of a thousandth. The scalars that are ``unseen`` are not
    looked at. NaN is far.
    """
    exact, nearby = defined(method, run), [defined(method, run, seed) for seed in range(3)]
    seen = np.array([scalar not in unseen for scalar in SCALARS])
    condition, found = (1e3 if parts_of(method).metric == "soap" else 1.0), []
    for k, (x, scalars) in enumerate(take(method, run)):
        within_x, within = (
            condition * tolerances(exact[k][i], [other[k][i] for other in nearby]) for i in (0, 1)
        )
        # Rounding of any number of x may reach each of them: one tolerance for all.
        found.append(np.max(distance(x, exact[k][0])) / np.max(within_x))
        found.append(np.max((distance(scalars, exact[k][1]) / within)[seen]))
    return float(np.max(found))


def tolerances(exact: Array, nearby: list[Array]) -> Array:
    """Return how far from their exact values numbers may be."""
    spread = np.max([distance(other, exact) for other in nearby], axis=0)
    return spread + NOISE * (1 + np.abs(np.where(np.isfinite(exact), exact, 0.0)))


def distance(a: Array, b: Array) -> Array:
    """Return ``|a - b|``, 0 where both are infinite."""
    with np.errstate(invalid="ignore"):
        return np.where(a == b, 0.0, np.abs(a - b))
