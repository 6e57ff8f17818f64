"""The averaged linearisation at x* is at most f*, times its weight."""

from __future__ import annotations

from theory.assumptions import BETA, CONVEX, INTERPOLATION
from theory.proofs.base import PROOF
from theory.proofs.scalars import le
from theory.quantities import WEIGHT
from theory.statement import Quantity, Statement

MODEL = Quantity("m", "m_k(x*)", "f̄_k + <d_k, x*> - γ_k, at any solution x*")
VALUE = Quantity("fstar", "f*", "the least value")

STATEMENT = Statement(
    name="model_below",
    title="the model lies below f* at x*",
    quantities=(MODEL, WEIGHT, VALUE),
    assumes=(CONVEX, INTERPOLATION, BETA),
    holds=lambda v: {"": le(v.m, v.rho * v.fstar)},
    source=PROOF,
)
