"""Lower bounds for functions in a given order: the traps in which each step sees its own function.

As in `theory.theorems.trap.proof`, but v_k is along the average before it, which makes the averages
long.
"""

from __future__ import annotations

from typing import Any

from theory.formula import total
from theory.proofs.base import (
    Concluded,
    Induction,
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
from theory.proofs.scalars import eq, ge, gt, unit
from theory.theorems.given_order import proof_order as order
from theory.theorems.given_order.statement import STATEMENT
from theory.theorems.norm_recursion import proof as norm_recursion
from theory.theorems.trap import proof as trap
from theory.theorems.trap.proof import measure_norm

ORTHOGONAL = "from trap.step: y_{k+1} is orthogonal to D_k, so <g_{k+1}, D_k> = ||v|| √N_k"

LEMMAS: tuple[Lemma, ...] = (
    lemma(
        "trap.plane",
        "v_{k+1} along D_k: √N_{k+1}² = (β√N_k + √(1-δ²/Y))² + δ²/Y in units of G",
        "beta delta N root gD gg part side N_next Y",
        lambda v: {
            **unit(v.beta, "β"),
            case("√N_k ≥ 0"): ge(v.root, 0),
            definition("N_k"): eq(v.N, v.root * v.root),
            definition("part = δ²/Y_{k+1}"): eq(v.part, v.delta * v.delta / v.Y),
            case("Y_{k+1} > 0"): gt(v.Y, 0),
            case("||v||² = 1 - δ²/Y"): eq(v.side * v.side, 1 - v.part),
            definition("||g_{k+1}||² = 1"): eq(v.gg, 1),
            ORTHOGONAL: eq(v.gD, v.side * v.root),
            definition("||β D_k + g_{k+1}||²"): eq(
                v.N_next, v.gg + 2 * v.beta * v.gD + v.beta * v.beta * v.N
            ),
        },
        conclusion(
            lambda v: eq(v.N_next, (v.beta * v.root + v.side) * (v.beta * v.root + v.side) + v.part)
        ),
        mutated=(
            Mutation(
                "without δ²/Y",
                claim=lambda v: {
                    "": eq(v.N_next, (v.beta * v.root + v.side) * (v.beta * v.root + v.side))
                },
                real=lambda v: {"root": ge(v.root, 1)},
                fixed={"beta": (1, 2), "delta": 1, "Y": (25, 9), "side": (4, 5)},
                replay=Reference(lambda v: {"N_next": measure_norm(v)["N_next"]}),
            ),
        ),
    ),
    lemma(
        "trap.contracts",
        "|1/(1-β) - √N| shrinks by the factor β, but for what δ²/Y takes: √N' ≥ β√N + 1 - δ²/Y",
        "beta root root_next side part",
        lambda v: {
            **unit(v.beta, "β"),
            case("√N ≥ 0"): ge(v.root, 0),
            case("√N' ≥ 0"): ge(v.root_next, 0),
            case("side = √(1-δ²/Y) ≥ 0"): ge(v.side, 0),
            definition("side²"): eq(v.side * v.side, 1 - v.part),
            case("δ²/Y ≥ 0"): ge(v.part, 0),
            "from trap.plane": eq(
                v.root_next * v.root_next,
                (v.beta * v.root + v.side) * (v.beta * v.root + v.side) + v.part,
            ),
        },
        conclusion(lambda v: ge(v.root_next, v.beta * v.root + 1 - v.part)),
        mutated=(
            Mutation(
                "without δ²/Y",
                claim=lambda v: {"": ge(v.root_next, v.beta * v.root + 1)},
                fixed={"beta": (1, 2), "root": 1, "side": (1, 2), "part": (3, 4)},
            ),
        ),
    ),
    by_hand(
        "trap.own_functions",
        "f_k = max{f*, f*+δ+<g_k, x-x^k>} has the value f*+δ at x^k, and f_k(x*) = f*",
        "At x* the piece is f*+δ-<g_k, y_k> = f*. Nothing else is asked, as each step sees a"
        " function of its own.",
    ),
    *order.LEMMAS,
)

PLANE = "the trap is built so, in a plane: v_{k+1} is along D_k, and ||g_{k+1}|| = G = 1"
ROOTS = "norms, roots, and quotients of positive numbers; Y_k falls from step to step"
WORDS: Words = {
    ("given_order", "order.end", "Y_K = δ², see order.start"): "by the choice of Y_1: order.start",
    ("*", "trap.plane", "*"): PLANE,
    ("order.*", "order.short_step", "*"): ROOTS,
    ("order.*", "order.long_*", "*"): ROOTS,
    ("order.*", "order.lower", "*"): ROOTS,
    ("order.*", "order.term", "*"): ROOTS,
    ("order.end", "order.sum_step", "K-k > 0"): "the sum is over k < K",
}
NOT_INSTANCES: NotInstances = {
    ("trap.plane", ORTHOGONAL): "v_{k+1} is along D_k, so that its product with it is that of the"
    " lengths",
}

MEANINGS: Meanings = {
    **order.MEANINGS,
    ("trap.contracts", "trap.plane"): [lambda v, w: {w.N_next: v.root_next * v.root_next}],
}

STEPS = tuple(
    name
    for name in (item.name for item in trap.LEMMAS)
    if name in ("trap.gap", "trap.support", "trap.step", "trap.first_step")
    or name.startswith("trap.sum")
)


def last(s: Any, w: Any) -> dict[Any, Any]:
    """Say what the steps add beyond (1-β)² each: at most 1, 1/2, …, 1/(K-2)."""
    return {w.H: total(s, lambda v, k: 1 / k, 1, s.K - 2)}


THEOREM = theorem(
    STATEMENT,
    lemmas=tuple(
        dict.fromkeys((*norm_recursion.THEOREM.lemmas, *STEPS, *(item.name for item in LEMMAS)))
    ),
    concludes={
        "at most the bound": Concluded("order.end", last),
        "near it": Concluded("order.end", last),
    },
    claims=("rate",),
    inductions=(
        *norm_recursion.THEOREM.inductions,
        Induction("k", ("trap.sum_base",), "trap.sum_step"),
        Induction("k", ("order.long_base",), "order.long_step"),
        Induction("k", ("order.short_base",), "order.short_step"),
        Induction("k, downwards from K", ("order.ahead_base",), "order.ahead_step"),
        Induction("k", ("order.sum_base",), "order.sum_step"),
    ),
    assembly="As for one function, but v_k along D_{k-1}, which makes the averages as long as they"
    " can be; nothing but the inequality at x* has to hold. As K grows, δ √K (1-β)/(GD) tends to 1,"
    " as the harmonic sum grows like log K.",
    kernel=("given_order.given_order", "given_order.given_order_limit"),
)

THEOREMS = (THEOREM,)
