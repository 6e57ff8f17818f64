"""Norms of a network from those of its layers; see `momo.reference.products`."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

Product = Callable[[Tensor], Tensor]


def scales(product: Product | None, dual_norms: Tensor, units: list[bool]) -> Tensor:
    """Return c_l of every layer."""
    raise NotImplementedError
