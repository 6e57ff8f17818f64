"""Norms of a network from the norms of its layers; see `momo.reference.products` for the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Product = Callable[[Tensor], Tensor]
"""``(n_1, …, n_L) -> (c_1, …, c_L)``, vectors of L numbers."""


def max_product(dual_norms: Tensor) -> Tensor:
    """Return ``c_l = Σ_j n_j``: the regularised form of ``max_l ||x_l||``."""
    return dual_norms.sum().expand_as(dual_norms)


def sum_product(dual_norms: Tensor) -> Tensor:
    """Return ``c_l = n_l`` for the layer with the largest, the first of several, else 0."""
    layers = torch.arange(len(dual_norms), device=dual_norms.device)
    return torch.where(layers == dual_norms.argmax(), dual_norms, 0.0)


def l2_product(dual_norms: Tensor) -> Tensor:
    """Return ``c_l = n_l``: the regularised form of ``(Σ_l ||x_l||²)^½``."""
    return dual_norms


MAX, SUM, L2 = max_product, sum_product, l2_product


def scales(product: Product | None, dual_norms: Tensor, units: Sequence[bool]) -> Tensor:
    """Return c_l of every layer: the product's for those with a norm, 1 for those with a metric.

    Nothing is read from the device or sent to it.

    Parameters
    ----------
    product
        None: the constrained form, ``c_l = 1``.
    dual_norms
        n_l, or ``||d_l||²`` of a metric, shape (L,).
    units
        Which layers have a norm.
    """
    ones = torch.ones_like(dual_norms)
    with_norm = [index for index, unit in enumerate(units) if unit]
    if product is None or not with_norm:
        return ones
    entries, shares = dual_norms.unbind(), list(ones.unbind())
    chosen = product(torch.stack([entries[index] for index in with_norm]))
    for index, share in zip(with_norm, chosen.unbind(), strict=True):
        shares[index] = share
    return torch.stack(shares)
