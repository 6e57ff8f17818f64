"""Functions in a given order: how long the averages are, and what all steps take off.

Units of G. ``root = √N_k``, ``part = δ²/Y_k`` and ``side = √(1 - part)``; j = K-k steps are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import (
    FIRST,
    Invariant,
    Lemma,
    Meanings,
    Mutation,
    by_hand,
    conclusion,
    lemma,
)
from theory.proofs.hypotheses import case, definition
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit

LONG = Invariant(
    "beta root side",
    lambda v: {"(1-β)√N_k ≥ √(1-δ²/Y_k)": ge((1 - v.beta) * v.root, v.side)},
)
SHORT = Invariant("beta root", lambda v: {"(1-β)√N_k ≤ 1": le((1 - v.beta) * v.root, 1)})
AHEAD = Invariant(
    "beta Y delta2 j",
    lambda v: {
        "Y_k ≥ δ² + (K-k)(1-β)²δ²": ge(v.Y, v.delta2 * (1 + v.j * (1 - v.beta) * (1 - v.beta)))
    },
)
BETWEEN = Invariant(
    "beta S n H",
    lambda v: {
        "Σ 1/N_k ≥ n (1-β)²": ge(v.S, v.n * (1 - v.beta) * (1 - v.beta)),
        "Σ 1/N_k ≤ n (1-β)² + H": le(v.S, v.n * (1 - v.beta) * (1 - v.beta) + v.H),
    },
)
PLANE = "from trap.plane: N_{k+1} = (β√N_k + √(1-δ²/Y))² + δ²/Y"


def in_plane(v: Any, side: Any) -> Mapping[str, Relation]:
    """Say how the averages go on; ``side`` is that of the next point."""
    return {
        **unit(v.beta, "β"),
        case("√N_{k+1} ≥ 0"): ge(v.root_next, 0),
        case("√N_k ≥ 0"): ge(v.root, 0),
        case("√(1-δ²/Y) ≥ 0"): ge(side, 0),
        case("δ²/Y ≥ 0"): ge(v.part, 0),
        PLANE: eq(
            v.root_next * v.root_next,
            (v.beta * v.root + side) * (v.beta * v.root + side) + v.part,
        ),
    }


LEMMAS: tuple[Lemma, ...] = (
    LONG.base(
        "order.long_base",
        "√N_1 = 1/(1-β)",
        "part",
        lambda v: {
            **unit(v.beta, "β"),
            definition("√N_1 = 1/(1-β)"): eq(v.root, 1 / (1 - v.beta)),
            case("δ²/Y ≥ 0"): ge(v.part, 0),
            case("√(1-δ²/Y) ≥ 0"): ge(v.side, 0),
            definition("side²"): eq(v.side * v.side, 1 - v.part),
        },
        mutated=(
            Mutation(
                "1.01 times as long",
                claim=lambda v: {"": ge(100 * (1 - v.beta) * v.root, 101 * v.side)},
                fixed={"beta": (1, 2), "part": 0},
            ),
        ),
        begins=(FIRST,),
    ),
    LONG.step(
        "order.long_step",
        "(1-β)√N_k ≥ √(1-δ²/Y_k) carries over, as Y falls",
        "part root_next side_next",
        lambda v: {
            **in_plane(v, v.side_next),
            case("√(1-δ²/Y) falls, as Y does"): le(v.side_next, v.side),
        },
        mutated=(
            Mutation(
                "Y may grow",
                drop=("√(1-δ²/Y) falls, as Y does",),
                fixed={"beta": (1, 2), "part": 0, "side": (1, 2), "side_next": 1},
            ),
        ),
    ),
    SHORT.base(
        "order.short_base",
        "√N_1 = 1/(1-β)",
        "",
        lambda v: {
            **unit(v.beta, "β"),
            definition("√N_1 = 1/(1-β)"): eq(v.root, 1 / (1 - v.beta)),
        },
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {"": le(100 * (1 - v.beta) * v.root, 99)},
                fixed={"beta": (1, 2)},
            ),
        ),
        begins=(FIRST,),
    ),
    SHORT.step(
        "order.short_step",
        "(1-β)√N_k ≤ 1 carries over: averages are no longer than gradients",
        "part side root_next",
        lambda v: {
            **in_plane(v, v.side),
            definition("side²"): eq(v.side * v.side, 1 - v.part),
        },
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {"": le(100 * (1 - v.beta) * v.root_next, 99)},
                fixed={"beta": (1, 2), "part": 0, "side": 1},
            ),
        ),
    ),
    lemma(
        "order.lower",
        "1/N_k ≥ (1-β)²",
        "beta root inverse",
        lambda v: {
            **unit(v.beta, "β"),
            case("√N_k > 0"): gt(v.root, 0),
            "from order.short_step: (1-β)√N_k ≤ 1": le((1 - v.beta) * v.root, 1),
            definition("1/N_k"): eq(v.inverse, 1 / (v.root * v.root)),
        },
        conclusion(lambda v: ge(v.inverse, (1 - v.beta) * (1 - v.beta))),
        mutated=(
            Mutation(
                "1.01 times as much",
                claim=lambda v: {"": ge(100 * v.inverse, 101 * (1 - v.beta) * (1 - v.beta))},
                fixed={"beta": (1, 2), "root": 2},
            ),
        ),
    ),
    AHEAD.base(
        "order.ahead_base",
        "Y_K = δ²",
        "",
        lambda v: {definition("Y_K = δ²"): eq(v.Y, v.delta2), definition("j = 0"): eq(v.j, 0)},
        mutated=(Mutation("δ² more", claim=lambda v: {"": ge(v.Y, 2 * v.delta2)}),),
    ),
    AHEAD.step(
        "order.ahead_step",
        "one step earlier: Y_k = Y_{k+1} + δ²/N_k",
        "inverse Y_next j_next",
        lambda v: {
            **unit(v.beta, "β"),
            case("δ² > 0"): gt(v.delta2, 0),
            "from trap.step, backwards: Y_{k+1} = Y_k - δ²/N_k": eq(
                v.Y, v.Y_next - v.delta2 * v.inverse
            ),
            "from order.lower: 1/N_k ≥ (1-β)²": ge(v.inverse, (1 - v.beta) * (1 - v.beta)),
            definition("one step more"): eq(v.j_next, v.j + 1),
        },
        mutated=(
            Mutation(
                "twice as much",
                claim=lambda v: {
                    "": ge(
                        v.Y_next,
                        v.delta2 * (1 + 2 * v.j_next * (1 - v.beta) * (1 - v.beta)),
                    )
                },
                fixed={"beta": (1, 2), "delta2": 1, "j": 0},
            ),
        ),
    ),
    lemma(
        "order.term",
        "1/N_k ≤ (1-β)² + 1/(K-k)",
        "beta root side part Y delta2 j inverse",
        lambda v: {
            **unit(v.beta, "β"),
            case("δ² > 0"): gt(v.delta2, 0),
            case("K-k ≥ 1"): ge(v.j, 1),
            case("√N_k > 0"): gt(v.root, 0),
            case("√(1-δ²/Y) ≥ 0"): ge(v.side, 0),
            definition("side²"): eq(v.side * v.side, 1 - v.part),
            case("Y > 0"): gt(v.Y, 0),
            definition("part"): eq(v.part, v.delta2 / v.Y),
            "from order.long_step: (1-β)√N_k ≥ √(1-δ²/Y_k)": ge((1 - v.beta) * v.root, v.side),
            "from order.ahead_step: Y_k ≥ δ² + (K-k)(1-β)²δ²": ge(
                v.Y, v.delta2 * (1 + v.j * (1 - v.beta) * (1 - v.beta))
            ),
            definition("1/N_k"): eq(v.inverse, 1 / (v.root * v.root)),
        },
        conclusion(lambda v: le(v.inverse, (1 - v.beta) * (1 - v.beta) + 1 / v.j)),
        mutated=(
            Mutation(
                "half of 1/(K-k)",
                claim=lambda v: {
                    "": le(2 * v.j * v.inverse, 2 * v.j * (1 - v.beta) * (1 - v.beta) + 1)
                },
                fixed={"beta": (1, 2), "j": 1, "delta2": 4, "Y": 5},
            ),
        ),
    ),
    BETWEEN.base(
        "order.sum_base",
        "nothing is summed",
        "",
        lambda v: {
            definition("S"): eq(v.S, 0),
            definition("n"): eq(v.n, 0),
            definition("H"): eq(v.H, 0),
        },
        mutated=(Mutation("something is there", claim=lambda v: {"": ge(v.S, v.H + 1)}),),
    ),
    BETWEEN.step(
        "order.sum_step",
        "n (1-β)² ≤ Σ 1/N_k ≤ n (1-β)² + H, H = Σ 1/(K-k)",
        "j inverse S_next n_next H_next",
        lambda v: {
            **unit(v.beta, "β"),
            "from order.lower: 1/N_k ≥ (1-β)²": ge(v.inverse, (1 - v.beta) * (1 - v.beta)),
            "from order.term: 1/N_k ≤ (1-β)² + 1/(K-k)": le(
                v.inverse, (1 - v.beta) * (1 - v.beta) + 1 / v.j
            ),
            case("K-k > 0"): gt(v.j, 0),
            definition("S: one term more"): eq(v.S_next, v.S + v.inverse),
            definition("n: one more"): eq(v.n_next, v.n + 1),
            definition("H: 1/(K-k) more"): eq(v.H_next, v.H + 1 / v.j),
        },
        mutated=(
            Mutation(
                "without H",
                claim=lambda v: {"": le(v.S_next, v.n_next * (1 - v.beta) * (1 - v.beta))},
                fixed={"beta": (1, 2), "j": 1, "n": 1},
            ),
        ),
    ),
    by_hand(
        "order.start",
        "some Y_1 has Y_K = δ²",
        "Y_K depends continuously on Y_1 if δ²/max{δ², Y} stands for δ²/Y, it is at most δ² for"
        " Y_1 = δ² and at least δ² for Y_1 = Kδ², as a step takes at most δ² off (G = 1).",
    ),
    lemma(
        "order.end",
        "2 + (1-β)²(K-2) ≤ (GD/δ)² ≤ 2 + (1-β)²(K-2) + 1 + 1/2 + … + 1/(K-2)",
        "beta K G D delta first Y delta2 T S H",
        lambda v: {
            **unit(v.beta, "β"),
            case("δ > 0"): gt(v.delta, 0),
            "from trap.sum_step: Y_1 = Y_K + δ² Σ_{k<K} 1/N_k": eq(v.first, v.Y + v.delta2 * v.T),
            definition("δ²"): eq(v.delta2, v.delta * v.delta),
            case("Y_K = δ², see order.start"): eq(v.Y, v.delta2),
            definition("the first step takes δ² off: trap.first_step"): eq(v.T, 1 + v.S),
            definition("Y_1 = D², in units of G"): eq(v.first, v.G * v.G * v.D * v.D),
            "from order.sum_step: Σ_{2≤k<K} 1/N_k ≥ (1-β)²(K-2)": ge(
                v.S, (v.K - 2) * (1 - v.beta) * (1 - v.beta)
            ),
            "from order.sum_step: Σ_{2≤k<K} 1/N_k ≤ (1-β)²(K-2) + H": le(
                v.S, (v.K - 2) * (1 - v.beta) * (1 - v.beta) + v.H
            ),
        },
        lambda v: {
            "at least": le(2 + (1 - v.beta) * (1 - v.beta) * (v.K - 2), (v.G * v.D / v.delta) ** 2),
            "at most": le(
                (v.G * v.D / v.delta) ** 2,
                2 + (1 - v.beta) * (1 - v.beta) * (v.K - 2) + v.H,
            ),
        },
        mutated=(
            Mutation(
                "H counts half",
                claim=lambda v: {
                    "": le(
                        2 * v.G * v.G * v.D * v.D,
                        (4 + 2 * (1 - v.beta) * (1 - v.beta) * (v.K - 2) + v.H) * v.delta * v.delta,
                    )
                },
                fixed={"beta": (1, 2), "K": 3, "G": 1, "delta": 1, "H": 1},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("order.long_step", "trap.plane"): [
        lambda v, w: {w.N_next: v.root_next * v.root_next, w.side: v.side_next}
    ],
    ("order.short_step", "trap.plane"): [lambda v, w: {w.N_next: v.root_next * v.root_next}],
    ("order.ahead_step", "trap.step"): [
        lambda v, w: {
            w.Y: v.Y_next,
            w.Y_next: v.Y,
            v.delta2: w.delta * w.delta,
            v.inverse: 1 / w.N,
        }
    ],
    ("order.end", "trap.sum_step"): [lambda v, w: {w.S: v.T}],
    ("order.end", "order.sum_step"): [lambda v, w: {w.n: v.K - 2}],
}
