# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The certificate of a worst case: feasibility of both sides and the gap between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.problems.base import Array
from theory.worst_case.program import Program
from theory.worst_case.setting import Setting

TOLERANCE = 1e-6
"""What each residual is allowed, and the duality gap.

Clarabel is asked for 1e-10. At the steps that maximise the worst case several solutions meet, and
strict complementarity fails: there an interior point method in double precision ends with residuals
and gaps of some 1e-7, whatever it is asked for (5e-7 is the largest seen). The upper bound needs no
tolerance: it pays for the residuals. That the value is attained, although conditions are violated
by up to that much, is what the replay shows, with steps that differ from the stored ones as little.
"""


@dataclass(frozen=True)
class Certificate:
    """That the largest t of a program lies in ``[lower, upper]``, and what this rests on.

    Attributes
    ----------
    lower
        t of the point that was found, which violates constraints by at most ``violation``.
    upper
        ``Σ_i λ_i c_i`` plus what the residuals of the multipliers can cost: an upper bound, up to
        the rounding of these sums, whatever the solver did.
    violation, violated
        The largest violation of a constraint, and its name.
    least_gram, least_slack
        The smallest eigenvalues of Γ and of S.
    least_multiplier
        The smallest multiplier of an inequality.
    stationarity
        ``||Σ_i λ_i b_i - e_t||_1``.
    """

    lower: float
    upper: float
    violation: float
    violated: str
    least_gram: float
    least_slack: float
    least_multiplier: float
    stationarity: float

    @property
    def gap(self) -> float:
        """The duality gap, with the cost of the residuals."""
        return self.upper - self.lower

    @property
    def objections(self) -> tuple[str, ...]:
        """Return what exceeds the tolerance; empty if the certificate is good."""
        pairs = (
            (f"violation of {self.violated}", self.violation),
            ("negative eigenvalue of the Gram matrix", -self.least_gram),
            ("negative eigenvalue of the dual slack", -self.least_slack),
            ("negative multiplier", -self.least_multiplier),
            ("stationarity", self.stationarity),
            ("duality gap", abs(self.gap)),
        )
        return tuple(
            f"{name} {size:.1e} > {TOLERANCE:.0e}" for name, size in pairs if not size <= TOLERANCE
        )


def reach(setting: Setting, steps: Array, rule: bool = True) -> float:
    """Return R with ``||x^k - x*|| <= R`` for all k <= K, and values and t at most that, too.

    With the rule, interpolation and ``f_* >= f*`` the points have R = 1, in units of D: every step
    comes nearer to x* (Fejér; capped steps, too). Without the rule
    ``R_{k+1} = R_k + τ_k max_{j<=k}||g_j||``, the gradients being at most 1, or R_k (smooth), on
    each path. With the rule and ``f_* <= f*`` also ``R_{k+1}² = R_k² + 2 τ_k (c - f_*)``, c the
    largest value at x*: ``<d_k, x^k - x*> >= h_k - ρ_k c`` and ``τ_k||d_k||² <= h_k - ρ_k f_*``.

    Functions whose values at x* have the mean f* and are at least f_* are there at most
    ``(m-1)(f* - f_*)`` above f*. Measures that are no mean of values are at most so many times as
    large: K where values are added, and with ``E[h_K - f_1]`` another two for its weight.
    """
    radii = np.ones(setting.points)
    if not rule or not setting.interpolation or setting.lower_bound < 0:
        for p, step in enumerate(steps, 1):
            before = radii[setting.places[p - 1]]
            radii[p] = before + step * (before if setting.kind == "smooth" else 1.0)
            if rule:
                several = 1 if setting.interpolation else setting.functions
                grown = before**2 - 2 * step * several * setting.lower_bound
                radii[p] = min(radii[p], np.sqrt(grown))
    radius = float(radii.max())
    if not setting.interpolation:
        radius -= (setting.functions - 1) * setting.lower_bound
    if setting.measure == "weighted":
        radius *= setting.iterations
    return float(radius * (1 - 2 * setting.balance))


def certify(
    program: Program,
    gram: Array,
    values: Array,
    multipliers: Array,
    radius: float = 1.0,
    slopes: float | None = None,
) -> Certificate:
    """Check a solution and its multipliers against the program.

    The upper bound: multipliers of inequalities are clipped at 0, then weak duality gives
    ``t <= Σ_i λ_i c_i - <S, Γ> - <r, F>`` with r the residual of stationarity. In every feasible
    point ``tr Γ <= 1 + n max ||g||²`` over n gradients (``||x^1|| <= 1``), and ``|F_i|`` is at most
    R times the largest gradient, or R: ``f_k <= ||g_k|| ||x^k - x*||``, half of that if smooth, and
    t is at most what `reach` says beside.

    Parameters
    ----------
    program
        The program.
    gram, values, multipliers
        Γ, F and λ.
    radius
        R, see `reach`.
    slopes
        What no gradient is longer than; default: R, as for smooth functions.
    """
    least_gram = float(np.linalg.eigvalsh(gram)[0])
    excess = program.excess(gram, values)
    excess = np.where(program.equations, np.abs(excess), excess)
    worst = int(np.argmax(np.nan_to_num(excess, nan=np.inf)))
    inequality = multipliers[~program.equations]
    clipped = np.where(program.equations, multipliers, np.maximum(multipliers, 0))
    least_slack = float(np.linalg.eigvalsh(program.dual_slack(clipped))[0])
    residual = float(np.abs(program.stationarity(clipped)).sum())
    count = program.values.shape[1] - 1
    steepest = radius if slopes is None else slopes
    trace, largest = 1 + count * steepest**2, radius * max(steepest, 1.0)
    cost = max(-least_slack, 0.0) * trace + residual * largest
    return Certificate(
        lower=float(values[-1]),
        upper=float(clipped @ program.limits) + cost,
        violation=float(max(excess[worst], 0.0)),
        violated=program.names[worst],
        least_gram=least_gram,
        least_slack=least_slack,
        least_multiplier=float(inequality.min()),
        stationarity=residual,
    )
