# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The parts of the general equation: each a choice, each a few lines over numbers of any kind.

* averaging: `FROM_FIRST`, `FROM_ZERO`, `LionAverage`
* linearisation: `averaged`, `newest`
* limit, what α means: `penalty`, `ball`
* decay: `PROXIMAL`, `DECOUPLED`, `DECOUPLED_AT_X`, `APPROXIMATE`
* lower bound: `Given`, `Online`, `RunningMean`, `DecreaseMean` (`momo.core.bounds`)
* step rule: `TRUNCATION`, `CAPPED`, `HARMONIC`, `Scaled`, `Floored`, `GrowthLimited`
* iterates: `PLAIN`; others are in `momo.core.iterates`

Products of norms are in `momo.core.products`. What preconditioners and iterates do to vectors is
in `momo.reference` and `momo.optim`, under the same names. ``ops`` are the operations on the
numbers at hand (`momo.core.ops`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from momo.core.bounds import DecreaseMean as DecreaseMean
from momo.core.bounds import Given as Given
from momo.core.bounds import Memory as Memory
from momo.core.bounds import Online as Online
from momo.core.bounds import RunningMean as RunningMean
from momo.core.bounds import reset as reset
from momo.core.ops import Ops
from momo.core.step import Line, Number

Pair = tuple[Number, Number]

# ---- averaging: the share β_k of the past, in the model and in what is kept ----------------------


@dataclass(frozen=True)
class FromFirst:
    """The average starts at the first sample: ``a_1 = s_1``, so ``ρ_k = 1`` (paper, MoMo)."""

    two_rate: ClassVar[bool] = False

    def betas(self, beta: Number, k: Number, ops: Ops) -> Pair:
        """Return 0 at the first sample, then β."""
        past = ops.where(k == 1, 0.0, beta)
        return past, past


@dataclass(frozen=True)
class FromZero:
    """The average starts at zero: ``ρ_k = 1 - β^k``, the bias correction (paper, MoMo-Adam)."""

    two_rate: ClassVar[bool] = False

    def betas(self, beta: Number, k: Number, ops: Ops) -> Pair:
        """Return β."""
        return beta, beta


@dataclass(frozen=True)
class LionAverage:
    """Lion's (arXiv 2302.06675, algorithm 2): the model sees ``β m_{k-1} + (1-β) s_k``.

    ``m_k = β2 m_{k-1} + (1-β2) s_k`` from zero is kept, so ``ρ_k = β (1 - β2^{k-1}) + (1-β)``
    (derived here as a model).

    Attributes
    ----------
    beta2
        β2 in [0, 1).
    """

    beta2: Number = 0.99
    two_rate: ClassVar[bool] = True

    def betas(self, beta: Number, k: Number, ops: Ops) -> Pair:
        """Return β and β2."""
        return beta, self.beta2


FROM_FIRST, FROM_ZERO = FromFirst(), FromZero()

# ---- linearisation: what is truncated at the bound -----------------------------------------------


def averaged(loss: Number, line: Line) -> Line:
    """Return the average of all lines, h_k at z: the momentum model (paper)."""
    return line


def newest(loss: Number, line: Line) -> Line:
    """Return ``f_k``, of weight 1: Polyak's step for the newest loss, along d."""
    return Line(loss, 1.0, (0.0, 0.0))


# ---- limit: what a group's α means ---------------------------------------------------------------


def penalty(lr: Number, weight: Number) -> Number:
    """Return α of the proximal term ``||x - z||²/(2α)`` (paper)."""
    return lr


def ball(lr: Number, weight: Number) -> Number:
    """Return ρα: the proximal term whose step is limited by the ball of radius α, as τ <= α."""
    return lr * weight


# ---- decay: whether the line knows λ, and the move z ← keep z - size direction -------------------


@dataclass(frozen=True)
class Decay:
    """How the weight decay enters.

    Attributes
    ----------
    in_model
        Whether λ is part of the problem that gives τ_k; if not, τ_k is computed with λ = 0.
    move
        ``(τ_g, α_gλ_g) -> (keep, size)``.
    at_x
        Whether it is x, where gradients are taken, by which z decays, and not z itself:
        ``z ← z - (1 - keep) x - size direction``. They differ where z is a point of its own.
    """

    in_model: bool
    move: Callable[[Number, Number], Pair]
    at_x: bool = False


PROXIMAL = Decay(True, lambda size, shrink: (1 / (1 + shrink), size / (1 + shrink)))
"""A term of the proximal problem: ``(z - τ D⁻¹d) / (1+αλ)`` (paper, equation 16)."""
DECOUPLED = Decay(False, lambda size, shrink: (1 - shrink, size))
"""``(1-αλ) z - τ D⁻¹d``, of which the model knows nothing (derived here; capped, AdamW's)."""
DECOUPLED_AT_X = Decay(False, DECOUPLED.move, at_x=True)
"""``z - αλ x - τ D⁻¹d``: decoupled, where gradients are taken (IAM-Adam, arXiv 2504.01898)."""
APPROXIMATE = Decay(True, lambda size, shrink: (1 - shrink, size))
"""τ_k of the proximal problem, decay as in AdamW: the published package's ``divide=False``."""

# ---- step rule: τ_k of the cap α/ρ and of ζ_k ----------------------------------------------------


@dataclass(frozen=True)
class Truncation:
    """``τ = min{α/ρ, ζ}`` (paper, equation 15)."""

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> Pair:
        """Return τ_k, and keep nothing."""
        return ops.minimum(cap, adaptive), memory


@dataclass(frozen=True)
class Capped:
    """``τ = α/ρ``: the base method, in the limit of a bound that goes to -infinity."""

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> Pair:
        """Return τ_k, and keep nothing."""
        return cap, memory


@dataclass(frozen=True)
class Harmonic:
    """``τ = 1/(1/cap + 1/(2ζ)) = 2ζ cap/(2ζ + cap)``, between min/2 and min of 2ζ and the cap.

    With ``ζ = f/||g||²`` it is NGN's ``γ/(1 + γ||g||²/(2f))`` (Orvieto and Xiao 2024,
    arXiv 2407.04358), the step that minimises the Gauss-Newton model of ``f = (sqrt f)²`` along g,
    with a proximal term. An infinite cap leaves 2ζ, the minimum of that model.
    """

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> Pair:
        """Return τ_k, and keep nothing."""
        twice, infinite = 2 * adaptive, cap == float("inf")
        finite = ops.where(infinite, 1.0, cap)
        # cap · (2ζ/(2ζ+cap)): the product 2ζ·cap could overflow.
        mean = finite * ops.quotient(twice, twice + finite)
        # An infinite ζ (d = 0 within rounding) leaves the cap.
        mean = ops.where(twice == float("inf"), finite, mean)
        return ops.where(infinite, twice, mean), memory


@dataclass(frozen=True)
class Scaled:
    """A rule that is given ``ζ/c``: the constant c of the stochastic Polyak methods.

    Attributes
    ----------
    rule
        The rule.
    factor
        ``1/c``, above 0.
    """

    rule: Any
    factor: Number

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> Pair:
        """Return the rule's τ_k."""
        found: Pair = self.rule(cap, self.factor * adaptive, dual_norm_sq, memory, ops)
        return found


@dataclass(frozen=True)
class Floored:
    """``τ = min{α/ρ, gap / max{||d||², M}}``: no long step where a gradient happens to be short.

    The safeguarded stochastic Polyak step, SPS_safe (Oikonomou and Loizou, arXiv 2512.02342). It is
    remembered which M is the first ``||d||²``: the first above 0, since one of 0 keeps from
    nothing (derived here).

    Attributes
    ----------
    floor
        M, in the units of ``||d||²``; 0 or less: M is the first ``||d||²``.
    """

    floor: float = 1.0

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> Pair:
        """Return τ_k, and keep M, where it is the first ``||d||²``."""
        floor = self.floor
        if floor <= 0:
            floor = memory = ops.where(memory > 0, memory, dual_norm_sq)
        shorter = ops.quotient(dual_norm_sq, ops.maximum(dual_norm_sq, floor))
        return ops.minimum(cap, adaptive * shorter), memory


@dataclass(frozen=True)
class GrowthLimited:
    """``τ_k = min{α/ρ, ζ_k, growth · τ_{k-1}}`` (Loizou et al. 2021, arXiv 2002.10542, section 4).

    There the limit takes the place of the cap, as ``2^{b/n} τ_{k-1}`` for batches of b out of n
    samples. A step of 0 is not remembered, as no later one could leave it: ours. By the letter of
    the source all that follow are 0.

    Attributes
    ----------
    growth
        At least 1.
    start
        τ_0 > 0; inf: the first step is not limited.
    """

    growth: float
    start: float = float("inf")

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> Pair:
        """Return τ_k, and keep the last one above 0."""
        limit = self.growth * ops.where(memory > 0, memory, self.start)
        step_size = ops.minimum(ops.minimum(cap, adaptive), limit)
        return step_size, ops.where(step_size > 0, step_size, memory)


TRUNCATION, CAPPED, HARMONIC = Truncation(), Capped(), Harmonic()

# ---- iterates: how far x follows the base point --------------------------------------------------


@dataclass(frozen=True)
class Plain:
    """``x⁺ = z⁺``, ``z = x``: SGD, MoMo."""

    points: ClassVar[tuple[str, ...]] = ()
    plain: ClassVar[bool] = True

    def follow(self, memory: Number, step_size: Number, k: Number, ops: Ops) -> Pair:
        """Return 1, and keep nothing."""
        return 1.0, memory


PLAIN = Plain()
