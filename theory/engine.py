"""Runs a method on a problem for many settings and seeds at once, and audits every step.

The audit rebuilds the averages from the trajectory alone - the points, losses and gradients - and
never reads what the method says of itself. It measures from x*, where the numbers are small,
while the method works with ``f̄ + <d,x> - γ``; the two agree only if the method is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from momo.reference import State
from momo.reference.preconditioners import inner
from theory.optimum import Optimum
from theory.problems.base import UNIT_ROUNDOFF, Array, Constants, Problem, gamma


@dataclass(frozen=True)
class Setting:
    """One row of a batch of runs: β and the cap α (inf: none)."""

    beta: float
    lr: float = np.inf

    @property
    def label(self) -> str:
        """How tables call it."""
        return f"β={self.beta:g}" + ("" if np.isinf(self.lr) else f", α={self.lr:.3g}")


@dataclass(frozen=True)
class Case:
    """A problem with its certified optimum, and the runs to make on it.

    Arrays of the runs have shape (settings, seeds), or (settings, seeds, n).
    """

    problem: Problem
    optimum: Optimum
    constants: Constants
    settings: tuple[Setting, ...]
    seeds: int
    iterations: int
    seed: int = 0
    error_probability: float = 1e-6

    @property
    def beta(self) -> Array:
        """β, shape (settings, 1)."""
        return np.array([[setting.beta] for setting in self.settings])

    @property
    def lr(self) -> Array:
        """α, shape (settings, 1)."""
        return np.array([[setting.lr] for setting in self.settings])

    @property
    def uncapped(self) -> Array:
        """Which settings have no cap, shape (settings,)."""
        return np.array([np.isinf(setting.lr) for setting in self.settings])

    @property
    def floor(self) -> float:
        """The first bound of the online methods: below f* by half of ``f(x^1) - f*``."""
        return self.optimum.value - 0.5 * self.initial_gap

    @cached_property
    def initial_gap(self) -> float:
        """``f(x^1) - f*``."""
        return float(self.problem.losses(self.problem.start).mean()) - self.optimum.value


RESOLUTION = 1e-6
"""A step is held, not taken, where rounding alone may move x by more than this part of D.

That is ``gap_error/||d_k|| > RESOLUTION · D``. It happens where many samples in a row have gradient
0: then d_k dies out like β^k, and h_k - f*, which is 0 in exact arithmetic, so that x stays, is
rounding divided by a vanishing norm. Float64 does not determine such a step, and nothing is
claimed of it.
"""

TINY = float(np.finfo(np.float64).tiny) / UNIT_ROUNDOFF
"""Squares below this are rounded as subnormal numbers, and are not precise to u; held as well."""


class Stepper(Protocol):
    """A method: `momo.reference.Method`, or a broken one."""

    def step(self, state: Any, x: Array, loss: Array, grad: Array) -> tuple[Array, Any, Any]:
        """Return the next point, state and information."""


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
    x, grad, x_next, grad_avg
        ``x^k``, g_k, ``x^{k+1}``, d_k; shape (settings, seeds, n).
    loss
        f_k.
    excess
        ``δ_k = f_k - f*``.
    gap
        ``h_k - f*``.
    norm_sq
        ``||d_k||²``.
    distance_sq, distance_change
        ``||x^k - x*||²`` and ``||x^{k+1} - x*||² - ||x^k - x*||²``.
    move
        ``||x^{k+1} - x^k||``.
    gap_error
        Bounds the error of h_k in the audit, and in the method, by rounding alone.
    landing_error
        Bounds how far rounding moves ``h_k - f*`` from ``(1-β) δ_k``.
    fejer_error
        Bounds how far rounding, and the inexact x*, move the Fejér inequality.
    live
        Which runs take this step; the others are held, see `RESOLUTION`.
    full
        The objective, at checkpoints; else None.
    """

    case: Case
    k: int
    x: Array
    grad: Array
    x_next: Array
    grad_avg: Array
    loss: Array
    excess: Array
    gap: Array
    norm_sq: Array
    distance_sq: Array
    distance_change: Array
    move: Array
    gap_error: Array
    landing_error: Array
    fejer_error: Array
    live: NDArray[np.bool_]
    full: Full | None


class Audit:
    """Rebuilds d_k and h_k from the trajectory, with a running bound of the rounding errors.

    With ``ℓ_j = f_j + <g_j, x* - x^j>`` and m_k its average, ``h_k = m_k + <d_k, x^k - x*>``.

    Errors (first order in u; `gamma` is the standard bound of a dot product). One term of an
    average, ``f_j`` and ``<g_j, ·>``, has size ``T_j = |f_j| + ||g_j|| r_j`` with
    ``r_j = ||x^j|| + ||x^j - x*|| + ||x*||``, and is computed to ``γ_{n+2} T_j``; each update of an
    average adds three roundings of its size. So, A and P being the averages of T and ``||g||``,

        e_k = β e_{k-1} + (1-β) γ_{n+2} T_k + 3u A_k      (f̄ - γ, or m)
        p_k = β p_{k-1} + 3u P_k                          (d)
        gap_error = e_k + p_k r_k + γ_{n+4} (A_k + P_k r_k)

    bounds the error of h_k both as the method computes it and as the audit does.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        shape = (len(case.settings), case.seeds)
        self.beta = case.beta
        self.size = len(case.problem.start)
        self.solution_norm = float(np.linalg.norm(case.optimum.solution))
        self.grad_avg: Array | None = None
        self.model_at_solution = np.zeros(shape)
        self.terms, self.grad_norms = np.zeros(shape), np.zeros(shape)
        self.value_error, self.grad_error = np.zeros(shape), np.zeros(shape)
        self.convexity_error = np.zeros(shape)
        self.landing_error = np.zeros(shape)
        # A certificate that was refused buys no tolerance.
        optimum = case.optimum
        self.inexactness = min(optimum.interpolation, optimum.tolerance) + case.constants.rounding
        self.to_solution: Array | None = None

    def observe(
        self, k: int, x: Array, loss: Array, grad: Array, x_next: Array, full: Full | None
    ) -> Step:
        """Take in step k; ``x_next`` is ignored for runs that are held."""
        u, case, beta, n = UNIT_ROUNDOFF, self.case, self.beta, self.size
        solution, f_star = case.optimum.solution, case.optimum.value
        # The first sample starts every average: weight 1 on it, as if β were 0.
        keep = beta if k > 1 else np.zeros_like(beta)

        to_solution = solution - x if self.to_solution is None else self.to_solution
        distance_sq = inner(to_solution, to_solution)
        distance = np.sqrt(distance_sq)
        reach = 2 * (self.solution_norm + distance)
        linear = loss + inner(grad, to_solution)
        grad_norm = np.sqrt(inner(grad, grad))
        term = np.abs(loss) + grad_norm * reach

        if self.grad_avg is None:
            self.grad_avg = np.array(grad)
        else:
            self.grad_avg = beta[..., None] * self.grad_avg + (1 - beta[..., None]) * grad
        d = self.grad_avg
        self.model_at_solution = keep * self.model_at_solution + (1 - keep) * linear
        self.terms = keep * self.terms + (1 - keep) * term
        self.grad_norms = keep * self.grad_norms + (1 - keep) * grad_norm
        self.value_error = (
            keep * self.value_error + (1 - keep) * gamma(n + 2) * term + 3 * u * self.terms
        )
        self.grad_error = keep * self.grad_error + 3 * u * self.grad_norms
        inexact = np.where(grad_norm > 0, self.inexactness, 0.0)
        self.convexity_error = keep * self.convexity_error + (1 - keep) * inexact

        gap = self.model_at_solution - inner(d, to_solution) - f_star
        norm_sq = inner(d, d)
        norm = np.sqrt(norm_sq)
        gap_error = (
            self.value_error
            + self.grad_error * reach
            + gamma(n + 4) * (self.terms + self.grad_norms * reach + abs(f_star))
        )

        determined = (gap_error <= RESOLUTION * case.optimum.distance * norm) & (norm_sq >= TINY)
        live = (norm_sq == 0) | determined
        if not live.all():
            x_next = np.where(live[..., None], x_next, x)

        # <x^{k+1} - x^k, (x^{k+1} - x*) + (x^k - x*)> has no cancelling squares.
        move = x_next - x
        to_solution_next = solution - x_next
        distance_change = -inner(move, to_solution + to_solution_next)
        move_sq = inner(move, move)
        moved = np.sqrt(move_sq)
        reach_next = reach + 2 * moved
        self.to_solution = to_solution_next

        step = Step(
            case=case,
            k=k,
            x=x,
            grad=grad,
            x_next=x_next,
            grad_avg=d,
            loss=loss,
            excess=loss - f_star,
            gap=gap,
            norm_sq=norm_sq,
            distance_sq=distance_sq,
            distance_change=distance_change,
            move=moved,
            gap_error=gap_error,
            landing_error=self.landing_error + gap_error + case.constants.rounding,
            fejer_error=np.where(
                live,
                self._fejer_error(gap, gap_error, norm_sq, distance, moved, reach_next, f_star),
                0.0,
            ),
            live=live,
            full=full,
        )
        # What this step leaves between m_k(x^{k+1}) and f*: the error of h_k, of τ_k, and of
        # x^{k+1} (one rounding of each coordinate, two of the step); all of h_k - f* where held.
        share = np.where(live, gamma(n + 6), 1.0)
        left = gap_error + share * np.abs(gap) + norm * u * (reach_next + 2 * moved)
        self.landing_error = beta * (self.landing_error + left)
        return step

    def _fejer_error(
        self,
        gap: Array,
        gap_error: Array,
        norm_sq: Array,
        distance: Array,
        moved: Array,
        reach: Array,
        f_star: float,
    ) -> Array:
        """Bound the error in ``||x^{k+1}-x*||² <= ||x^k-x*||² - τ(2(h_k-f*) - τ||d_k||²)``.

        * x* is a point where every f_i exceeds its infimum by at most ε (the certificate), and a
          computed subgradient inequality is off by `Constants.rounding`; neither where the gradient
          is 0, and f_j its infimum. The average of this, times 2τ.
        * The method's τ is off by δ/||d||², ``δ = gap_error + γ_{n+6}|gap|``: the inequality moves
          by ``2 (δ/||d||²) (f* - m_k(x*)) + δ²/||d||²``.
        * x^{k+1} is rounded: 2 ||δx|| ||x^{k+1}-x*||, ``||δx|| <= u (||x^{k+1}|| + 2||move||)``.
        * The audit's own: ``2τ gap_error`` in the right side, ``γ_{n+4}`` of the left.
        """
        u, n = UNIT_ROUNDOFF, self.size
        inverse = np.divide(1.0, norm_sq, where=norm_sq >= TINY, out=np.zeros_like(norm_sq))
        tau = np.minimum(self.case.lr, np.maximum(gap, 0) * inverse)
        slack = np.maximum(f_star - self.model_at_solution, 0)
        delta = gap_error + gamma(n + 6) * np.abs(gap)
        inexact = 2 * tau * (self.convexity_error + gap_error)
        step_size = (2 * delta * slack + delta**2) * inverse
        point = 2 * u * (reach + 2 * moved) * (distance + moved)
        return inexact + step_size + point + gamma(n + 4) * moved * 2 * (distance + moved)


class Monitor(Protocol):
    """Watches the steps of one case for one claim."""

    def observe(self, step: Step) -> None:
        """Take in a step."""


@dataclass(frozen=True)
class Curves:
    """What is kept of a case for plots, at the checkpoints; shape (settings, checkpoints).

    Attributes
    ----------
    steps
        The checkpoints k, shape (checkpoints,).
    suboptimality
        f(x^k) - f* of every run, shape (settings, checkpoints, seeds).
    distance
        ``||x^k - x*||``: mean over seeds.
    step_size
        ``||x^{k+1} - x^k|| / ||d_k||``, the effective step: median over seeds.
    """

    steps: Array
    suboptimality: Array
    distance: Array
    step_size: Array


def checkpoints(iterations: int, per_decade: int = 12) -> frozenset[int]:
    """Return log-spaced steps from 1 to ``iterations``, both included."""
    decades = np.log10(max(iterations, 1))
    points = np.logspace(0, decades, int(per_decade * decades) + 2)
    return frozenset({1, iterations} | {round(float(point)) for point in points})


def simulate(
    case: Case,
    stepper: Stepper,
    monitors: Iterable[Monitor],
    on_steps: Callable[[int], None] | None = None,
) -> Curves:
    """Run all settings and seeds of a case together, and show every step to the monitors.

    All settings see the same samples (common random numbers): sample indices have shape (seeds,).
    A run that leaves the range of float64 stops the simulation; `FloatingPointError` says when.
    """
    rng = np.random.default_rng([case.seed, case.iterations, case.seeds])
    shape = (len(case.settings), case.seeds)
    x = np.broadcast_to(case.problem.start, (*shape, len(case.problem.start))).copy()
    state: Any = State()
    audit, marks = Audit(case), checkpoints(case.iterations)
    steps, excess, distances, sizes = [], [], [], []
    watching = tuple(monitors)
    block = 256
    for k in range(1, case.iterations + 1):
        within = (k - 1) % block
        if within == 0:
            samples = rng.integers(case.problem.samples, size=(block, case.seeds))
            if on_steps is not None and k > 1:
                on_steps(block)
        loss, grad = case.problem.loss_and_grad(x, samples[within])
        try:
            x_next, state, _ = stepper.step(state, x, loss, grad)
        except ValueError as error:
            raise FloatingPointError(f"step {k}: {error}") from error
        full = None
        if k in marks:
            full = Full(
                case.problem.losses(x).mean(axis=-1), case.problem.grad_norms_sq(x).mean(axis=-1)
            )
        step = audit.observe(k, x, loss, grad, x_next, full)
        x_next = step.x_next
        for monitor in watching:
            monitor.observe(step)
        if full is not None:
            norm = np.sqrt(step.norm_sq)
            steps.append(k)
            excess.append(full.objective - case.optimum.value)
            distances.append(np.sqrt(step.distance_sq).mean(axis=1))
            ratio = np.divide(step.move, norm, where=norm > 0, out=np.zeros_like(norm))
            sizes.append(np.median(ratio, axis=1))
        x = x_next
    return Curves(
        np.array(steps, dtype=np.float64),
        np.stack(excess, axis=1),
        np.stack(distances, axis=1),
        np.stack(sizes, axis=1),
    )
