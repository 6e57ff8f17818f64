"""The step is the proximal minimiser, for any number of parameter groups; its size for one."""

from __future__ import annotations

from theory.assumptions import POSITIVE_SIZES
from theory.formula import least
from theory.proofs.scalars import eq, le
from theory.quantities import CAP
from theory.statement import Quantity, Statement

AT_STEP = Quantity(
    "at_step",
    "Φ(x^+)",
    "the objective max{A(y), f_*} + Σ_g (λ_g/2)||y_g||² + ||y_g-x_g||²/(2α_g) of the step, with"
    " A(y) = ρ^{-1}(f̄-γ+Σ_g<d_g,y_g>), at x_g^+ = (x_g - (α_g s/ρ) D_g^{-1} d_g)/(1+α_gλ_g),"
    " s = min{1, ρ(f̄-γ-ρf_*+Σ_g<d_g,x_g>/(1+α_gλ_g))_+ / Σ_g(α_g||d_g||²/(1+α_gλ_g))}",
)
AT_POINT = Quantity("at_point", "Φ(y)", "the same at any y")
APART = Quantity(
    "apart", "½Σ_g (λ_g+1/α_g)||y_g-x_g^+||²", "how far apart they are: 0 for y = x^+ alone", 0
)
SIZE = Quantity("tau", "τ", "the step size α s/ρ of one group", at_least=0)
ADAPTIVE = Quantity("zeta", "ζ", "((1+αλ)(f̄-γ-ρf_*) + <d,x>)_+/||d||²", at_least=0)
WEIGHT = Quantity("rho", "ρ", "the weight of the averages", above=0)

SOURCE = "MoMo paper, Lemma 3.1; several groups: derived here"

MINIMISER = Statement(
    name="closed_form",
    title="closed form of the step",
    quantities=(AT_STEP, AT_POINT, APART),
    assumes=(POSITIVE_SIZES,),
    holds=lambda v: {"": le(v.at_step + v.apart, v.at_point)},
    source=SOURCE,
)
ONE_GROUP = Statement(
    name="closed_form_step",
    title="step size of one group",
    quantities=(SIZE, CAP, WEIGHT, ADAPTIVE),
    assumes=(POSITIVE_SIZES,),
    holds=lambda v: {"": eq(v.tau, least(v.alpha / v.rho, v.zeta))},
    source="MoMo paper, equations 15 and 16",
)
