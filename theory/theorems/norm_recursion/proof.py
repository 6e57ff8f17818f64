"""The norm recursion: on one function, long averages are paid for by progress.

``D_k = d_k/(1-β)``, ``N_k = ||D_k||²`` (in the dual norm of the metric), ``δ_k = f(x^k) - f*``. For
k >= 2 (from zero: k >= 1) the step is ``x^{k+1} = x^k - δ_k D_k/N_k`` and
``D_{k+1} = β D_k + g_{k+1}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from momo.reference.checks import Array
from theory.proofs.base import (
    Algebra,
    Concluded,
    Meanings,
    Mutation,
    Reference,
    conclusion,
    lemma,
    theorem,
)
from theory.proofs.hypotheses import NotInstances, Words, assumed, case, convex, definition
from theory.proofs.replay import (
    ENTRIES,
    Scheduled,
    Taken,
    made,
    metric,
    step_from,
    step_with,
    vectors,
)
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, unit
from theory.theorems.landing import proof as landing
from theory.theorems.norm_recursion.statement import STATEMENT

X = np.array([0.5, -0.25, 1.0])
ROOT = np.sqrt(ENTRIES[:3])
DESCENT = "from norm_recursion.descent: N δ_{k+1} ≤ δ_k (N - <g_{k+1}, D_k>)"


def taken_pair(v: Any, gg: float, growth: float = 1.0) -> tuple[Taken, Taken, Array, Array]:
    """Take an uncapped step with ``||D_k||² = N`` and δ_k, then one with ``<g_{k+1}, D_k> = gD``.

    The first is in a metric that is not Euclidean, the second in ``growth`` times that metric; D_k
    and g_{k+1} are returned as well.
    """
    D, g = vectors([[v.N, v.gD], [v.gD, gg]]) * ROOT
    weights = ENTRIES[:3]
    how = made(v.beta, Scheduled((weights, weights, growth * weights)), 0.0)
    first = step_with(how, X, (1 - v.beta) * D, (1 - v.beta) * v.delta)
    return first, first.then(v.delta_next, g), D, g


def measure_step(v: Any) -> Mapping[str, float]:
    """Take an uncapped step in one dimension with the given ``D_k`` and δ_k."""
    how = made(v.beta, metric(1), 0.0)
    D = np.array([v.D])
    taken = step_with(how, np.zeros(1), (1 - v.beta) * D, (1 - v.beta) * v.delta)
    entry = float(ENTRIES[0])
    return {"moved": float(taken.x_next[0]) * entry, "N": v.D**2 / entry}


def measure_average(v: Any) -> Mapping[str, float]:
    """Take a step in one dimension, and measure the new averages."""
    how = made(v.beta, metric(1), 0.0)
    taken = step_from(how, np.zeros(1), np.array([v.d]), 1.0, 1.0, np.array([v.grad]))
    d = float(taken.state.grad_avg[0])
    return {"d_next": d, "D_next": d / (1 - v.beta)}


def measure_decrease(v: Any) -> Mapping[str, float]:
    """Take an uncapped step with ``||D_k||² = N`` and δ_k, and measure the gap and ``||d_k||²``."""
    d = (1 - v.beta) * np.sqrt(v.N) * ROOT * np.array([1.0, 0.0, 0.0])
    info = step_with(made(v.beta, metric(3), 0.0), X, d, (1 - v.beta) * v.delta).info
    gap, norm_sq = float(info.value), float(info.dual_norm_sq)
    return {"gap": gap, "dd": norm_sq, "decrease": gap**2 / norm_sq}


def measure_descent(v: Any) -> Mapping[str, float]:
    """Take two steps and measure ``<g_{k+1}, x^k - x^{k+1}>``."""
    first, second, D, g = taken_pair(v, v.gD**2 / v.N + 1)
    return {
        "back": float(g @ (first.x - first.x_next)),
        "gD": float((g / ROOT**2) @ D),
        "delta_next": float(second.info.value) / (1 - v.beta),  # landing
    }


def measure_norm(v: Any) -> Mapping[str, float]:
    """Take two steps and measure ``||D_{k+1}||²``."""
    _, second, _, _ = taken_pair(v, v.gg)
    shrink = 1 - v.beta
    return {
        "N_next": float(second.info.dual_norm_sq) / shrink**2,
        "delta_next": float(second.info.value) / shrink,
    }


def recursion(v: Any, norm_next: Any) -> Mapping[str, Relation]:
    """Say what is known of two consecutive steps; the last is ``||D_{k+1}||²`` in one metric."""
    return {
        **unit(v.beta, "β"),
        case("δ_k > 0"): gt(v.delta, 0),
        case("N_k > 0"): gt(v.N, 0),
        assumed("path_gradients", "||g_{k+1}||² ≤ G²"): le(v.gg, v.G2),
        definition("||β D_k + g_{k+1}||²"): eq(
            norm_next, v.gg + 2 * v.beta * v.gD + v.beta * v.beta * v.N
        ),
        DESCENT: le(v.N * v.delta_next, v.delta * (v.N - v.gD)),
    }


def landed(v: Any, w: Any) -> dict[Any, Any]:
    """Say what the gap and δ_k are in the landing identity, one step before."""
    return {v.gap: w.h_next - w.rho_next * w.fstar, v.delta: w.f - w.fstar}


PRODUCT_STEP = "from norm_recursion.step: <g_{k+1}, x^k - x^{k+1}> = δ_k <g_{k+1}, D_k>/N_k"

LEMMAS = (
    lemma(
        "norm_recursion.step",
        "τ_k d_k = (δ_k/N_k) D_k for an uncapped step, coordinate by coordinate",
        "beta delta D N d dd gap tau moved",
        lambda v: {
            **unit(v.beta, "β"),
            case("N_k > 0"): gt(v.N, 0),
            definition("d_k = (1-β) D_k"): eq(v.d, (1 - v.beta) * v.D),
            definition("||d_k||² = (1-β)² N_k"): eq(v.dd, (1 - v.beta) * (1 - v.beta) * v.N),
            "from landing.identity: h_k - ρ_k f* = (1-β) δ_k": eq(v.gap, (1 - v.beta) * v.delta),
            definition("τ_k = (h_k - ρ_k f*)/||d_k||²"): eq(v.tau, v.gap / v.dd),
            definition("moved = -τ_k d_k"): eq(v.moved, -v.tau * v.d),
        },
        conclusion(lambda v: eq(v.moved, -v.delta * v.D / v.N)),
        by=Algebra(),
        mutated=(
            Mutation(
                "1 becomes 1.01",
                claim=lambda v: {"": eq(v.moved * v.N * 100, -101 * v.delta * v.D)},
                real=lambda v: {
                    "one dimension, where D is 1/2": eq(v.N, 2 * v.D * v.D),
                    "δ": ge(v.delta, 1),
                    "D": ge(v.D, 1),
                },
                fixed={"beta": (1, 2)},
                replay=Reference(measure_step),
            ),
        ),
    ),
    lemma(
        "norm_recursion.decrease",
        "(h_k-ρ_k f*)²/||d_k||² = δ_k²/N_k",
        "beta delta N dd gap decrease",
        lambda v: {
            **unit(v.beta, "β"),
            case("N_k > 0"): gt(v.N, 0),
            definition("||d_k||² = (1-β)² N_k"): eq(v.dd, (1 - v.beta) * (1 - v.beta) * v.N),
            "from landing.identity: h_k - ρ_k f* = (1-β) δ_k": eq(v.gap, (1 - v.beta) * v.delta),
            definition("decrease"): eq(v.decrease, v.gap * v.gap / v.dd),
        },
        conclusion(lambda v: eq(v.decrease, v.delta * v.delta / v.N)),
        by=Algebra(),
        mutated=(
            Mutation(
                "1-β is left",
                claim=lambda v: {"": eq(v.decrease * v.N, (1 - v.beta) * v.delta * v.delta)},
                fixed={"beta": (1, 2), "N": 2},
                replay=Reference(measure_decrease),
            ),
        ),
    ),
    lemma(
        "norm_recursion.average",
        "D_{k+1} = β D_k + g_{k+1}, coordinate by coordinate",
        "beta d D D_next d_next grad",
        lambda v: {
            **unit(v.beta, "β"),
            definition("d_k = (1-β) D_k"): eq(v.d, (1 - v.beta) * v.D),
            definition("d_{k+1} = β d_k + (1-β) g_{k+1}"): eq(
                v.d_next, v.beta * v.d + (1 - v.beta) * v.grad
            ),
            definition("D_{k+1} = d_{k+1}/(1-β)"): eq(v.D_next, v.d_next / (1 - v.beta)),
        },
        conclusion(lambda v: eq(v.D_next, v.beta * v.D + v.grad)),
        by=Algebra(),
        mutated=(
            Mutation(
                "the gradient counts 1-β",
                claim=lambda v: {"": eq(v.D_next, v.beta * v.D + (1 - v.beta) * v.grad)},
                fixed={"beta": (1, 2)},
                replay=Reference(measure_average),
            ),
        ),
    ),
    lemma(
        "norm_recursion.descent",
        "δ_{k+1} ≤ δ_k (1 - <g_{k+1}, D_k>/N_k)",
        "beta delta delta_next N gD back",
        lambda v: {
            case("N_k > 0"): gt(v.N, 0),
            convex(
                "x^k", "x^{k+1}", "δ_k ≥ δ_{k+1} + <g_{k+1}, x^k - x^{k+1}>: one convex function"
            ): ge(v.delta, v.delta_next + v.back),
            PRODUCT_STEP: eq(v.back, v.delta * v.gD / v.N),
        },
        conclusion(lambda v: le(v.delta_next, v.delta * (1 - v.gD / v.N))),
        by=Algebra(lambda v: {"δ_k ≥ δ_{k+1} + <g_{k+1}, x^k - x^{k+1}>: one convex function": 1}),
        mutated=(
            Mutation(
                "a hundredth more",
                claim=lambda v: {
                    "": le(v.delta_next * v.N * 100, v.delta * (100 * v.N - 101 * v.gD))
                },
                real=lambda v: {"δ": ge(v.delta, 1), "δ'": ge(v.delta_next, 0), "N": ge(v.N, 1)},
                fixed={"beta": (1, 2)},
                replay=Reference(measure_descent),
            ),
            Mutation(
                "two functions: no convexity between the steps",
                drop=("δ_k ≥ δ_{k+1} + <g_{k+1}, x^k - x^{k+1}>: one convex function",),
                real=lambda v: {"δ": ge(v.delta, 1), "δ'": ge(v.delta_next, 0), "N": ge(v.N, 1)},
                fixed={"beta": (1, 2)},
                replay=Reference(measure_descent),
            ),
        ),
    ),
    lemma(
        "norm_recursion.norm",
        "N_{k+1} ≤ G² + β² N_k + 2β N_k (1 - δ_{k+1}/δ_k)",
        "beta delta delta_next N N_next gD gg G2",
        lambda v: recursion(v, v.N_next),
        conclusion(
            lambda v: le(
                v.N_next,
                v.G2 + v.beta * v.beta * v.N + 2 * v.beta * v.N * (1 - v.delta_next / v.delta),
            )
        ),
        by=Algebra(
            lambda v: {"||g_{k+1}||² ≤ G²": 1, DESCENT: 2 * v.beta / v.delta},
        ),
        mutated=(
            Mutation(
                "2β becomes 1.98 β",
                claim=lambda v: {
                    "": le(
                        v.N_next * v.delta,
                        (v.G2 + v.beta * v.beta * v.N) * v.delta
                        + 198 * v.beta * v.N * (v.delta - v.delta_next) / 100,
                    )
                },
                real=lambda v: {
                    **gram([v.N, v.gD], [v.gD, v.gg]),
                    "δ": ge(v.delta, 1),
                    "δ'": ge(v.delta_next, 0),
                    "N": ge(v.N, 1),
                },
                fixed={"beta": (1, 2), "G2": 4},
                replay=Reference(measure_norm),
            ),
            Mutation(
                "without the progress",
                claim=lambda v: {"": le(v.N_next, v.G2 + v.beta * v.beta * v.N)},
                real=lambda v: {
                    **gram([v.N, v.gD], [v.gD, v.gg]),
                    "δ": ge(v.delta, 1),
                    "δ'": ge(v.delta_next, 0),
                    "N": ge(v.N, 1),
                },
                fixed={"beta": (1, 2), "G2": 4},
                replay=Reference(measure_norm),
            ),
        ),
    ),
)

WORDS: Words = {
    ("norm_recursion", "norm_recursion.norm", "||g_{k+1}||² ≤ G²"): "what G is: it bounds the"
    " gradients of the path",
}
NOT_INSTANCES: NotInstances = {
    ("norm_recursion.descent", PRODUCT_STEP): "the inner product of g_{k+1} with the two sides of"
    " norm_recursion.step, which are vectors",
}

MEANINGS: Meanings = {
    ("norm_recursion.step", "landing.identity"): [landed],
    ("norm_recursion.decrease", "landing.identity"): [landed],
}

THEOREM = theorem(
    STATEMENT,
    lemmas=(*landing.THEOREM.lemmas, *(lemma.name for lemma in LEMMAS)),
    concludes={
        "descent": Concluded("norm_recursion.descent"),
        "norm": Concluded("norm_recursion.norm", lambda s, w: {w.G2: s.G**2}),
    },
    inductions=landing.THEOREM.inductions,
    assembly="Convexity between x^k and x^{k+1} bounds <g_{k+1}, D_k> by the progress; insert it in"
    " the square of β D_k + g_{k+1}. N_k > 0, as <d_k, x^k-x*> ≥ (1-β)δ_k > 0.",
    kernel=("norm_recursion_any.norm_recursion_any",),
)

THEOREMS = (THEOREM,)
