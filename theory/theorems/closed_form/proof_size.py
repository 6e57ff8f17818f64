"""The step size of one group: the smaller of the cap and the adaptive one."""

from __future__ import annotations

from theory.proofs.base import Mutation, Reference, conclusion, lemma
from theory.proofs.hypotheses import assumed, case, definition
from theory.proofs.scalars import eq, ge, gt, le, minimum
from theory.theorems.closed_form.proof_replay import measure_tau

LEMMAS = (
    lemma(
        "closed_form.one_group",
        "one group: τ = αθ/ρ = min{α/ρ, ζ}, ζ = ((1+αλ)(f̄-γ-ρf_*) + <d,x>)_+/||d||²",
        "alpha lam rho N positive theta zeta tau",
        lambda v: {
            assumed("positive_sizes", "α > 0"): gt(v.alpha, 0),
            assumed("positive_sizes", "λ ≥ 0"): ge(v.lam, 0),
            assumed("positive_sizes", "ρ > 0"): gt(v.rho, 0),
            case("N = ||d||² > 0"): gt(v.N, 0),
            case("(gap)_+ ≥ 0"): ge(v.positive, 0),
            **minimum(
                v.theta,
                "θ = min{1, ρ (gap)_+/W}, W = αN/(1+αλ)",
                1,
                v.rho * v.positive * (1 + v.alpha * v.lam) / (v.alpha * v.N),
            ),
            definition("ζ N = (1+αλ)(gap)_+"): eq(v.zeta * v.N, (1 + v.alpha * v.lam) * v.positive),
            definition("τ = αθ/ρ"): eq(v.tau * v.rho, v.alpha * v.theta),
        },
        lambda v: {
            "τ ≤ α/ρ": le(v.tau * v.rho, v.alpha),
            "τ ≤ ζ": le(v.tau, v.zeta),
            "τ is one of the two": eq((v.tau * v.rho - v.alpha) * (v.tau - v.zeta), 0),
        },
        source="MoMo paper, equations 15 and 16",
        mutated=(
            Mutation(
                "without the factor 1+αλ",
                claim=lambda v: {"": le(v.tau * v.N, v.positive)},
                fixed={"rho": 1, "lam": 1, "alpha": (1, 2)},
                replay=Reference(measure_tau),
            ),
            Mutation(
                "without the cap",
                claim=lambda v: {"": eq(v.tau, v.zeta)},
                fixed={"rho": 1, "lam": 1, "alpha": (1, 2)},
                replay=Reference(measure_tau),
            ),
        ),
    ),
    lemma(
        "closed_form.size",
        "τ = min{α/ρ, ζ}",
        "alpha rho zeta tau size",
        lambda v: {
            assumed("positive_sizes", "α > 0"): gt(v.alpha, 0),
            assumed("positive_sizes", "ρ > 0"): gt(v.rho, 0),
            "from closed_form.one_group: τ ≤ α/ρ": le(v.tau * v.rho, v.alpha),
            "from closed_form.one_group: τ ≤ ζ": le(v.tau, v.zeta),
            "from closed_form.one_group: τ is one of the two": eq(
                (v.tau * v.rho - v.alpha) * (v.tau - v.zeta), 0
            ),
            **minimum(v.size, "min{α/ρ, ζ}", v.alpha / v.rho, v.zeta),
        },
        conclusion(lambda v: eq(v.tau, v.size)),
        mutated=(
            Mutation(
                "without the cap",
                claim=lambda v: {"": eq(v.tau, v.zeta)},
                fixed={"rho": 1, "alpha": 1},
            ),
        ),
    ),
)
