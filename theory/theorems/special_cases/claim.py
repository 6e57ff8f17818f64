"""Special cases: β = 0 is ProxSPS, a capped step is SGD-M's, a capped MoMo-Adam step is Adam's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Check, Claim, EachStep, Result, Worst, measured
from theory.problems.base import UNIT_ROUNDOFF, Array, gamma
from theory.statement import Statement
from theory.theorems.special_cases import statement as says


def _distance(x: Array, y: Array) -> Array:
    difference = x - y
    return np.asarray(np.sqrt(np.vecdot(difference, difference)))


def _point_rounding(step: Step) -> Array:
    """Bound the rounding of ``x - τ d`` done twice: ``2u (||x^k|| + 3||move||)``."""
    return 2 * UNIT_ROUNDOFF * (step.extent + 3 * step.move)


def compare_sps(step: Step) -> tuple[Array, Array]:
    """Compare ``x^{k+1}`` with ``x^k - min{α, (f_k - f*)_+/||g_k||²} g_k``.

    The method computes h_k for f_k, with the error `Step.gap_error`: the steps differ by that
    over ``||g_k||``, and by the rounding of the points.
    """
    norm_sq = np.vecdot(step.grad, step.grad)
    above = np.maximum(step.excess, 0)
    size = {"gap": above, "gg": np.where(norm_sq > 0, norm_sq, 1.0), "alpha": step.case.lr}
    expected = says.SPS.bound(
        x=step.x, grad=step.grad, **{name: value[..., None] for name, value in size.items()}
    )
    delta = step.gap_error + gamma(step.x.shape[-1] + 6) * above
    inverse = np.divide(1, np.sqrt(norm_sq), where=norm_sq > 0, out=np.zeros_like(above))
    return _distance(step.x_next, expected), _point_rounding(step) + delta * inverse


class SgdM:
    """Compares ``x^{k+1}`` with ``x^k - α d_k`` at the steps where the cap binds.

    It binds where ``h_k - f* - gap_error > α ||d_k||²``; elsewhere nothing is claimed. Rounding:
    of the points, and ``3u`` for each update of the average (`Step.grad_avg` is rebuilt).
    """

    def __init__(self, case: Case) -> None:
        self.worst = Worst(case, case.optimum.distance)

    def observe(self, step: Step) -> None:
        """Compare where the cap binds."""
        lr = np.where(np.isinf(step.case.lr), 0.0, step.case.lr)
        binding = (step.gap - step.gap_error > lr * step.norm_sq) & (lr > 0)
        expected = says.SGD_M.bound(x=step.x, alpha=lr[..., None], buffer=step.grad_avg)
        average = 3 * UNIT_ROUNDOFF / (1 - step.case.beta) * lr * np.sqrt(step.norm_sq)
        self.worst.observe(
            step,
            _distance(step.x_next, expected),
            _point_rounding(step) + average,
            where=binding,
        )

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


class Adam:
    """Compares ``x^{k+1}`` with a textbook Adam step, at the steps where the cap must bind.

    The moments are rebuilt here. The cap α/ρ binds for sure where the averaged model lies above
    f* by more than ``2α ||m̂||²_{D^{-1}}``, twice the threshold: more than rounding can move it. The
    model's value is ``h_k/ρ_k``, where by the recurrence of the averages
    ``h_k = β(h_{k-1} + <d_{k-1}, x^k - x^{k-1}>) + (1-β) f_k``, from ``h_0 = 0``.

    Rounding: of the points, and of the direction: each update of a moment adds 3u, summed over
    1/(1-β) of them; the root, the quotients and the corrections stay below 10u.
    """

    beta2, eps = 0.999, 1e-8

    def __init__(self, case: Case) -> None:
        self.worst = Worst(case, case.optimum.distance)
        self.first: Array = np.zeros(1)
        self.second: Array = np.zeros(1)
        self.value: Array = np.zeros(1)
        self.advance: Array = np.zeros(1)

    def observe(self, step: Step) -> None:
        """Compare where the cap binds."""
        beta, k, lr = step.case.beta, step.k, step.case.lr
        beta_n = beta[..., None]
        self.value = beta * (self.value + self.advance) + (1 - beta) * step.loss
        self.first = beta_n * self.first + (1 - beta_n) * step.grad
        self.second = self.beta2 * self.second + (1 - self.beta2) * step.grad**2
        first = self.first / (1 - beta_n**k)
        second = self.second / (1 - self.beta2**k)
        direction = first / (np.sqrt(second) + self.eps)
        self.advance = np.vecdot(self.first, step.x_next - step.x)

        finite = np.where(np.isinf(lr), 0.0, lr)
        norm_sq = np.vecdot(first, direction)
        above = self.value / (1 - beta**k) - step.case.optimum.value
        binding = (above - 2 * step.gap_error > 2 * finite * norm_sq) & (finite > 0)
        expected = says.ADAM.bound(
            x=step.x,
            alpha=finite[..., None],
            moment=self.first,
            power=beta_n**k,
            second=second,
            eps=self.eps,
        )
        off = _distance(step.x_next, expected)
        updates = 3 / (1 - beta) + 3 / (1 - self.beta2) + 10
        size = finite * np.linalg.norm(direction, axis=-1)
        allowed = _point_rounding(step) + updates * UNIT_ROUNDOFF * size
        self.worst.observe(step, off, allowed, where=binding)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


def _claim(statement: Statement, monitor: Callable[[Case], Check], method: str = "momo") -> Claim:
    return measured(
        statement,
        kind="path-wise",
        units="distance of the two points against rounding, both over D",
        method=method,
        local=True,
        monitor=monitor,
    )


SPS = _claim(says.SPS, lambda case: EachStep(Worst(case, case.optimum.distance), compare_sps))
SGD_M = _claim(says.SGD_M, SgdM)
ADAM = _claim(says.ADAM, Adam, "momo_adam")

CLAIMS = (SPS, SGD_M, ADAM)
