# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The scalar half of the iterates: how far x, where gradients are taken, follows the base point z.

``points`` names what is kept beside x; z is the first of them, or x itself. What is done to vectors
is in `momo.reference.iterates` and `momo.optim.iterates`, in classes of the same names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from momo.core.ops import Ops
from momo.core.parts import Pair
from momo.core.step import Number

BASE_POINT, AVERAGE_POINT = "base_point", "average_point"
"""z, and x̄ of the schedule-free methods."""
TRAINING_POINT = "training_point"
"""Their y, in evaluation mode alone, where it does not follow from the two: β has changed since."""


@dataclass(frozen=True)
class IterateAveraging:
    """``x⁺ = β x + (1-β) z⁺``: the heavy ball, seen from its base point (IAM, arXiv 2504.01898).

    With ``z⁺ = z - τ g``: ``x⁺ = x - (1-β) τ g + β (x - x_before)`` (Sebbouh, Gower and Defazio
    2021, arXiv 2006.07867). Where it is written ``x⁺ = (λ x + z⁺)/(1+λ)``, ``β = λ/(1+λ)``.

    Attributes
    ----------
    beta
        β in [0, 1).
    """

    beta: Number
    points: ClassVar[tuple[str, ...]] = (BASE_POINT,)
    plain: ClassVar[bool] = False

    def follow(self, memory: Number, step_size: Number, k: Number, ops: Ops) -> Pair:
        """Return ``1 - β``, and keep nothing."""
        return 1 - self.beta, memory


@dataclass(frozen=True)
class AnytimeAveraging:
    """``x⁺ = (λ_k x + z⁺)/(1 + λ_k)``, ``λ_k = k``: x is the mean of all z's, the start included.

    The choice of λ_k by which IAM's last iterate has the rate of an average (Gower et al. 2025,
    arXiv 2504.01898). `IterateAveraging` is that of a constant λ.
    """

    points: ClassVar[tuple[str, ...]] = (BASE_POINT,)
    plain: ClassVar[bool] = False

    def follow(self, memory: Number, step_size: Number, k: Number, ops: Ops) -> Pair:
        """Return ``1/(1 + k)``, and keep nothing."""
        return 1 / (1 + k), memory


@dataclass(frozen=True)
class ScheduleFree:
    """Gradients at ``y = (1-β) z + β x̄``, x̄ the weighted average of the z's.

    ``x̄⁺ = (1-c_k) x̄ + c_k z⁺``, ``c_k = τ_k^p / Σ_{j<=k} τ_j^p``; 1 where the sum is 0 (Defazio et
    al. 2024, arXiv 2405.15682). x̄ is the point to be evaluated. With Polyak's step size
    ``c_k = 1/k``, p = 0, in the second version of arXiv 2511.07767, and ``p = 1`` in its first.

    Attributes
    ----------
    beta
        β in [0, 1).
    power
        ``p >= 0``; 0: the uniform average.
    """

    beta: Number
    power: float = 0.0
    points: ClassVar[tuple[str, ...]] = (BASE_POINT, AVERAGE_POINT)
    plain: ClassVar[bool] = False

    def follow(self, memory: Number, step_size: Number, k: Number, ops: Ops) -> Pair:
        """Return c_k, and keep ``Σ_j τ_j^p``."""
        weight = ops.power(step_size, self.power)
        total = memory + weight
        return ops.where(total > 0, ops.quotient(weight, total), 1.0), total


@dataclass(frozen=True)
class RandomScaling:
    """``x⁺ = x + s_k (z⁺ - x)``, ``s_k ~ Exp(1)``, ``z = x`` (Zhang and Cutkosky 2024, 2405.09742).

    In expectation over s the loss falls by the linear model of the step, exactly, without any
    smoothness.

    Attributes
    ----------
    seed
        Of the s_k, each a function of seed and k.
    """

    seed: int = 0
    points: ClassVar[tuple[str, ...]] = ()
    plain: ClassVar[bool] = False

    def follow(self, memory: Number, step_size: Number, k: Number, ops: Ops) -> Pair:
        """Return s_k, and keep nothing."""
        return -ops.log(ops.uniform(self.seed, k)), memory
