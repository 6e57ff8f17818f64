"""NGN-M: the convex rate that is derived here, the published one, and the energy on the line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.assumptions import (
    BETA,
    BOUND_BELOW,
    CONVEX,
    FINITE_CAP,
    INDEPENDENT,
    INFIMA,
    NO_DECAY,
    ON_A_LINE,
    SMOOTH,
)
from theory.proofs.scalars import Relation, eq, ge, gt, le
from theory.quantities import BETA as AVERAGING
from theory.quantities import DISTANCE, ITERATIONS, SMOOTHNESS
from theory.statement import Quantity, Statement

CAP = Quantity("c", "c", "the cap of the step size: the learning rate", above=0)
MEAN = Quantity(
    "m", "mean_{k≤K} E[f(x^k) - f*]", "the mean of the expected suboptimality", at_least=0
)
FIRST = Quantity("first", "δ_1", "the suboptimality f(x^1) - f* of the start", at_least=0)
NOISE = Quantity(
    "si", "σ_int²", "E[f(x*,s) - inf f(·,s)]: how far interpolation is off", at_least=0
)
POSITIVE = Quantity(
    "sp", "σ_pos²", "E inf f(·,s) above the lower bound: 0 where that is exact", at_least=0
)
TOP = Quantity("top", "max{2cL-1,0}", "the larger of 2cL-1 and 0", at_least=0)
ASSUMES = (
    CONVEX,
    SMOOTH,
    INFIMA,
    BOUND_BELOW,
    FINITE_CAP,
    NO_DECAY,
    BETA,
    INDEPENDENT,
)


def curvature(v: Any) -> Any:
    """Return ``cL``."""
    return v.c * v.L


def momentum(v: Any) -> Any:
    """Return ``λ = β/(1-β)``."""
    return v.beta / (1 - v.beta)


def kappa(v: Any) -> Any:
    """Return ``1 - λcL(1+cL)``."""
    return 1 - momentum(v) * curvature(v) * (1 + curvature(v))


def derived(v: Any) -> Mapping[str, Relation]:
    """Return ``κm <= (1+cL)²R²/(2cK) + cL(2+cL+λ(1+cL))σ_int² + ¼cL(1+cL)σ_pos²``."""
    ell, lam = curvature(v), momentum(v)
    start = v.D**2 + 2 * lam * v.c / (1 + ell) * v.first
    noise = ell * (2 + ell + lam * (1 + ell)) * v.si + ell * (1 + ell) * v.sp / 4
    return {"": le(v.m, ((1 + ell) ** 2 * start / (2 * v.c * v.K) + noise) / kappa(v))}


def published(v: Any) -> Mapping[str, Relation]:
    """Return ``m <= (1+2cL)²D²/(cK) + 8cL(1+2cL)²σ_int² + 2cL max{2cL-1,0}σ_pos²``."""
    ell = curvature(v)
    start = (1 + 2 * ell) ** 2 * v.D**2 / (v.c * v.K)
    noise = 8 * ell * (1 + 2 * ell) ** 2 * v.si + 2 * ell * v.top * v.sp
    return {"": le(v.m, start + noise)}


def little_momentum(v: Any) -> Mapping[str, Relation]:
    """Return what the published rate asks of λ, and what the maximum is at least."""
    ell, lam = curvature(v), momentum(v)
    return {
        "λ": le(lam, ell),
        "2λ": le(2 * lam * (1 + ell) * (1 + 2 * ell), 1),
        "max": ge(v.top, 2 * ell - 1),
    }


DERIVED = Statement(
    name="ngn_m_rate",
    title="NGN-M, the rate derived",
    quantities=(MEAN, CAP, SMOOTHNESS, AVERAGING, ITERATIONS, DISTANCE, FIRST, NOISE, POSITIVE),
    assumes=ASSUMES,
    holds=derived,
    given=lambda v: {"κ": gt(kappa(v), 0)},
)

PUBLISHED = Statement(
    name="ngn_m_published",
    title="NGN-M, the published rate",
    quantities=(MEAN, CAP, SMOOTHNESS, AVERAGING, ITERATIONS, DISTANCE, NOISE, POSITIVE, TOP),
    assumes=ASSUMES,
    holds=published,
    given=little_momentum,
    source="NGN-M paper (arXiv 2508.15071), Theorem 4.3, as far as its text could be read",
)

FORCE = Quantity("n", "mean_{k≤K} N(x^k)²", "the mean square of the forces N = γ f'", at_least=0)
SLOPE = Quantity("s", "s", "half of what N' is at most", at_least=0, below=1)
WORK = Quantity("W", "∫N", "the integral of N from x* to x^1", at_least=0)

LINE = Statement(
    name="ngn_m_line",
    title="NGN-M on the line",
    quantities=(FORCE, AVERAGING, ITERATIONS, SLOPE, WORK),
    assumes=(CONVEX, ON_A_LINE, NO_DECAY, BETA),
    holds=lambda v: {
        "": le(v.n, 2 * (1 + v.beta**2) * v.W / ((1 - v.beta) ** 2 * (1 - v.s) * v.K))
    },
)

HERE = Quantity("x", "x^k", "a coordinate of the point")
BEHIND = Quantity("x_before", "x^{k-1}", "the same of the point before; x^1 where k = 1")
THERE = Quantity("x_next", "x^{k+1}", "the same of the next point")
GRADIENT = Quantity("grad", "g_k", "the same of the gradient")
SIZE = Quantity("gamma", "γ_k", "the step size c/(1 + c||g_k||²/(2f_k)), f_k above the lower bound")
STEP = Statement(
    name="ngn_m_step",
    title="NGN-M is the heavy ball",
    quantities=(HERE, BEHIND, THERE, GRADIENT, SIZE, AVERAGING),
    assumes=(FINITE_CAP, NO_DECAY, BETA),
    holds=lambda v: {
        "": eq(v.x_next, v.x - (1 - v.beta) * v.gamma * v.grad + v.beta * (v.x - v.x_before))
    },
    source="NGN-M paper (arXiv 2508.15071)",
)
END = Quantity("end", "||z^{K+1}-x*||²", "z^k = x^k + λ(x^k - x^{k-1}), λ = β/(1-β)", at_least=0)
TAKEN = Quantity(
    "S",
    "S_K",
    "Σ_k [(2-a)γ_0 ψ_k - 2cψ*_k - bm_k] + 2λ Σ_{k≥2} [γ_0 ψ_k - cψ'_k], γ_0 = c/(1+cL),"
    " a = 2cL/(1+cL), b = c·cL/(2(1+cL)), with ψ_k, ψ'_k, ψ*_k what f(·,s_k) is above its infimum"
    " at x^k, x^{k-1} and x*, and m_k what that is above the lower bound",
)
SUMMED = Statement(
    name="ngn_m_summed",
    title="what NGN-M's rate sums",
    quantities=(END, TAKEN, DISTANCE),
    assumes=ASSUMES,
    holds=lambda v: {"": le(v.end + v.S, v.D**2)},
)
