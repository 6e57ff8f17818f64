"""The sharp rate for one function: G D/√((1-β²)K) in the limit, where the paper has 1/(1-β).

With ``u = (G D/ε)²``, where ε is the smallest ``f(x^k) - f*``: ``u + β log u >= A``. Logarithms are
scalars of their own here; what is known of them is `sharp_rate.tangent`, and that they turn
products into sums.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from theory.proofs import mean_square, norm_recursion, summed
from theory.proofs.base import (
    Algebra,
    Calculus,
    Induction,
    Invariant,
    Mutation,
    Reference,
    Theorem,
    by_hand,
    conclusion,
    lemma,
)
from theory.proofs.scalars import Relation, Scalars, eq, ge, gram, gt, le, unit

TANGENT_N = "from sharp_rate.tangent: log(N_{k+1}/N_k) ≤ N_{k+1}/N_k - 1"
TANGENT_D = "from sharp_rate.tangent: log(δ_{k+1}/δ_k) ≤ δ_{k+1}/δ_k - 1"
NORM = "from norm_recursion.norm"
ONE = "from sharp_rate.logarithm: G²/N_k ≥ (1-β²) + log(N_{k+1}/N_k) + 2β log(δ_{k+1}/δ_k)"
SUM = Invariant(
    "beta n S logN logD",
    lambda v: {
        "G² Σ 1/N_k ≥ (1-β²) n + log(N_{k+1}/N_1) + 2β log(δ_{k+1}/δ_1)": ge(
            v.S, (1 - v.beta * v.beta) * v.n + v.logN + 2 * v.beta * v.logD
        )
    },
)
LEAST = Invariant(
    "eps inverse S",
    lambda v: {"ε² Σ 1/N_k ≤ Σ δ_k²/N_k": le(v.eps * v.eps * v.inverse, v.S)},
)
LAST = "from sharp_rate.tangent: G²/N_K + log(N_K/G²) ≥ 1"
PROGRESS = "from sharp_rate.progress: log(δ_K/δ_i) ≥ log(ε/(GD)) = -½ log u"


def totals(v: Any) -> Mapping[str, Relation]:
    """Say what both ends have in common: the sum up to K-1 and its last term."""
    return {
        **unit(v.beta, "β"),
        "from sharp_rate.sum_step": ge(
            v.S, (1 - v.beta * v.beta) * v.n + v.logN + 2 * v.beta * v.logD
        ),
        LAST: ge(v.last + v.logNG, 1),
        PROGRESS: ge(2 * v.logD, -v.logu),
    }


def measure_pair(v: Any) -> Mapping[str, float]:
    """Take two steps whose gradients make the norm of the averages go from N to ``N_next``."""
    inner = (v.N_next - v.G2 - v.beta**2 * v.N) / (2 * v.beta)
    pair = {"beta": v.beta, "N": v.N, "delta": v.delta, "delta_next": v.delta_next, "gD": inner}
    _, second, _, _ = norm_recursion.taken_pair(Scalars(pair), v.G2)
    share = 1 - v.beta
    norm_sq, value = float(second.info.dual_norm_sq), float(second.info.value)
    return {"N_next": norm_sq / share**2, "delta_next": value / share}


def measure_second(v: Any) -> Mapping[str, float]:
    """Average the first two gradients by a step, and measure ``||d_2||²``."""
    norm_sq = mean_square.measure(v)["dd_next"]
    return {"dd_next": norm_sq, "N": norm_sq / (1 - v.beta) ** 2}


LEMMAS = (
    lemma(
        "sharp_rate.tangent",
        "log x ≤ x - 1 for x > 0",
        "x log",
        lambda v: {"x > 0": gt(v.x, 0)},
        conclusion(lambda v: le(v.log, v.x - 1)),
        by=Calculus("x", lambda v, log: v.x - 1 - log(v.x), lambda v: 1 - 1 / v.x, at=1),
        source="known",
        mutated=(
            Mutation(
                "slope 1.05",
                claim=lambda v: {"": le(v.log, (v.x - 1) * 105 / 100)},
                witness={"x": 0.95, "log": math.log(0.95)},
            ),
        ),
    ),
    by_hand(
        "sharp_rate.products",
        "log(N_K/N_1) = Σ log(N_{k+1}/N_k), and the same for δ",
        "The logarithm of a product is the sum of the logarithms.",
        source="known",
    ),
    lemma(
        "sharp_rate.logarithm",
        "(1-β²) + log(N_{k+1}/N_k) + 2β log(δ_{k+1}/δ_k) ≤ G²/N_k",
        "beta N N_next delta delta_next G2 logN logD",
        lambda v: {
            **unit(v.beta, "β"),
            "N_k > 0": gt(v.N, 0),
            "δ_k > 0": gt(v.delta, 0),
            NORM: le(
                v.N_next,
                v.G2 + v.beta * v.beta * v.N + 2 * v.beta * v.N * (1 - v.delta_next / v.delta),
            ),
            TANGENT_N: le(v.logN, v.N_next / v.N - 1),
            TANGENT_D: le(v.logD, v.delta_next / v.delta - 1),
        },
        conclusion(lambda v: le(1 - v.beta * v.beta + v.logN + 2 * v.beta * v.logD, v.G2 / v.N)),
        by=Algebra(lambda v: {NORM: 1 / v.N, TANGENT_N: 1, TANGENT_D: 2 * v.beta}),
        mutated=(
            Mutation(
                "(1-β²) becomes (1-β²) 1.1",
                claim=lambda v: {
                    "": le(
                        (1 - v.beta * v.beta) * 11 / 10 + v.logN + 2 * v.beta * v.logD,
                        v.G2 / v.N,
                    )
                },
                # a fixed point of the recursion: nothing changes
                witness={
                    "beta": 0.5,
                    "N": 4 / 3,
                    "N_next": 4 / 3,
                    "delta": 1.0,
                    "delta_next": 1.0,
                    "G2": 1.0,
                    "logN": 0.0,
                    "logD": 0.0,
                },
                replay=Reference(measure_pair),
            ),
        ),
    ),
    SUM.base(
        "sharp_rate.sum_base",
        "nothing is summed, nothing has changed",
        "",
        lambda v: {f"{name} = 0": eq(getattr(v, name), 0) for name in ("n", "S", "logN", "logD")},
        mutated=(
            Mutation(
                "one step for nothing",
                claim=lambda v: {"": ge(v.S, (1 - v.beta * v.beta) * (v.n + 1))},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    SUM.step(
        "sharp_rate.sum_step",
        "the sum goes up by 1/N_k, n by 1, the logarithms telescope",
        "term changeN changeD n_next S_next logN_next logD_next",
        lambda v: {
            ONE: ge(v.term, 1 - v.beta * v.beta + v.changeN + 2 * v.beta * v.changeD),
            "n_{k+1} = n_k + 1": eq(v.n_next, v.n + 1),
            "S_{k+1} = S_k + G²/N_k": eq(v.S_next, v.S + v.term),
            "from sharp_rate.products: N": eq(v.logN_next, v.logN + v.changeN),
            "from sharp_rate.products: δ": eq(v.logD_next, v.logD + v.changeD),
        },
        mutated=(
            Mutation(
                "2 steps at once",
                claim=lambda v: {
                    "": ge(
                        v.S_next,
                        (1 - v.beta * v.beta) * (v.n + 2) + v.logN_next + 2 * v.beta * v.logD_next,
                    )
                },
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "sharp_rate.lipschitz",
        "δ_k ≤ G D",
        "delta ge gg ee G D",
        lambda v: {
            "G ≥ 0": ge(v.G, 0),
            "D ≥ 0": ge(v.D, 0),
            "δ_k ≤ <g_k, x^k - x*>: convexity": le(v.delta, v.ge),
            "Cauchy-Schwarz": le(v.ge * v.ge, v.gg * v.ee),
            "||g_k||² ≥ 0": ge(v.gg, 0),
            "||g_k|| ≤ G": le(v.gg, v.G * v.G),
            "||x^k-x*||² ≥ 0": ge(v.ee, 0),
            "from summed.ball_step: ||x^k-x*|| ≤ D": le(v.ee, v.D * v.D),
        },
        conclusion(lambda v: le(v.delta, v.G * v.D)),
        source="known",
        mutated=(
            Mutation("1 becomes 0.99", claim=lambda v: {"": le(v.delta, v.G * v.D * 99 / 100)}),
        ),
    ),
    lemma(
        "sharp_rate.progress",
        "log(δ_K/δ_i) ≥ log(ε/(G D)) for ε ≤ δ_K and δ_i ≤ G D",
        "least first logChange logLeast logFirst logBound",
        lambda v: {
            "0 < ε/δ_K ≤ 1": gt(v.least, 0),
            "ε ≤ δ_K": le(v.least, 1),
            "0 < δ_i/(GD) ≤ 1": gt(v.first, 0),
            "from sharp_rate.lipschitz: δ_i ≤ GD": le(v.first, 1),
            "from sharp_rate.tangent: log(ε/δ_K)": le(v.logLeast, v.least - 1),
            "from sharp_rate.tangent: log(δ_i/(GD))": le(v.logFirst, v.first - 1),
            "from sharp_rate.products: ε/(GD) = (ε/δ_K)(δ_K/δ_i)(δ_i/(GD))": eq(
                v.logBound, v.logLeast + v.logChange + v.logFirst
            ),
        },
        conclusion(lambda v: ge(v.logChange, v.logBound)),
        mutated=(
            Mutation(
                "the logarithms have the other sign",
                claim=lambda v: {"": le(v.logChange, v.logBound)},
            ),
        ),
    ),
    LEAST.base(
        "sharp_rate.least_base",
        "nothing is summed yet",
        "",
        lambda v: {"Σ 1/N = 0": eq(v.inverse, 0), "Σ δ²/N = 0": eq(v.S, 0)},
        mutated=(
            Mutation("something is there", claim=lambda v: {"": le(v.eps * v.inverse + 1, v.S)}),
        ),
    ),
    LEAST.step(
        "sharp_rate.least_step",
        "δ_k ≥ ε in every term",
        "delta N decrease inverse_next S_next",
        lambda v: {
            "N_k > 0": gt(v.N, 0),
            "ε ≥ 0": ge(v.eps, 0),
            "δ_k ≥ ε": ge(v.delta, v.eps),
            "from norm_recursion.decrease: δ_k²/N_k": eq(v.decrease * v.N, v.delta * v.delta),
            "Σ 1/N": eq(v.N * v.inverse_next, v.N * v.inverse + 1),
            "Σ δ²/N": eq(v.S_next, v.S + v.decrease),
        },
        mutated=(
            Mutation(
                "δ_k may be below ε",
                drop=("δ_k ≥ ε",),
                real=lambda v: {"δ_k ≥ 0": ge(v.delta, 0)},
                fixed={"N": 2},
            ),
        ),
    ),
    lemma(
        "sharp_rate.units",
        "G² Σ 1/N_k ≤ u = (G D/ε)²",
        "total sum G2 D2 eps2 u",
        lambda v: {
            "ε > 0": gt(v.eps2, 0),
            "G² ≥ 0": ge(v.G2, 0),
            "from sharp_rate.least_step, summed.end: ε² Σ 1/N_k ≤ D²": le(v.eps2 * v.sum, v.D2),
            "total = G² Σ 1/N_k": eq(v.total, v.G2 * v.sum),
            "u = G² D²/ε²": eq(v.u, v.G2 * v.D2 / v.eps2),
        },
        conclusion(lambda v: le(v.total, v.u)),
        by=Algebra(
            lambda v: {"from sharp_rate.least_step, summed.end: ε² Σ 1/N_k ≤ D²": v.G2 / v.eps2}
        ),
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(100 * v.total, 99 * v.u)},
                fixed={"eps2": 1},
            ),
        ),
    ),
    lemma(
        "sharp_rate.from_zero",
        "u + β log u ≥ 1 + (1-β²)(K-1), where the average starts at zero",
        "beta n S logN logD last logNG total u logu logN1",
        lambda v: {
            **totals(v),
            "from sharp_rate.tangent: log(N_1/G²) ≤ N_1/G² - 1 ≤ 0": le(v.logN1, 0),
            "from sharp_rate.products: log(N_K/N_1)": eq(v.logN, v.logNG - v.logN1),
            "total = S + G²/N_K": eq(v.total, v.S + v.last),
            "from sharp_rate.units: total ≤ u": le(v.total, v.u),
        },
        conclusion(lambda v: ge(v.u + v.beta * v.logu, 1 + (1 - v.beta * v.beta) * v.n)),
        mutated=(
            Mutation(
                "half of the logarithm",
                claim=lambda v: {
                    "": ge(v.u + v.beta * v.logu / 2, 1 + (1 - v.beta * v.beta) * v.n)
                },
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "sharp_rate.second_norm",
        "N_2 (1-β)² ≤ G²: the average of gradients is no longer than they are",
        "beta N dd dg gg dd_next G2",
        lambda v: {
            **unit(v.beta, "β"),
            "||d_1||² = ||g_1||² ≤ G²": le(v.dd, v.G2),
            "||g_2||² ≤ G²": le(v.gg, v.G2),
            "from mean_square.convex, ρ = 1": le(v.dd_next, v.beta * v.dd + (1 - v.beta) * v.gg),
            "D_2 = d_2/(1-β)": eq((1 - v.beta) * (1 - v.beta) * v.N, v.dd_next),
        },
        conclusion(lambda v: le(v.N * (1 - v.beta) * (1 - v.beta), v.G2)),
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(v.N * (1 - v.beta) * (1 - v.beta), v.G2 * 99 / 100)},
                real=lambda v: {
                    **gram([v.dd, v.dg], [v.dg, v.gg]),
                    "the square": eq(4 * v.dd_next, v.dd + 2 * v.dg + v.gg),
                },
                fixed={"beta": (1, 2)},
                replay=Reference(measure_second),
            ),
        ),
    ),
    lemma(
        "sharp_rate.from_first",
        "u + β log u ≥ 2 + (1-β²)(K-2) - 2 log(1/(1-β)), where the average starts at g_1, K ≥ 2",
        "beta n S logN logD last logNG total u logu logN2 ratio logRatio logFactor first",
        lambda v: {
            **totals(v),
            "from sharp_rate.second_norm: (1-β)² N_2/G² ≤ 1": le(v.ratio, 1),
            "from sharp_rate.tangent: log((1-β)² N_2/G²)": le(v.logRatio, v.ratio - 1),
            "from sharp_rate.products: log((1-β)² N_2/G²) = log(N_2/G²) - 2 log(1/(1-β))": eq(
                v.logRatio, v.logN2 - 2 * v.logFactor
            ),
            "from sharp_rate.products: log(N_K/N_2)": eq(v.logN, v.logNG - v.logN2),
            "the first term: N_1 = ||g_1||² ≤ G²": ge(v.first, 1),
            "total = first + S + G²/N_K": eq(v.total, v.first + v.S + v.last),
            "from sharp_rate.units: total ≤ u": le(v.total, v.u),
        },
        conclusion(
            lambda v: ge(v.u + v.beta * v.logu, 2 + (1 - v.beta * v.beta) * v.n - 2 * v.logFactor)
        ),
        mutated=(
            Mutation(
                "log(1/(1-β)) counts once",
                claim=lambda v: {
                    "": ge(v.u + v.beta * v.logu, 2 + (1 - v.beta * v.beta) * v.n - v.logFactor)
                },
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "sharp_rate.increasing",
        "u + β log u increases in u > 0",
        "beta u slope",
        lambda v: {
            **unit(v.beta, "β"),
            "u > 0": gt(v.u, 0),
            "the slope at u": eq(v.slope, 1 + v.beta / v.u),
        },
        conclusion(lambda v: gt(v.slope, 0)),
        by=Calculus("u", lambda v, log: v.u + v.beta * log(v.u), lambda v: 1 + v.beta / v.u),
        mutated=(
            Mutation(
                "with slope 1.1 at least",
                claim=lambda v: {"": ge(v.slope, v.u / v.u * 11 / 10)},
                fixed={"u": 8, "beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "sharp_rate.end",
        "ε ≤ G D/√u*, where u* + β log u* = A ≤ u + β log u",
        "A value valueStar u uStar slope eps G D root",
        lambda v: {
            "G > 0": gt(v.G, 0),
            "D > 0": gt(v.D, 0),
            "ε > 0": gt(v.eps, 0),
            "√u* > 0": gt(v.root, 0),
            "(√u*)² = u*": eq(v.root * v.root, v.uStar),
            "u ε² = G² D²": eq(v.u * v.eps * v.eps, v.G * v.G * v.D * v.D),
            "from sharp_rate.from_zero, sharp_rate.from_first": ge(v.value, v.A),
            "u* is the root": eq(v.valueStar, v.A),
            "from sharp_rate.increasing: the mean slope is positive": gt(v.slope, 0),
            "its definition": eq(v.value - v.valueStar, v.slope * (v.u - v.uStar)),
        },
        conclusion(lambda v: le(v.eps * v.root, v.G * v.D)),
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(v.eps * v.root, v.G * v.D * 99 / 100)},
                fixed={"G": 1, "D": 1, "root": 2, "slope": 1, "A": 1},
            ),
        ),
    ),
)

THEOREM = Theorem(
    name="sharp_rate",
    title="sharp rate, one function",
    statement="min_{k≤K} f(x^k) - f* ≤ G D/√u*, u* + β log u* = A: from zero A = 1 + (1-β²)(K-1),"
    " in any fixed metric; from the first sample A = 2 + (1-β²)(K-2) - 2 log(1/(1-β)), K ≥ 2",
    claims=("sharp_rate", "metric"),
    assumptions=norm_recursion.THEOREM.assumptions,
    lemmas=tuple(
        dict.fromkeys(
            (
                *norm_recursion.THEOREM.lemmas,
                *summed.THEOREM.lemmas,
                "mean_square.convex",
                *(lemma.name for lemma in LEMMAS),
            )
        )
    ),
    inductions=(
        *norm_recursion.THEOREM.inductions,
        *summed.THEOREM.inductions[1:],
        Induction("k", ("sharp_rate.sum_base",), "sharp_rate.sum_step"),
        Induction("k", ("sharp_rate.least_base",), "sharp_rate.least_step"),
    ),
    assembly="With x - 1 ≥ log x the norm recursion telescopes; from zero it is summed over"
    " k = 1…K-1, from the first sample over k = 2…K-1, and the step K counts with G²/N_K. The"
    " summed inequality bounds the sum by u. Where some δ_k = 0 there is nothing to prove.",
)
