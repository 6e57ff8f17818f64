"""The closed form of the step, for any number of parameter groups, is the proximal minimiser.

The objective at y is ``Φ(y) = max{A(y), f_*} + Σ_g (λ_g/2)||y_g||² + (1/(2α_g))||y_g - x_g||²``,
``A(y) = ρ^{-1}(f̄ - γ + Σ_g <d_g, y_g>)``. For any θ in [0, 1] it is at least
``θ A(y) + (1-θ) f_* + …``, a sum over the groups of quadratics, each with its minimiser at
``x_g^+ = (x_g - (α_g θ/ρ) D_g^{-1} d_g)/(1+α_gλ_g)``. The step's θ makes the two equal there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theory.formula import least
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
from theory.proofs.scalars import Relation, eq, ge, gram, gt, le, maximum
from theory.theorems.closed_form import proof_size
from theory.theorems.closed_form.proof_replay import (
    measure_group,
    measure_groups,
    measure_objective,
)
from theory.theorems.closed_form.statement import MINIMISER, ONE_GROUP

GROUP = "alpha lam theta rho xx xp pp xy yp yy"
SUM = Invariant(
    "rho theta here least R E X W",
    lambda v: {
        "Σ_g here_g = Σ_g least_g + R": eq(v.here, v.least + v.R),
        "Σ_g <d_g, x_g^+> = X - (θ/ρ) W": eq(v.rho * v.E, v.rho * v.X - v.theta * v.W),
    },
)


def group(v: Any) -> Mapping[str, Relation]:
    """Write out one group, in the products of x, y and ``p = D^{-1} d`` in its metric."""
    s, t = 1 + v.alpha * v.lam, v.alpha * v.theta / v.rho
    after = (v.xx - 2 * t * v.xp + t * t * v.pp) / (s * s)
    near = after - 2 * (v.xx - t * v.xp) / s + v.xx
    linear = v.theta / v.rho
    return {
        assumed("positive_sizes", "α > 0"): gt(v.alpha, 0),
        assumed("positive_sizes", "λ ≥ 0"): ge(v.lam, 0),
        assumed("positive_sizes", "ρ > 0"): gt(v.rho, 0),
        definition("here: (θ/ρ)<d,y> + (λ/2)||y||² + (1/2α)||y-x||²"): eq(
            v.here,
            linear * v.yp + v.lam * v.yy / 2 + (v.yy - 2 * v.xy + v.xx) / (2 * v.alpha),
        ),
        definition("least: the same at x^+ = (x - (αθ/ρ) p)/(1+αλ)"): eq(
            v.least,
            linear * (v.xp - t * v.pp) / s + v.lam * after / 2 + near / (2 * v.alpha),
        ),
        definition("apart: ||y - x^+||²"): eq(v.apart, v.yy - 2 * (v.xy - t * v.yp) / s + after),
        definition("end: <d, x^+>"): eq(v.end, (v.xp - t * v.pp) / s),
    }


def truncated(v: Any) -> Mapping[str, Relation]:
    """Say what A is where the step ends, for any θ."""
    return {
        assumed("positive_sizes", "ρ > 0"): gt(v.rho, 0),
        "from closed_form.sum_step: Σ_g <d_g, x_g^+> = X - (θ/ρ) W": eq(
            v.rho * v.E, v.rho * v.X - v.theta * v.W
        ),
        definition("A(x^+) = ρ^{-1}(f̄ - γ + Σ_g <d_g, x_g^+>)"): eq(v.rho * v.A, v.C + v.E),
        definition("gap = f̄ - γ + X - ρ f_*"): eq(v.gap, v.C + v.X - v.rho * v.bound),
        **maximum(v.M, "max{A(x^+), f_*}", v.A, v.bound),
    }


ENDS = conclusion(lambda v: eq(v.M, v.theta * v.A + (1 - v.theta) * v.bound))
MODEL = "rho theta E X W A C gap bound M"
SIZES = {"rho": 1, "W": 2}

LEMMAS = (
    lemma(
        "closed_form.group",
        "(θ/ρ)<d,y> + (λ/2)||y||² + (1/2α)||y-x||² is its value at x^+ plus ½(λ+1/α)||y-x^+||²",
        f"{GROUP} here least apart end",
        group,
        conclusion(
            lambda v: eq(v.here, v.least + (v.lam + 1 / v.alpha) * v.apart / 2),
        ),
        by=Algebra(),
        mutated=(
            Mutation(
                "½ becomes 0.505",
                claim=lambda v: {
                    "": eq(v.here, v.least + (v.lam + 1 / v.alpha) * v.apart * 101 / 200)
                },
                real=lambda v: gram([v.xx, v.xp, v.xy], [v.xp, v.pp, v.yp], [v.xy, v.yp, v.yy]),
                fixed={"alpha": 2, "lam": (1, 2), "rho": 1, "theta": (1, 2), "xp": 1, "yp": 0},
                replay=Reference(measure_group),
            ),
        ),
    ),
    lemma(
        "closed_form.group_end",
        "<d, x^+> = <d,x>/(1+αλ) - (θ/ρ) α||d||²/(1+αλ)",
        f"{GROUP} here least apart end",
        group,
        conclusion(
            lambda v: eq((1 + v.alpha * v.lam) * v.end, v.xp - v.theta * v.alpha * v.pp / v.rho)
        ),
        by=Algebra(),
        mutated=(
            Mutation(
                "no decay of <d,x>",
                claim=lambda v: {
                    "": eq(v.end, v.xp - v.theta * v.alpha * v.pp / v.rho),
                },
                real=lambda v: gram([v.xx, v.xp, v.xy], [v.xp, v.pp, v.yp], [v.xy, v.yp, v.yy]),
                fixed={"alpha": 2, "lam": (1, 2), "rho": 1, "theta": (1, 2), "pp": 1, "yp": 0},
                replay=Reference(measure_group),
            ),
        ),
    ),
    SUM.base(
        "closed_form.sum_base",
        "no group yet",
        "",
        lambda v: {
            definition(f"{name} = 0"): eq(getattr(v, name), 0)
            for name in ("here", "least", "R", "E", "X", "W")
        },
        mutated=(
            Mutation("something is there", claim=lambda v: {"": eq(v.here, v.least + v.R + 1)}),
        ),
    ),
    SUM.step(
        "closed_form.sum_step",
        "one group more, with the same θ: X = Σ<d_g,x_g>/(1+α_gλ_g), W = Σα_g||d_g||²/(1+α_gλ_g)",
        "h l r e x w here_next least_next R_next E_next X_next W_next",
        lambda v: {
            assumed("positive_sizes", "ρ > 0"): gt(v.rho, 0),
            "from closed_form.group": eq(v.h, v.l + v.r),
            "from closed_form.group_end": eq(v.rho * v.e, v.rho * v.x - v.theta * v.w),
            definition("here"): eq(v.here_next, v.here + v.h),
            definition("least"): eq(v.least_next, v.least + v.l),
            definition("R"): eq(v.R_next, v.R + v.r),
            definition("E"): eq(v.E_next, v.E + v.e),
            definition("X"): eq(v.X_next, v.X + v.x),
            definition("W"): eq(v.W_next, v.W + v.w),
        },
        mutated=(
            Mutation(
                "a group with a θ of its own",
                drop=("from closed_form.group_end",),
            ),
        ),
    ),
    lemma(
        "closed_form.capped",
        "where ρ gap ≥ W, θ = 1 is right: the model ends at or above f_*",
        MODEL,
        lambda v: {
            **truncated(v),
            case("W > 0"): gt(v.W, 0),
            case("the cap binds: ρ gap ≥ W"): ge(v.rho * v.gap, v.W),
            case("θ = 1"): eq(v.theta, 1),
        },
        ENDS,
        mutated=(
            Mutation(
                "the model ends at f_*",
                claim=lambda v: {"": eq(v.M, v.bound)},
                fixed=SIZES,
                replay=Reference(measure_groups),
            ),
        ),
    ),
    lemma(
        "closed_form.between",
        "where 0 ≤ ρ gap ≤ W, θ = ρ gap/W is right: the model ends at f_*",
        MODEL,
        lambda v: {
            **truncated(v),
            case("W > 0"): gt(v.W, 0),
            case("ρ gap ≤ W"): le(v.rho * v.gap, v.W),
            case("gap ≥ 0"): ge(v.gap, 0),
            case("θ = ρ gap/W"): eq(v.theta * v.W, v.rho * v.gap),
        },
        lambda v: {**ENDS(v), "A(x^+) = f_*": eq(v.A, v.bound)},
        mutated=(
            Mutation(
                "a hundredth of the gap is left",
                claim=lambda v: {"": eq(v.A, v.bound + v.gap / 100)},
                fixed=SIZES,
                replay=Reference(measure_groups),
            ),
        ),
    ),
    lemma(
        "closed_form.zero",
        "where gap ≤ 0, θ = 0 is right: the model ends at or below f_*",
        MODEL,
        lambda v: {**truncated(v), case("gap ≤ 0"): le(v.gap, 0), case("θ = 0"): eq(v.theta, 0)},
        ENDS,
        mutated=(
            Mutation(
                "no truncation",
                claim=lambda v: {"": eq(v.M, v.A)},
                fixed=SIZES,
                replay=Reference(measure_groups),
            ),
        ),
    ),
    lemma(
        "closed_form.still",
        "where d = 0, <d,y> = 0 for every y: A is constant, and any θ gives the same point",
        "N yy yp",
        lambda v: {
            case("d = 0"): eq(v.N, 0),
            geometry("Cauchy-Schwarz for <d, y>"): le(v.yp * v.yp, v.N * v.yy),
        },
        conclusion(lambda v: eq(v.yp, 0)),
        mutated=(Mutation("d need not vanish", drop=("d = 0",)),),
    ),
    lemma(
        "closed_form.argmin",
        "Φ(y) ≥ Φ(x^+) + Σ_g ½(λ_g+1/α_g)||y_g-x_g^+||²: the minimiser, and the only one",
        "My Qy Ay Mp Qp Ap theta bound R",
        lambda v: {
            case("θ ≥ 0"): ge(v.theta, 0),
            case("θ ≤ 1"): le(v.theta, 1),
            case("max ≥ A(y)"): ge(v.My, v.Ay),
            case("max ≥ f_*"): ge(v.My, v.bound),
            "from closed_form.sum_step": eq(v.theta * v.Ay + v.Qy, v.theta * v.Ap + v.Qp + v.R),
            "from closed_form.capped, closed_form.between, closed_form.zero": eq(
                v.Mp, v.theta * v.Ap + (1 - v.theta) * v.bound
            ),
        },
        conclusion(lambda v: ge(v.My + v.Qy, v.Mp + v.Qp + v.R)),
        by=Algebra(
            lambda v: {
                "max ≥ A(y)": v.theta,
                "max ≥ f_*": 1 - v.theta,
                "from closed_form.sum_step": -1,
            }
        ),
        source="MoMo paper, Lemma 3.1; several groups, and the growth: derived here",
        mutated=(
            Mutation(
                "grows by a hundredth more",
                claim=lambda v: {"": ge(v.My + v.Qy, v.Mp + v.Qp + v.R * 101 / 100)},
                real=lambda v: {
                    **gram([2 * v.Qp, v.Ay - v.Ap], [v.Ay - v.Ap, 2 * v.R]),
                    "α = 1, λ = 0": eq(v.Qy, v.R - (v.Ay - v.Ap) + v.Qp),
                    "the model at y": ge(v.Ay, v.bound),
                    "max is A(y)": eq(v.My, v.Ay),
                    "d ≠ 0": ge(v.Qp, 1),
                    "the cap binds": ge(v.Ap, v.bound),
                },
                fixed={"theta": 1},
                replay=Reference(measure_objective),
            ),
        ),
    ),
    lemma(
        "closed_form.end",
        "Φ(y) ≥ Φ(x^+) + ½Σ_g (λ_g+1/α_g)||y_g-x_g^+||²",
        "at_point at_step apart My Qy Mp Qp",
        lambda v: {
            definition("Φ(y)"): eq(v.at_point, v.My + v.Qy),
            definition("Φ(x^+)"): eq(v.at_step, v.Mp + v.Qp),
            "from closed_form.argmin": ge(v.My + v.Qy, v.Mp + v.Qp + v.apart),
        },
        conclusion(lambda v: le(v.at_step + v.apart, v.at_point)),
        mutated=(
            Mutation(
                "grows by a hundredth more",
                claim=lambda v: {"": le(100 * v.at_step + 101 * v.apart, 100 * v.at_point)},
            ),
        ),
    ),
    *proof_size.LEMMAS,
)

NAMED = "the citing lemmas have a name for this value, and no other definition of it"
WORDS: Words = {
    **{
        ("closed_form.end", "closed_form.argmin", label): "θ is the common factor s of the step"
        for label in ("θ ≥ 0", "θ ≤ 1")
    },
    **{
        ("closed_form.end", "closed_form.argmin", label): "the truncated model is the larger one"
        for label in ("max ≥ A(y)", "max ≥ f_*")
    },
    ("closed_form.sum_step", "closed_form.group", "least: *"): NAMED,
    ("closed_form.sum_step", "closed_form.group_end", "least: *"): NAMED,
    ("closed_form.sum_step", "closed_form.group_end", "end: *"): NAMED,
    ("closed_form.argmin", "closed_form.capped", "max{A(x^+), f_*}: *"): NAMED,
    **{
        ("closed_form.argmin", "closed_form.capped", label): "one of the three cases: capped,"
        " between and zero are all there are where W > 0; where W = 0, see closed_form.still"
        for label in ("W > 0", "the cap binds: ρ gap ≥ W", "θ = 1")
    },
    ("*", "closed_form.one_group", "N = ||d||² > 0"): "the citing lemmas have d ≠ 0",
    ("*", "closed_form.one_group", "(gap)_+ ≥ 0"): "a positive part",
    ("*", "closed_form.one_group", "θ = min{1, ρ (gap)_+/W}, *"): NAMED,
    ("*", "closed_form.one_group", "ζ N = (1+αλ)(gap)_+"): NAMED,
    ("*", "closed_form.one_group", "τ = αθ/ρ"): NAMED,
}

MEANINGS: Meanings = {
    ("closed_form.sum_step", "closed_form.group"): [
        lambda v, w: {v.h: w.here, v.l: w.least, v.r: (w.lam + 1 / w.alpha) * w.apart / 2}
    ],
    ("closed_form.sum_step", "closed_form.group_end"): [
        lambda v, w: {
            v.e: w.end,
            v.x: w.xp / (1 + w.alpha * w.lam),
            v.w: w.alpha * w.pp / (1 + w.alpha * w.lam),
        }
    ],
    ("closed_form.argmin", "closed_form.sum_step"): [
        lambda v, w: {v.Qy: w.here - w.theta * v.Ay, v.Qp: w.least - w.theta * v.Ap}
    ],
    ("closed_form.end", "closed_form.argmin"): [lambda v, w: {w.R: v.apart}],
    ("closed_form.argmin", "closed_form.capped"): [lambda v, w: {v.Mp: w.M, v.Ap: w.A}],
}

SIZES_ALONE = tuple(lemma.name for lemma in proof_size.LEMMAS)

THEOREM = theorem(
    MINIMISER,
    lemmas=tuple(lemma.name for lemma in LEMMAS if lemma.name not in SIZES_ALONE),
    concludes="closed_form.end",
    claims=("fejer", "sps", "sgd_m", "adam"),
    inductions=(Induction("the groups", ("closed_form.sum_base",), "closed_form.sum_step"),),
    assembly="θ = s. Each group is a quadratic with its minimiser at x_g^+; the sums over the"
    " groups are by induction. The three cases capped, between and zero are all there are where"
    " some d_g ≠ 0; where d = 0, A is constant and θ is chosen 1 or 0 as A ≥ f_* or not.",
    kernel=(
        "closed_form_groups.closed_form_groups",
        "closed_form.closed_form_groups_diagonal",
    ),
)
STEP = theorem(
    ONE_GROUP,
    lemmas=SIZES_ALONE,
    concludes=Concluded("closed_form.size", lambda s, w: {w.size: least(s.alpha / s.rho, s.zeta)}),
    claims=("fejer", "sps", "sgd_m", "adam"),
    assembly="θ = s, for one group.",
    kernel=("closed_form.closed_form",),
)

THEOREMS = (THEOREM, STEP)
