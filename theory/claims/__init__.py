"""The claims, in the order of the proof; a new one is one file and one line here."""

from momo.lookup import load
from theory.claims import (
    attained,
    certificate,
    fejer,
    gradient_bound,
    landing,
    metric,
    norm_recursion,
    online_bound,
    rate,
    sharp_rate,
    smooth,
    special_cases,
    summed,
    trapped,
)
from theory.claims.base import Claim

CLAIMS: dict[str, Claim] = {
    claim.name: claim
    for claim in (
        certificate.CLAIM,
        landing.CLAIM,
        fejer.CLAIM,
        summed.CLAIM,
        gradient_bound.CLAIM,
        rate.RATE,
        rate.RATE_FIRST_TERM,
        rate.RATE_TWO_ENDS,
        attained.CLAIM,
        norm_recursion.CLAIM,
        sharp_rate.CLAIM,
        trapped.CLAIM,
        smooth.CLAIM,
        smooth.LINEAR,
        *metric.FROZEN,
        *metric.GROWING,
        online_bound.CLAIM,
        special_cases.SPS,
        special_cases.SGD_M,
        special_cases.ADAM,
    )
}


def find(name: str) -> Claim:
    """Return the claim of this name: registered, or ``module:attribute``.

    Raises
    ------
    ValueError
        If there is none, with what is allowed.
    """
    if name in CLAIMS:
        return CLAIMS[name]
    if ":" not in name:
        raise ValueError(f"claim {name!r} is unknown; allowed: {', '.join(CLAIMS)}, module:name")
    return load(f"claim {name!r}", name, Claim)
