# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The audit of a run: every step rebuilt from the points, losses and gradients alone.

It never reads what the method says of itself. It measures from x*, where the numbers are small,
while the method works with ``f̄ + <d,x> - γ``; the two agree only if the method is right.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from momo.reference.preconditioners import inner
from theory.case import Case
from theory.problems.base import UNIT_ROUNDOFF, Array, gamma

RESOLUTION = 1e-6
"""A step is held, not taken, where rounding alone may move x by more than this part of D.

That is ``gap_error/||d_k|| > RESOLUTION · D``. It happens where many samples in a row have gradient
0: then d_k dies out like β^k, and h_k - f*, which is 0 in exact arithmetic, so that x stays, is
rounding divided by a vanishing norm. Float64 does not determine such a step, and nothing is
claimed of it. Where the cap decides, τ = α is not moved by rounding, and nothing is held.
"""

TINY = float(np.finfo(np.float64).tiny) / UNIT_ROUNDOFF
"""Squares below this are rounded as subnormal numbers, and are not precise to u; held as well."""


@dataclass(frozen=True)
class Full:
    """The whole objective at ``x^k``: f(x^k) and ``E||∇f(x^k, s)||²``, shape (settings, seeds)."""

    objective: Array
    grad_second_moment: Array


@dataclass(frozen=True)
class Step:
    """What the audit knows of step k; shapes (settings, seeds) unless said otherwise.

    Attributes
    ----------
    case, k
        The case, and k counted from 1.
    index
        Which sample s_k is.
    x, grad, x_next, grad_avg
        ``x^k``, g_k, ``x^{k+1}``, d_k; shape (settings, seeds, n).
    loss, solution_loss
        f_k, and ``f(x*, s_k)``, which is f* under interpolation.
    excess
        ``δ_k = f_k - f*``.
    gap
        ``h_k - f*``.
    norm_sq
        ``||d_k||²``.
    distance_sq, distance_change
        ``||x^k - x*||²`` and ``||x^{k+1} - x*||² - ||x^k - x*||²``.
    move, extent
        ``||x^{k+1} - x^k||``, and an upper bound of ``||x^k||``.
    gap_error
        Bounds the error of h_k in the audit by rounding alone; that in the method was seen to be
        below a tenth of it, which is no proof (`Audit`).
    landing_error
        Bounds how far rounding moves ``h_k - f*`` from ``(1-β) δ_k``.
    step_size
        τ_k as it is in exact arithmetic, ``min{α, (h_k - f_*)_+ / ||d_k||²}``.
    decrease
        ``τ(2(h_k - f*) - τ||d_k||²)`` for ``τ = min{α, (h_k - f_*)_+ / ||d_k||²}`` with the f_* of
        the case: without a cap, and told f*, this is ``(h_k - f*)²/||d_k||²``. It is 0 where
        ``d_k = 0``, or the step is held; and may be negative where f_* lies below f*.
    fejer_error
        Bounds how far rounding, and the inexact x*, move the Fejér inequality.
    live
        Which runs take this step; the others are held, see `RESOLUTION`.
    full
        The objective, at checkpoints; else None.
    shared
        What several checks rebuild of this run, and need to rebuild only once; by whatever it is.
    """

    case: Case
    k: int
    index: NDArray[np.intp]
    x: Array
    grad: Array
    x_next: Array
    grad_avg: Array
    loss: Array
    solution_loss: Array
    excess: Array
    gap: Array
    norm_sq: Array
    distance_sq: Array
    distance_change: Array
    move: Array
    extent: Array
    gap_error: Array
    landing_error: Array
    step_size: Array
    decrease: Array
    fejer_error: Array
    live: NDArray[np.bool_]
    full: Full | None
    shared: dict[Any, Any]


class Rows:
    """Steps of some of a case's settings: what a claim sees that speaks of these alone.

    Parameters
    ----------
    case
        The case.
    chosen
        The settings, increasing numbers. Where they are equally far apart nothing is copied.
    """

    def __init__(self, case: Case, chosen: tuple[int, ...]) -> None:
        self.case = replace(case, settings=tuple(case.settings[row] for row in chosen))
        gaps = {after - before for before, after in pairwise(chosen)} or {1}
        even = slice(chosen[0], chosen[-1] + 1, gaps.pop()) if len(gaps) == 1 else None
        self.index = list(chosen) if even is None else even
        self.key = ("rows", chosen)

    def of(self, step: Step) -> Step:
        """Return the step of these settings; who asks again for the same step gets the same."""
        kept = step.shared.setdefault(self.key, {"step": None, "shared": {}})
        if kept["step"] is None or kept["step"].k != step.k:
            kept["step"] = cast(Step, _Part(step, self, kept["shared"]))
        return cast(Step, kept["step"])


class _Part:
    """A step of some settings; each array is cut out when it is first asked for."""

    def __init__(self, step: Step, rows: Rows, shared: dict[Any, Any]) -> None:
        self._step, self._index = step, rows.index
        self.case, self.k, self.shared = rows.case, step.k, shared

    def __getattr__(self, name: str) -> Any:
        whole = getattr(self._step, name)
        if isinstance(whole, Full):
            parts = (getattr(whole, field.name)[self._index] for field in fields(Full))
            part: Any = Full(*parts)
        else:
            part = None if whole is None else _locked(whole[self._index])
        setattr(self, name, part)
        return part


class Audit:
    """Rebuilds d_k and h_k from the trajectory, with a running bound of the rounding errors.

    With ``ℓ_j = f_j + <g_j, x* - x^j>`` and m_k its average, ``h_k = m_k + <d_k, x^k - x*>``.

    Errors (first order in u; `gamma` is the standard bound of a dot product). One term of an
    average, ``f_j`` and ``<g_j, ·>``, has size ``T_j = |f_j| + ||g_j|| r_j`` with
    ``r_j >= ||x^j|| + ||x^j - x*|| + ||x*||``, and is computed to ``γ_{n+2} T_j``; each update of
    an average adds three roundings of its size. So with A and P the averages of T and ``||g||``,
    and ``S_k[a] = β S_{k-1}[a] + a_k``,

        γ_{n+2} A_k + 3u S_k[A]      bounds the error of f̄ - γ, and of m
        3u S_k[P]                    that of d

    and with the products that follow

        gap_error = 2γ_{n+4} A_k + 3u S_k[A] + (3u S_k[P] + γ_{n+4} P_k) r_k + γ_{n+4} F

    with ``F = max{|f*|, |f_*|}`` bounds the error of ``h_k - f*``, and of ``h_k - f_*``, as the
    audit computes it. The method goes from ``q_{k-1}`` to
    q_k (`momo.core.step`): its two dot products of step j err by at most ``2γ_n P_j r_j``, and
    these add up with weights ``β^{k-j}``. Bounded so, they could exceed gap_error; but a sum of n
    products errs by far less than γ_n says, and all that was seen of the method's error, against
    extended precision, was below a tenth of gap_error (four families, β up to 0.999, 1500 steps).

    The landing identity is off by `Step.landing_error`: gap_error; `Constants.rounding`, by which a
    computed f_k may lie below f*; and β times what the step before left between ``m_{k-1}(x^k)``
    and f*, itself with what it was left: δ below, and the rounding of x^k, one of each coordinate
    and two of the step; or all of ``h_{k-1} - f*``, where it was held.

    The Fejér inequality ``||x^{k+1}-x*||² <= ||x^k-x*||² - decrease`` is off by `Step.fejer_error`:

    * x* is a point where every f_i exceeds its infimum by at most ε (the certificate), and a
      computed subgradient inequality is off by `Constants.rounding`; neither where the gradient is
      0, and f_j its infimum. The average of this, times 2τ.
    * The method's τ is off by δ/||d||², ``δ = gap_error + γ_{n+6}|h_k - f_*|``, unless it is α for
      sure: the inequality moves by ``2 (δ/||d||²) |f_* - m_k(x*)| + δ²/||d||²``.
    * x^{k+1} is rounded: 2 ||δx|| ||x^{k+1}-x*||, ``||δx|| <= u (||x^{k+1}|| + 2||move||)``.
    * The audit's own: ``2τ gap_error`` in the decrease, ``γ_{n+4}`` of the change of distance.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        shape = (len(case.settings), case.seeds)
        self.beta = case.beta
        self.size = len(case.problem.start)
        self.solution_norm = float(np.linalg.norm(case.optimum.solution))
        # A certificate that was refused buys no tolerance.
        optimum = case.optimum
        self.lower_bound = case.lower_bound
        self.level = np.maximum(abs(optimum.value), np.abs(case.lower_bound))
        self.inexactness = min(optimum.interpolation, optimum.tolerance) + case.constants.rounding
        self.grad_avg = np.zeros((*shape, self.size))
        self.averages = np.zeros((4, *shape))
        self.sums = np.zeros((2, *shape))
        self.carried = np.zeros(shape)
        self.to_solution: Array | None = None
        self.shared: dict[Any, Any] = {}
        self.at_solution = case.problem.losses(case.optimum.solution)

    def observe(
        self,
        k: int,
        index: NDArray[np.intp],
        x: Array,
        loss: Array,
        grad: Array,
        x_next: Array,
        full: Full | None,
    ) -> Step:
        """Take in step k; ``x_next`` is ignored for runs that are held."""
        u, case, n, to_solution = UNIT_ROUNDOFF, self.case, self.size, self.to_solution
        to_solution = case.optimum.solution - x if to_solution is None else to_solution
        distance_sq = inner(to_solution, to_solution)
        distance = np.sqrt(distance_sq)
        reach = 2 * (self.solution_norm + distance)
        self._average(k, loss, grad, to_solution, reach)
        value = self.averages[0] - inner(self.grad_avg, to_solution)
        gap, over = value - case.optimum.value, value - self.lower_bound
        norm_sq, gap_error = inner(self.grad_avg, self.grad_avg), self._gap_error(reach)

        live, capped = self._decided(over, gap_error, norm_sq)
        x_next = x_next if live.all() else np.where(live[..., None], x_next, x)

        distance_change, move = self._moved(x, x_next, to_solution)
        inverse = np.divide(1.0, norm_sq, where=norm_sq >= TINY, out=np.zeros_like(norm_sq))
        tau = np.minimum(case.lr, np.where(live, np.maximum(over, 0), 0.0) * inverse)
        delta = gap_error + gamma(n + 6) * np.abs(over)
        fejer_error = self._fejer_error(tau, inverse, gap_error, np.where(capped, 0, delta))
        fejer_error += (2 * u * (reach + 4 * move) + 2 * gamma(n + 4) * move) * (distance + move)
        step = Step(
            case=case,
            k=k,
            index=np.broadcast_to(index, loss.shape),
            x=x,
            grad=grad,
            x_next=x_next,
            grad_avg=self.grad_avg,
            loss=loss,
            solution_loss=np.broadcast_to(self.at_solution[index], loss.shape),
            excess=loss - case.optimum.value,
            gap=gap,
            norm_sq=norm_sq,
            distance_sq=distance_sq,
            distance_change=distance_change,
            move=move,
            extent=reach / 2,
            gap_error=gap_error,
            landing_error=self.carried + gap_error + case.constants.rounding,
            step_size=tau,
            decrease=tau * (2 * gap - tau * norm_sq),
            fejer_error=np.where(live, fejer_error, 0.0),
            live=live,
            full=full,
            shared=self.shared,
        )
        self._carry(step, delta, reach)
        for value in vars(step).values():
            _locked(value)
        return step

    def _decided(
        self, over: Array, gap_error: Array, norm_sq: Array
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which runs take the step, and where the cap decides it whatever rounding does.

        That is where ``h_k - f_* > α||d_k||²`` by more than the errors of h_k, here and in the
        method.
        """
        moves = norm_sq > 0
        longest = np.multiply(self.case.lr, norm_sq, where=moves, out=np.zeros_like(norm_sq))
        capped = moves & (over - 2 * gap_error > longest)
        resolved = gap_error <= RESOLUTION * self.case.optimum.distance * np.sqrt(norm_sq)
        decided = (resolved | capped) & (norm_sq >= TINY)
        return ~moves | decided | (not self.case.holds), capped

    def _moved(self, x: Array, x_next: Array, to_solution: Array) -> tuple[Array, Array]:
        """Return the change of the squared distance, and the length of the step."""
        change, self.to_solution = x_next - x, self.case.optimum.solution - x_next
        # <x^{k+1} - x^k, (x^{k+1} - x*) + (x^k - x*)> has no cancelling squares.
        distance_change = -inner(change, to_solution + self.to_solution)
        return distance_change, np.sqrt(inner(change, change))

    def _carry(self, step: Step, delta: Array, reach: Array) -> None:
        """Take what step k leaves between the model at the new point and f* to the next one."""
        left = np.where(step.live, delta, step.gap_error + np.abs(step.gap))
        left += np.sqrt(step.norm_sq) * UNIT_ROUNDOFF * (reach + 4 * step.move)
        self.carried = self.beta * (self.carried + left)

    def _average(self, k: int, loss: Array, grad: Array, to_solution: Array, reach: Array) -> None:
        """Take the sample of step k into d_k, into the other averages, and into their sums."""
        # The first sample starts every average: weight 1 on it, as if β were 0.
        keep = self.beta if k > 1 else np.zeros_like(self.beta)
        grad_norm = np.sqrt(inner(grad, grad))
        inexact = np.where(grad_norm > 0, self.inexactness, 0.0)
        linear, term = loss + inner(grad, to_solution), np.abs(loss) + grad_norm * reach
        samples = np.stack([linear, term, grad_norm, inexact])
        self.averages = keep * self.averages + (1 - keep) * samples
        self.sums = keep * self.sums + self.averages[1:3]
        self.grad_avg = keep[..., None] * self.grad_avg + (1 - keep[..., None]) * grad

    def _gap_error(self, reach: Array) -> Array:
        """Return `Step.gap_error`; ``reach`` is r_k."""
        u, dot = UNIT_ROUNDOFF, gamma(self.size + 4)
        _, terms, grad_norms, _ = self.averages
        error = 2 * dot * terms + 3 * u * self.sums[0] + dot * self.level
        return error + (3 * u * self.sums[1] + dot * grad_norms) * reach

    def _fejer_error(self, tau: Array, inverse: Array, gap_error: Array, delta: Array) -> Array:
        """Return `Step.fejer_error` but for the rounding of x^{k+1} and of the distance."""
        at_solution, _, _, convexity_error = self.averages
        slack = np.abs(self.lower_bound - at_solution)
        return 2 * tau * (convexity_error + gap_error) + (2 * delta * slack + delta**2) * inverse


def _locked(value: Any) -> Any:
    """Return a value, which no check may change if it is an array: others see it after it."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    return value


def _moved(change: Array, sum_to_solution: Array) -> tuple[Array, Array]:
    """Return the length of a step, and how it changes ``||x - x*||²``.

    ``<x^{k+1} - x^k, (x^{k+1} - x*) + (x^k - x*)>`` has no cancelling squares.
    """
    return np.sqrt(inner(change, change)), -inner(change, sum_to_solution)
