"""The landing identity: an uncapped step ends where the model meets f*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    PROOF,
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
from theory.proofs.hypotheses import Words, assumed, case, definition, geometry
from theory.proofs.replay import Taken, first_step, identity, made, step_with
from theory.proofs.scalars import Relation, eq, ge, gt, le, unit
from theory.theorems.landing.statement import STATEMENT, ZERO

ABOVE = case("h_k ≥ ρ_k f*")
BELOW = "from model_below.step: m_k(x*) ≤ ρ_k f*"
GAP = Invariant("h rho fstar", lambda v: {ABOVE: ge(v.h, v.rho * v.fstar)})
START = np.array([0.5, -0.25, 0.0])
GRADIENT = np.array([0.3, 0.8, 0.0])


def landed(v: Any) -> Taken:
    """Take an uncapped step with ``||d_k||² = N`` and the value h."""
    d = np.array([0.6, 0.8, 0.0]) * np.sqrt(v.N)
    return step_with(made(0.5, identity(3), v.fstar), START, d, v.h)


def measure_meets(v: Any) -> Mapping[str, float]:
    """Measure the model where the step ends."""
    taken = landed(v)
    return {
        "tau": float(taken.info.step_size),
        "N": float(taken.info.dual_norm_sq),
        "h": float(taken.info.value),
        "after": taken.model(taken.x_next),
    }


def measure_still(v: Any) -> Mapping[str, float]:
    """Take a step with ``d_k = 0`` and measure the model where it ends."""
    taken = step_with(made(0.5, identity(3), v.fstar), START, np.zeros(3), v.h)
    return {"N": float(taken.info.dual_norm_sq), "after": taken.model(taken.x_next)}


def measure_next(v: Any) -> Mapping[str, float]:
    """Take an uncapped step and the next one, and measure ``h_{k+1}``."""
    how = made(v.beta, identity(3), v.fstar)
    taken = step_with(how, START, np.array([0.6, 0.8, 0.0]), v.h)
    later = taken.then(v.f, GRADIENT)
    return {"after": taken.model(taken.x_next), "h_next": float(later.info.value)}


def measure_first(v: Any) -> Mapping[str, float]:
    """Take the first step and measure h_1; from zero where ρ_1 is not 1."""
    from_zero = v.rho != 1
    how = made(1 - v.rho if from_zero else 0.5, identity(3), v.fstar, from_zero=from_zero)
    return {"h": float(first_step(how, START, v.f, GRADIENT).info.value)}


def carried(v: Any) -> Mapping[str, Relation]:
    """Say how the model's value goes on from where the step ended."""
    return {
        **unit(v.beta, "β"),
        "from landing.meets: m_k(x^{k+1}) = ρ_k f*": eq(v.after, v.rho * v.fstar),
        definition("h_{k+1} = β m_k(x^{k+1}) + (1-β) f_{k+1}"): eq(
            v.h_next, v.beta * v.after + (1 - v.beta) * v.f
        ),
        definition("ρ_{k+1} = β ρ_k + (1-β)"): eq(v.rho_next, v.beta * v.rho + 1 - v.beta),
        assumed("interpolation", "f_{k+1} ≥ f*: interpolation"): ge(v.f, v.fstar),
    }


LEMMAS = (
    lemma(
        "landing.meets",
        "an uncapped step ends with m_k(x^{k+1}) = ρ_k f*, where d_k ≠ 0",
        "h rho fstar tau N after",
        lambda v: {
            ABOVE: ge(v.h, v.rho * v.fstar),
            case("d_k ≠ 0"): gt(v.N, 0),
            definition("τ_k ||d_k||² = h_k - ρ_k f*"): eq(v.tau * v.N, v.h - v.rho * v.fstar),
            definition("m_k(x^{k+1}) = h_k - τ_k ||d_k||²"): eq(v.after, v.h - v.tau * v.N),
        },
        conclusion(lambda v: eq(v.after, v.rho * v.fstar)),
        by=Algebra(lambda v: {"τ_k ||d_k||² = h_k - ρ_k f*": -1}),
        source=PROOF,
        mutated=(
            Mutation(
                "a hundredth of the gap is left",
                claim=lambda v: {"": eq(v.after, v.rho * v.fstar + (v.h - v.rho * v.fstar) / 100)},
                fixed={"rho": 1},
                replay=Reference(measure_meets),
            ),
        ),
    ),
    lemma(
        "landing.still",
        "where d_k = 0, also m_k(x^{k+1}) = ρ_k f*, and h_k = ρ_k f*",
        "h rho fstar N de ee mstar after",
        lambda v: {
            ABOVE: ge(v.h, v.rho * v.fstar),
            case("d_k = 0"): eq(v.N, 0),
            geometry("Cauchy-Schwarz for <d_k, x^k - x*>"): le(v.de * v.de, v.N * v.ee),
            definition("m_k(x*) = h_k - <d_k, x^k - x*>"): eq(v.mstar, v.h - v.de),
            BELOW: le(v.mstar, v.rho * v.fstar),
            definition("x^{k+1} = x^k"): eq(v.after, v.h),
        },
        lambda v: {
            "m_k(x^{k+1}) = ρ_k f*": eq(v.after, v.rho * v.fstar),
            "h_k = ρ_k f*": eq(v.h, v.rho * v.fstar),
        },
        mutated=(
            Mutation(
                "m_k(x*) may lie above ρ_k f*",
                drop=(BELOW,),
                fixed={"rho": 1},
                replay=Reference(measure_still),
            ),
        ),
    ),
    lemma(
        "landing.first",
        "h_1 - f* = f_1 - f*, where the average starts at the first sample",
        "h rho fstar f",
        lambda v: {definition("ρ_1 = 1"): eq(v.rho, 1), definition("h_1 = f_1"): eq(v.h, v.f)},
        conclusion(lambda v: eq(v.h - v.rho * v.fstar, v.f - v.fstar)),
        by=Algebra(),
        source=PROOF,
        mutated=(
            Mutation(
                "a hundredth more",
                claim=lambda v: {"": eq(v.h - v.rho * v.fstar, (v.f - v.fstar) * 101 / 100)},
                replay=Reference(measure_first),
            ),
        ),
    ),
    lemma(
        "landing.first_from_zero",
        "h_1 - ρ_1 f* = (1-β)(f_1 - f*), where the average starts at zero",
        "beta h rho fstar f",
        lambda v: {
            **unit(v.beta, "β"),
            definition("ρ_1 = 1-β"): eq(v.rho, 1 - v.beta),
            definition("h_1 = (1-β) f_1"): eq(v.h, (1 - v.beta) * v.f),
        },
        conclusion(lambda v: eq(v.h - v.rho * v.fstar, (1 - v.beta) * (v.f - v.fstar))),
        by=Algebra(),
        mutated=(
            Mutation(
                "without ρ",
                claim=lambda v: {"": eq(v.h - v.fstar, (1 - v.beta) * (v.f - v.fstar))},
                replay=Reference(measure_first),
            ),
        ),
    ),
    GAP.base(
        "landing.gap_first",
        "h_1 ≥ ρ_1 f*, whichever way the average starts",
        "f",
        lambda v: {
            case("ρ_1 > 0"): gt(v.rho, 0),
            definition("h_1 = ρ_1 f_1"): eq(v.h, v.rho * v.f),
            assumed("interpolation", "f_1 ≥ f*: interpolation"): ge(v.f, v.fstar),
        },
        source=PROOF,
        mutated=(
            Mutation(
                "f* may be above f_1",
                drop=("f_1 ≥ f*: interpolation",),
                fixed={"rho": (1, 2)},
                replay=Reference(measure_first),
            ),
        ),
    ),
    GAP.step(
        "landing.gap_step",
        "h_{k+1} ≥ ρ_{k+1} f*: the positive part never acts",
        "beta after f h_next rho_next",
        carried,
        source=PROOF,
        mutated=(
            Mutation(
                "f* may be above f_{k+1}",
                drop=("f_{k+1} ≥ f*: interpolation",),
                fixed={"rho": 1},
                replay=Reference(measure_next),
            ),
        ),
    ),
    lemma(
        "landing.identity",
        "h_{k+1} - ρ_{k+1} f* = (1-β)(f_{k+1} - f*) for k ≥ 1",
        "h rho fstar beta after f h_next rho_next",
        lambda v: {"from landing.gap_step: h_k ≥ ρ_k f*": ge(v.h, v.rho * v.fstar), **carried(v)},
        conclusion(lambda v: eq(v.h_next - v.rho_next * v.fstar, (1 - v.beta) * (v.f - v.fstar))),
        by=Algebra(),
        source=PROOF,
        mutated=(
            Mutation(
                "a hundredth more",
                claim=lambda v: {
                    "": eq(
                        v.h_next - v.rho_next * v.fstar, (1 - v.beta) * (v.f - v.fstar) * 101 / 100
                    )
                },
                fixed={"rho": 1},
                replay=Reference(measure_next),
            ),
            Mutation(
                "the whole of f_{k+1} - f*",
                claim=lambda v: {"": eq(v.h_next - v.rho_next * v.fstar, v.f - v.fstar)},
                fixed={"rho": 1},
                replay=Reference(measure_next),
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("landing.still", "model_below.step"): [lambda v, w: {v.mstar: w.m}],
}

NAMED = "the citing lemmas have a name for this value, and no other definition of it"
WORDS: Words = {
    ("landing", "landing.first", "ρ_1 = 1"): "the average starts at the first sample",
    ("landing", "landing.first", "h_1 = f_1"): NAMED,
    ("landing_zero", "landing.first_from_zero", "ρ_1 = 1-β"): "the average starts at zero",
    ("landing_zero", "landing.first_from_zero", "h_1 = (1-β) f_1"): NAMED,
    **{
        (theorem, "landing.identity", label): NAMED
        for theorem in ("landing", "landing_zero")
        for label in ("h_{k+1} = β m_k(x^{k+1}) + (1-β) f_{k+1}", "ρ_{k+1} = β ρ_k + (1-β)")
    },
    ("landing.*", "landing.meets", "d_k ≠ 0"): "where d_k = 0, landing.still says the same",
    ("landing.*", "landing.meets", "τ_k ||d_k||² = h_k - ρ_k f*"): NAMED,
    ("landing.*", "landing.meets", "m_k(x^{k+1}) = h_k - τ_k ||d_k||²"): NAMED,
    ("landing*", "landing.gap_first", "ρ_1 > 0"): "ρ_1 is 1 from the first sample, 1-β from zero",
}

NAMES = (
    "model_below.first",
    "model_below.zero",
    "model_below.step",
    *(lemma.name for lemma in LEMMAS),
)
INDUCTIONS = (
    Induction("k", ("model_below.first", "model_below.zero"), "model_below.step"),
    Induction("k", ("landing.gap_first",), "landing.gap_step"),
)
ASSEMBLY = (
    "The gap is at least 0 at k = 1 and, by induction, at every k; so the step is not cut"
    " off at 0 and ends where the model meets ρ_k f* (`landing.still` where d_k = 0). There the"
    " next model has the value ρ_k f* with weight β, and f_{k+1} with weight 1-β."
)


def first_gaps(s: Any, w: Any) -> dict[Any, Any]:
    """Say what the gaps of the first step are."""
    return {w.h: s.a_first + w.rho * w.fstar, w.f: s.delta_first + w.fstar}


LATER = {
    "k ≥ 2": Concluded(
        "landing.identity",
        lambda s, w: {w.h_next: s.a + w.rho_next * w.fstar, w.f: s.delta + w.fstar},
    ),
    "never below": Concluded(
        "landing.gap_step", lambda s, w: {w.h_next: s.a + w.rho_next * w.fstar}
    ),
}

THEOREM = theorem(
    STATEMENT,
    lemmas=NAMES,
    concludes={"k = 1": Concluded("landing.first", first_gaps), **LATER},
    inductions=INDUCTIONS,
    assembly=ASSEMBLY,
    kernel=("fejer_any.landing_any", "fejer_any.height_any"),
)
FROM_ZERO = theorem(
    ZERO,
    lemmas=NAMES,
    concludes={"k = 1": Concluded("landing.first_from_zero", first_gaps), **LATER},
    claims=(),
    inductions=INDUCTIONS,
    assembly=ASSEMBLY,
    kernel=("fejer_any.landing_any", "fejer_any.height_any"),
)

THEOREMS = (THEOREM, FROM_ZERO)
