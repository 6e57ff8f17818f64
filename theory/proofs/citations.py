"""Citations: whether a hypothesis ``from NAME`` is what that lemma concludes.

A lemma holds for all values of its scalars, so the two meet where the scalars of both are given
their meaning: those of the same name are the same, and `MEANINGS` says the rest. Then the
hypothesis and one of the conclusions must be the same relation, up to a positive factor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from theory.proofs import identities
from theory.proofs.base import FROM, Hand, Lemma, names_in
from theory.proofs.scalars import Relation, Scalars
from theory.proofs.solve import Reals

Meaning = Callable[[Any, Any], dict[Any, Any]]
"""``(v, w) -> {scalar: expression}`` with v the scalars here, and w those of the lemma cited."""


def _gap(v: Any, w: Any) -> dict[Any, Any]:
    return {v.gap: w.h_next - w.rho_next * w.fstar, v.delta: w.f - w.fstar}


def _fejer(v: Any, w: Any) -> dict[Any, Any]:
    return {v.dist: w.ee, v.decrease: w.tau * (2 * w.a - w.tau * w.N)}


def _fejer_next(v: Any, w: Any) -> dict[Any, Any]:
    return {**_fejer(v, w), v.dist_next: w.after}


def _weight_one(v: Any, w: Any) -> dict[Any, Any]:
    return {w.rho: 1}


def _begins(v: Any, w: Any) -> dict[Any, Any]:
    return {
        w.E: v.E_first,
        w.E_next: v.E,
        w.l: v.l_first,
        w.l_next: v.l,
        v.S: w.square - 1 / w.M,
    }


MEANINGS: dict[tuple[str, str], Sequence[Meaning]] = {
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
    ("closed_form.argmin", "closed_form.capped"): [lambda v, w: {v.Mp: w.M, v.Ap: w.A}],
    ("landing.still", "model_below.step"): [lambda v, w: {v.mstar: w.m}],
    ("fejer.supports", "model_below.step"): [lambda v, w: {v.mstar: w.m}],
    ("fejer.step", "fejer.supports"): [lambda v, w: {v.a: w.h - w.rho * w.fstar}],
    ("summed.step", "fejer.step"): [_fejer_next],
    ("summed.ball_step", "fejer.step"): [_fejer_next],
    ("mean_square.step", "mean_square.convex"): [
        lambda v, w: {v.E_next: w.dd_next, v.E: w.dd, v.Eg: w.gg}
    ],
    ("rate.sum_step", "rate.young"): [
        lambda v, w: {v.a: w.u * w.a, v.s: w.a * w.a / w.N, v.n: w.u * w.u * w.N}
    ],
    ("rate.count_step", "mean_square.step"): [lambda v, w: {v.N: w.E}],
    ("rate.end", "summed.end"): [lambda v, w: {w.D2: v.D * v.D}],
    ("rate.end", "rate.count_step"): [lambda v, w: {w.G2: v.G * v.G}],
    ("rate.paper", "rate.count_step"): [lambda v, w: {w.V: v.K * (1 - v.beta)}],
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
    ("sps.step", "closed_form.one_group"): [_weight_one],
    ("sgd_m.step", "closed_form.one_group"): [_weight_one],
    ("norm_recursion.step", "landing.identity"): [_gap],
    ("norm_recursion.decrease", "landing.identity"): [_gap],
    ("sharp_rate.weight_step", "sharp_rate.reference_step"): [
        lambda v, w: {w.M: v.before, w.after: v.M}
    ],
    ("sharp_rate.logarithm", "norm_recursion.norm"): [
        lambda v, w: {w.G2: 1, v.ratio: w.delta_next / w.delta}
    ],
    ("sharp_rate.logarithm", "sharp_rate.tangent"): [
        lambda v, w: {w.log: v.E_next - v.E, w.x: v.N_next / (v.c * v.N)},
        lambda v, w: {w.log: v.l_next - v.l, w.x: v.ratio},
    ],
    ("sharp_rate.exponential", "sharp_rate.tangent"): [
        lambda v, w: {w.log: 2 * v.l - v.E, w.x: v.square * v.M / v.N}
    ],
    ("sharp_rate.bonus", "sharp_rate.tangent"): [lambda v, w: {w.log: 2 * v.l, w.x: v.square}],
    ("sharp_rate.bonus", "sharp_rate.longest_step"): [lambda v, w: {v.H: w.h * w.h}],
    ("sharp_rate.term", "sharp_rate.logarithm"): [lambda v, w: {v.inverse: 1 / w.N}],
    ("sharp_rate.term", "sharp_rate.exponential"): [lambda v, w: {v.square: w.square / w.N}],
    ("sharp_rate.term", "sharp_rate.bonus"): [
        lambda v, w: {v.square: w.square / w.N, v.inverse: 1 / w.N}
    ],
    ("sharp_rate.coefficient", "sharp_rate.bonus_size"): [
        lambda v, w: {v.beta: w.b * w.b, v.q2: w.q * w.q}
    ],
    ("sharp_rate.zero_base", "sharp_rate.sign"): [lambda v, w: {w.log: v.E_first}],
    ("sharp_rate.zero_base", "sharp_rate.term"): [_begins],
    ("sharp_rate.first_base", "sharp_rate.term"): [_begins],
    ("sharp_rate.first_base", "sharp_rate.second_log"): [lambda v, w: {w.E: v.E_first}],
    ("sharp_rate.sum_step", "sharp_rate.term"): [lambda v, w: {w.lam: v.lam_next, w.c: v.c_next}],
    ("sharp_rate.sum_step", "sharp_rate.cancel"): [
        lambda v, w: {w.before: v.lam * v.c, w.lam: v.lam_next, w.c: v.c_next}
    ],
    ("sharp_rate.sum_step", "sharp_rate.coefficient"): [
        lambda v, w: {w.before_lam: v.lam, w.lam: v.lam_next}
    ],
    ("sharp_rate.second_log", "sharp_rate.second_norm"): [
        lambda v, w: {v.ratio: w.N * (1 - w.beta) * (1 - w.beta)}
    ],
    ("sharp_rate.second_log", "sharp_rate.tangent"): [
        lambda v, w: {w.log: v.E - v.log, w.x: v.ratio}
    ],
    ("sharp_rate.factor", "sharp_rate.tangent"): [
        lambda v, w: {w.log: -v.log, w.x: (1 - v.beta) / (1 + v.beta)}
    ],
    ("sharp_rate.first_gain", "sharp_rate.tangent"): [lambda v, w: {w.log: 2 * v.logq, w.x: v.q2}],
    ("sharp_rate.first_gain", "sharp_rate.sign"): [
        lambda v, w: {w.log: -v.logq},
        lambda v, w: {w.log: v.half},
    ],
    ("sharp_rate.from_zero", "summed.step"): [lambda v, w: {w.S: v.sum}],
    ("sharp_rate.from_first", "summed.step"): [lambda v, w: {w.S: v.q2 + v.sum}],
    ("sharp_rate.from_zero", "sharp_rate.last"): [lambda v, w: {w.ee: v.dist}],
    ("sharp_rate.from_first", "sharp_rate.last"): [lambda v, w: {w.ee: v.dist}],
    ("sharp_rate.end", "sharp_rate.from_zero"): [
        lambda v, w: {v.A: 1 + w.reference, w.D2: v.ratio * v.ratio}
    ],
    ("trap.first_step", "trap.support"): [lambda v, w: {w.first: v.Dy}],
    ("trap.norm", "trap.step"): [lambda v, w: {w.Dy_next: v.Dy}],
    ("trap.below", "trap.monotone_step"): [lambda v, w: {w.B: -v.Dy}],
    ("trap.contracts", "trap.plane"): [lambda v, w: {w.N_next: v.root_next * v.root_next}],
    ("trap.sum_step", "trap.step"): [lambda v, w: {v.delta2: w.delta * w.delta, v.term: 1 / w.N}],
    ("sharp_rate.second_norm", "mean_square.convex"): [lambda v, w: {w.rho: 1, w.rho_next: 1}],
    ("metric.added_step", "fejer.step"): [_fejer],
    ("metric.grown_step", "fejer.step"): [_fejer],
    ("metric.shrunk_step", "fejer.step"): [_fejer],
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
"""By the lemma and the one that it cites: what its scalars mean in the other's. Several meanings
are for several hypotheses, each of which needs one of them."""

OTHER = "_cited"
"""What the names of the cited lemma's scalars end in, so that they differ from those here."""


def citations(lemma: Lemma, lemmas: Mapping[str, Lemma]) -> dict[str, bool]:
    """Return the hypotheses taken from other lemmas, by label, and whether they are instances.

    What is taken from a lemma by hand is none: it has no formal conclusion.
    """
    v = Scalars(identities.symbols(lemma.symbols))
    return {
        label: any(_instance(lemma, relation, lemmas[name]) for name in names_in(label))
        for label, relation in lemma.given(v).items()
        if label.startswith(FROM)
    }


def _instance(lemma: Lemma, relation: Relation, cited: Lemma) -> bool:
    if isinstance(cited.by, Hand):
        return False
    own = identities.symbols(lemma.symbols)
    others = dict(
        zip(
            cited.symbols,
            identities.symbols(f"{name}{OTHER}" for name in cited.symbols).values(),
            strict=True,
        )
    )
    v, w = Scalars(own), Scalars(others)
    statements = [cited.claim] if cited.invariant is None else [cited.claim, cited.invariant.holds]
    conclusions = [what for statement in statements for what in statement(w).values()]
    for meaning in MEANINGS.get((lemma.name, cited.name), [lambda v, w: {}]):
        meant = meaning(v, w)
        shared = {
            name: own[name]
            for name, symbol in others.items()
            if name in own and own[name] not in meant and symbol not in meant
        }
        same = {others[name]: symbol for name, symbol in shared.items()}
        for conclusion in conclusions:
            if conclusion.sense in (relation.sense, "=="):
                factor = identities.quotient(relation, conclusion, meant, same)
                if _keeps(factor, conclusion.sense, lemma, cited, shared):
                    return True
    return False


def _keeps(factor: Any, sense: str, lemma: Lemma, cited: Lemma, shared: Mapping[str, Any]) -> bool:
    """Return whether a factor is positive; under the hypotheses of both lemmas, if it varies."""
    if factor is None:
        return False
    if factor.is_number:
        return bool(factor > 0) or sense == "=="
    reals = Reals([*lemma.symbols, *(f"{name}{OTHER}" for name in cited.symbols)])
    w = Scalars(
        {
            name: reals.variable(name if name in shared else f"{name}{OTHER}")
            for name in cited.symbols
        }
    )
    given = [*lemma.given(reals.v).values(), *cited.given(w).values()]
    above, below = identities.fraction(factor)
    product = identities.translated(above * below, reals.variables)
    return reals.entailed(given, Relation(0, "<", product)) == "unsat"
