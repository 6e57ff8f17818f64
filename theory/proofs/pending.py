"""What has not been labelled yet; this file goes when it is empty."""

from __future__ import annotations

LEMMAS = frozenset({"metric", "norm_recursion", "order", "smooth", "smooth_linear", "trap"})
"""Topics of lemmas whose citations are not licensed yet."""
