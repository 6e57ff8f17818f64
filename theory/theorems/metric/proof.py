"""Metrics that change from step to step: monotone preconditioners, where the paper proves nothing.

P_k is diagonal here, as MoMo-Adam's, so that an order between metrics is one between entries. For
other metrics `metric.dual_entry` is the known fact that the inverse reverses the order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.proofs.base import (
    Algebra,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    Theorem,
    conclusion,
    lemma,
)
from theory.proofs.hypotheses import assumed, definition, geometry
from theory.proofs.replay import Scheduled, made, step_with
from theory.proofs.scalars import Relation, Statement, eq, ge, gram, gt, le
from theory.theorems.fejer import proof as fejer
from theory.theorems.norm_recursion import proof as norm_recursion
from theory.theorems.sharp_rate import proof as sharp_rate

STEP = "from fejer.step, in P_k: ||x^{k+1}-x*||² ≤ ||x^k-x*||² - decrease_k"
SIGN = "from fejer.capped: decrease_k ≥ 0"
ADDED = Invariant("S dist R2", lambda v: {"S_k + ||x^k-x*||²_{P_k} ≤ R_k²": le(v.S + v.dist, v.R2)})
GROWN = Invariant(
    "S dist product D2",
    lambda v: {
        "S_k + ||x^k-x*||²_{P_k} ≤ Π_{j<k}(1+η_j) D²": le(v.S + v.dist, v.product * v.D2),
        "S_k ≥ 0": ge(v.S, 0),
    },
)
SHRUNK = Invariant("S dist D2", lambda v: {"S_k + ||x^k-x*||²_{P_k} ≤ D²": le(v.S + v.dist, v.D2)})


def measure(v: Any) -> Mapping[str, float]:
    """Take a step in ``P_k = I`` that decreases the squared distance by the given amount.

    ``P_{k+1}`` is the multiple of it in which the distance afterwards is as given.
    """
    cosine = np.sqrt(v.decrease / v.dist)
    d = np.array([cosine, np.sqrt(1 - cosine**2), 0.0])
    e = np.array([np.sqrt(v.dist), 0.0, 0.0])
    ratio = v.dist_next / (v.dist - v.decrease)
    one = np.ones(3)
    how = made(0.5, Scheduled((one, one, ratio * one)), 0.0)
    taken = step_with(how, fejer.SOLUTION + e, d, float(d @ e))
    later, _ = how.preconditioner.update(None, d, 3)
    after = taken.x_next - fejer.SOLUTION
    decrease = float(taken.info.value**2 / taken.info.dual_norm_sq)
    return {
        "decrease": decrease,
        "after": float(after @ after),
        "dist_next": float(later.norm_sq(after)),
        "S_next": v.S + decrease,
    }


def measure_norm(v: Any) -> Mapping[str, float]:
    """Take two steps, the second in a larger metric, and measure ``||D_{k+1}||²`` in it."""
    _, second, _, _ = norm_recursion.taken_pair(v, v.gg, v.N_before / v.N_next)
    return {
        "N_next": float(second.info.dual_norm_sq) / (1 - v.beta) ** 2,
        "delta_next": float(second.info.value) / (1 - v.beta),
    }


def summed(v: Any) -> Mapping[str, Relation]:
    """Say what a step does to the sum, and to the distance in its own metric."""
    return {
        definition("S_{k+1} = S_k + decrease_k"): eq(v.S_next, v.S + v.decrease),
        STEP: le(v.after, v.dist - v.decrease),
    }


def real(v: Any) -> Mapping[str, Relation]:
    """Ask for a step that can be taken, with equality in the Fejér step."""
    return {
        "equality": eq(v.after, v.dist - v.decrease),
        "a step": ge(v.decrease, 1),
        "not to the solution": ge(v.after, 1),
        "a metric": ge(v.dist_next, 1),
    }


def replayed(what: str, claim: Statement | None, *drop: str) -> Mutation:
    """Return a mutation that a step of the reference refutes."""
    return Mutation(what, claim, drop, real=real, replay=Reference(measure))


def larger(v: Any) -> Mapping[str, Relation]:
    """Say that the metric does not shrink, for one of its entries."""
    return {
        assumed("diagonal_metrics", "P_k > 0"): gt(v.entry, 0),
        assumed("diagonal_metrics", "P_{k+1} ≥ P_k"): ge(v.entry_next, v.entry),
    }


REPLACED = "from metric.dual_entry: ||D_{k+1}||² in P_{k+1}^{-1} is at most that in P_k^{-1}"


def decreased(v: Any, w: Any) -> dict[Any, Any]:
    """Say what the distance and the decrease are in the Fejér step, in P_k."""
    return {v.dist: w.ee, v.decrease: w.tau * (2 * w.a - w.tau * w.N)}


LEMMAS = (
    lemma(
        "metric.dual_entry",
        "z²/P_{k+1} ≤ z²/P_k where P_{k+1} ≥ P_k > 0, for one entry",
        "entry entry_next z",
        larger,
        conclusion(lambda v: le(v.z * v.z / v.entry_next, v.z * v.z / v.entry)),
        mutated=(
            Mutation(
                "the metric may shrink",
                claim=lambda v: {"": le(v.z * v.z * v.entry, v.z * v.z * v.entry_next)},
                drop=("P_{k+1} ≥ P_k",),
                real=lambda v: {"P_{k+1} > 0": gt(v.entry_next, 0)},
            ),
        ),
    ),
    lemma(
        "metric.entry",
        "P_{k+1} z² ≥ P_k z², for one entry",
        "entry entry_next z",
        larger,
        conclusion(lambda v: ge(v.entry_next * v.z * v.z, v.entry * v.z * v.z)),
        mutated=(Mutation("the metric may shrink", drop=("P_{k+1} ≥ P_k",)),),
    ),
    ADDED.base(
        "metric.added_base",
        "nothing is summed: R_1² = ||x^1-x*||²_{P_1}",
        "",
        lambda v: {definition("S_1 = 0"): eq(v.S, 0), definition("R_1²"): eq(v.R2, v.dist)},
        mutated=(Mutation("smaller", claim=lambda v: {"": le(v.S + v.dist, v.R2 * 99 / 100)}),),
    ),
    ADDED.step(
        "metric.added_step",
        "R_{k+1}² = R_k² + ||x^{k+1}-x*||² in P_{k+1}-P_k, whatever the metrics",
        "decrease after extra S_next dist_next R2_next",
        lambda v: {
            **summed(v),
            definition("||x^{k+1}-x*||²_{P_{k+1}} = ||x^{k+1}-x*||²_{P_k} + extra"): eq(
                v.dist_next, v.after + v.extra
            ),
            definition("R_{k+1}² = R_k² + extra"): eq(v.R2_next, v.R2 + v.extra),
        },
        mutated=(
            replayed(
                "without the change of the metric",
                lambda v: {"": le(v.S_next + v.dist_next, v.R2)},
            ),
        ),
    ),
    GROWN.base(
        "metric.grown_base",
        "nothing is summed, the product is empty",
        "",
        lambda v: {
            definition("S_1 = 0"): eq(v.S, 0),
            definition("D² = ||x^1-x*||²_{P_1}"): eq(v.D2, v.dist),
            definition("empty product"): eq(v.product, 1),
        },
        mutated=(
            Mutation(
                "smaller", claim=lambda v: {"": le(v.S + v.dist, v.product * v.D2 * 99 / 100)}
            ),
        ),
    ),
    GROWN.step(
        "metric.grown_step",
        "where P_{k+1} ⪯ (1+η_k) P_k: the product takes the factor 1+η_k",
        "decrease after eta S_next dist_next product_next",
        lambda v: {
            **summed(v),
            SIGN: ge(v.decrease, 0),
            assumed("bounded_growth", "η_k ≥ 0"): ge(v.eta, 0),
            "from metric.entry: ||x^{k+1}-x*||²_{P_{k+1}} ≤ (1+η_k)||x^{k+1}-x*||²_{P_k}": le(
                v.dist_next, (1 + v.eta) * v.after
            ),
            definition("product"): eq(v.product_next, (1 + v.eta) * v.product),
        },
        mutated=(
            replayed(
                "without the factor",
                lambda v: {"": le(v.S_next + v.dist_next, v.product * v.D2)},
            ),
        ),
    ),
    SHRUNK.base(
        "metric.shrunk_base",
        "nothing is summed: D² = ||x^1-x*||²_{P_1}",
        "",
        lambda v: {definition("S_1 = 0"): eq(v.S, 0), definition("D²"): eq(v.D2, v.dist)},
        mutated=(Mutation("smaller", claim=lambda v: {"": le(v.S + v.dist, v.D2 * 99 / 100)}),),
    ),
    SHRUNK.step(
        "metric.shrunk_step",
        "where P_{k+1} ⪯ P_k nothing is added",
        "decrease after S_next dist_next",
        lambda v: {
            **summed(v),
            "from metric.entry: ||x^{k+1}-x*||²_{P_{k+1}} ≤ ||x^{k+1}-x*||²_{P_k}": le(
                v.dist_next, v.after
            ),
        },
        mutated=(
            replayed(
                "the metric may grow",
                None,
                "from metric.entry: ||x^{k+1}-x*||²_{P_{k+1}} ≤ ||x^{k+1}-x*||²_{P_k}",
            ),
        ),
    ),
    lemma(
        "metric.end",
        "Σ_{k≤K} decrease_k ≤ R², R² = R_K², Π_{k<K}(1+η_k) D², or D²",
        "S dist R2",
        lambda v: {
            "from metric.added_step, metric.grown_step, metric.shrunk_step": le(v.S + v.dist, v.R2),
            geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
        },
        conclusion(lambda v: le(v.S, v.R2)),
        mutated=(Mutation("smaller", claim=lambda v: {"": le(v.S, v.R2 * 99 / 100)}),),
    ),
    lemma(
        "metric.norm",
        "N_{k+1} ≤ G² + β² N_k + 2β N_k (1 - δ_{k+1}/δ_k), N_{k+1} in P_{k+1}^{-1} ⪯ P_k^{-1}",
        "beta delta delta_next N N_before N_next gD gg G2",
        lambda v: {
            **norm_recursion.recursion(v, v.N_before),
            REPLACED: le(v.N_next, v.N_before),
        },
        conclusion(
            lambda v: le(
                v.N_next,
                v.G2 + v.beta * v.beta * v.N + 2 * v.beta * v.N * (1 - v.delta_next / v.delta),
            )
        ),
        by=Algebra(
            lambda v: {
                "||g_{k+1}||² ≤ G²": 1,
                norm_recursion.DESCENT: 2 * v.beta / v.delta,
                REPLACED: 1,
            },
        ),
        mutated=(
            Mutation(
                "without the progress",
                claim=lambda v: {"": le(v.N_next, v.G2 + v.beta * v.beta * v.N)},
                real=lambda v: {
                    **gram([v.N, v.gD], [v.gD, v.gg]),
                    "δ": ge(v.delta, 1),
                    "δ'": ge(v.delta_next, 0),
                    "N": ge(v.N, 1),
                    "N'": ge(v.N_next, 1),
                },
                fixed={"beta": (1, 2), "G2": 4},
                replay=Reference(measure_norm),
            ),
        ),
    ),
    lemma(
        "metric.gradient",
        "||g_{k+1}||² in P_k^{-1}, as metric.norm has it, is at most that in P_1^{-1}, hence G²",
        "now first G2",
        lambda v: {
            "from metric.dual_entry, k-1 times": le(v.now, v.first),
            assumed("path_gradients", "G bounds ||g_{k+1}|| in P_1^{-1}"): le(v.first, v.G2),
        },
        conclusion(lambda v: le(v.now, v.G2)),
        mutated=(Mutation("smaller", claim=lambda v: {"": le(v.now, v.G2 * 99 / 100)}),),
    ),
)


MEANINGS: Meanings = {
    ("metric.added_step", "fejer.step"): [decreased],
    ("metric.grown_step", "fejer.step"): [decreased],
    ("metric.shrunk_step", "fejer.step"): [decreased],
    ("metric.grown_step", "metric.entry"): [
        lambda v, w: {
            v.dist_next: w.entry * w.z * w.z,
            v.after: w.entry_next * w.z * w.z / (1 + v.eta),
        }
    ],
    ("metric.shrunk_step", "metric.entry"): [
        lambda v, w: {v.dist_next: w.entry * w.z * w.z, v.after: w.entry_next * w.z * w.z}
    ],
    ("metric.norm", "metric.dual_entry"): [
        lambda v, w: {v.N_next: w.z * w.z / w.entry_next, v.N_before: w.z * w.z / w.entry}
    ],
    ("metric.gradient", "metric.dual_entry"): [
        lambda v, w: {v.now: w.z * w.z / w.entry_next, v.first: w.z * w.z / w.entry}
    ],
}

SUMMED = Theorem(
    name="metric_summed",
    title="summed, changing metric",
    statement="Σ_{k≤K} (h_k-ρ_k f*)²/||d_k||²_{P_k^{-1}} ≤ R²: R² = D² +"
    " Σ_{k<K}||x^{k+1}-x*||²_{P_{k+1}-P_k} for any metrics; R² ≤ Π_{k<K}(1+η_k) D² where P_{k+1} ⪯"
    " (1+η_k)P_k, η_k ≥ 0; ≤ D² where they decrease;"
    " D = ||x^1-x*||_{P_1}",
    claims=("frozen_fejer", "growing_fejer", "growing_rate"),
    assumptions=(
        "every f(·,s) is convex with f(x*,s) = f* = inf f(·,s)",
        "f_*^k = f*, α_k = ∞, λ = 0; diagonal metrics P_k",
    ),
    lemmas=(
        *fejer.THEOREM.lemmas,
        *(lemma.name for lemma in LEMMAS if lemma.name not in ("metric.norm", "metric.gradient")),
    ),
    inductions=(
        *fejer.THEOREM.inductions,
        Induction("k", ("metric.added_base",), "metric.added_step"),
        Induction("k", ("metric.grown_base",), "metric.grown_step"),
        Induction("k", ("metric.shrunk_base",), "metric.shrunk_step"),
    ),
    assembly="The Fejér step in P_k, then the change to P_{k+1}. The metric after the last step is"
    " free: take P_K itself.",
    kernel=(
        "metric_summed_any.metric_summed_any",
        "metric_summed_any.metric_radius_any",
        "metric_summed_any.metric_summed_any_shrinking",
    ),
)

THEOREM = Theorem(
    name="metric",
    title="sharp rate, growing metric",
    statement="min_{k≤K} f(x^k) - f* ≤ G R/sqrt(1 + Σ_{k<K} (1-β²)/(1-β^{2k})): one function, from"
    " zero, P_{k+1} ⪰ P_k; G bounds ||g_k||_{P_1^{-1}}, R as in the summed inequality"
    " (frozen: R = D)",
    claims=("growing_sharp_rate",),
    assumptions=(
        "one convex function with minimum f* at x*; G > 0",
        "f_*^k = f*, α_k = ∞, λ = 0; the average starts at zero; diagonal P_k that do not decrease",
    ),
    lemmas=tuple(
        dict.fromkeys(
            (
                *sharp_rate.THEOREM.lemmas,
                *(lemma.name for lemma in LEMMAS),
            )
        )
    ),
    inductions=(*sharp_rate.THEOREM.inductions, *SUMMED.inductions[1:]),
    assembly="As the sharp rate from zero, with metric.norm for norm_recursion.norm, and R for D."
    " In sharp_rate.longest_step and sharp_rate.last the norms are those of the step's metric.",
    kernel=("metric_growing.metric", "sharp_rate_any.sharp_rate_any_zero"),
)

THEOREMS = (SUMMED, THEOREM)
