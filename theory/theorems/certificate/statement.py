"""What every run stands on: an optimum with a certificate."""

from __future__ import annotations

from theory.proofs.scalars import le
from theory.statement import Quantity, Statement

RESIDUAL = Quantity(
    "residual",
    "max{duality gap, KKT residual, max_s f(x*,s) - inf f(·,s)}",
    "how far x* and f* are from what is assumed of them; the last is left out where a problem does"
    " not say that one point minimises all f(·,s)",
    at_least=0,
)
TOLERANCE = Quantity("tolerance", "ε", "the solver's tolerance", above=0)

STATEMENT = Statement(
    name="certificate",
    title="certified optimum",
    quantities=(RESIDUAL, TOLERANCE),
    assumes=(),
    holds=lambda v: {"": le(v.residual, v.tolerance)},
    source="MoMo paper, assumption of the convergence theorem; checked as in theory/optimum.py",
)
