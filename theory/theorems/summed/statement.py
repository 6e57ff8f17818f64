"""The Fejér steps, summed, and the ball that no iterate leaves."""

from __future__ import annotations

from theory.proofs.base import PROOF
from theory.proofs.scalars import le
from theory.quantities import DISTANCE
from theory.statement import Quantity, Statement
from theory.theorems.fejer.statement import STATEMENT as FEJER

DECREASES = Quantity(
    "S",
    "Σ_{k≤K} τ_k(2(h_k-ρ_k f*) - τ_k||d_k||²)",
    "the decreases of the Fejér steps: (h_k-ρ_k f*)²/||d_k||² each without a cap",
)
APART = Quantity("dist", "||x^k-x*||²", "the squared distance of any iterate", at_least=0)

STATEMENT = Statement(
    name="summed",
    title="summed inequality",
    quantities=(DECREASES, APART, DISTANCE),
    assumes=FEJER.assumes,
    holds=lambda v: {"sum": le(v.S, v.D**2), "ball": le(v.dist, v.D**2)},
    source=PROOF,
)
