"""Smooth functions: the suboptimalities are summable along every trajectory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.formula import sqrt
from theory.proofs.base import (
    FIRST,
    Algebra,
    Concluded,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, assumed, case, definition
from theory.proofs.replay import identity, made, step_from, vectors
from theory.proofs.scalars import eq, ge, gram, gt, le, unit
from theory.theorems.landing import proof as landing
from theory.theorems.smooth import proof_sums
from theory.theorems.smooth.statement import STATEMENT
from theory.theorems.summed import proof as summed

AVERAGE = Invariant("N mean L", lambda v: {"||d_k||² ≤ 2L δ̄_k": le(v.N, 2 * v.L * v.mean)})
SCALED = Invariant(
    "beta L total S",
    lambda v: {
        "(1-β)² Σ δ²/δ̄ ≤ 2L Σ decrease": le((1 - v.beta) * (1 - v.beta) * v.total, 2 * v.L * v.S)
    },
)
GRADIENT = "from smooth.gradient: ||g_{k+1}||² ≤ 2L δ_{k+1}"
CONVEX = "from mean_square.convex, ρ = 1"


def measure(v: Any) -> Mapping[str, float]:
    """Average the gradients and the losses by a step of the reference."""
    d, grad = vectors([[v.N, v.dg], [v.dg, v.gg]])
    x = np.zeros(3)
    taken = step_from(made(v.beta, identity(3), 0.0), x, d, v.mean, v.delta, grad)
    mean = taken.model(x)  # at x = 0 with γ = 0 the model is the average of the losses
    return {"N_next": float(taken.info.dual_norm_sq), "mean_next": mean}


def measure_term(v: Any) -> Mapping[str, float]:
    """Take a step where the old model has the value f* = 0, with ``||d_k||² = N``, and measure."""
    d = np.sqrt(v.N) * np.array([0.6, 0.8, 0.0])
    info = step_from(made(v.beta, identity(3), 0.0), np.zeros(3), d, 0.0, v.delta, d).info
    return {"a": float(info.value), "N": float(info.dual_norm_sq)}


def average(v: Any) -> Mapping[str, Any]:
    """Say how the averages go on."""
    return {
        assumed("smooth", "L > 0"): gt(v.L, 0),
        **unit(v.beta, "β"),
        GRADIENT: le(v.gg, 2 * v.L * v.delta),
        CONVEX: le(v.N_next, v.beta * v.N + (1 - v.beta) * v.gg),
        definition("δ̄_{k+1} = β δ̄_k + (1-β) δ_{k+1}"): eq(
            v.mean_next, v.beta * v.mean + (1 - v.beta) * v.delta
        ),
    }


LEMMAS = (
    lemma(
        "smooth.gradient",
        "||g||² ≤ 2L (f(x) - f*) where f is L-smooth",
        "f fstar after gg L",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            assumed("smooth", "f(x - g/L) ≤ f(x) - ||g||²/(2L): L-smooth"): le(
                v.after, v.f - v.gg / (2 * v.L)
            ),
            assumed("interpolation", "f* ≤ f(x - g/L)"): le(v.fstar, v.after),
        },
        conclusion(lambda v: le(v.gg, 2 * v.L * (v.f - v.fstar))),
        by=Algebra(
            lambda v: {
                "f(x - g/L) ≤ f(x) - ||g||²/(2L): L-smooth": 2 * v.L,
                "f* ≤ f(x - g/L)": 2 * v.L,
            }
        ),
        source="known (the descent lemma)",
        mutated=(
            Mutation(
                "2 becomes 1.98",
                claim=lambda v: {"": le(v.gg, 198 * v.L * (v.f - v.fstar) / 100)},
                fixed={"L": 1},
            ),
        ),
    ),
    AVERAGE.base(
        "smooth.average_first",
        "||d_1||² ≤ 2L δ̄_1: the averages are the first sample's",
        "gg delta",
        lambda v: {
            assumed("smooth", "L > 0"): gt(v.L, 0),
            definition("d_1 = g_1"): eq(v.N, v.gg),
            definition("δ̄_1 = δ_1"): eq(v.mean, v.delta),
            GRADIENT: le(v.gg, 2 * v.L * v.delta),
        },
        mutated=(
            Mutation("2 becomes 1.98", claim=lambda v: {"": le(v.N, 198 * v.L * v.mean / 100)}),
        ),
        begins=(FIRST,),
    ),
    AVERAGE.step(
        "smooth.average_step",
        "||d_k||² ≤ 2L δ̄_k carries over to the next averages",
        "beta dg gg delta N_next mean_next",
        average,
        mutated=(
            Mutation(
                "2 becomes 1.98",
                claim=lambda v: {"": le(v.N_next, 198 * v.L * v.mean_next / 100)},
                real=lambda v: {
                    **gram([v.N, v.dg], [v.dg, v.gg]),
                    "the square": eq(
                        v.N_next,
                        v.beta * v.beta * v.N
                        + 2 * v.beta * (1 - v.beta) * v.dg
                        + (1 - v.beta) * (1 - v.beta) * v.gg,
                    ),
                },
                fixed={"beta": (1, 2), "L": 1},
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "smooth.term",
        "δ_k²/δ̄_k ≤ 2L/(1-β)² · (h_k-f*)²/||d_k||²",
        "beta delta mean N a L",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("interpolation", "δ_k ≥ 0"): ge(v.delta, 0),
            "from landing.identity, landing.first: h_k - f* ≥ (1-β) δ_k": ge(
                v.a, (1 - v.beta) * v.delta
            ),
            case("d_k ≠ 0"): gt(v.N, 0),
            "from smooth.average_step: ||d_k||² ≤ 2L δ̄_k": le(v.N, 2 * v.L * v.mean),
            assumed("smooth", "L > 0"): gt(v.L, 0),
        },
        conclusion(
            lambda v: le(
                v.delta * v.delta * (1 - v.beta) * (1 - v.beta) * v.N,
                2 * v.L * v.a * v.a * v.mean,
            )
        ),
        mutated=(
            Mutation(
                "2 becomes 1.98",
                claim=lambda v: {
                    "": le(
                        100 * v.delta * v.delta * (1 - v.beta) * (1 - v.beta) * v.N,
                        198 * v.L * v.a * v.a * v.mean,
                    )
                },
                real=lambda v: {"landing": eq(v.a, (1 - v.beta) * v.delta)},
                fixed={"beta": (1, 2), "L": 1},
                replay=Reference(measure_term),
            ),
        ),
    ),
    SCALED.base(
        "smooth.scaled_base",
        "nothing is summed yet",
        "",
        lambda v: {
            definition("Σ δ²/δ̄ = 0"): eq(v.total, 0),
            definition("Σ decrease = 0"): eq(v.S, 0),
        },
        mutated=(Mutation("something is there", claim=lambda v: {"": le(v.total + 1, v.S)}),),
    ),
    SCALED.step(
        "smooth.scaled_step",
        "(1-β)² Σ δ_k²/δ̄_k ≤ 2L Σ (h_k-f*)²/||d_k||²",
        "term decrease total_next S_next",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("smooth", "L > 0"): gt(v.L, 0),
            "from smooth.term": le((1 - v.beta) * (1 - v.beta) * v.term, 2 * v.L * v.decrease),
            definition("total"): eq(v.total_next, v.total + v.term),
            definition("S"): eq(v.S_next, v.S + v.decrease),
        },
        mutated=(
            Mutation(
                "without the factor",
                claim=lambda v: {"": le(v.total_next, 2 * v.L * v.S_next)},
                fixed={"beta": (1, 2), "L": 1},
            ),
        ),
    ),
    lemma(
        "smooth.constant",
        "Σ δ_k²/δ̄_k ≤ C = 2LD²/(1-β)²",
        "beta L total S D2 C",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("smooth", "L > 0"): gt(v.L, 0),
            "from smooth.scaled_step": le((1 - v.beta) * (1 - v.beta) * v.total, 2 * v.L * v.S),
            "from summed.end: S ≤ D²": le(v.S, v.D2),
            definition("C"): eq(v.C, 2 * v.L * v.D2 / ((1 - v.beta) * (1 - v.beta))),
        },
        conclusion(lambda v: le(v.total, v.C)),
        by=Algebra(
            lambda v: {
                "from smooth.scaled_step": 1 / ((1 - v.beta) * (1 - v.beta)),
                "from summed.end: S ≤ D²": 2 * v.L / ((1 - v.beta) * (1 - v.beta)),
            }
        ),
        mutated=(
            Mutation(
                "2 becomes 1.98",
                claim=lambda v: {"": le(v.total, v.C * 99 / 100)},
                fixed={"beta": (1, 2), "L": 1},
            ),
        ),
    ),
    *proof_sums.LEMMAS,
    lemma(
        "smooth.end",
        "Σ δ_k ≤ C + sqrt(C β δ_1/(1-β))",
        "beta T S B C L D2 first mean q r",
        lambda v: {
            **unit(v.beta, "β"),
            assumed("smooth", "L > 0"): gt(v.L, 0),
            definition("C"): eq(v.C, 2 * v.L * v.D2 / ((1 - v.beta) * (1 - v.beta))),
            case("C ≥ 0"): ge(v.C, 0),
            case("T ≥ 0"): ge(v.T, 0),
            assumed("interpolation", "δ_1 ≥ 0"): ge(v.first, 0),
            assumed("interpolation", "δ̄_K ≥ 0, an average of suboptimalities"): ge(v.mean, 0),
            "from smooth.cauchy_step: T² ≤ S B": le(v.T * v.T, v.S * v.B),
            "from smooth.cauchy_step: B ≥ 0": ge(v.B, 0),
            "from smooth.constant: S ≤ C": le(v.S, v.C),
            "from smooth.potential_step": eq(
                (1 - v.beta) * v.B + v.beta * v.mean, (1 - v.beta) * v.T + v.beta * v.first
            ),
            definition("q = β δ_1/(1-β)"): eq(v.q * (1 - v.beta), v.beta * v.first),
            definition("r = √(C q)"): eq(v.r * v.r, v.C * v.q),
            definition("r ≥ 0"): ge(v.r, 0),
        },
        conclusion(lambda v: le(v.T, v.C + v.r)),
        mutated=(
            Mutation("no root", lambda v: {"": le(v.T, v.C)}, fixed={"beta": (1, 2)}),
            Mutation(
                "half of the root",
                claim=lambda v: {"": le(v.T, v.C + v.r / 2)},
                fixed={"beta": (1, 2), "mean": 0, "C": (1, 100)},
            ),
        ),
    ),
)

NAMED = "the citing lemmas have a name for this value, and no other definition of it"
WORDS: Words = {
    ("smooth.average_step", "mean_square.convex", "||β d_k + (1-β) g_{k+1}||²"): NAMED,
    ("smooth.average_step", "mean_square.convex", "||d_k - ρ_k g_{k+1}||² ≥ 0"): NAMED,
    ("smooth.scaled_step", "smooth.term", "d_k ≠ 0"): "where d_k = 0 also h_k = f*, by"
    " landing.still, and δ_k = 0: the term is left out",
    ("smooth.end", "smooth.cauchy_step", "t ≥ 0"): "t is δ_k ≥ 0",
    ("smooth.end", "smooth.cauchy_step", "b > 0"): "b is δ̄_k; where it is 0 the term is left out",
}

MEANINGS: Meanings = {
    ("smooth.average_first", "smooth.gradient"): [lambda v, w: {v.delta: w.f - w.fstar}],
    ("smooth.average_step", "smooth.gradient"): [lambda v, w: {v.delta: w.f - w.fstar}],
    ("smooth.average_step", "mean_square.convex"): [
        lambda v, w: {v.N_next: w.dd_next, v.N: w.dd, w.rho: 1, w.rho_next: 1}
    ],
    ("smooth.term", "landing.identity"): [
        lambda v, w: {v.a: w.h_next - w.rho_next * w.fstar, v.delta: w.f - w.fstar}
    ],
    ("smooth.scaled_step", "smooth.term"): [
        lambda v, w: {v.term: w.delta * w.delta / w.mean, v.decrease: w.a * w.a / w.N}
    ],
    ("smooth.end", "smooth.constant"): [lambda v, w: {v.S: w.total}],
}


def last(s: Any, w: Any) -> dict[Any, Any]:
    """Say what C and what is under the root are."""
    constant = 2 * s.L * s.D**2 / (1 - s.beta) ** 2
    share = s.beta * s.first / (1 - s.beta)
    return {w.D2: s.D**2, w.C: constant, w.q: share, w.r: sqrt(constant * share)}


THEOREM = theorem(
    STATEMENT,
    lemmas=tuple(
        dict.fromkeys(
            (
                *landing.THEOREM.lemmas,
                *summed.THEOREM.lemmas,
                "mean_square.convex",
                *(lemma.name for lemma in LEMMAS),
            )
        )
    ),
    concludes=Concluded("smooth.end", last),
    inductions=(
        *landing.THEOREM.inductions,
        *summed.THEOREM.inductions[1:],
        Induction("k", ("smooth.average_first",), "smooth.average_step"),
        Induction("k", ("smooth.scaled_base",), "smooth.scaled_step"),
        Induction("k", ("smooth.cauchy_base",), "smooth.cauchy_step"),
        Induction("k", ("smooth.potential_base",), "smooth.potential_step"),
    ),
    assembly="Summing smooth.term, the summed inequality gives Σ δ_k²/δ̄_k ≤ C. With t = δ and b ="
    " δ̄ Cauchy-Schwarz gives (Σδ)² ≤ C Σδ̄, and the potential bounds Σδ̄. Where δ̄_k = 0 also"
    " δ_k = 0, and the term is left out.",
    kernel=("smooth_linear.smooth_root",),
)

THEOREMS = (THEOREM,)
