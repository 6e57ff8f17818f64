"""The sums of the construction in `theory.proofs.lower_bound`: powers of p, by induction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import Algebra, Induction, Invariant, Mutation, conclusion, lemma
from theory.proofs.scalars import Relation, eq, ge, gt, le, lt, unit

POWER = Invariant("p P", lambda v: {"p^m > 0": gt(v.P, 0), "p^m ≤ 1": le(v.P, 1)})
PARTIAL = Invariant("p n P S", lambda v: {"Σ_{m=1}^n c(m) = n p^{n+1}": eq(v.S, v.n * v.p * v.P)})


def c(v: Any, m: Any, power: Any) -> Any:
    """Return ``c(m) = (1-(1-p)m) p^m``, the power given."""
    return (1 - (1 - v.p) * m) * power


def inside(v: Any) -> Mapping[str, Relation]:
    """Say where p lies."""
    return {"p > 0": gt(v.p, 0), "p < 1": lt(v.p, 1)}


def orders(v: Any) -> Mapping[str, Relation]:
    """Say where p and β lie."""
    return {**inside(v), **unit(v.beta, "β"), "β ≤ p²": le(v.beta, v.p * v.p)}


def power(v: Any) -> Mapping[str, Relation]:
    """Say that P is a power of p."""
    return {
        "from lower_bound.power_step: P > 0": gt(v.P, 0),
        "from lower_bound.power_step: P ≤ 1": le(v.P, 1),
    }


def onwards(v: Any, index: str) -> Mapping[str, Relation]:
    """Say that the index goes up by one."""
    return {
        f"{index}+1": eq(getattr(v.next, index), getattr(v, index) + 1),
        "p^{m+1} = p p^m": eq(v.P_next, v.p * v.P),
    }


def spectrum(v: Any, z: Any) -> Any:
    """Return ``Σ_{m≥0} c(m) z^m`` in closed form."""
    return 1 / (1 - v.p * z) - (1 - v.p) * v.p * z / ((1 - v.p * z) * (1 - v.p * z))


def numerator(v: Any, both: Any) -> Any:
    """Return the spectrum's numerator; ``both`` is ``z + 1/z = 2 cos ω``."""
    p = v.p
    return (1 - p) * ((1 + p) * (1 + p * p) + 4 * p * p - p * (2 + p + p * p) * both)


HALF = {"p": (1, 2)}
BOTH = {"p": (1, 2), "beta": (1, 4)}

LEMMAS = (
    POWER.base(
        "lower_bound.power_base",
        "p^0 = 1",
        "",
        lambda v: {**inside(v), "P = 1": eq(v.P, 1)},
        source="known",
        mutated=(Mutation("below 1", claim=lambda v: {"": le(v.P, v.p)}, fixed=HALF),),
    ),
    POWER.step(
        "lower_bound.power_step",
        "0 < p^m ≤ 1",
        "P_next",
        lambda v: {**inside(v), "p^{m+1} = p p^m": eq(v.P_next, v.p * v.P)},
        source="known",
        mutated=(
            Mutation(
                "p may be above 1",
                drop=("p < 1",),
            ),
        ),
    ),
    PARTIAL.base(
        "lower_bound.partial_base",
        "the empty sum",
        "",
        lambda v: {"n = 0": eq(v.n, 0), "P = 1": eq(v.P, 1), "S = 0": eq(v.S, 0)},
        by=Algebra(),
        mutated=(Mutation("one more", claim=lambda v: {"": eq(v.S, (v.n + 1) * v.P)}),),
    ),
    PARTIAL.step(
        "lower_bound.partial_step",
        "Σ_{m=1}^n c(m) = n p^{n+1}",
        "n_next P_next S_next",
        lambda v: {
            **onwards(v, "n"),
            "S + c(n+1)": eq(v.S_next, v.S + c(v, v.n_next, v.P_next)),
        },
        by=Algebra(lambda v: {"induction: Σ_{m=1}^n c(m) = n p^{n+1}": 1}),
        mutated=(
            Mutation(
                "p^n for p^{n+1}",
                claim=lambda v: {"": eq(v.S_next, v.n_next * v.P_next)},
                fixed=HALF,
            ),
        ),
    ),
    lemma(
        "lower_bound.decrease",
        "c(m) ≤ β c(m-1) for m ≥ 1 and p² = β",
        "beta p m P c before",
        lambda v: {
            **inside(v),
            **power(v),
            "β = p²": eq(v.beta, v.p * v.p),
            "m ≥ 1": ge(v.m, 1),
            "c(m-1), P = p^{m-1}": eq(v.before, c(v, v.m - 1, v.P)),
            "c(m)": eq(v.c, c(v, v.m, v.p * v.P)),
        },
        conclusion(lambda v: le(v.c, v.beta * v.before)),
        by=Algebra(lambda v: {"m ≥ 1": v.p * v.P * (1 - v.p) * (1 - v.p)}),
        mutated=(
            Mutation(
                "m may be below 1",
                drop=("m ≥ 1",),
                fixed=HALF,
            ),
            Mutation(
                "a hundredth less",
                claim=lambda v: {"": le(v.c + v.P / 100, v.beta * v.before)},
                fixed=HALF,
            ),
        ),
    ),
    lemma(
        "lower_bound.negative",
        "c(n) ≤ 0 for n ≥ 1/(1-p)",
        "p n P c",
        lambda v: {
            **inside(v),
            **power(v),
            "n ≥ 1/(1-p)": ge(v.n * (1 - v.p), 1),
            "c(n)": eq(v.c, c(v, v.n, v.P)),
        },
        conclusion(lambda v: le(v.c, 0)),
        by=Algebra(lambda v: {"n ≥ 1/(1-p)": v.P}),
        mutated=(Mutation("for every n", drop=("n ≥ 1/(1-p)",), fixed=HALF),),
    ),
    lemma(
        "lower_bound.spectrum",
        "(C(z)+C(1/z)-1)(1-pz)²(1-p/z)² = (1-p)((1+p)(1+p²)+4p²-p(2+p+p²)(z+1/z))",
        "p z value",
        lambda v: {
            **inside(v),
            "z ≠ 0": gt(v.z * v.z, 0),
            "pz ≠ 1": gt((1 - v.p * v.z) * (1 - v.p * v.z), 0),
            "z ≠ p": gt((v.z - v.p) * (v.z - v.p), 0),
            "C(z)+C(1/z)-1": eq(v.value, spectrum(v, v.z) + spectrum(v, 1 / v.z) - 1),
        },
        conclusion(
            lambda v: eq(
                v.value * (1 - v.p * v.z) * (1 - v.p * v.z) * (1 - v.p / v.z) * (1 - v.p / v.z),
                numerator(v, v.z + 1 / v.z),
            )
        ),
        by=Algebra(),
        mutated=(
            Mutation(
                "without 4p²",
                claim=lambda v: {
                    "": eq(
                        v.value
                        * (1 - v.p * v.z)
                        * (1 - v.p * v.z)
                        * (1 - v.p / v.z)
                        * (1 - v.p / v.z),
                        numerator(v, v.z + 1 / v.z) - (1 - v.p) * 4 * v.p * v.p,
                    )
                },
                fixed={"p": (1, 2), "z": 1},
            ),
        ),
    ),
    lemma(
        "lower_bound.spectrum_sign",
        "(1-p)((1+p)(1+p²)+4p²-2p(2+p+p²)cos ω) ≥ (1-p)⁴ > 0",
        "p cos value",
        lambda v: {
            **inside(v),
            "cos ω ≤ 1": le(v.cos, 1),
            "cos ω ≥ -1": ge(v.cos, -1),
            "value": eq(v.value, numerator(v, 2 * v.cos)),
        },
        conclusion(lambda v: ge(v.value, (1 - v.p) * (1 - v.p) * (1 - v.p) * (1 - v.p))),
        by=Algebra(lambda v: {"cos ω ≤ 1": 2 * v.p * (1 - v.p) * (2 + v.p + v.p * v.p)}),
        mutated=(
            Mutation(
                "half of (1-p)³ more",
                claim=lambda v: {
                    "": ge(2 * v.value, 3 * (1 - v.p) * (1 - v.p) * (1 - v.p) * (1 - v.p))
                },
                fixed=HALF,
            ),
        ),
    ),
)

INDUCTIONS = (
    Induction("m", ("lower_bound.power_base",), "lower_bound.power_step"),
    Induction("n", ("lower_bound.partial_base",), "lower_bound.partial_step"),
)
