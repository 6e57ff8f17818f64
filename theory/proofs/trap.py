"""Lower bounds by the trajectories of `theory.traps`, on which no step lowers the value.

``y_k = x^k - x*``, ``Y_k = ||y_k||²``; all values are ``f* + δ``; the gradients are
``g_k = δ y_k/Y_k + v_k`` with v_k orthogonal to y_k. A step is ``y_{k+1} = y_k - (s δ/N) D_k`` with
``s = 1``, but ``1/(1-β)`` for the first one from the first sample.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs import norm_recursion
from theory.proofs.base import (
    Algebra,
    Induction,
    Invariant,
    Lemma,
    Meanings,
    Mutation,
    Reference,
    Theorem,
    by_hand,
    conclusion,
    lemma,
)
from theory.proofs.replay import identity, made, step_from, step_with, vectors
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, unit

AHEAD = "induction: e ≥ -T B/δ"
BEFORE = "induction: B ≥ 0"
MONOTONE = Invariant(
    "delta T B e",
    lambda v: {"B ≥ 0": ge(v.B, 0), "e ≥ -T B/δ": ge(v.e, -v.T * v.B / v.delta)},
)
DISTANCE = Invariant(
    "Y S first delta2",
    lambda v: {"||x^1-x*||² = Y_k + δ² S_k": eq(v.first, v.Y + v.delta2 * v.S)},
)
LESS = "(1 - T/N) ≥ √β"
FLAT = "δ²/Y' ≤ (1-√β) T"


def measure_step(v: Any) -> Mapping[str, float]:
    """Take a step with the given D_k and y_k, and measure where it ends."""
    D, y = vectors([[v.N, v.Dy], [v.Dy, v.Y]])
    how = made(v.beta, identity(3), 0.0)
    taken = step_with(how, y, (1 - v.beta) * D, (1 - v.beta) * v.delta)
    return {"Dy_next": float(D @ taken.x_next), "Y_next": float(taken.x_next @ taken.x_next)}


def measure_norm(v: Any) -> Mapping[str, float]:
    """Average D_{k-1} with g_k by a step, and measure ``||D_k||²`` and ``<D_k, y_k>``."""
    D, y, g = vectors([[v.N, 0.0, v.gD], [0.0, v.Y, v.delta], [v.gD, v.delta, v.gg]])
    how = made(v.beta, identity(4), 0.0)
    taken = step_from(how, y, (1 - v.beta) * D, 0.0, v.delta, g)
    after = taken.state.grad_avg / (1 - v.beta)
    return {"N_next": float(after @ after), "Dy": float(after @ y)}


def stepped(v: Any) -> Mapping[str, Relation]:
    """Say what a step does."""
    return {
        **unit(v.beta, "β"),
        "N > 0": gt(v.N, 0),
        "δ > 0": gt(v.delta, 0),
        "from trap.support: <D_k, y_k> = δ": eq(v.Dy, v.delta),
        "from norm_recursion.step: <D_k, y_{k+1}>": eq(v.Dy_next, v.Dy - v.delta * v.N / v.N),
        "from norm_recursion.step: ||y_{k+1}||²": eq(
            v.Y_next, v.Y - 2 * v.delta * v.Dy / v.N + v.delta * v.delta / v.N
        ),
    }


def real_step(v: Any) -> Mapping[str, Relation]:
    """Ask for vectors D_k and y_k of moderate size."""
    return {**gram([v.N, v.Dy], [v.Dy, v.Y]), "N": ge(v.N, 1), "δ": ge(v.delta, 1)}


def one_later(v: Any) -> Mapping[str, Relation]:
    """Say how B and e go on, and what of T is assumed; r = √β."""
    return {
        "δ > 0": gt(v.delta, 0),
        "N > 0": gt(v.N, 0),
        "Y' > 0": gt(v.Y, 0),
        "T ≥ 0": ge(v.T, 0),
        "√β > 0": gt(v.root, 0),
        LESS: ge(1 - v.T / v.N, v.root),
        FLAT: le(v.delta * v.delta / v.Y, (1 - v.root) * v.T),
        "B' = B + (δ/N) e": eq(v.B_next, v.B + v.delta * v.e / v.N),
        "e' ≥ βe - δB'/Y'": ge(v.e_next, v.root * v.root * v.e - v.delta * v.B_next / v.Y),
    }


LEMMAS: tuple[Lemma, ...] = (
    lemma(
        "trap.gap",
        "<g_k, y_k> = δ, and ||g_k||² = δ²/Y_k + ||v_k||²",
        "delta Y vy vv gy gg",
        lambda v: {
            "Y_k > 0": gt(v.Y, 0),
            "<v_k, y_k> = 0": eq(v.vy, 0),
            "<g_k, y_k>": eq(v.gy, v.delta * v.Y / v.Y + v.vy),
            "||g_k||²": eq(
                v.gg, v.delta * v.delta * v.Y / (v.Y * v.Y) + 2 * v.delta * v.vy / v.Y + v.vv
            ),
        },
        lambda v: {
            "<g_k, y_k> = δ": eq(v.gy, v.delta),
            "||g_k||²": eq(v.gg, v.delta * v.delta / v.Y + v.vv),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "v_k need not be orthogonal to y_k",
                drop=("<v_k, y_k> = 0",),
                fixed={"Y": 1, "delta": 1, "vv": 1},
            ),
        ),
    ),
    lemma(
        "trap.support",
        "<D_k, y_k> = <g_k, y_k> + β<D_{k-1}, y_k> = δ; from the first sample <D_1, y_1> = δ/(1-β)",
        "beta delta gy before Dy first",
        lambda v: {
            **unit(v.beta, "β"),
            "from trap.gap": eq(v.gy, v.delta),
            "induction: <D_{k-1}, y_k> = 0, nothing for k = 1": eq(v.before, 0),
            "D_k = β D_{k-1} + g_k": eq(v.Dy, v.beta * v.before + v.gy),
            "D_1 = g_1/(1-β)": eq(v.first, v.gy / (1 - v.beta)),
        },
        lambda v: {
            "<D_k, y_k>": eq(v.Dy, v.delta),
            "<D_1, y_1>": eq(v.first, v.delta / (1 - v.beta)),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "the average before is not orthogonal to y_k",
                claim=lambda v: {"": eq(v.Dy, v.delta)},
                drop=("induction: <D_{k-1}, y_k> = 0, nothing for k = 1",),
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "trap.step",
        "a step ends with <D_k, y_{k+1}> = 0 and Y_{k+1} = Y_k - δ²/N_k: the Fejér step is sharp",
        "beta delta N Dy Y Dy_next Y_next",
        stepped,
        lambda v: {
            "<D_k, y_{k+1}> = 0": eq(v.Dy_next, 0),
            "Y_{k+1}": eq(v.Y_next, v.Y - v.delta * v.delta / v.N),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "1.01 times as far",
                claim=lambda v: {"": eq(v.Y_next * v.N * 100, v.Y * v.N * 100 - 101 * v.delta**2)},
                real=real_step,
                fixed={"beta": (1, 2), "Y": 4},
                replay=Reference(measure_step),
            ),
        ),
    ),
    lemma(
        "trap.first_step",
        "the first step from the first sample, s = 1/(1-β): Y_2 = Y_1 - δ²/G², <D_1, y_2> = 0",
        "beta delta N G2 Dy Y Dy_next Y_next s",
        lambda v: {
            **unit(v.beta, "β"),
            "G² > 0": gt(v.G2, 0),
            "N_1 = G²/(1-β)²": eq(v.N, v.G2 / ((1 - v.beta) * (1 - v.beta))),
            "s": eq(v.s, 1 / (1 - v.beta)),
            "from trap.support: <D_1, y_1> = δ/(1-β)": eq(v.Dy, v.delta / (1 - v.beta)),
            "from landing.first: <D_1, y_2>": eq(v.Dy_next, v.Dy - v.s * v.delta * v.N / v.N),
            "from landing.first: ||y_2||²": eq(
                v.Y_next,
                v.Y - 2 * v.s * v.delta * v.Dy / v.N + v.s * v.s * v.delta * v.delta / v.N,
            ),
        },
        lambda v: {
            "<D_1, y_2> = 0": eq(v.Dy_next, 0),
            "Y_2": eq(v.Y_next, v.Y - v.delta * v.delta / v.G2),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "as the later steps",
                claim=lambda v: {"": eq(v.Y_next * v.N, v.Y * v.N - v.delta * v.delta)},
                fixed={"beta": (1, 2), "G2": 1, "delta": 1},
            ),
        ),
    ),
    lemma(
        "trap.norm",
        "one function: <g_{k+1}, D_k> = 0 and N_{k+1} = G² + β² N_k, v_{k+1} being new",
        "beta delta Y N gD gg Dy vD N_next",
        lambda v: {
            **unit(v.beta, "β"),
            "Y_{k+1} > 0": gt(v.Y, 0),
            "v_{k+1} is orthogonal to what came before": eq(v.vD, 0),
            "from trap.step: <y_{k+1}, D_k> = 0": eq(v.Dy, 0),
            "<g_{k+1}, D_k>": eq(v.gD, v.delta * v.Dy / v.Y + v.vD),
            "||β D_k + g_{k+1}||²": eq(v.N_next, v.gg + 2 * v.beta * v.gD + v.beta * v.beta * v.N),
        },
        conclusion(lambda v: eq(v.N_next, v.gg + v.beta * v.beta * v.N)),
        by=Algebra(),
        mutated=(
            Mutation(
                "β for β²",
                claim=lambda v: {"": eq(v.N_next, v.gg + v.beta * v.N)},
                real=lambda v: {
                    **gram([v.gg, v.delta], [v.delta, v.Y]),
                    "N": ge(v.N, 1),
                    "the bound": ge(v.gg * v.Y, 2 * v.delta * v.delta),
                },
                fixed={"beta": (1, 2), "delta": 1, "gg": 2},
                replay=Reference(lambda v: {"N_next": measure_norm(v)["N_next"]}),
            ),
        ),
    ),
    MONOTONE.base(
        "trap.monotone_base",
        "B = 0 and e ≥ 0",
        "",
        lambda v: {
            "δ > 0": gt(v.delta, 0),
            "B = 0": eq(v.B, 0),
            "e ≥ 0": ge(v.e, 0),
        },
        mutated=(Mutation("e ≥ 1", claim=lambda v: {"": ge(v.e, 1)}),),
    ),
    lemma(
        "trap.kept",
        "B' ≥ √β B",
        "delta T B e N root B_next Y e_next",
        lambda v: {BEFORE: ge(v.B, 0), AHEAD: ge(v.e, -v.T * v.B / v.delta), **one_later(v)},
        conclusion(lambda v: ge(v.B_next, v.root * v.B)),
        by=Algebra(lambda v: {AHEAD: v.delta / v.N, LESS: v.B}),
        mutated=(
            Mutation(
                "twice as much",
                claim=lambda v: {"": ge(v.B_next, 2 * v.root * v.B)},
                fixed={"root": (1, 2), "delta": 1, "T": 1, "N": 2, "Y": 4},
            ),
        ),
    ),
    MONOTONE.step(
        "trap.monotone_step",
        "B ≥ 0 and e ≥ -T B/δ carry over, where T ≤ (1-√β)N and δ²/Y' ≤ (1-√β)T",
        "N root Y B_next e_next",
        lambda v: {
            **one_later(v),
            "from trap.kept: B' ≥ √β B": ge(v.B_next, v.root * v.B),
        },
        mutated=(
            Mutation(
                "Y' may be small",
                drop=(FLAT,),
                fixed={"root": (1, 2), "delta": 1, "T": 1, "N": 2, "B": 1, "e": 0},
            ),
        ),
    ),
    lemma(
        "trap.later",
        "i > j: B = δ - <g_j, y_l> and e = <g_j, D_l> obey the recursion, l → l+1",
        "beta delta N gy gy_next gD gD_next gg Y s",
        lambda v: {
            "δ > 0": gt(v.delta, 0),
            "N > 0": gt(v.N, 0),
            "Y' > 0": gt(v.Y, 0),
            "y_{l+1} = y_l - (sδ/N) D_l": eq(v.gy_next, v.gy - v.s * v.delta * v.gD / v.N),
            "<g_j, g_{l+1}> = δ<g_j, y_{l+1}>/Y', v_{l+1} being new": eq(
                v.gg, v.delta * v.gy_next / v.Y
            ),
            "D_{l+1} = β D_l + g_{l+1}": eq(v.gD_next, v.beta * v.gD + v.gg),
        },
        lambda v: {
            "B' = B + (sδ/N)e": eq(
                v.delta - v.gy_next, v.delta - v.gy + v.s * v.delta * v.gD / v.N
            ),
            "e' = βe - δB'/Y' + δ²/Y'": eq(
                v.gD_next,
                v.beta * v.gD - v.delta * (v.delta - v.gy_next) / v.Y + v.delta * v.delta / v.Y,
            ),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "the last term missing",
                claim=lambda v: {
                    "": eq(v.gD_next * v.Y, v.beta * v.gD * v.Y - v.delta * (v.delta - v.gy_next))
                },
                fixed={"beta": (1, 2), "delta": 1, "N": 1, "s": 1, "Y": 4},
            ),
        ),
    ),
    lemma(
        "trap.earlier",
        "i < j: A = -<D_l, y_j> and e = <D_l, D_j> obey the recursion, j → j+1",
        "beta delta N Dy Dy_next DD DD_next Dg Y",
        lambda v: {
            "δ > 0": gt(v.delta, 0),
            "N > 0": gt(v.N, 0),
            "Y' > 0": gt(v.Y, 0),
            "y_{j+1} = y_j - (δ/N) D_j": eq(v.Dy_next, v.Dy - v.delta * v.DD / v.N),
            "<D_l, g_{j+1}> = δ<D_l, y_{j+1}>/Y', v_{j+1} being new": eq(
                v.Dg, v.delta * v.Dy_next / v.Y
            ),
            "D_{j+1} = β D_j + g_{j+1}": eq(v.DD_next, v.beta * v.DD + v.Dg),
        },
        lambda v: {
            "A' = A + (δ/N)e": eq(-v.Dy_next, -v.Dy + v.delta * v.DD / v.N),
            "e' = βe - δA'/Y'": eq(v.DD_next, v.beta * v.DD - v.delta * (-v.Dy_next) / v.Y),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "the other sign",
                claim=lambda v: {
                    "": eq(v.DD_next * v.Y, v.beta * v.DD * v.Y - v.delta * v.Dy_next)
                },
                fixed={"beta": (1, 2), "delta": 1, "N": 1, "Y": 4},
            ),
        ),
    ),
    lemma(
        "trap.below",
        "i < j: <g_j, y_i> = δ<y_j, y_i>/Y_j ≤ δ, as y_i = y_j + Σ_{i≤l<j} (sδ/N_l) D_l, one term",
        "delta Y yy gy total N s Dy rest",
        lambda v: {
            "δ > 0": gt(v.delta, 0),
            "Y_j > 0": gt(v.Y, 0),
            "N > 0": gt(v.N, 0),
            "s ≥ 0": ge(v.s, 0),
            "from trap.monotone_step: <D_l, y_j> = -A ≤ 0": le(v.Dy, 0),
            "the other terms, in the same way": le(v.rest, 0),
            "<y_j, y_i>": eq(v.yy, v.Y + v.s * v.delta * v.Dy / v.N + v.rest),
            "<g_j, y_i>, v_j being new": eq(v.gy, v.delta * v.yy / v.Y),
        },
        conclusion(lambda v: le(v.gy, v.delta)),
        by=Algebra(
            lambda v: {
                "from trap.monotone_step: <D_l, y_j> = -A ≤ 0": v.s
                * v.delta
                * v.delta
                / (v.N * v.Y),
                "the other terms, in the same way": v.delta / v.Y,
            }
        ),
        mutated=(
            Mutation(
                "A may be negative",
                claim=lambda v: {"": le(v.gy * v.Y, v.delta * v.Y)},
                drop=("from trap.monotone_step: <D_l, y_j> = -A ≤ 0",),
                fixed={"delta": 1, "Y": 4, "N": 1, "s": 1, "rest": 0},
            ),
        ),
    ),
    lemma(
        "trap.rest",
        "T = δ²/((1-√β)Y) does, where Y is the least distance and N Y ≥ δ²/(1-√β)² for all N",
        "delta T N Y later root",
        lambda v: {
            "δ > 0": gt(v.delta, 0),
            "N > 0": gt(v.N, 0),
            "Y > 0": gt(v.Y, 0),
            "√β < 1": gt(1, v.root),
            "Y' ≥ Y": ge(v.later, v.Y),
            "N Y ≥ δ²/(1-√β)²": ge(v.N * v.Y * (1 - v.root) * (1 - v.root), v.delta * v.delta),
            "T": eq(v.T * (1 - v.root) * v.Y, v.delta * v.delta),
        },
        lambda v: {
            "T ≤ (1-√β)N": le(v.T, (1 - v.root) * v.N),
            "δ²/Y' ≤ (1-√β)T": le(v.delta * v.delta, (1 - v.root) * v.T * v.later),
        },
        mutated=(
            Mutation(
                "without the square",
                claim=lambda v: {"": le(v.T, (1 - v.root) * v.N * 99 / 100)},
                fixed={"root": (1, 2), "delta": 1},
            ),
        ),
    ),
    by_hand(
        "trap.function",
        "f = max{f*, max_j f*+δ+<g_j, x-x^j>} has these values and gradients, and f(x*) = f*",
        "A maximum of affine functions is convex, and G-Lipschitz as the slopes are at most G."
        " Piece j is f*+δ+<g_j, y_i>-δ at x^i and f*+δ-<g_j, y_j> = f* at x*; so it is at most"
        " f*+δ at x^i if <g_j, y_i> ≤ δ, with equality for i = j. Vectors v_k that are new exist:"
        " the space may have K+1 dimensions.",
    ),
    DISTANCE.base(
        "trap.sum_base",
        "no step is summed",
        "",
        lambda v: {"Y_1": eq(v.first, v.Y), "S = 0": eq(v.S, 0)},
        mutated=(Mutation("half", claim=lambda v: {"": eq(2 * v.first, v.Y)}),),
    ),
    DISTANCE.step(
        "trap.sum_step",
        "Y_1 = Y_{k+1} + δ² Σ_{j≤k} 1/N_j, the first term from the first sample being 1/G²",
        "term Y_next S_next",
        lambda v: {
            "from trap.step, trap.first_step: Y_{k+1}": eq(v.Y_next, v.Y - v.delta2 * v.term),
            "S_{k+1}": eq(v.S_next, v.S + v.term),
        },
        mutated=(
            Mutation(
                "twice the term",
                claim=lambda v: {"": eq(v.first, v.Y_next + v.delta2 * (v.S_next + v.term))},
            ),
        ),
    ),
)


MEANINGS: Meanings = {
    ("trap.first_step", "trap.support"): [lambda v, w: {w.first: v.Dy}],
    ("trap.norm", "trap.step"): [lambda v, w: {w.Dy_next: v.Dy}],
    ("trap.below", "trap.monotone_step"): [lambda v, w: {w.B: -v.Dy}],
    ("trap.sum_step", "trap.step"): [lambda v, w: {v.delta2: w.delta * w.delta, v.term: 1 / w.N}],
}

THEOREM = Theorem(
    name="trap",
    title="lower bound, one function",
    statement="for every K and β some convex G-Lipschitz f has f(x^k) - f* = G D/√(rest +"
    " Σ_{k<K} 1/N_k) for all k ≤ K: from zero N_k = (1-β^{2k})/(1-β²), rest = 1/(1-√β)²; from the"
    " first sample 1 for the first term, 1/N_k ≤ 1-β² for the others, and"
    " rest = (1-β²)/(1-√β)²",
    claims=("trapped",),
    assumptions=("f_*^k = f*, α_k = ∞, λ = 0; in any fixed metric", "0 < β < 1; for β = 0: known"),
    lemmas=tuple(
        dict.fromkeys(
            (
                *norm_recursion.THEOREM.lemmas,
                *(item.name for item in LEMMAS),
            )
        )
    ),
    inductions=(
        *norm_recursion.THEOREM.inductions,
        Induction("l", ("trap.monotone_base",), "trap.monotone_step"),
        Induction("k", ("trap.sum_base",), "trap.sum_step"),
    ),
    assembly="trap.support and trap.step take turns. The two recursions start from B_j = 0 and"
    " e_j = ||g_j||² or A_{l+1} = 0 and e = β N_l; so all <g_j, y_i> are at most δ, and one"
    " function has all these values. trap.norm gives N_k, trap.sum_step the distance.",
)
