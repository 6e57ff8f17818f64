"""The constant G, and that averaging does not raise it: ``E||d_k||² <= G²``."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import EXACT, EachStep, Worst, measured
from theory.problems.base import Array, gamma
from theory.theorems.mean_square.statement import ON_BALL


def compare(step: Step) -> tuple[Array, Array] | None:
    """Compare ``sqrt(E_s||∇f(x^k,s)||²)`` with G, exactly over all s, at the checkpoints.

    With Jensen's inequality this is ``E||d_k||² <= G²``: d_k is an average of gradients taken at
    points of the ball. Rounding: a norm, a mean and a root, ``γ_{n+N}``.
    """
    if step.full is None:
        return None
    problem = step.case.problem
    bound = np.sqrt(ON_BALL.bound(G=step.case.constants.gradient))
    measured = np.sqrt(step.full.grad_second_moment)
    allowed = bound * (1 + gamma(len(problem.start) + problem.samples))
    return measured, np.full_like(measured, allowed)


def monitor(case: Case) -> EachStep:
    """Return the check, in units of G."""
    return EachStep(Worst(case, case.constants.gradient), compare)


CLAIM = measured(
    ON_BALL,
    kind="path-wise",
    units="sqrt(E||∇f(x^k,s)||²) against G, both over G",
    method="momo",
    reached=EXACT,
    monitor=monitor,
)

CLAIMS = (CLAIM,)
