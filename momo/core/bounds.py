# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Lower bounds: f_*^k, as it is given or estimated on the way.

Each has two halves. `before` the step it says f_*^k, given ℓ_k of the batch (or None), the line
and ``decayed``, the line where decay alone would lead; `after` it, given h_k, τ_k, the decrease
``τ_k ||d_k||²`` and the weight ρ_k, what is kept. At most three numbers are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from momo.core.ops import Ops
from momo.core.step import Line, Number

Memory = tuple[Number, ...]
"""What a bound keeps."""


@dataclass(frozen=True)
class Given:
    """``f_*^k = lb`` (paper), or with each batch its own: ``ρ_k f_*^k = Σ_j ρ_{j,k} ℓ_j``.

    A batch that brings no ℓ_k counts with lb. What is kept is the average of ``ℓ_j - lb``, so that
    a constant bound is exact, and a change of lb takes effect at once.
    """

    lb: Number = 0.0
    size: ClassVar[int] = 1
    takes_lb: ClassVar[bool] = True
    kind: ClassVar[str] = "given"

    def before(
        self, memory: Memory, lb: Number, decayed: Number, line: Line, k: Number, ops: Ops
    ) -> tuple[Number, Memory]:
        """Average ``ℓ_k - lb`` in; return f_*^k and what is kept."""
        excess = 0.0 if lb is None else lb - self.lb
        shown, kept = (beta * memory[0] + (1 - beta) * excess for beta in line.betas)
        return self.lb + shown / line.weight, (kept,)

    def after(
        self,
        memory: Memory,
        value: Number,
        step_size: Number,
        decrease: Number,
        weight: Number,
        ops: Ops,
    ) -> Memory:
        """Keep the average."""
        return memory


def reset(lower_bound: Number, decayed: Number, line: Line, floor: Number, ops: Ops) -> Number:
    """Return f_*^k, lowered where it lies above the line (paper, MoMo*).

    ``max{c_k / (2(1+αλ)ρ_k), f_*^1}`` where ``c_k < (1+αλ)ρ_k f_*^k``, else f_*^k as it is;
    ``decayed`` is ``c_k/(1+αλ)``.
    """
    lowered = ops.maximum(decayed / (2 * line.weight), floor)
    return ops.where(decayed < line.weight * lower_bound, lowered, lower_bound)


@dataclass(frozen=True)
class Online:
    """The bound of the starred methods: `reset` before the step, an estimate after it (paper).

    ``f_*^{k+1} = max{(h_k - ½ τ_k ||d_k||²) / ρ_k, f_*^1}``, and ``f_*^1 = lb``, below which it
    never falls.
    """

    lb: Number = 0.0
    size: ClassVar[int] = 1
    takes_lb: ClassVar[bool] = False
    kind: ClassVar[str] = "online"

    def before(
        self, memory: Memory, lb: Number, decayed: Number, line: Line, k: Number, ops: Ops
    ) -> tuple[Number, Memory]:
        """Return f_*^k after the reset."""
        known = ops.where(k == 1, self.lb, memory[0])
        return reset(known, decayed, line, self.lb, ops), memory

    def after(
        self,
        memory: Memory,
        value: Number,
        step_size: Number,
        decrease: Number,
        weight: Number,
        ops: Ops,
    ) -> Memory:
        """Return f_*^{k+1}, of h_k and ``τ_k ||d_k||²``."""
        return (ops.maximum((value - decrease / 2) / weight, self.lb),)


@dataclass(frozen=True)
class RunningMean:
    """The mean of the online bound's estimates, with weights τ_j, clipped as it goes on.

    ``f_*^{k+1} = max{(ω_k f_*^k + τ_k (h_k - ½ τ_k ||d_k||²)) / ω_{k+1}, f_*^1}``,
    ``ω_{k+1} = ω_k + τ_k ρ_k``: the sum of the steps ``||x^{k+1}-x*||² <= ||x^k-x*||² - 2τ_k(h_k -
    ρ_k f* - ½ τ_k ||d_k||²)``, solved for f*, without ``||x^1-x*||²``. Where f_*^k lies above the
    line, ``c_k < (1+αλ) ρ_k f_*^k``, all is forgotten: ``ω_k = 0``, ``f_*^k = f_*^1``. Steps that
    do not move say nothing.
    """

    lb: Number = 0.0
    size: ClassVar[int] = 2
    takes_lb: ClassVar[bool] = False
    kind: ClassVar[str] = "running mean"

    def before(
        self, memory: Memory, lb: Number, decayed: Number, line: Line, k: Number, ops: Ops
    ) -> tuple[Number, Memory]:
        """Return f_*^k and ω_k after the reset."""
        known = ops.where(k == 1, self.lb, memory[0])
        above = decayed < line.weight * known
        bound = ops.where(above, self.lb, known)
        return bound, (bound, ops.where(above, 0.0, memory[1]))

    def after(
        self,
        memory: Memory,
        value: Number,
        step_size: Number,
        decrease: Number,
        weight: Number,
        ops: Ops,
    ) -> Memory:
        """Return f_*^{k+1} and ω_{k+1}."""
        bound, mass = memory
        total = mass + step_size * weight  # ω_{k+1}
        mean = ops.quotient(mass * bound + step_size * (value - decrease / 2), total)
        return ops.where(total > 0, ops.maximum(mean, self.lb), bound), total


@dataclass(frozen=True)
class DecreaseMean:
    """A mean of the online bound's estimates with weights ``w_j = τ_j ||d_j||²``, never clipped.

    ``f_*^{k+1} = max{ Σ_j w_j (h_j - ½ w_j) / Σ_j w_j ρ_j, lb }`` (derived here; no bound of how
    far it lies above f* is known). Steps that do not move say nothing. Lowered as the online bound
    where it lies above the line; the sums start anew where it lies above h_k. On losses that are
    not smooth it is above f* less often than `RunningMean`, and its last iterate was ten times
    better, its best one six times worse.
    """

    lb: Number = 0.0
    size: ClassVar[int] = 3
    takes_lb: ClassVar[bool] = False
    kind: ClassVar[str] = "mean by decrease"

    def before(
        self, memory: Memory, lb: Number, decayed: Number, line: Line, k: Number, ops: Ops
    ) -> tuple[Number, Memory]:
        """Return f_*^k after the reset."""
        known = ops.where(k == 1, self.lb, memory[0])
        return reset(known, decayed, line, self.lb, ops), (known, *memory[1:])

    def after(
        self,
        memory: Memory,
        value: Number,
        step_size: Number,
        decrease: Number,
        weight: Number,
        ops: Ops,
    ) -> Memory:
        """Return f_*^{k+1} and the two sums."""
        bound, mass, estimates = memory
        keep = value >= weight * bound
        mass = ops.where(keep, mass, 0.0) + decrease * weight
        estimates = ops.where(keep, estimates, 0.0) + decrease * (value - decrease / 2)
        mean = ops.maximum(ops.quotient(estimates, mass), self.lb)
        return ops.where(mass > 0, mean, bound), mass, estimates
