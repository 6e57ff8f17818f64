"""What RESULTS.md says in numbers: claims, each computed from the records and judged by them."""

from __future__ import annotations

from experiments.claims import lower_bounds, mnist, schedules, stand_ins
from experiments.claims.base import Claim

CLAIMS: tuple[Claim, ...] = (
    *mnist.CLAIMS,
    *stand_ins.CLAIMS,
    *lower_bounds.CLAIMS,
    *schedules.CLAIMS,
)
"""All claims, in the order in which they are said."""
