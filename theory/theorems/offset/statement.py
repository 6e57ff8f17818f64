"""The recurrence of the offset that the step works with."""

from __future__ import annotations

from theory.assumptions import AT_ITERATES, BETA, NO_DECAY
from theory.proofs.scalars import eq
from theory.quantities import BETA as AVERAGING
from theory.statement import Quantity, Statement

FIRST = Quantity("at_first", "q_1", "q_k = <d_k, x^k> - γ_k at the first step")
NOW = Quantity("before", "q_k", "<d_k, x^k> - γ_k")
NEXT = Quantity("after", "q_{k+1}", "the same one step later")
MOVED = Quantity("moved", "<d_k, x^{k+1}-x^k>", "how far the step leads along d_k")
SIZE = Quantity("tau", "τ_k", "the step size", at_least=0)
NORM = Quantity("N", "||d_k||²", "in the dual of the metric", at_least=0)

STATEMENT = Statement(
    name="offset",
    title="recurrence of q",
    quantities=(FIRST, NOW, NEXT, MOVED, SIZE, NORM, AVERAGING),
    assumes=(BETA, AT_ITERATES, NO_DECAY),
    holds=lambda v: {
        "first": eq(v.at_first, 0),
        "later": eq(v.after, v.beta * (v.before + v.moved)),
        "along": eq(v.moved, -(v.tau * v.N)),
    },
)
