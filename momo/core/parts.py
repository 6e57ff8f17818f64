"""The parts of the general equation: each a choice, each a few lines over numbers of any kind.

* averaging: `FROM_FIRST`, `FROM_ZERO`, `LionAverage`
* linearisation: `averaged`, `newest`
* limit, what α means: `penalty`, `ball`
* decay: `PROXIMAL`, `DECOUPLED`, `APPROXIMATE`
* lower bound: `Given`, `Online`, `RunningMean`
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

from momo.core.ops import Ops
from momo.core.step import Line, Number

Pair = tuple[Number, Number]
Memory = tuple[Number, ...]

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
    """

    in_model: bool
    move: Callable[[Number, Number], Pair]


PROXIMAL = Decay(True, lambda size, shrink: (1 / (1 + shrink), size / (1 + shrink)))
"""A term of the proximal problem: ``(z - τ D⁻¹d) / (1+αλ)`` (paper, equation 16)."""
DECOUPLED = Decay(False, lambda size, shrink: (1 - shrink, size))
"""``(1-αλ) z - τ D⁻¹d``, of which the model knows nothing (derived here; capped, AdamW's)."""
APPROXIMATE = Decay(True, lambda size, shrink: (1 - shrink, size))
"""τ_k of the proximal problem, decay as in AdamW: the published package's ``divide=False``."""

# ---- lower bound: f_*^k --------------------------------------------------------------------------


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
        self, memory: Memory, value: Number, decrease: Number, weight: Number, ops: Ops
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
        self, memory: Memory, value: Number, decrease: Number, weight: Number, ops: Ops
    ) -> Memory:
        """Return f_*^{k+1}, of h_k and ``τ_k ||d_k||²``."""
        return (ops.maximum((value - decrease / 2) / weight, self.lb),)


@dataclass(frozen=True)
class RunningMean:
    """A weighted mean of the online bound's estimates, which keeps the last alone.

    ``f_*^{k+1} = max{ Σ_j w_j (h_j - ½ w_j) / Σ_j w_j ρ_j, lb }``, ``w_j = τ_j ||d_j||²``: the
    paper's lemma behind MoMo* without its unknown term in ``||x¹ - x*||²`` (derived here; not
    confirmed from a source). Steps that do not move say nothing. Lowered as the online bound where
    it lies above the line; the sums start anew where it lies above h_k.
    """

    lb: Number = 0.0
    size: ClassVar[int] = 3
    takes_lb: ClassVar[bool] = False
    kind: ClassVar[str] = "running mean"

    def before(
        self, memory: Memory, lb: Number, decayed: Number, line: Line, k: Number, ops: Ops
    ) -> tuple[Number, Memory]:
        """Return f_*^k after the reset."""
        known = ops.where(k == 1, self.lb, memory[0])
        return reset(known, decayed, line, self.lb, ops), (known, *memory[1:])

    def after(
        self, memory: Memory, value: Number, decrease: Number, weight: Number, ops: Ops
    ) -> Memory:
        """Return f_*^{k+1} and the two sums."""
        bound, estimates, mass = memory
        keep = value >= weight * bound
        estimates = ops.where(keep, estimates, 0.0) + decrease * (value - decrease / 2)
        mass = ops.where(keep, mass, 0.0) + decrease * weight
        mean = ops.maximum(ops.quotient(estimates, mass), self.lb)
        return ops.where(mass > 0, mean, bound), estimates, mass


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
