"""Lower bounds by a construction: one function, and functions in a given order.

With ``√β <= p < 1``, ``c(m) = (1-(1-p)m) p^m`` and ``N = G²/(1+β²-2βp²)``: vectors ``D_1, …, D_L``
with the products ``N c(|i-j|)``, ``L = K-1+⌈1/(1-p)⌉``, gradients ``g_1 = (1-β)D_1``,
``g_k = D_k-βD_{k-1}``, and all values equal to ``f*+δ``. MoMo moves along the D_k, and is as far
from x* as it takes. P stands for a power of p, and all sums are by induction. For one function
p = √β, so that ``c(1) = β``; for functions in a given order p may be anything from there up to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs import landing, lower_bound_products, lower_bound_sums
from theory.proofs.base import (
    Algebra,
    Mutation,
    Reference,
    Theorem,
    by_hand,
    conclusion,
    lemma,
)
from theory.proofs.lower_bound_replay import measure, scalars
from theory.proofs.lower_bound_sums import orders
from theory.proofs.replay import first_step, identity, made, step_from, vectors
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit

SHARE = "N (1+β²-2βp²) = G²"
WITNESS = scalars(0.25, 0.5, 3)
OWN = scalars(0.25, 0.75, 3)


def measure_gradient(v: Any) -> Mapping[str, float]:
    """Average ``(1-β) D_{k-1}`` with g_k by the reference, and measure what must come out: D_k."""
    rows = vectors([[v.N, v.N * v.c1], [v.N * v.c1, v.N]])
    grad = rows[1] - v.beta * rows[0]
    how = made(v.beta, identity(3), 0.0)
    taken = step_from(how, np.zeros(3), (1 - v.beta) * rows[0], 1.0, 1.0, grad)
    D = taken.info.dual_norm_sq / (1 - v.beta) ** 2
    return {"N": float(D), "gg": float(grad @ grad)}


def measure_first(v: Any) -> Mapping[str, float]:
    """Take the first step in one dimension, with the gradient ``(1-β) D_1``."""
    how = made(v.beta, identity(1), 0.0)
    return {"moved": float(first_step(how, np.zeros(1), v.delta, np.array([v.grad])).x_next[0])}


def end(v: Any) -> Mapping[str, Relation]:
    """Say what the construction gives."""
    return {
        **unit(v.beta, "β"),
        "p² ≤ 1": le(v.p * v.p, 1),
        SHARE: eq(v.N * (1 + v.beta * v.beta - 2 * v.beta * v.p * v.p), v.G2),
        "D² N = δ² Q": eq(v.D2 * v.N, v.delta * v.delta * v.Q),
        "from lower_bound.quadratic: Q ≤ K + C": le(v.Q, v.K + v.C),
        "δ > 0": gt(v.delta, 0),
    }


def larger(v: Any, factor: int) -> Mapping[str, Relation]:
    """Return the bound with Q for K + C, and ``factor`` percent of it."""
    share = 1 + v.beta * v.beta - 2 * v.beta * v.p * v.p
    return {"": ge(100 * v.delta * v.delta * share * v.Q, factor * v.G2 * v.D2)}


LEMMAS = (
    lemma(
        "lower_bound.gradient",
        "||g_k||² = N(1+β²-2βp²) = G² for k ≥ 2",
        "beta p c1 N gg G2",
        lambda v: {
            **orders(v),
            SHARE: eq(v.N * (1 + v.beta * v.beta - 2 * v.beta * v.p * v.p), v.G2),
            "c(1) = p²": eq(v.c1, v.p * v.p),
            "g_k = D_k - β D_{k-1}": eq(
                v.gg, v.N + v.beta * v.beta * v.N - 2 * v.beta * v.N * v.c1
            ),
        },
        conclusion(lambda v: eq(v.gg, v.G2)),
        by=Algebra(lambda v: {SHARE: 1}),
        mutated=(
            Mutation(
                "as if the D_k were orthogonal",
                claim=lambda v: {"": eq(v.gg, v.N * (1 + v.beta * v.beta))},
                fixed={"beta": (1, 4), "p": (1, 2), "N": 4},
                replay=Reference(measure_gradient),
            ),
        ),
    ),
    lemma(
        "lower_bound.one_function",
        "for p² = β: ||g_k||² = N(1-β²)",
        "beta p N G2",
        lambda v: {
            **orders(v),
            "p² = β": eq(v.beta, v.p * v.p),
            "share": eq(v.G2, v.N * (1 + v.beta * v.beta - 2 * v.beta * v.p * v.p)),
        },
        conclusion(lambda v: eq(v.G2, v.N * (1 - v.beta * v.beta))),
        by=Algebra(),
        mutated=(
            Mutation(
                "1-β for 1-β²",
                claim=lambda v: {"": eq(v.G2, v.N * (1 - v.beta))},
                fixed={"p": (1, 2)},
            ),
        ),
    ),
    lemma(
        "lower_bound.limit",
        "1+β²-2βp² = (1-β)² + 2β(1-p²): as p → 1 the paper's (1-β)²",
        "beta p share",
        lambda v: {
            **orders(v),
            "share": eq(v.share, 1 + v.beta * v.beta - 2 * v.beta * v.p * v.p),
        },
        conclusion(
            lambda v: eq(v.share, (1 - v.beta) * (1 - v.beta) + 2 * v.beta * (1 - v.p * v.p))
        ),
        by=Algebra(),
        mutated=(
            Mutation(
                "attained before the limit",
                claim=lambda v: {"": eq(v.share, (1 - v.beta) * (1 - v.beta))},
                fixed={"beta": (1, 4), "p": (1, 2)},
            ),
        ),
    ),
    lemma(
        "lower_bound.first_gradient",
        "||g_1||² = (1-β)² N ≤ G²",
        "beta p N gg G2",
        lambda v: {
            **orders(v),
            "N ≥ 0": ge(v.N, 0),
            "p² ≤ 1": le(v.p * v.p, 1),
            SHARE: eq(v.N * (1 + v.beta * v.beta - 2 * v.beta * v.p * v.p), v.G2),
            "g_1 = (1-β) D_1": eq(v.gg, (1 - v.beta) * (1 - v.beta) * v.N),
        },
        conclusion(lambda v: le(v.gg, v.G2)),
        by=Algebra(lambda v: {SHARE: 1, "p² ≤ 1": 2 * v.beta * v.N}),
        mutated=(
            Mutation(
                "twice as much",
                claim=lambda v: {"": le(v.gg * 2, v.G2)},
                fixed={"beta": (1, 4), "p": (3, 4)},
            ),
        ),
    ),
    lemma(
        "lower_bound.first_step",
        "x^2 - x^1 = -δ w_1 D_1/N with w_1 = 1/(1-β), coordinate by coordinate",
        "beta delta D N grad gg moved",
        lambda v: {
            **unit(v.beta, "β"),
            "N > 0": gt(v.N, 0),
            "g_1 = (1-β) D_1": eq(v.grad, (1 - v.beta) * v.D),
            "||g_1||² = (1-β)² N": eq(v.gg, (1 - v.beta) * (1 - v.beta) * v.N),
            "from landing.first: τ_1 = δ/||g_1||²": eq(v.moved, -v.delta * v.grad / v.gg),
        },
        conclusion(lambda v: eq(v.moved, -v.delta * v.D / ((1 - v.beta) * v.N))),
        by=Algebra(),
        mutated=(
            Mutation(
                "w_1 = 1",
                claim=lambda v: {"": eq(v.moved * v.N, -v.delta * v.D)},
                real=lambda v: {
                    "one dimension": eq(v.N, v.D * v.D),
                    "D": ge(v.D, 1),
                    "δ": ge(v.delta, 1),
                },
                fixed={"beta": (1, 2)},
                replay=Reference(measure_first),
            ),
        ),
    ),
    lemma(
        "lower_bound.forwards",
        "f_i ≥ f_j + <g_j, x^i-x^j> for i > j: the values are equal, and the product is -δ T ≤ 0",
        "delta T product",
        lambda v: {
            "δ ≥ 0": ge(v.delta, 0),
            "from lower_bound.later_sign, lower_bound.first_sign: T ≥ 0": ge(v.T, 0),
            "<g_j, x^i-x^j> = -(δ/N) Σ_{j≤l<i} w_l <g_j,D_l> = -δ T": eq(v.product, -v.delta * v.T),
        },
        conclusion(lambda v: le(v.product, 0)),
        mutated=(
            Mutation(
                "T may be negative",
                drop=("from lower_bound.later_sign, lower_bound.first_sign: T ≥ 0",),
            ),
        ),
    ),
    lemma(
        "lower_bound.backwards",
        "f_i ≥ f_j + <g_j, x^i-x^j> for i < j: a sum of terms (δ/N) w_l <g_j,D_l> ≤ 0",
        "delta N w s term",
        lambda v: {
            "δ ≥ 0": ge(v.delta, 0),
            "N > 0": gt(v.N, 0),
            "w_l ≥ 0": ge(v.w, 0),
            "from lower_bound.decrease: <g_j,D_l>/N = c(j-l) - βc(j-l-1) ≤ 0": le(v.s, 0),
            "term": eq(v.term * v.N, v.delta * v.w * v.s * v.N),
        },
        conclusion(lambda v: le(v.term, 0)),
        mutated=(
            Mutation(
                "c may fall more slowly",
                drop=("from lower_bound.decrease: <g_j,D_l>/N = c(j-l) - βc(j-l-1) ≤ 0",),
            ),
        ),
    ),
    lemma(
        "lower_bound.solution",
        "f* ≥ f_j + <g_j, x*-x^j>",
        "delta T product fstar f",
        lambda v: {
            "δ ≥ 0": ge(v.delta, 0),
            "f_j = f* + δ": eq(v.f, v.fstar + v.delta),
            "from lower_bound.later_star, lower_bound.first_sign: T ≥ 1": ge(v.T, 1),
            "<g_j, x*-x^j> = -δ T": eq(v.product, -v.delta * v.T),
        },
        conclusion(lambda v: ge(v.fstar, v.f + v.product)),
        by=Algebra(
            lambda v: {
                "from lower_bound.later_star, lower_bound.first_sign: T ≥ 1": v.delta,
            }
        ),
        mutated=(
            Mutation(
                "T ≥ 0 only",
                drop=("from lower_bound.later_star, lower_bound.first_sign: T ≥ 1",),
                real=lambda v: {"T ≥ 0": ge(v.T, 0)},
            ),
        ),
    ),
    by_hand(
        "lower_bound.vectors",
        "vectors with the products N c(|i-j|) exist",
        "The spectrum Σ c(|m|) e^{imω} is lower_bound.spectrum at z = e^{iω}, by the geometric"
        " series, and |1-pz|⁴ > 0; it is positive, so that all Toeplitz matrices of c are positive"
        " definite (Herglotz).",
    ),
    by_hand(
        "lower_bound.function",
        "f = max{f*, max_j f_j + <g_j, x-x^j>} has the values and gradients of the construction",
        "A maximum of affine functions is convex, and G-Lipschitz as its slopes are at most G. By"
        " forwards and backwards piece j is the largest at x^j, so that f(x^j) = f*+δ and g_j is a"
        " subgradient there; by solution all pieces are at most f* at x*. In a given order each"
        " step has its own function max{f*, f_k + <g_k, x-x^k>}, for which solution is enough.",
    ),
    lemma(
        "lower_bound.end",
        "δ² (1+β²-2βp²)(K+C) ≥ G² D²",
        "beta p K C Q N G2 D2 delta",
        end,
        conclusion(
            lambda v: ge(
                v.delta * v.delta * (1 + v.beta * v.beta - 2 * v.beta * v.p * v.p) * (v.K + v.C),
                v.G2 * v.D2,
            )
        ),
        by=Algebra(
            lambda v: {
                "from lower_bound.quadratic: Q ≤ K + C": v.delta
                * v.delta
                * (1 + v.beta * v.beta - 2 * v.beta * v.p * v.p),
                SHARE: -v.D2,
                "D² N = δ² Q": 1 + v.beta * v.beta - 2 * v.beta * v.p * v.p,
            }
        ),
        mutated=(
            Mutation(
                "Q for K + C, and a hundredth more (one function, p² = β)",
                claim=lambda v: larger(v, 101),
                witness=WITNESS,
                replay=Reference(lambda v: measure(v, own=False)),
            ),
            Mutation(
                "Q for K + C, and a hundredth more (given order, p² > β)",
                claim=lambda v: larger(v, 101),
                witness=OWN,
                replay=Reference(lambda v: measure(v, own=True)),
            ),
        ),
    ),
)

ALL = (*lower_bound_sums.LEMMAS, *lower_bound_products.LEMMAS, *LEMMAS)
ONE_ONLY = (
    "lower_bound.decrease",
    "lower_bound.one_function",
    "lower_bound.forwards",
    "lower_bound.backwards",
    "lower_bound.later_sign",
)
COMMON = tuple(lemma.name for lemma in ALL if lemma.name not in ONE_ONLY)
STEPS = ("norm_recursion.step", "norm_recursion.average")
INDUCTIONS = (
    *landing.THEOREM.inductions,
    *lower_bound_sums.INDUCTIONS,
    *lower_bound_products.INDUCTIONS,
)
HOW = (
    " MoMo's steps are x^{k+1} = x^k - δ w_k D_k/N (first_step; norm_recursion.step with δ_k = δ)."
    " x* is where they would lead after L steps, n = L-j+1 ≥ 1/(1-p) for every j ≤ K, and"
    " D² = (δ²/N) Q."
)

THEOREM = Theorem(
    name="lower_bound",
    title="lower bound, one function",
    statement="for every K and β in (0,1) some convex G-Lipschitz f has min_{k≤K} f(x^k) - f* ≥"
    " G D/√((1-β²)(K+C)), C = ⌈1/(1-√β)⌉-2+1/(1-β)²+2β/((1-β)(1-√β))+2β/(1-√β)²",
    claims=("lower_bound",),
    assumptions=("f_*^k = f*, α_k = ∞, λ = 0; the average starts at the first sample", "p² = β"),
    lemmas=(
        *landing.THEOREM.lemmas,
        *STEPS,
        *(lemma.name for lemma in ALL if lemma.name != "lower_bound.limit"),
    ),
    inductions=INDUCTIONS,
    assembly="The values, gradients and points are interpolated by a convex function (forwards,"
    f" backwards, solution), along which all values are f*+δ.{HOW}",
)

GIVEN_ORDER = Theorem(
    name="given_order",
    title="lower bound, functions in a given order",
    statement="for every K, β in (0,1) and p in [√β,1) there are convex G-Lipschitz f_1,…,f_K with"
    " a common minimiser and f_k(x^k) - f* ≥ G D/√((1+β²-2βp²)(K+C)) for all k ≤ K,"
    " C = ⌈1/(1-p)⌉-2+1/(1-β)²+2p²/((1-β)(1-p))+2p²/(1-p)²; p → 1: the paper's factor 1/(1-β)",
    claims=("given_order",),
    assumptions=(
        "f_*^k = f*, α_k = ∞, λ = 0; the average starts at the first sample",
        "the functions come in a given order, one a step",
    ),
    lemmas=(*landing.THEOREM.lemmas, *STEPS, *COMMON),
    inductions=INDUCTIONS,
    assembly="Each step has its own function, and only the inequalities with x* are needed."
    f"{HOW} As p → 1 slowly with K, C/K → 0 and 1+β²-2βp² → (1-β)².",
)
