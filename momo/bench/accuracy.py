# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How accurate h and τ are, against the float64 reference fed the very same numbers.

The optimizer steps on ``f_k(x) = (1/(2√n)) Σ_i a_{i,k} (x_i - x*_i)²``, with the ``a_{i,k} >= 0``
drawn anew in each step. At each step the reference (`momo.reference`) gets the parameters as they
are stored, the gradients as they are stored and the same loss, so it knows h_k to float64; what is
compared is the arithmetic of the optimizer, not the trajectory. Beside it stand two other ways to
compute ``q_k = <d_k, x^k> - γ_k``, fed the same points:

* "published": d, γ and every inner product in the parameters' dtype, one tensor at a time;
* "recurrence": ``q_{k+1} = β (q_k - τ_k ||d_k||²)``, which needs neither γ nor x.

There is no cap, so that every step depends on h. What to expect (derived here), with u the unit
roundoff of the parameters' dtype, u₃₂ = 2^-24 that of the working dtype, and ``S = Σ_i |d_i x_i|``,
which in this problem is about twice f̄:

* ours: both inner products whose difference gives q are off by a few ``u₃₂ S``, whatever the
  dtype of the parameters, and q carries earlier errors on with factor β: some ``u₃₂ S/(1-β)``. The
  rounding of the stored d multiplies only the displacement, ``<δd, x^{k+1} - x^k>``, of which
  the errors of many elements average out.
* published: each product and each γ are rounded to the parameters' dtype: some ``u S``, less where
  the errors of many tensors average out. They are not carried on: in float32 this is as accurate
  as ours, in bfloat16 2^16 times less.
* recurrence: no difference of large numbers; as accurate as ``τ ||d||²``, some
  ``u₃₂ τ||d||²/(1-β)``, where x moves as told. But x moves by ``-τ D^{-1} d`` only up to the
  rounding of x, ``u |x_i|`` in each element; where that is as large as the step, q is wrong
  altogether. It is wrong as well, unlike the two others, if something else moves x.

Adam's v is kept in the parameters' dtype, as in torch. In float16 it underflows where ``(1-β2) g²``
is below 6e-8; D is then ε, and τ has nothing to do with the reference's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

import numpy as np

from momo.installed import needed

with needed(__name__, "bench"):
    import torch
    from torch import Tensor

from momo.bench.contestants import chosen
from momo.bench.workloads import shapes
from momo.methods import PAPER, Hyperparameters, Row
from momo.reference import FROM_FIRST, State
from momo.reference.checks import Array

OURS, PUBLISHED, RECURRENCE = "ours", "published", "recurrence"


@dataclass(frozen=True)
class Step:
    """One step: the reference's scalars, and h and τ of each way to compute them."""

    loss_avg: float
    value: float
    step_size: float
    values: dict[str, float]
    step_sizes: dict[str, float]


@dataclass(frozen=True)
class Accuracy:
    """Errors over the steps of a run, each as (median, largest).

    Attributes
    ----------
    workload, name, dtype, form
        What was run, and how h was computed.
    steps
        How many steps were taken: fewer than asked for where a parameter became infinite.
    to_loss
        ``|δh|/f̄``.
    to_offset
        ``|δh|/|q|``, from the second step on (q_1 = 0); NaN if there is none.
    step_size
        ``|δτ|/τ``. For the forms that are not ours: of the τ that their h gives, all else exact.
    """

    workload: str
    name: str
    dtype: str
    form: str
    steps: int
    to_loss: tuple[float, float]
    to_offset: tuple[float, float]
    step_size: tuple[float, float]


class Published:
    """h as the published package computes it, its formula written anew."""

    def __init__(self, beta: float, from_first: bool) -> None:
        self.beta, self.from_first = beta, from_first
        self.loss_avg: Tensor | None = None
        self.grad_avgs: list[Tensor] = []
        self.inner_avgs: list[Tensor] = []

    def value(self, xs: Sequence[Tensor], grads: Sequence[Tensor], loss: Tensor) -> float:
        """Average the sample in, and return h."""
        inners = [(x * g).sum() for x, g in zip(xs, grads, strict=True)]
        if self.loss_avg is None:
            start = 1.0 if self.from_first else 0.0
            self.loss_avg = start * loss
            self.grad_avgs = [start * g for g in grads]
            self.inner_avgs = [start * p for p in inners]
        for averages, samples in (
            ([self.loss_avg], [loss]),
            (self.grad_avgs, grads),
            (self.inner_avgs, inners),
        ):
            for average, sample in zip(averages, samples, strict=True):
                average.mul_(self.beta).add_(sample, alpha=1 - self.beta)
        value = self.loss_avg.clone()
        for x, d, inner_avg in zip(xs, self.grad_avgs, self.inner_avgs, strict=True):
            value = value + (x * d).sum() - inner_avg
        return float(value)


def run_steps(
    row: Row, workload: str, dtype: torch.dtype, device: torch.device, steps: int, seed: int = 0
) -> Iterator[Step]:
    """Step on the problem of the module's docstring, and yield what each step found.

    It ends early where a parameter is no longer finite.
    """
    rng = np.random.default_rng(seed)
    extents = shapes(workload)
    ends = list(accumulate(int(np.prod(shape)) for shape in extents))
    n = ends[-1]
    solution = rng.standard_normal(n)

    def stored(flat: Array) -> list[Tensor]:
        pieces = np.split(flat, ends[:-1])
        return [
            torch.from_numpy(piece.reshape(shape)).to(device, dtype)
            for piece, shape in zip(pieces, extents, strict=True)
        ]

    parameters = stored(solution + rng.standard_normal(n))
    h = Hyperparameters(lr=math.inf)
    optimizer = row.torch_class()(parameters, **row.torch_arguments(h))
    reference, state = row.reference(h, ()), State()
    published = Published(h.beta, reference.averaging is FROM_FIRST)
    wide = torch.promote_types(dtype, torch.float32)  # losses are float32 in training
    offset = 0.0
    for _ in range(steps):
        x, xs = _exact(parameters), [p.clone() for p in parameters]
        if not np.isfinite(x).all():
            return
        curvature = rng.exponential(size=n)
        grads = stored(curvature * (x - solution) / np.sqrt(n))
        loss = np.float32(np.sum(curvature * (x - solution) ** 2) / (2 * np.sqrt(n))).item()
        for parameter, grad in zip(parameters, grads, strict=True):
            parameter.grad = grad
        optimizer.step(loss=loss)
        _, state, info = reference.step(state, x, loss, _exact(grads))
        last = optimizer.last
        assert last is not None
        values = {
            OURS: float(last.value),
            PUBLISHED: published.value(xs, grads, torch.tensor(loss, dtype=wide, device=device)),
            RECURRENCE: float(info.loss_avg) + offset,
        }
        offset = h.beta * (offset - float(last.step_size * last.dual_norm_sq))
        bound = float(state.weight * info.lower_bound)
        taus = {
            form: max(value - bound, 0.0) / float(info.dual_norm_sq)
            for form, value in values.items()
        }
        taus[OURS] = float(last.step_size)
        yield Step(float(info.loss_avg), float(info.value), float(info.step_size), values, taus)


def measurable(methods: Sequence[str]) -> tuple[str, ...]:
    """Return those methods of which the error of h is known: the paper's.

    Raises
    ------
    ValueError
        If one is unknown, or there is none of those.
    """
    names = tuple(name for name in chosen(methods) if name in PAPER)
    if not names:
        raise ValueError(
            f"the accuracy of {', '.join(methods)} cannot be measured;"
            f" allowed: one of {', '.join(PAPER)} (leave out accuracy for the others)"
        )
    return names


def measure(
    methods: Sequence[str],
    workload: str,
    dtypes: Sequence[torch.dtype],
    device: torch.device,
    steps: int,
) -> list[Accuracy]:
    """Return the errors of every method, dtype and form on one workload.

    Raises
    ------
    ValueError
        If a method or the workload is unknown, no error of h is known, or there are fewer than two
        steps.
    """
    names = measurable(methods)
    if steps < 2:
        raise ValueError(f"steps = {steps}; allowed: at least 2")
    found = []
    for method in names:
        for dtype in dtypes:
            run = list(run_steps(PAPER[method], workload, dtype, device, steps))
            name, kind = PAPER[method].title, str(dtype).removeprefix("torch.")
            for form in (OURS, PUBLISHED, RECURRENCE):
                errors = [abs(step.values[form] - step.value) for step in run]
                found.append(
                    Accuracy(
                        workload,
                        name,
                        kind,
                        form,
                        len(run),
                        _summary([e / s.loss_avg for e, s in zip(errors, run, strict=True)]),
                        _summary(
                            [
                                _relative(e, s.value - s.loss_avg)
                                for e, s in zip(errors[1:], run[1:], strict=True)
                            ]
                        ),
                        _summary(
                            [_relative(s.step_sizes[form] - s.step_size, s.step_size) for s in run]
                        ),
                    )
                )
    return found


def _exact(tensors: Sequence[Tensor]) -> Array:
    return np.concatenate([t.double().cpu().numpy().ravel() for t in tensors])


def _relative(error: float, size: float) -> float:
    if error == 0:
        return 0.0
    return abs(error / size) if size else math.inf


def _summary(errors: Sequence[float]) -> tuple[float, float]:
    return (median(errors), max(errors)) if errors else (math.nan, math.nan)
