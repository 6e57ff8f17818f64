"""MoMo* before bootstrapping: the Fejér step says how far its estimates may lie above f*.

With the estimate ``f̂_k = h_k - ½ τ_k ||d_k||²``, from which the next bound is made, the Fejér step
reads ``||x^{k+1}-x*||² <= ||x^k-x*||² - 2 τ_k (f̂_k - ρ_k f*)``, for every step size and so for
every bound, reset or not, capped or not. In metrics that change it is summed with the products
``η_k = Π_j c_j`` of numbers ``c_{k+1}`` with ``c_{k+1} ||z||²_{P_{k+1}} <= ||z||²_{P_k}``, such as
the least eigenvalues of ``P_{k+1}^{-1} P_k``. MoMo* drops the term D² that is left: that is its
bootstrapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.proofs.base import (
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
from theory.proofs.replay import identity, made, step_with, vectors
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, maximum, unit
from theory.theorems.fejer import proof as fejer
from theory.theorems.online_sum.statement import ONLINE_SUM

SUM = Invariant(
    "S eta dist D2",
    lambda v: {"S_k + η_k ||x^k-x*||² ≤ D²": le(v.S + v.eta * v.dist, v.D2)},
)
ABOVE = Invariant("h floor", lambda v: {"h_k ≥ f_*^1": ge(v.h, v.floor)})
SUPPORTS = "from fejer.supports: <d_k, x^k-x*> ≥ h_k - ρ_k f*"
STEP = "from online_sum.step"
PRODUCT = "from online_sum.product"
LANDED = "T M ≤ Σ τ_k (h_k - f*) + T β (f* - f_*^1), by online_sum.landing"


def measure(v: Any) -> Mapping[str, float]:
    """Take a step, capped at τ, with the given inner products, and measure it; f* = 0."""
    d, e = vectors([[v.N, v.de], [v.de, v.ee]])
    taken = step_with(made(0.5, identity(3), -1e3, lr=v.tau), fejer.SOLUTION + e, d, v.h)
    after = taken.x_next - fejer.SOLUTION
    found = {"h": float(taken.info.value), "tau": float(taken.info.step_size)}
    return {**found, "after": float(after @ after)}


def landed(v: Any) -> dict[str, Relation]:
    """Say where a step ends, with any bound that is at least the first one."""
    return {
        **unit(v.beta, "β"),
        **{
            definition(label): relation
            for label, relation in maximum(v.room, "(h_k - f_*^k)_+", v.h - v.used, 0).items()
        },
        case("τ_k ||d_k||² ≤ (h_k - f_*^k)_+"): le(v.moved, v.room),
        case("f_*^k ≥ f_*^1, reset or not"): ge(v.used, v.floor),
        definition("h_{k+1} = β (h_k - τ_k ||d_k||²) + (1-β) f_{k+1}"): eq(
            v.h_next, v.beta * (v.h - v.moved) + (1 - v.beta) * v.f
        ),
        assumed("floor_below", "f_*^1 ≤ f*"): le(v.floor, v.fstar),
    }


LEMMAS = (
    lemma(
        "online_sum.step",
        "||x^{k+1}-x*||² ≤ ||x^k-x*||² - 2τ_k(f̂_k - ρ_k f*), f̂_k = h_k - ½τ_k||d_k||², any τ_k ≥ 0",
        "h rho fstar de ee N tau estimate after",
        lambda v: {
            case("τ_k ≥ 0"): ge(v.tau, 0),
            definition("f̂_k"): eq(v.estimate, v.h - v.tau * v.N / 2),
            SUPPORTS: ge(v.de, v.h - v.rho * v.fstar),
            definition("the square of x^k - x* - τ_k d_k"): eq(
                v.after, v.ee - 2 * v.tau * v.de + v.tau * v.tau * v.N
            ),
        },
        conclusion(lambda v: le(v.after, v.ee - 2 * v.tau * (v.estimate - v.rho * v.fstar))),
        by=Algebra(lambda v: {SUPPORTS: 2 * v.tau}),
        mutated=(
            Mutation(
                "½ becomes 0.45",
                claim=lambda v: {
                    "": le(v.after, v.ee - 2 * v.tau * (v.h - v.tau * v.N * 45 / 100)),
                },
                real=lambda v: {
                    **gram([v.N, v.de], [v.de, v.ee]),
                    "α": ge(v.tau, 1),
                    "d": ge(v.N, 1),
                    "h": ge(v.h, 1),
                },
                fixed={"rho": 1, "fstar": 0},
                replay=Reference(measure),
            ),
        ),
    ),
    lemma(
        "online_sum.product",
        "η_{k+1} ||x^{k+1}-x*||²_{P_{k+1}} ≤ η_k ||x^{k+1}-x*||²_{P_k}, η_{k+1} = η_k c_{k+1}",
        "eta eta_next c after dist_next",
        lambda v: {
            case("η_k > 0"): gt(v.eta, 0),
            case("c_{k+1} ||z||²_{P_{k+1}} ≤ ||z||²_{P_k}"): le(v.c * v.dist_next, v.after),
            definition("η_{k+1} = η_k c_{k+1}"): eq(v.eta_next, v.eta * v.c),
        },
        conclusion(lambda v: le(v.eta_next * v.dist_next, v.eta * v.after)),
        by=Algebra(lambda v: {"c_{k+1} ||z||²_{P_{k+1}} ≤ ||z||²_{P_k}": v.eta}),
        mutated=(
            Mutation(
                "0.99",
                claim=lambda v: {"": le(100 * v.eta_next * v.dist_next, 99 * v.eta * v.after)},
                fixed={"eta": 1},
            ),
        ),
    ),
    SUM.base(
        "online_sum.base",
        "nothing is summed",
        "",
        lambda v: {
            definition("S = 0"): eq(v.S, 0),
            definition("η_1 = 1"): eq(v.eta, 1),
            definition("D"): eq(v.D2, v.dist),
        },
        mutated=(Mutation("0.99", claim=lambda v: {"": le(100 * v.dist, 99 * v.D2)}),),
    ),
    SUM.step(
        "online_sum.sum",
        "S_k = Σ_{j<k} 2 η_j τ_j (f̂_j - ρ_j f*)",
        "tau estimate rho fstar after S_next eta_next dist_next",
        lambda v: {
            case("η_k > 0"): gt(v.eta, 0),
            definition("S_{k+1}"): eq(
                v.S_next, v.S + 2 * v.eta * v.tau * (v.estimate - v.rho * v.fstar)
            ),
            STEP: le(v.after, v.dist - 2 * v.tau * (v.estimate - v.rho * v.fstar)),
            PRODUCT: le(v.eta_next * v.dist_next, v.eta * v.after),
        },
        by=Algebra(lambda v: {"induction: S_k + η_k ||x^k-x*||² ≤ D²": 1, STEP: v.eta, PRODUCT: 1}),
        mutated=(
            Mutation(
                "1.01 times the term",
                claim=lambda v: {
                    "": le(
                        v.S_next
                        + v.eta * v.tau * (v.estimate - v.rho * v.fstar) / 50
                        + v.eta_next * v.dist_next,
                        v.D2,
                    )
                },
                real=lambda v: {"S": ge(v.S, 0), "τ": ge(v.tau, 1), "a": ge(v.estimate, 1)},
                fixed={"fstar": 0, "eta": 1, "eta_next": 1, "rho": 1},
            ),
        ),
    ),
    lemma(
        "online_sum.estimates",
        "F ≤ f* + D²/(2T), F = Σ η_k τ_k f̂_k/T, T = Σ η_k τ_k ρ_k",
        "S eta dist D2 F T fstar",
        lambda v: {
            case("T > 0"): gt(v.T, 0),
            case("η > 0"): gt(v.eta, 0),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
            definition("S = 2T(F - f*)"): eq(v.S, 2 * v.T * (v.F - v.fstar)),
            "from online_sum.sum": le(v.S + v.eta * v.dist, v.D2),
        },
        conclusion(lambda v: le(v.F, v.fstar + v.D2 / (2 * v.T))),
        by=Algebra(
            lambda v: {
                "from online_sum.sum": 1 / (2 * v.T),
                "||x^{K+1}-x*||² ≥ 0": v.eta / (2 * v.T),
            }
        ),
        mutated=(
            Mutation(
                "½ becomes 0.49",
                claim=lambda v: {"": le(v.F * v.T, v.fstar * v.T + v.D2 * 49 / 100)},
                fixed={"T": 1, "eta": 1},
            ),
        ),
    ),
    ABOVE.base(
        "online_sum.above_base",
        "h_1 = f_1 ≥ f* ≥ f_*^1",
        "f fstar",
        lambda v: {
            definition("h_1 = f_1"): eq(v.h, v.f),
            assumed("interpolation", "f_1 ≥ f*"): ge(v.f, v.fstar),
            assumed("floor_below", "f_*^1 ≤ f*"): le(v.floor, v.fstar),
        },
        mutated=(Mutation("a little more", claim=lambda v: {"": ge(v.h, v.floor + 1)}),),
    ),
    ABOVE.step(
        "online_sum.above_step",
        "no step takes the model below f_*^1, so h_{k+1} ≥ f_*^1",
        "beta fstar f used room moved h_next",
        lambda v: {**landed(v), assumed("interpolation", "f_{k+1} ≥ f*"): ge(v.f, v.fstar)},
        mutated=(
            Mutation(
                "the bound may fall below f_*^1",
                drop=("f_*^k ≥ f_*^1, reset or not",),
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "online_sum.landing",
        "h_{k+1} - f* ≥ (1-β)(f_{k+1} - f*) - β(f* - f_*^1)",
        "beta h floor fstar f used room moved h_next",
        lambda v: {**landed(v), "from online_sum.above_step: h_k ≥ f_*^1": ge(v.h, v.floor)},
        conclusion(
            lambda v: ge(
                v.h_next - v.fstar,
                (1 - v.beta) * (v.f - v.fstar) - v.beta * (v.fstar - v.floor),
            )
        ),
        mutated=(
            Mutation(
                "nothing is lost to the bound",
                claim=lambda v: {"": ge(v.h_next - v.fstar, (1 - v.beta) * (v.f - v.fstar))},
                fixed={"beta": (1, 2)},
            ),
        ),
    ),
    lemma(
        "online_sum.points",
        "M ≤ D²/(2T) + Q/2 + β(f* - f_*^1)",
        "S eta dist D2 M T Q A fstar floor beta",
        lambda v: {
            case("T > 0"): gt(v.T, 0),
            case("η > 0"): gt(v.eta, 0),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
            definition("S = 2A - T Q, A = Σ τ_k (h_k - f*), all η_k = 1"): eq(
                v.S, 2 * v.A - v.T * v.Q
            ),
            case(LANDED): le(v.T * v.M, v.A + v.T * v.beta * (v.fstar - v.floor)),
            "from online_sum.sum": le(v.S + v.eta * v.dist, v.D2),
        },
        conclusion(lambda v: le(v.M, v.D2 / (2 * v.T) + v.Q / 2 + v.beta * (v.fstar - v.floor))),
        by=Algebra(
            lambda v: {
                "from online_sum.sum": 1 / (2 * v.T),
                "||x^{K+1}-x*||² ≥ 0": v.eta / (2 * v.T),
                LANDED: 1 / v.T,
            }
        ),
        mutated=(
            Mutation(
                "without the part of the bound",
                claim=lambda v: {"": le(2 * v.T * v.M, v.D2 + v.T * v.Q)},
                real=lambda v: {"β": ge(v.beta, 0), "below": ge(v.fstar, v.floor)},
                fixed={"T": 1, "eta": 1, "beta": (1, 2)},
            ),
        ),
    ),
)

MEANINGS: Meanings = {
    ("online_sum.sum", "online_sum.step"): [lambda v, w: {w.ee: v.dist}],
}

NAMED = "the citing lemma has a name for this value, and no other definition of it"
WORDS: Words = {
    ("online_sum.sum", "online_sum.step", "τ_k ≥ 0"): "a step size is never negative",
    ("online_sum.sum", "online_sum.step", "f̂_k"): NAMED,
    ("online_sum.sum", "online_sum.step", "the square of x^k - x* - τ_k d_k"): NAMED,
    (
        "online_sum.sum",
        "online_sum.product",
        "c_{k+1} ||z||²_{P_{k+1}} ≤ ||z||²_{P_k}",
    ): "so c_{k+1} is chosen: the least eigenvalue of P_{k+1}^{-1} P_k, and 1 for a fixed metric",
    ("online_sum.landing", "online_sum.above_step", "f_{k+1} ≥ f*"): "interpolation, at step k",
    ("online_sum", "online_sum.estimates", "η > 0"): "in one metric η = 1",
    ("online_sum", "online_sum.points", "η > 0"): "in one metric η = 1",
    ("online_sum", "online_sum.points", LANDED): "online_sum.landing times τ_k, summed",
}

THEOREM = theorem(
    ONLINE_SUM,
    lemmas=(
        *(name for name in fejer.THEOREM.lemmas if name.startswith("model_below")),
        "fejer.supports",
        *(lemma.name for lemma in LEMMAS),
    ),
    concludes={
        "estimates": Concluded("online_sum.estimates", lambda s, w: {w.D2: s.D**2}),
        "points": Concluded("online_sum.points", lambda s, w: {w.D2: s.D**2}),
    },
    inductions=(
        *fejer.THEOREM.inductions,
        Induction("k", ("online_sum.base",), "online_sum.sum"),
        Induction("k", ("online_sum.above_base",), "online_sum.above_step"),
    ),
    assembly="One metric: c_k = η_k = ρ_k = 1. The bound that a step uses is a maximum with f_*^1,"
    " after a reset as well (online_bound). At k = 1 h_1 - f* = f_1 - f*, later online_sum.landing"
    " gives w_k (f_k - f*) ≤ h_k - f* + β(f* - f_*^1), times τ_k and summed. A step with d_k = 0"
    " does not move, and has τ_k = 0.",
)

THEOREMS = (THEOREM,)
