"""Smooth functions with a cap: the weighted sum of the suboptimalities, on every trajectory."""

from __future__ import annotations

from theory.claims.base import measured
from theory.theorems.smooth_capped.statement import SMOOTH_CAPPED
from theory.theorems.smooth_linear.claim import LinearSum

CLAIMS = (
    measured(
        SMOOTH_CAPPED,
        kind="path-wise",
        units="the weighted sum against D² max{L, 1/α}, both over G D",
        method="momo_capped",
        reached=0.7,
        unchallenged="as of smooth_linear, which it is without a cap",
        monitor=lambda case: LinearSum(case, SMOOTH_CAPPED),
    ),
)
