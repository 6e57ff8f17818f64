"""SPS, SGD-M and Adam as special cases: one coordinate of the step."""

from __future__ import annotations

from theory.assumptions import (
    BETA,
    COORDINATES,
    EUCLIDEAN,
    EXACT_BOUND,
    FINITE_CAP,
    FROM_FIRST,
    FROM_ZERO,
    NO_DECAY,
    NO_MOMENTUM,
    POSITIVE_SIZES,
)
from theory.formula import least, sqrt
from theory.proofs.scalars import eq, le
from theory.quantities import BETA as AVERAGING
from theory.quantities import CAP
from theory.statement import Quantity, Statement

HERE = Quantity("x", "x^k", "a coordinate of the point")
THERE = Quantity("x_next", "x^{k+1}", "the same of the next point")
GRADIENT = Quantity("grad", "g_k", "the same of the gradient")
GAP = Quantity("gap", "(f_k-f*)_+", "the suboptimality of the sample, or 0", at_least=0)
NORM = Quantity("gg", "||g_k||²", "the squared norm of the gradient", above=0)
BUFFER = Quantity("buffer", "b_k", "a coordinate of SGD's buffer, dampening = momentum")
ADAPTIVE = Quantity("zeta", "ζ_k", "(h_k-f*)_+/||d_k||², the step size without a cap", at_least=0)
MOMENT = Quantity("moment", "m_k", "a coordinate of Adam's first moment")
SECOND = Quantity("second", "v̂_k", "the same of Adam's corrected second moment", at_least=0)
EPSILON = Quantity("eps", "ε", "Adam's ε", above=0)
POWER = Quantity("power", "β^k", "m̂_k = m_k/(1-β^k)", at_least=0, below=1)

SPS = Statement(
    name="sps",
    title="β = 0 is ProxSPS",
    quantities=(HERE, THERE, GRADIENT, GAP, NORM, CAP),
    assumes=(NO_MOMENTUM, NO_DECAY, EUCLIDEAN, EXACT_BOUND, POSITIVE_SIZES),
    holds=lambda v: {"": eq(v.x_next, v.x - least(v.alpha, v.gap / v.gg) * v.grad)},
    source="MoMo paper: MoMo at β = 0; ProxSPS (Schaipp et al. 2023)",
)
SGD_M = Statement(
    name="sgd_m",
    title="capped MoMo is SGD-M",
    quantities=(HERE, THERE, BUFFER, CAP, ADAPTIVE, AVERAGING),
    assumes=(
        FINITE_CAP,
        NO_DECAY,
        EUCLIDEAN,
        BETA,
        FROM_FIRST,
        COORDINATES,
        POSITIVE_SIZES,
    ),
    holds=lambda v: {"": eq(v.x_next, v.x - v.alpha * v.buffer)},
    given=lambda v: {"the cap binds": le(v.alpha, v.zeta)},
    source="MoMo paper: the capped step of MoMo",
)
ADAM = Statement(
    name="adam",
    title="capped MoMo-Adam is Adam",
    quantities=(HERE, THERE, MOMENT, SECOND, EPSILON, POWER, CAP, ADAPTIVE, AVERAGING),
    assumes=(FINITE_CAP, NO_DECAY, BETA, FROM_ZERO, COORDINATES, POSITIVE_SIZES),
    holds=lambda v: {
        "": eq(
            v.x_next,
            v.x - v.alpha * (v.moment / (1 - v.power) / (v.eps + sqrt(v.second))),
        )
    },
    given=lambda v: {"the cap binds": le(v.alpha, v.zeta * (1 - v.power))},
    source="MoMo paper: the capped step of MoMo-Adam",
)
