# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Norms of a network from the norms of its layers: what each layer's share of a step is.

Layer l has a norm with dual norm ``n_l = ||d_l||_*`` and maximiser u_l. The step of the whole moves
it by ``-τ c_l u_l``; the scales c_l depend on the n of all layers. Always
``<d, direction> = Σ_l c_l n_l``, so that the model's step length is right for each product:

========== ============================== ===================== ==========================
product    ``||x||``                      ``||d||_*``           c_l
========== ============================== ===================== ==========================
none       ``max_l ||x_l||``, constrained ``Σ_l n_l``           1
`MAX`      ``max_l ||x_l||``, regularised ``Σ_l n_l``           ``Σ_l n_l``
`SUM`      ``Σ_l ||x_l||``, regularised   ``max_l n_l``         n_l of the largest, else 0
`L2`       ``(Σ_l ||x_l||²)^½``           ``(Σ_l n_l²)^½``      n_l
========== ============================== ===================== ==========================

With ``u(d)`` a maximiser of ``<d, u>`` over ``||u|| <= 1`` the step minimises the truncated model
``max{(h + <d, y - x>)/ρ, f_*}`` over y, either regularised, with ``(1/(2α)) ||y - x||²`` added:
``τ = min{α/ρ, (h - ρ f_*)_+/||d||_*²}``, ``y = x - τ ||d||_* u(d)``; or constrained to
``||y - x|| <= α``, the shortest of the minimisers: ``τ = min{α, (h - ρ f_*)_+/||d||_*}``,
``y = x - τ u(d)`` (derived here). The positive part is essential: without it the step climbs where
the model lies below f_*.

A regularised step has ``<d, direction> = ||d||_*²``, a constrained one ``||d||_*``. Layers that
have a metric instead of a norm keep ``c_l = 1``, which joins them to the others by `L2`: with `MAX`
this is the hybrid norm ``(max_l ||X_l||² + ||x_rest||²_D)^½``. Framework: Crawshaw, Modi, Liu and
Gower 2025, arXiv 2510.09827: their MuonMax is the regularised step of this hybrid, their MuonAdam
and Scion are constrained.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from momo.core.ops import Ops
from momo.core.step import Number, total

Product = Callable[[Sequence[Number], Ops], list[Number]]
"""``(n_1, …, n_L) -> (c_1, …, c_L)``."""


def max_product(dual_norms: Sequence[Number], ops: Ops) -> list[Number]:
    """Return ``c_l = Σ_j n_j``."""
    return [total(dual_norms)] * len(dual_norms)


def sum_product(dual_norms: Sequence[Number], ops: Ops) -> list[Number]:
    """Return ``c_l = n_l`` for the layer with the largest, the first of several, else 0."""
    largest = dual_norms[0]
    for norm in dual_norms[1:]:
        largest = ops.maximum(largest, norm)
    scales, free = [], True
    for norm in dual_norms:
        chosen = (norm == largest) & free
        scales.append(ops.where(chosen, norm, 0.0 * norm))
        free = free & (norm != largest)
    return scales


def l2_product(dual_norms: Sequence[Number], ops: Ops) -> list[Number]:
    """Return ``c_l = n_l``."""
    return list(dual_norms)


MAX, SUM, L2 = max_product, sum_product, l2_product


def scales(
    product: Product | None, dual_norms: Sequence[Number], units: Sequence[bool], ops: Ops
) -> list[Number]:
    """Return c_l of every layer: the product's for those with a norm, 1 for those with a metric.

    Parameters
    ----------
    product
        None: the constrained form, ``c_l = 1``.
    dual_norms
        n_l, or ``||d_l||²`` of a metric.
    units
        Which layers have a norm.
    """
    found: list[Number] = [1.0] * len(dual_norms)
    with_norm = [index for index, unit in enumerate(units) if unit]
    if product is not None and with_norm:
        chosen = product([dual_norms[index] for index in with_norm], ops)
        for index, scale in zip(with_norm, chosen, strict=True):
            found[index] = scale
    return found
