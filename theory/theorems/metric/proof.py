"""Metrics that change from step to step: monotone preconditioners, where the paper proves nothing.

P_k is diagonal here, as MoMo-Adam's, so that an order between metrics is one between entries. For
other metrics `metric.dual_entry` is the known fact that the inverse reverses the order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from theory.formula import sqrt, total
from theory.proofs.base import (
    Concluded,
    Induction,
    Invariant,
    Meanings,
    Mutation,
    Reference,
    Theorem,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import Words, assumed, definition, geometry
from theory.proofs.replay import Scheduled, made, step_with
from theory.proofs.scalars import Relation, Statement, eq, ge, gt, le
from theory.statement import Statement as Formal
from theory.theorems.fejer import proof as fejer
from theory.theorems.metric import proof_growing as growing
from theory.theorems.metric.statement import GROWN as BOUNDED
from theory.theorems.metric.statement import SHARP, SUMMED
from theory.theorems.metric.statement import SHRUNK as SHRINKING
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


def summed(v: Any) -> Mapping[str, Relation]:
    """Say what a step does to the sum, and to the distance in its own metric."""
    return {
        definition("S_{k+1} = S_k + decrease_k"): eq(v.S_next, v.S + v.decrease),
        STEP: le(v.after, v.dist - v.decrease),
    }


def summed_up(label: str, v: Any) -> Mapping[str, Relation]:
    """Say what the sum and the last distance are at most."""
    return {
        label: le(v.S + v.dist, v.R2),
        geometry("||x^{K+1}-x*||² ≥ 0"): ge(v.dist, 0),
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
    *(
        lemma(
            f"metric.end_{how}",
            f"Σ_{{k≤K}} decrease_k ≤ R², R² = {what}",
            "S dist R2",
            partial(summed_up, f"from metric.{how}_step"),
            conclusion(lambda v: le(v.S, v.R2)),
            mutated=(Mutation("smaller", claim=lambda v: {"": le(v.S, v.R2 * 99 / 100)}),),
        )
        for how, what in (("added", "R_K²"), ("grown", "Π_{k<K} (1+η_k) D²"), ("shrunk", "D²"))
    ),
    *growing.LEMMAS,
)


NAMED = "the citing lemmas have a name for this value, and no other definition of it"
WORDS: Words = {
    ("metric.*", "fejer.step", "the square of x^k - x* - τ_k D^{-1} d_k"): NAMED,
    ("metric.grown_step", "fejer.capped", "decrease"): NAMED,
    ("metric.rate", "metric.from_zero", "δ_K ≥ 1"): "δ is counted in units of the least of all δ_k",
    ("metric", "metric.rate", "m > 0"): "where some δ_k = 0 there is nothing to prove",
    ("metric", "metric.rate", "A > 0"): "1 and a sum of positive numbers",
    ("metric", "metric.rate", "√A > 0"): "1 and a sum of positive numbers",
}

MEANINGS: Meanings = {
    **growing.MEANINGS,
    ("metric.added_step", "fejer.step"): [decreased],
    ("metric.end_grown", "metric.grown_step"): [lambda v, w: {v.R2: w.product * w.D2}],
    ("metric.end_shrunk", "metric.shrunk_step"): [lambda v, w: {w.D2: v.R2}],
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
}


def summed_theorem(
    statement: Formal,
    how: str,
    ordered: bool,
    size: Callable[[Any], Any],
    claims: tuple[str, ...],
    kernel: tuple[str, ...],
) -> Theorem:
    """Return the summed inequality for one way of changing; ``size`` is R² in its quantities."""
    entry = ("metric.entry",) if ordered else ()
    own = (f"metric.{how}_base", f"metric.{how}_step", f"metric.end_{how}")
    return theorem(
        statement,
        lemmas=(*fejer.THEOREM.lemmas, *entry, *own),
        concludes=Concluded(f"metric.end_{how}", lambda s, w: {w.R2: size(s)}),
        claims=claims,
        inductions=(*fejer.THEOREM.inductions, Induction("k", own[:1], own[1])),
        assembly="The Fejér step in P_k, then the change to P_{k+1}. The metric after the last step"
        " is free: take P_K itself.",
        kernel=kernel,
    )


ADDED_UP = summed_theorem(
    SUMMED,
    "added",
    False,
    lambda s: s.R**2,
    ("frozen_fejer", "growing_fejer", "growing_rate"),
    ("metric_summed_any.metric_summed_any",),
)
GROWN_UP = summed_theorem(
    BOUNDED,
    "grown",
    True,
    lambda s: s.product * s.D**2,
    (),
    ("metric_summed.metric_summed_product", "metric_summed_any.metric_radius_any"),
)
SHRUNK_UP = summed_theorem(
    SHRINKING,
    "shrunk",
    True,
    lambda s: s.D**2,
    (),
    ("metric_summed_any.metric_summed_any_shrinking",),
)

OWN = ("added_base", "added_step", "dual_entry", "norm", "gradient", "from_zero", "rate")


def rate(s: Any, w: Any) -> dict[Any, Any]:
    """Say what is under the root, and that R stands for D; see `sharp_rate.closed`."""
    reference = total(s, lambda v, k: (1 - v.beta**2) / (1 - v.beta ** (2 * k)), 1, s.K - 1)
    return {w.D: s.R, w.reference: reference, w.A: 1 + reference, w.root: sqrt(1 + reference)}


THEOREM = theorem(
    SHARP,
    lemmas=tuple(dict.fromkeys((*sharp_rate.THEOREM.lemmas, *(f"metric.{name}" for name in OWN)))),
    concludes=Concluded("metric.rate", rate),
    claims=("growing_sharp_rate",),
    inductions=(
        *sharp_rate.THEOREM.inductions,
        Induction("k", ("metric.added_base",), "metric.added_step"),
    ),
    assembly="As the sharp rate from zero, with metric.norm for norm_recursion.norm, and R for D."
    " In sharp_rate.longest_step and sharp_rate.last the norms are those of the step's metric.",
    kernel=("metric_growing.metric", "sharp_rate_any.sharp_rate_any_zero"),
)

THEOREMS = (ADDED_UP, GROWN_UP, SHRUNK_UP, THEOREM)
