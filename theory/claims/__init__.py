"""The claims, in the order of the proof; a new one is one file and one line here."""

from theory.claims import (
    attained,
    certificate,
    fejer,
    gradient_bound,
    landing,
    online_bound,
    rate,
    smooth,
    special_cases,
    summed,
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
        attained.CLAIM,
        smooth.CLAIM,
        online_bound.CLAIM,
        special_cases.SPS,
        special_cases.SGD_M,
        special_cases.ADAM,
    )
}
