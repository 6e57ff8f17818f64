"""Lower bounds by the trajectories of `theory.traps`, on which no step lowers the value.

``y_k = x^k - x*``, ``Y_k = ||y_k||²``; all values are ``f* + δ``; the gradients are
``g_k = δ y_k/Y_k + v_k`` with v_k orthogonal to y_k. A step is ``y_{k+1} = y_k - (s δ/N) D_k`` with
``s = 1``, but ``1/(1-β)`` for the first one from the first sample.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.formula import sqrt, total
from theory.proofs.base import (
    Algebra,
    Concluded,
    Induction,
    Invariant,
    Lemma,
    Meanings,
    Mutation,
    Reference,
    by_hand,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import NotInstances, Words, case, definition
from theory.proofs.replay import identity, made, step_from, step_with, vectors
from theory.proofs.scalars import Relation, eq, ge, gram, gt, unit
from theory.theorems.norm_recursion import proof as norm_recursion
from theory.theorems.trap import proof_slopes as trap_slopes
from theory.theorems.trap import proof_values as trap_values
from theory.theorems.trap.statement import FIRST, ZERO

BEFORE = case("<D_{k-1}, y_k> = 0: trap.step for k-1, nothing for k = 1")
DISTANCE = Invariant(
    "Y S first delta2",
    lambda v: {"||x^1-x*||² = Y_k + δ² S_k": eq(v.first, v.Y + v.delta2 * v.S)},
)

FALLING = Invariant("Y last", lambda v: {"Y_j ≥ Y_K": ge(v.Y, v.last)})


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
        case("N > 0"): gt(v.N, 0),
        case("δ > 0"): gt(v.delta, 0),
        "from trap.support: <D_k, y_k> = δ": eq(v.Dy, v.delta),
        "from norm_recursion.step: <D_k, y_{k+1}>": eq(v.Dy_next, v.Dy - v.delta * v.N / v.N),
        "from norm_recursion.step: ||y_{k+1}||²": eq(
            v.Y_next, v.Y - 2 * v.delta * v.Dy / v.N + v.delta * v.delta / v.N
        ),
    }


def real_step(v: Any) -> Mapping[str, Relation]:
    """Ask for vectors D_k and y_k of moderate size."""
    return {**gram([v.N, v.Dy], [v.Dy, v.Y]), "N": ge(v.N, 1), "δ": ge(v.delta, 1)}


LEMMAS: tuple[Lemma, ...] = (
    lemma(
        "trap.gap",
        "<g_k, y_k> = δ, and ||g_k||² = δ²/Y_k + ||v_k||²",
        "delta Y vy vv gy gg",
        lambda v: {
            case("Y_k > 0"): gt(v.Y, 0),
            definition("<v_k, y_k> = 0"): eq(v.vy, 0),
            definition("<g_k, y_k>"): eq(v.gy, v.delta * v.Y / v.Y + v.vy),
            definition("||g_k||²"): eq(
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
            BEFORE: eq(v.before, 0),
            definition("D_k = β D_{k-1} + g_k"): eq(v.Dy, v.beta * v.before + v.gy),
            definition("D_1 = g_1/(1-β)"): eq(v.first, v.gy / (1 - v.beta)),
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
                drop=(BEFORE,),
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
            case("G² > 0"): gt(v.G2, 0),
            definition("N_1 = G²/(1-β)²"): eq(v.N, v.G2 / ((1 - v.beta) * (1 - v.beta))),
            definition("s"): eq(v.s, 1 / (1 - v.beta)),
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
            case("Y_{k+1} > 0"): gt(v.Y, 0),
            definition("v_{k+1} is orthogonal to what came before"): eq(v.vD, 0),
            "from trap.step: <y_{k+1}, D_k> = 0": eq(v.Dy, 0),
            definition("<g_{k+1}, D_k>"): eq(v.gD, v.delta * v.Dy / v.Y + v.vD),
            definition("||β D_k + g_{k+1}||²"): eq(
                v.N_next, v.gg + 2 * v.beta * v.gD + v.beta * v.beta * v.N
            ),
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
    FALLING.base(
        "trap.falls_base",
        "Y_K is the last",
        "",
        lambda v: {definition("Y_K"): eq(v.Y, v.last)},
        mutated=(Mutation("larger", claim=lambda v: {"": ge(v.Y, v.last + 1)}),),
    ),
    FALLING.step(
        "trap.falls",
        "Y_k ≥ Y_{k+1} ≥ Y_K: no step leads away",
        "delta N Y_next",
        lambda v: {
            case("N > 0"): gt(v.N, 0),
            "from trap.step, backwards: Y_{k+1} = Y_k - δ²/N_k": eq(
                v.Y, v.Y_next - v.delta * v.delta / v.N
            ),
        },
        mutated=(
            Mutation(
                "by a hundredth at least",
                claim=lambda v: {"": ge(v.Y_next, v.last * 101 / 100)},
                fixed={"delta": 1},
            ),
        ),
    ),
    *trap_values.LEMMAS,
    *trap_slopes.LEMMAS,
    by_hand(
        "trap.function",
        "f = max{f*, max_j f*+δ+<g_j, x-x^j>} has these values and gradients, and f(x*) = f*",
        "A maximum of affine functions is convex, and G-Lipschitz as the slopes are at most G."
        " Piece j is f*+δ+<g_j, y_i>-δ at x^i and f*+δ-<g_j, y_j> = f* at x*; so it is at most"
        " f*+δ at x^i if <g_j, y_i> ≤ δ, with equality for i = j. The subgradient is the slope of"
        " the first piece that reaches the maximum: g_i at x^i, as <g_j, y_i> < δ for j < i."
        " Vectors v_k that are new exist: the space may have K+1 dimensions.",
    ),
    DISTANCE.base(
        "trap.sum_base",
        "no step is summed",
        "",
        lambda v: {definition("Y_1"): eq(v.first, v.Y), definition("S = 0"): eq(v.S, 0)},
        mutated=(Mutation("half", claim=lambda v: {"": eq(2 * v.first, v.Y)}),),
    ),
    DISTANCE.step(
        "trap.sum_step",
        "Y_1 = Y_{k+1} + δ² Σ_{j≤k} 1/N_j, the first term from the first sample being 1/G²",
        "term Y_next S_next",
        lambda v: {
            "from trap.step, trap.first_step: Y_{k+1}": eq(v.Y_next, v.Y - v.delta2 * v.term),
            definition("S_{k+1}"): eq(v.S_next, v.S + v.term),
        },
        mutated=(
            Mutation(
                "twice the term",
                claim=lambda v: {"": eq(v.first, v.Y_next + v.delta2 * (v.S_next + v.term))},
            ),
        ),
    ),
    *trap_values.VALUE,
)


BUILT = (
    "the trap is built so: g_k = δ y_k/Y_k + v_k with Y_k, δ, G > 0 and v_k orthogonal to what came"
    " before; N_k > 0, as <D_k, y_k> = δ"
)
EARLIER = "by trap.step for the step before; nothing came before the first"
MONOTONE = "T is that of trap.rest; the products are those of trap.later and trap.earlier"
VECTORS = "an inner product with the two sides of an equation between vectors"
WORDS: Words = {
    ("trap.support", "trap.gap", "*"): BUILT,
    ("trap.*", "trap.support", "<D_{k-1}, y_k> = 0: *"): EARLIER,
    ("trap.first_step", "trap.support", "D_*"): EARLIER,
    ("*", "trap.step", "N > 0"): BUILT,
    ("*", "trap.step", "δ > 0"): BUILT,
    ("trap.*_step", "trap.norm", "*"): BUILT,
    ("trap.below", "trap.monotone_*", "*"): MONOTONE,
    ("trap.rest", "trap.enough", "G² > 0"): BUILT,
}
NOT_INSTANCES: NotInstances = {
    ("trap.step", "from norm_recursion.step: <D_k, y_{k+1}>"): VECTORS,
    ("trap.step", "from norm_recursion.step: ||y_{k+1}||²"): VECTORS,
    ("trap.first_step", "from landing.first: <D_1, y_2>"): VECTORS,
    ("trap.first_step", "from landing.first: ||y_2||²"): VECTORS,
}

MEANINGS: Meanings = {
    **trap_values.MEANINGS,
    ("trap.falls", "trap.step"): [lambda v, w: {w.Y: v.Y_next, w.Y_next: v.Y}],
    ("trap.first_step", "trap.support"): [lambda v, w: {w.first: v.Dy}],
    ("trap.norm", "trap.step"): [lambda v, w: {w.Dy_next: v.Dy}],
    ("trap.below", "trap.monotone_step"): [lambda v, w: {w.B: -v.Dy}],
    ("trap.sum_step", "trap.step"): [lambda v, w: {v.delta2: w.delta * w.delta, v.term: 1 / w.N}],
}

NAMES = tuple(dict.fromkeys((*norm_recursion.THEOREM.lemmas, *(item.name for item in LEMMAS))))
INDUCTIONS = (
    *norm_recursion.THEOREM.inductions,
    Induction("l", ("trap.monotone_base",), "trap.monotone_step"),
    Induction("k, downwards from K", ("trap.falls_base",), "trap.falls"),
    Induction("k", ("trap.zero_base",), "trap.zero_step"),
    Induction("k", ("trap.first_base",), "trap.later_step"),
    Induction("k", ("trap.sum_base",), "trap.sum_step"),
)
ASSEMBLY = (
    "trap.support and trap.step take turns. The two recursions start from B_j = 0 and"
    " e_j = ||g_j||² or A_{l+1} = 0 and e = β N_l; so all <g_j, y_i> are at most δ, and one"
    " function has all these values. trap.norm gives N_k, trap.sum_step the distance."
)


def first_value(s: Any, w: Any) -> dict[Any, Any]:
    """Say what is under the root from the first sample; 1/N_k is that of trap.later_step."""
    rest = (1 - s.beta**2) / (1 - sqrt(s.beta)) ** 2
    steps = total(
        s,
        lambda v, k: (1 - v.beta**2) * (1 - v.beta) / (1 - v.beta + 2 * v.beta ** (2 * k - 1)),
        2,
        s.K - 1,
    )
    return {w.rest: rest, w.sum: 1 + steps, w.root: sqrt(rest + 1 + steps)}


def zero_value(s: Any, w: Any) -> dict[Any, Any]:
    """Say what is under the root from zero; 1/N_k is that of trap.zero_step."""
    rest = 1 / (1 - sqrt(s.beta)) ** 2
    steps = total(s, lambda v, k: (1 - v.beta**2) / (1 - v.beta ** (2 * k)), 1, s.K - 1)
    return {w.rest: rest, w.sum: steps, w.root: sqrt(rest + steps)}


THEOREM = theorem(
    FIRST,
    lemmas=NAMES,
    concludes=Concluded("trap.value", first_value),
    claims=("trapped",),
    inductions=INDUCTIONS,
    assembly=ASSEMBLY + " The first step takes 1 off, in units of δ²/G² (trap.first_step).",
    kernel=("trap_any.trap_any", "trap_sharp.trap_from_first_linear"),
)
FROM_ZERO = theorem(
    ZERO,
    lemmas=NAMES,
    concludes=Concluded("trap.value", zero_value),
    claims=(),
    inductions=INDUCTIONS,
    assembly=ASSEMBLY,
    kernel=("trap_any.trap_any_zero",),
)

THEOREMS = (THEOREM, FROM_ZERO)
