"""Averages of gradients are no longer, in mean square, than the gradients."""

from __future__ import annotations

from theory.assumptions import BALL_GRADIENTS, INDEPENDENT
from theory.proofs.base import PROOF
from theory.proofs.scalars import le
from theory.quantities import GRADIENT, WEIGHT
from theory.statement import Quantity, Statement
from theory.theorems.fejer.statement import STATEMENT as FEJER

MEAN = Quantity("E", "E||d_k||²", "the mean square of the average", at_least=0)
MEAN_GRADIENT = Quantity("Eg", "E_s||∇f(x^k,s)||²", "that of the gradients at x^k", at_least=0)
ASSUMES = (*FEJER.assumes, INDEPENDENT, BALL_GRADIENTS)

STATEMENT = Statement(
    name="mean_square",
    title="averaged gradients",
    quantities=(MEAN, WEIGHT, GRADIENT),
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.E, v.rho**2 * v.G**2)},
    source=f"{PROOF}, fourth step; with ρ: derived here",
)
ON_BALL = Statement(
    name="gradient_bound",
    title="gradients on the ball",
    quantities=(MEAN_GRADIENT, GRADIENT),
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.Eg, v.G**2)},
    source="MoMo paper, convergence theorem: definition of G, and last step of the proof",
)
