# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What RESULTS.md says in numbers: claims, each computed from the records and judged by them."""

from __future__ import annotations

from experiments.claims import (
    lomo,
    lower_bounds,
    mnist,
    random_scaling,
    rounding,
    samplers,
    schedules,
    stand_ins,
    svag,
    variants,
)
from experiments.claims.base import Claim

SECTIONS = (
    mnist,
    stand_ins,
    lower_bounds,
    schedules,
    rounding,
    svag,
    random_scaling,
    variants,
    samplers,
    lomo,
)
CLAIMS: tuple[Claim, ...] = tuple(claim for section in SECTIONS for claim in section.CLAIMS)
"""All claims, in the order in which they are said."""
