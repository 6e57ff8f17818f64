"""The theorems; each has one home, a folder with all that is known of it.

``NAME/statement.py``
    What it says: quantities, assumptions and the relations between them (`theory.statement`).
``NAME/claim.py``
    How ``verify`` measures it on runs: its ``CLAIMS`` (`theory.claims.base`).
``NAME/proof.py``
    Its ``LEMMAS``, its ``THEOREMS``, which name their files in theory/rocq, and in ``MEANINGS``
    what the scalars of a lemma mean in the lemmas that it cites (`theory.proofs.base`); in
    ``WORDS`` and ``NOT_INSTANCES`` what no machine shows, with reasons.
``NAME/bound.py``
    Its bound in numbers, made from the statement.

A new theorem is a folder, and a line in `HOMES`. A folder without a proof is measured only, one
without a claim proven only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

from momo.lookup import choices, load
from theory.claims.base import Claim
from theory.proofs.base import Lemma, Meaning, Theorem
from theory.proofs.hypotheses import Lists
from theory.theorems import sums
from theory.theorems.any_bound import claim as any_bound_claim
from theory.theorems.any_bound import proof as any_bound_proof
from theory.theorems.any_bound_smooth import claim as any_bound_smooth_claim
from theory.theorems.any_bound_smooth import proof as any_bound_smooth_proof
from theory.theorems.attained import claim as attained_claim
from theory.theorems.cap_stability import proof as cap_stability_proof
from theory.theorems.capped import claim as capped_claim
from theory.theorems.capped import proof as capped_proof
from theory.theorems.certificate import claim as certificate_claim
from theory.theorems.closed_form import proof as closed_form_proof
from theory.theorems.fejer import claim as fejer_claim
from theory.theorems.fejer import proof as fejer_proof
from theory.theorems.generalized_smooth import claim as generalized_smooth_claim
from theory.theorems.generalized_smooth import proof as generalized_smooth_proof
from theory.theorems.generalized_smooth import proof_line as generalized_smooth_line_proof
from theory.theorems.generalized_smooth import proof_sps as generalized_smooth_sps_proof
from theory.theorems.given_order import proof as given_order_proof
from theory.theorems.landing import claim as landing_claim
from theory.theorems.landing import proof as landing_proof
from theory.theorems.last_iterate import claim as last_iterate_claim
from theory.theorems.last_iterate import proof as last_iterate_proof
from theory.theorems.linear_rate import claim as linear_rate_claim
from theory.theorems.linear_rate import proof as linear_rate_proof
from theory.theorems.mean_square import claim as mean_square_claim
from theory.theorems.mean_square import proof as mean_square_proof
from theory.theorems.metric import claim as metric_claim
from theory.theorems.metric import proof as metric_proof
from theory.theorems.model_below import proof as model_below_proof
from theory.theorems.ngn_m import claim as ngn_m_claim
from theory.theorems.ngn_m import proof as ngn_m_proof
from theory.theorems.ngn_m import proof_line as ngn_m_line
from theory.theorems.ngn_m import proof_step as ngn_m_step
from theory.theorems.norm_recursion import claim as norm_recursion_claim
from theory.theorems.norm_recursion import proof as norm_recursion_proof
from theory.theorems.offset import proof as offset_proof
from theory.theorems.online_bound import claim as online_bound_claim
from theory.theorems.online_bound import proof as online_bound_proof
from theory.theorems.online_sum import claim as online_sum_claim
from theory.theorems.online_sum import proof as online_sum_proof
from theory.theorems.rate import claim as rate_claim
from theory.theorems.rate import proof as rate_proof
from theory.theorems.rate_capped import claim as rate_capped_claim
from theory.theorems.rate_capped import proof as rate_capped_proof
from theory.theorems.sharp_linear import claim as sharp_linear_claim
from theory.theorems.sharp_linear import proof as sharp_linear_proof
from theory.theorems.sharp_rate import claim as sharp_rate_claim
from theory.theorems.sharp_rate import proof as sharp_rate_proof
from theory.theorems.smooth import claim as smooth_claim
from theory.theorems.smooth import proof as smooth_proof
from theory.theorems.smooth_capped import claim as smooth_capped_claim
from theory.theorems.smooth_capped import proof as smooth_capped_proof
from theory.theorems.smooth_linear import claim as smooth_linear_claim
from theory.theorems.smooth_linear import proof as smooth_linear_proof
from theory.theorems.special_cases import claim as special_cases_claim
from theory.theorems.special_cases import proof as special_cases_proof
from theory.theorems.summed import claim as summed_claim
from theory.theorems.summed import proof as summed_proof
from theory.theorems.trap import claim as trap_claim
from theory.theorems.trap import proof as trap_proof
from theory.theorems.wrong_bound import claim as wrong_bound_claim
from theory.theorems.wrong_bound import proof as wrong_bound_proof

HOMES: dict[str, tuple[ModuleType, ...]] = {
    "certificate": (certificate_claim,),
    "closed_form": (closed_form_proof,),
    "model_below": (model_below_proof,),
    "landing": (
        landing_claim,
        landing_proof,
    ),
    "fejer": (
        fejer_claim,
        fejer_proof,
    ),
    "capped": (
        capped_claim,
        capped_proof,
    ),
    "summed": (
        summed_claim,
        summed_proof,
    ),
    "mean_square": (
        mean_square_claim,
        mean_square_proof,
    ),
    "rate": (
        rate_claim,
        rate_proof,
    ),
    "rate_capped": (
        rate_capped_claim,
        rate_capped_proof,
    ),
    "cap_stability": (cap_stability_proof,),
    "attained": (attained_claim,),
    "norm_recursion": (
        norm_recursion_claim,
        norm_recursion_proof,
    ),
    "sharp_rate": (
        sharp_rate_claim,
        sharp_rate_proof,
    ),
    "trap": (
        trap_claim,
        trap_proof,
    ),
    "given_order": (given_order_proof,),
    "smooth": (
        smooth_claim,
        smooth_proof,
    ),
    "smooth_linear": (
        smooth_linear_claim,
        smooth_linear_proof,
    ),
    "smooth_capped": (
        smooth_capped_claim,
        smooth_capped_proof,
    ),
    "linear_rate": (
        linear_rate_claim,
        linear_rate_proof,
    ),
    "last_iterate": (
        last_iterate_claim,
        last_iterate_proof,
    ),
    "sharp_linear": (
        sharp_linear_claim,
        sharp_linear_proof,
    ),
    "any_bound": (
        any_bound_claim,
        any_bound_proof,
    ),
    "any_bound_smooth": (
        any_bound_smooth_claim,
        any_bound_smooth_proof,
    ),
    "wrong_bound": (
        wrong_bound_claim,
        wrong_bound_proof,
    ),
    "generalized_smooth": (
        generalized_smooth_claim,
        generalized_smooth_line_proof,
        generalized_smooth_proof,
        generalized_smooth_sps_proof,
    ),
    "metric": (
        metric_claim,
        metric_proof,
    ),
    "offset": (offset_proof,),
    "online_bound": (
        online_bound_claim,
        online_bound_proof,
    ),
    "online_sum": (
        online_sum_claim,
        online_sum_proof,
    ),
    "special_cases": (
        special_cases_claim,
        special_cases_proof,
    ),
    "ngn_m": (
        ngn_m_claim,
        ngn_m_step,
        ngn_m_proof,
        ngn_m_line,
    ),
}
"""The claim and the proof of each theorem, in the order of the proof."""

PARTS = tuple(part for home in HOMES.values() for part in home)


def by_name(kind: str, parts: Iterable[ModuleType]) -> dict[str, Any]:
    """Return what the modules have of a kind, ``CLAIMS``, by its name.

    Raises
    ------
    ValueError
        If two have the same name: one would not be checked.
    """
    found: dict[str, Any] = {}
    for part in parts:
        for each in getattr(part, kind, ()):
            if each.name in found:
                raise ValueError(f"{kind} of {part.__name__} has {each.name!r}, which is taken")
            found[each.name] = each
    return found


CLAIMS: dict[str, Claim] = by_name("CLAIMS", PARTS)
THEOREMS: dict[str, Theorem] = by_name("THEOREMS", PARTS)
LEMMAS: dict[str, Lemma] = by_name("LEMMAS", PARTS)
MEANINGS: dict[tuple[str, str], Sequence[Meaning]] = {
    cited: list(meanings)
    for part in PARTS
    for cited, meanings in getattr(part, "MEANINGS", {}).items()
}


LISTS = Lists(
    words={
        **sums.WORDS,
        **{key: why for part in PARTS for key, why in getattr(part, "WORDS", {}).items()},
    },
    not_instances={
        key: why for part in PARTS for key, why in getattr(part, "NOT_INSTANCES", {}).items()
    },
)
"""What no machine shows, with reasons."""


def find_claim(name: str) -> Claim:
    """Return the claim of this name: registered, or ``module:attribute``.

    Raises
    ------
    ValueError
        If there is none, with what is allowed.
    """
    if name in CLAIMS:
        return CLAIMS[name]
    if ":" not in name:
        raise ValueError(f"claim {name!r} is unknown; {choices(name, CLAIMS, 'module:name')}")
    return load(f"claim {name!r}", name, Claim)


def find_theorems(
    names: Sequence[str], theorems: Mapping[str, Theorem] = THEOREMS
) -> tuple[Theorem, ...]:
    """Return the theorems of these names; all of them where none is given.

    Raises
    ------
    ValueError
        If there is none of a name, with what is allowed.
    """
    for name in names:
        if name not in theorems:
            raise ValueError(f"theorem {name!r} is unknown; {choices(name, theorems)}")
    return tuple(theorems[name] for name in names or theorems)


def theorems_of(claim: str) -> tuple[Theorem, ...]:
    """Return the theorems that prove a claim, or a part of it, by the claim's name."""
    return tuple(theorem for theorem in THEOREMS.values() if claim in theorem.claims)
