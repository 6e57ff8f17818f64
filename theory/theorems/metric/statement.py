"""MoMo-Adam: what holds in a metric that is frozen, grows or shrinks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from theory.assumptions import (
    BETA,
    BOUNDED_GROWTH,
    CONVEX,
    DIAGONAL_METRICS,
    EXACT_BOUND,
    FIXED_METRIC,
    FROM_ZERO,
    GROWING_METRIC,
    INTERPOLATION,
    NO_DECAY,
    ONE_FUNCTION,
    PATH_GRADIENTS,
    SHRINKING_METRIC,
    UNCAPPED,
)
from theory.formula import sqrt, total
from theory.proofs.scalars import le
from theory.quantities import BETA as AVERAGING
from theory.quantities import ITERATIONS, LEAST
from theory.statement import Quantity, Statement
from theory.theorems.sharp_rate.statement import SHARP_RATE_ZERO, orthogonal

DECREASES = Quantity(
    "S", "Σ_{k≤K} (h_k-ρ_k f*)²/||d_k||²_{P_k^{-1}}", "the sum of the Fejér decreases", at_least=0
)
START = Quantity("D", "D", "||x^1-x*||_{P_1}", above=0)
RADIUS = Quantity(
    "R", "R", "R² = ||x^1-x*||²_{P_1} + Σ_{k<K} ||x^{k+1}-x*||²_{P_{k+1}-P_k}", above=0
)
GROWTH = Quantity("product", "Π_{k<K} (1+η_k)", "by what the metrics may grow", at_least=1)
FIRST_NORM = Quantity("G", "G", "bounds ||g_k||_{P_1^{-1}} for k ≤ K", above=0)
CHANGE = Quantity(
    "change", "||x^{k+1}-x*||²_{P_k} - ||x^k-x*||²_{P_k}", "what a step changes of the distance"
)
SAMPLE = Quantity("delta", "(f_k-f*)", "the suboptimality of the sample", at_least=0)
NORM = Quantity("N", "||d_k||²_{P_k^{-1}}", "the squared dual norm of the average", above=0)
WEIGHTED = Quantity(
    "T", "Σ_{k≤K} ((1-β)(f_k-f*)/(1-β^k))²", "a weighted sum of squared suboptimalities"
)
LONGEST = Quantity("Gamma", "Γ", "bounds ||g_{k+1}||_{P_k^{-1}} and ||g_1||_{P_1^{-1}}", above=0)

ASSUMES = (
    CONVEX,
    INTERPOLATION,
    EXACT_BOUND,
    UNCAPPED,
    NO_DECAY,
    BETA,
)
ZERO = (*ASSUMES, FROM_ZERO, DIAGONAL_METRICS)

SUMMED = Statement(
    name="metric_summed",
    title="summed, changing metric",
    quantities=(DECREASES, RADIUS),
    assumes=(*ASSUMES, DIAGONAL_METRICS),
    holds=lambda v: {"": le(v.S, v.R**2)},
)
GROWN = Statement(
    name="metric_summed_grown",
    title="summed, metric of bounded growth",
    quantities=(DECREASES, GROWTH, START),
    assumes=(*ASSUMES, DIAGONAL_METRICS, BOUNDED_GROWTH),
    holds=lambda v: {"": le(v.S, v.product * v.D**2)},
)
SHRUNK = Statement(
    name="metric_summed_shrinking",
    title="summed, shrinking metric",
    quantities=(DECREASES, START),
    assumes=(*ASSUMES, DIAGONAL_METRICS, SHRINKING_METRIC),
    holds=lambda v: {"": le(v.S, v.D**2)},
)
SHARP = Statement(
    name="metric",
    title="sharp rate, growing metric",
    quantities=(LEAST, FIRST_NORM, RADIUS, AVERAGING, ITERATIONS),
    assumes=(ONE_FUNCTION, *ZERO, GROWING_METRIC, PATH_GRADIENTS),
    holds=lambda v: {"": le(v.m, v.G * v.R / sqrt(1 + total(v, orthogonal, 1, v.K - 1)))},
)


def _step(v: Any) -> Any:
    return {"": le(v.change, -(((1 - v.beta) * v.delta) ** 2 / v.N))}


FROZEN_FEJER = Statement(
    name="frozen_fejer",
    title="Fejér step, frozen metric",
    quantities=(CHANGE, SAMPLE, NORM, AVERAGING),
    assumes=(*ZERO, FIXED_METRIC),
    holds=_step,
)
GROWING_FEJER = Statement(
    name="growing_fejer",
    title="Fejér step, growing metric",
    quantities=FROZEN_FEJER.quantities,
    assumes=(*ZERO, GROWING_METRIC),
    holds=_step,
)
FROZEN_RATE = Statement(
    name="frozen_rate",
    title="rate, frozen metric",
    quantities=(WEIGHTED, LONGEST, START),
    assumes=(*ZERO, FIXED_METRIC),
    holds=lambda v: {"": le(v.T, v.Gamma**2 * v.D**2)},
)
GROWING_RATE = Statement(
    name="growing_rate",
    title="rate, growing metric",
    quantities=(WEIGHTED, LONGEST, RADIUS),
    assumes=(*ZERO, GROWING_METRIC),
    holds=lambda v: {"": le(v.T, v.Gamma**2 * v.R**2)},
)
FROZEN_SHARP = replace(SHARP_RATE_ZERO, name="frozen_sharp_rate", title="sharp rate, frozen metric")
GROWING_SHARP = replace(SHARP, name="growing_sharp_rate", title="sharp rate, growing metric")
