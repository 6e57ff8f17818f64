"""Smooth functions: Cauchy-Schwarz for sums, and what averages add up to."""

from __future__ import annotations

from theory.proofs.base import Algebra, Invariant, Mutation
from theory.proofs.hypotheses import case, definition
from theory.proofs.scalars import eq, ge, gt, le, unit

CAUCHY = Invariant(
    "T S B",
    lambda v: {
        "T² ≤ S B": le(v.T * v.T, v.S * v.B),
        "T ≥ 0": ge(v.T, 0),
        "S ≥ 0": ge(v.S, 0),
        "B ≥ 0": ge(v.B, 0),
    },
)
POTENTIAL = Invariant(
    "beta B T mean first",
    lambda v: {
        "Σδ̄ + β/(1-β) δ̄_k = Σδ + β/(1-β) δ_1": eq(
            (1 - v.beta) * v.B + v.beta * v.mean, (1 - v.beta) * v.T + v.beta * v.first
        )
    },
)

LEMMAS = (
    CAUCHY.base(
        "smooth.cauchy_base",
        "nothing is summed yet",
        "",
        lambda v: {
            definition("T"): eq(v.T, 0),
            definition("S"): eq(v.S, 0),
            definition("B"): eq(v.B, 0),
        },
        source="known (Cauchy-Schwarz)",
        mutated=(Mutation("something is missing", claim=lambda v: {"": le(v.T + 1, v.S * v.B)}),),
    ),
    CAUCHY.step(
        "smooth.cauchy_step",
        "T² ≤ S B for T = Σ t_k, S = Σ t_k²/b_k, B = Σ b_k",
        "t b T_next S_next B_next",
        lambda v: {
            case("t ≥ 0"): ge(v.t, 0),
            case("b > 0"): gt(v.b, 0),
            definition("T_{k+1} = T_k + t"): eq(v.T_next, v.T + v.t),
            definition("S_{k+1} = S_k + t²/b"): eq(v.b * v.S_next, v.b * v.S + v.t * v.t),
            definition("B_{k+1} = B_k + b"): eq(v.B_next, v.B + v.b),
        },
        source="known (Cauchy-Schwarz)",
        mutated=(
            Mutation(
                "1 becomes 0.99",
                claim=lambda v: {"": le(v.T_next * v.T_next, v.S_next * v.B_next * 99 / 100)},
                fixed={"b": 1, "t": 2},
            ),
        ),
    ),
    POTENTIAL.base(
        "smooth.potential_base",
        "δ̄_1 = δ_1",
        "",
        lambda v: {
            **unit(v.beta, "β"),
            definition("δ̄_1 = δ_1"): eq(v.mean, v.first),
            definition("B = δ̄_1"): eq(v.B, v.mean),
            definition("T = δ_1"): eq(v.T, v.first),
        },
        by=Algebra(),
        mutated=(
            Mutation(
                "without the potential",
                claim=lambda v: {"": eq(v.B, v.T + v.beta * v.first)},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    POTENTIAL.step(
        "smooth.potential_step",
        "Σδ̄ + β/(1-β) δ̄_k = Σδ + β/(1-β) δ_1 carries over to k+1",
        "delta B_next T_next mean_next",
        lambda v: {
            **unit(v.beta, "β"),
            definition("δ̄_{k+1}"): eq(v.mean_next, v.beta * v.mean + (1 - v.beta) * v.delta),
            definition("B_{k+1} = B_k + δ̄_{k+1}"): eq(v.B_next, v.B + v.mean_next),
            definition("T_{k+1} = T_k + δ_{k+1}"): eq(v.T_next, v.T + v.delta),
        },
        by=Algebra(lambda v: {"induction: Σδ̄ + β/(1-β) δ̄_k = Σδ + β/(1-β) δ_1": 1}),
        mutated=(
            Mutation(
                "β becomes 1.01 β in the potential",
                claim=lambda v: {
                    "": eq(
                        (1 - v.beta) * v.B_next + v.beta * v.mean_next * 101 / 100,
                        (1 - v.beta) * v.T_next + v.beta * v.first,
                    )
                },
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
)
