"""Smooth functions without interpolation: the path-wise part of `any_bound`, and the norms summed.

Values are measured from f_*, and all sums are over k: A of ``a_k = h_k - f_*``, T of ``f_k - f_*``,
S of ``f(x*,s_k) - f_*``, P of their averages F_k, Q of ``||d_k||²``, W of ``f_k - inf f(·,s_k)``.
"""

from __future__ import annotations

from theory.proofs.base import (
    Algebra,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, assumed, case, definition, geometry
from theory.proofs.scalars import eq, ge, gt, le, unit
from theory.theorems.any_bound import proof as any_bound
from theory.theorems.any_bound_smooth.statement import ANY_BOUND_SMOOTH
from theory.theorems.capped import proof as capped

SPENT = Invariant(
    "alpha A P Q dist D2",
    lambda v: {
        "2α Σ a + ||x^k-x*||² ≤ D² + α² Σ||d||² + 2α Σ F": le(
            2 * v.alpha * v.A + v.dist, v.D2 + v.alpha * v.alpha * v.Q + 2 * v.alpha * v.P
        )
    },
)
VALUES = Invariant(
    "beta alpha A T Q a first",
    lambda v: {
        "(1-β) Σ (f_j - f_*) ≤ (1-β) Σ a_j + β(a_k - a_1) + βα Σ_{j<k}||d_j||²": le(
            (1 - v.beta) * v.T,
            (1 - v.beta) * v.A + v.beta * (v.a - v.first) + v.beta * v.alpha * v.Q,
        )
    },
)
AVERAGES = Invariant(
    "beta P S F first",
    lambda v: {
        "(1-β) Σ F_j + βF_k = (1-β) Σ (f(x*,s_j) - f_*) + βF_1": eq(
            (1 - v.beta) * v.P + v.beta * v.F, (1 - v.beta) * v.S + v.beta * v.first
        )
    },
)
NORMS = Invariant(
    "beta L Q W s first",
    lambda v: {
        "(1-β) Σ||d_j||² + βs_k ≤ 2L((1-β) W + β(f_1 - inf f(·,s_1)))": le(
            (1 - v.beta) * v.Q + v.beta * v.s,
            2 * v.L * ((1 - v.beta) * v.W + v.beta * v.first),
        ),
        "s_k ≥ 0": ge(v.s, 0),
    },
)
STEP = "from any_bound.moves, any_bound.still: what both cases say"
NEXT = "from any_bound.next: h_{k+1} - f_* ≥ β(a_k - α||d_k||²) + (1-β)(f_{k+1} - f_*)"
GRADIENT = "from any_bound_smooth.gradient: ||g_k||² ≤ 2L (f_k - inf f(·,s_k))"
MORE = "||d_K||² ≥ 0"
NORMED = "from any_bound_smooth.norms: Σ||d_k||² is at most 2LV"
INFIMUM = "inf f(·,s) ≤ f(x - g/L, s): what an infimum is"

LEMMAS = (
    lemma(
        "any_bound_smooth.gradient",
        "||g||² ≤ 2L (f(x) - inf f) where f is L-smooth",
        "v after gg L",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            assumed("smooth", "f(x - g/L) ≤ f(x) - ||g||²/(2L), from inf f"): le(
                v.after, v.v - v.gg / (2 * v.L)
            ),
            INFIMUM: ge(v.after, 0),
        },
        conclusion(lambda v: le(v.gg, 2 * v.L * v.v)),
        by=Algebra(
            lambda v: {
                "f(x - g/L) ≤ f(x) - ||g||²/(2L), from inf f": 2 * v.L,
                INFIMUM: 2 * v.L,
            }
        ),
        source="known (the descent lemma)",
        mutated=(
            Mutation(
                "2 becomes 1.98",
                claim=lambda v: {"": le(v.gg, 198 * v.L * v.v / 100)},
                fixed={"L": 1},
            ),
        ),
    ),
    SPENT.base(
        "any_bound_smooth.spent_base",
        "nothing is summed, and ||x^1-x*|| = D",
        "",
        lambda v: {
            definition("A = 0"): eq(v.A, 0),
            definition("P = 0"): eq(v.P, 0),
            definition("Q = 0"): eq(v.Q, 0),
            definition("||x^1-x*||² = D²"): eq(v.dist, v.D2),
        },
        mutated=(
            Mutation("D² a little smaller", claim=lambda v: {"": le(v.dist, v.D2 * 99 / 100)}),
        ),
    ),
    SPENT.step(
        "any_bound_smooth.spent",
        "2α Σ a_k + ||x^k-x*||² ≤ D² + α² Σ||d_k||² + 2α Σ F_k",
        "a F N A_next P_next Q_next dist_next",
        lambda v: {
            assumed("any_cap", "α > 0"): gt(v.alpha, 0),
            STEP: le(v.dist_next, v.dist - 2 * v.alpha * (v.a - v.F) + v.alpha * v.alpha * v.N),
            definition("A_{k+1} = A_k + a_k"): eq(v.A_next, v.A + v.a),
            definition("P_{k+1} = P_k + F_k"): eq(v.P_next, v.P + v.F),
            definition("Q_{k+1} = Q_k + ||d_k||²"): eq(v.Q_next, v.Q + v.N),
        },
        mutated=(
            Mutation(
                "without F",
                claim=lambda v: {
                    "": le(
                        2 * v.alpha * v.A_next + v.dist_next,
                        v.D2 + v.alpha * v.alpha * v.Q_next,
                    )
                },
                fixed={"alpha": 1, "F": 1, "P": 0},
            ),
        ),
    ),
    VALUES.base(
        "any_bound_smooth.values_first",
        "a_1 = f_1 - f_*",
        "",
        lambda v: {
            definition("A = a_1"): eq(v.A, v.a),
            definition("T = f_1 - f_*"): eq(v.T, v.first),
            definition("Q = 0: no step was taken"): eq(v.Q, 0),
            definition("a_1 = f_1 - f_*: the first sample starts the average"): eq(v.a, v.first),
        },
        mutated=(
            Mutation(
                "a hundredth more",
                claim=lambda v: {"": le((1 - v.beta) * v.T * 101 / 100, (1 - v.beta) * v.A)},
                real=lambda v: {"first": ge(v.first, 1)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    VALUES.step(
        "any_bound_smooth.values",
        "(1-β) Σ (f_j - f_*) ≤ (1-β) Σ a_j + β(a_k - a_1) + βα Σ_{j<k}||d_j||²",
        "gap N u A_next T_next Q_next a_next",
        lambda v: {
            **unit(v.beta, "β"),
            **capped.size(v),
            definition("h_{k+1} - f_* = β (a_k - τ_k||d_k||²) + (1-β)(f_{k+1} - f_*)"): eq(
                v.a_next, v.beta * (v.a - v.u) + (1 - v.beta) * v.gap
            ),
            NEXT: ge(v.a_next, v.beta * (v.a - v.alpha * v.N) + (1 - v.beta) * v.gap),
            definition("A_{k+1} = A_k + a_{k+1}"): eq(v.A_next, v.A + v.a_next),
            definition("T_{k+1} = T_k + f_{k+1} - f_*"): eq(v.T_next, v.T + v.gap),
            definition("Q_{k+1} = Q_k + ||d_k||²"): eq(v.Q_next, v.Q + v.N),
        },
        mutated=(
            Mutation(
                "0.99 α",
                claim=lambda v: {
                    "": le(
                        (1 - v.beta) * v.T_next,
                        (1 - v.beta) * v.A_next
                        + v.beta * (v.a_next - v.first)
                        + v.beta * v.alpha * v.Q_next * 99 / 100,
                    )
                },
                fixed={"beta": (1, 2), "alpha": 1, "N": 1, "Q": 0},
            ),
        ),
    ),
    AVERAGES.base(
        "any_bound_smooth.averages_first",
        "F_1 = f(x*,s_1) - f_*",
        "",
        lambda v: {
            definition("P = F_1"): eq(v.P, v.F),
            definition("S = F_1"): eq(v.S, v.F),
            definition("the first"): eq(v.first, v.F),
        },
        by=Algebra(),
        mutated=(
            Mutation("one more", claim=lambda v: {"": eq(v.P, v.S + 1)}, fixed={"beta": (1, 2)}),
        ),
    ),
    AVERAGES.step(
        "any_bound_smooth.averages",
        "(1-β) Σ F_j + βF_k = (1-β) Σ (f(x*,s_j) - f_*) + βF_1 carries over",
        "fs P_next S_next F_next",
        lambda v: {
            definition("F_{k+1} = βF_k + (1-β)(f(x*,s_{k+1}) - f_*)"): eq(
                v.F_next, v.beta * v.F + (1 - v.beta) * v.fs
            ),
            definition("P_{k+1} = P_k + F_{k+1}"): eq(v.P_next, v.P + v.F_next),
            definition("S_{k+1} = S_k + f(x*,s_{k+1}) - f_*"): eq(v.S_next, v.S + v.fs),
        },
        by=Algebra(
            lambda v: {"induction: (1-β) Σ F_j + βF_k = (1-β) Σ (f(x*,s_j) - f_*) + βF_1": 1}
        ),
        mutated=(
            Mutation(
                "without βF_1",
                claim=lambda v: {
                    "": eq((1 - v.beta) * v.P_next + v.beta * v.F_next, (1 - v.beta) * v.S_next)
                },
                fixed={"beta": (1, 2), "first": 1},
            ),
        ),
    ),
    NORMS.base(
        "any_bound_smooth.norms_first",
        "||d_1||² = ||g_1||² ≤ 2L (f_1 - inf f(·,s_1))",
        "gg",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            geometry("||g_1||² ≥ 0"): ge(v.gg, 0),
            definition("Q = ||g_1||²"): eq(v.Q, v.gg),
            definition("s_1 = ||g_1||²"): eq(v.s, v.gg),
            definition("W = f_1 - inf f(·,s_1)"): eq(v.W, v.first),
            GRADIENT: le(v.gg, 2 * v.L * v.first),
        },
        mutated=(
            Mutation(
                "half",
                claim=lambda v: {"": le(v.Q, v.L * v.first)},
                fixed={"beta": (1, 2), "L": 1},
            ),
        ),
    ),
    NORMS.step(
        "any_bound_smooth.norms",
        "the weight of g_1 in all d_k together is at most 1/(1-β), that of every other at most 1",
        "size gg v Q_next W_next s_next",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("smooth", "L > 0"): gt(v.L, 0),
            geometry("||g_{k+1}||² ≥ 0"): ge(v.gg, 0),
            definition("s_{k+1} = βs_k + (1-β)||g_{k+1}||²"): eq(
                v.s_next, v.beta * v.s + (1 - v.beta) * v.gg
            ),
            "from smooth_linear.squares_step: ||d_{k+1}||² ≤ s_{k+1}": le(v.size, v.s_next),
            definition("Q_{k+1} = Q_k + ||d_{k+1}||²"): eq(v.Q_next, v.Q + v.size),
            definition("W_{k+1} = W_k + f_{k+1} - inf f(·,s_{k+1})"): eq(v.W_next, v.W + v.v),
            GRADIENT: le(v.gg, 2 * v.L * v.v),
        },
        mutated=(
            Mutation(
                "without the first",
                claim=lambda v: {
                    "": le((1 - v.beta) * v.Q_next, 2 * v.L * (1 - v.beta) * v.W_next)
                },
                fixed={"beta": (1, 2), "L": 1},
            ),
        ),
    ),
    lemma(
        "any_bound_smooth.end",
        "M ≤ D²/(2αK) + αL(1+β)V/((1-β)K) + βR/((1-β)K)",
        "beta alpha L A T S P F F1 a first Q before N W V v1 s M R dist D K",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("any_cap", "α > 0"): gt(v.alpha, 0),
            assumed("smooth", "L > 0"): gt(v.L, 0),
            case("K ≥ 1"): ge(v.K, 1),
            "from any_bound_smooth.spent": le(
                2 * v.alpha * v.A + v.dist,
                v.D * v.D + v.alpha * v.alpha * v.Q + 2 * v.alpha * v.P,
            ),
            "from any_bound_smooth.values": le(
                (1 - v.beta) * v.T,
                (1 - v.beta) * v.A + v.beta * (v.a - v.first) + v.beta * v.alpha * v.before,
            ),
            definition("Q = Σ_{k<K}||d_k||² + ||d_K||²"): eq(v.Q, v.before + v.N),
            geometry(MORE): ge(v.N, 0),
            "from any_bound_smooth.averages": eq(
                (1 - v.beta) * v.P + v.beta * v.F, (1 - v.beta) * v.S + v.beta * v.F1
            ),
            NORMED: le(
                (1 - v.beta) * v.Q + v.beta * v.s, 2 * v.L * ((1 - v.beta) * v.W + v.beta * v.v1)
            ),
            "from any_bound_smooth.norms: s_K ≥ 0": ge(v.s, 0),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
            definition("K M = Σ (f_k - f(x*,s_k))"): eq(v.K * v.M, v.T - v.S),
            definition("R = h_K - f_1 + f(x*,s_1) - F_K"): eq(v.R, v.a - v.first + v.F1 - v.F),
            definition("V = W + β/(1-β) (f_1 - inf f(·,s_1))"): eq(
                v.V, v.W + v.beta * v.v1 / (1 - v.beta)
            ),
        },
        conclusion(
            lambda v: le(
                v.M,
                v.D * v.D / (2 * v.alpha * v.K)
                + v.alpha * v.L * (1 + v.beta) * v.V / ((1 - v.beta) * v.K)
                + v.beta * v.R / ((1 - v.beta) * v.K),
            )
        ),
        by=Algebra(
            lambda v: {
                "from any_bound_smooth.spent": 1 / (2 * v.alpha * v.K),
                "from any_bound_smooth.values": 1 / ((1 - v.beta) * v.K),
                MORE: v.beta * v.alpha / ((1 - v.beta) * v.K),
                "from any_bound_smooth.averages": 1 / ((1 - v.beta) * v.K),
                NORMED: v.alpha * (1 + v.beta) / (2 * (1 - v.beta) * (1 - v.beta) * v.K),
                "from any_bound_smooth.norms: s_K ≥ 0": v.alpha
                * (1 + v.beta)
                * v.beta
                / (2 * (1 - v.beta) * (1 - v.beta) * v.K),
                "||x^{K+1}-x*||² ≥ 0": 1 / (2 * v.alpha * v.K),
                "K M = Σ (f_k - f(x*,s_k))": 1 / v.K,
            }
        ),
        mutated=(
            Mutation(
                "half of V",
                claim=lambda v: {
                    "": le(
                        v.M * 2 * v.alpha * v.K * (1 - v.beta),
                        v.D * v.D * (1 - v.beta)
                        + v.alpha * v.alpha * v.L * (1 + v.beta) * v.V
                        + 2 * v.alpha * v.beta * v.R,
                    )
                },
                fixed={"beta": 0, "alpha": 1, "D": 1, "L": 1, "K": 4, "dist": 0},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("any_bound_smooth.spent", "any_bound.moves"): [
        lambda v, w: {w.ee: v.dist, w.after: v.dist_next}
    ],
    ("any_bound_smooth.spent", "any_bound.still"): [
        lambda v, w: {w.ee: v.dist, w.after: v.dist_next}
    ],
    ("any_bound_smooth.norms_first", "any_bound_smooth.gradient"): [lambda v, w: {w.v: v.first}],
    ("any_bound_smooth.norms", "smooth_linear.squares_step"): [lambda v, w: {w.N_next: v.size}],
    ("any_bound_smooth.end", "any_bound_smooth.spent"): [lambda v, w: {w.D2: v.D * v.D}],
    ("any_bound_smooth.end", "any_bound_smooth.values"): [lambda v, w: {w.Q: v.before}],
    ("any_bound_smooth.end", "any_bound_smooth.averages"): [lambda v, w: {w.first: v.F1}],
    ("any_bound_smooth.end", "any_bound_smooth.norms"): [lambda v, w: {w.first: v.v1}],
}
WORDS: Words = {
    ("any_bound_smooth.spent", "any_bound.moves", "d_k ≠ 0"): "the other case is any_bound.still",
    ("any_bound_smooth.spent", "any_bound.still", "d_k = 0"): "the other case is any_bound.moves",
    ("any_bound_smooth.spent", "any_bound.still", "x^{k+1} = x^k"): capped.NAMED,
    ("any_bound_smooth.norms", "smooth_linear.squares_step", "||d_{k+1}||²"): capped.NAMED,
    ("any_bound_smooth.*", "any_bound_smooth.gradient", INFIMUM): "what an infimum is",
}

THEOREM = theorem(
    ANY_BOUND_SMOOTH,
    lemmas=(
        *capped.ORDER,
        "capped.best",
        "any_bound.below_first",
        "any_bound.below",
        "any_bound.supports",
        "any_bound.moves",
        "any_bound.still",
        "any_bound.next",
        "smooth_linear.squares_base",
        "smooth_linear.squares_step",
        *(lemma.name for lemma in LEMMAS),
    ),
    concludes="any_bound_smooth.end",
    inductions=(
        *any_bound.THEOREM.inductions[:2],
        Induction("k", ("smooth_linear.squares_base",), "smooth_linear.squares_step"),
        *(
            Induction("k", (f"any_bound_smooth.{base}",), f"any_bound_smooth.{step}")
            for base, step in (
                ("spent_base", "spent"),
                ("values_first", "values"),
                ("averages_first", "averages"),
                ("norms_first", "norms"),
            )
        ),
    ),
    assembly="A step takes 2α(a_k - F_k) - α²||d_k||² off the squared distance, and a_k is at least"
    " β(a_{k-1} - α||d_{k-1}||²) + (1-β)(f_k - f_*), as in any_bound, but on a path. The averages"
    " of ||g_j||² bound ||d_k||², and ||g_k||² ≤ 2L (f_k - inf f(·,s_k)) takes the place of G².",
)

THEOREMS = (THEOREM,)
