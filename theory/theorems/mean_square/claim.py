"""The constant G, and that averaging does not raise it: ``E||d_k||² <= G²``."""

from __future__ import annotations

import numpy as np

from theory.assumptions import interpolated
from theory.audit import Step
from theory.case import Case
from theory.claims.base import EXACT, Claim, EachStep, Worst
from theory.problems.base import Array, gamma


def compare(step: Step) -> tuple[Array, Array] | None:
    """Compare ``sqrt(E_s||∇f(x^k,s)||²)`` with G, exactly over all s, at the checkpoints.

    With Jensen's inequality this is ``E||d_k||² <= G²``: d_k is an average of gradients taken at
    points of the ball. Rounding: a norm, a mean and a root, ``γ_{n+N}``.
    """
    if step.full is None:
        return None
    problem, bound = step.case.problem, step.case.constants.gradient
    measured = np.sqrt(step.full.grad_second_moment)
    allowed = bound * (1 + gamma(len(problem.start) + problem.samples))
    return measured, np.full_like(measured, allowed)


def monitor(case: Case) -> EachStep:
    """Return the check, in units of G."""
    return EachStep(Worst(case, case.constants.gradient), compare)


CLAIM = Claim(
    name="gradient_bound",
    title="gradients on the ball",
    statement="E_s||∇f(x^k,s)||² ≤ G² along the trajectory, hence E||d_k||² ≤ G²",
    source="MoMo paper, convergence theorem: definition of G, and last step of the proof",
    kind="path-wise",
    units="sqrt(E||∇f(x^k,s)||²) against G, both over G",
    method="momo",
    reached=EXACT,
    objection=interpolated,
    monitor=monitor,
)

CLAIMS = (CLAIM,)
