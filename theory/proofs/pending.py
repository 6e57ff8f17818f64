"""What has not been labelled yet; this file goes when it is empty."""

from __future__ import annotations

LEMMAS = frozenset(
    {"adam", "closed_form", "metric", "norm_recursion", "offset", "online", "sgd_m"}
    | {"sharp_rate", "smooth", "smooth_linear", "sps", "trap"}
)
"""Topics of lemmas whose citations are not licensed yet."""

STATEMENTS = frozenset(
    {"closed_form", "model_below", "landing", "fejer", "summed", "mean_square", "smooth"}
    | {"smooth_linear", "offset", "online_bound", "sps", "sgd_m", "adam", "norm_recursion"}
    | {"sharp_rate", "metric_summed", "metric", "trap", "given_order"}
)
"""Theorems whose statement is a text only."""
