# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How far samples are from data: the sliced Wasserstein distance."""

from __future__ import annotations

import torch
from torch import Tensor


def directions(size: int, count: int, seed: int) -> Tensor:
    """Return unit vectors, evenly distributed: float64 (count, size), of the seed alone."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(count, size, generator=generator, dtype=torch.float64)
    return drawn / torch.linalg.vector_norm(drawn, dim=1, keepdim=True)


def sliced_wasserstein(first: Tensor, second: Tensor, along: Tensor) -> float:
    """Return the sliced Wasserstein distance W_2 of two sets of as many points.

    ``SW² = mean_θ W_2²(<θ,x>, <θ,y>)``; on a line the nearest coupling pairs the sorted values, so
    that ``W_2² = mean_i (x_(i) - y_(i))²`` (Bonneel et al. 2015).

    Parameters
    ----------
    first, second
        Points (n, …), with the same n.
    along
        Directions (p, d), as `directions` returns.

    Returns
    -------
    distance
        In units of the points; 0 for equal sets, in whatever order.

    Raises
    ------
    ValueError
        If the sets differ in shape.
    """
    if first.shape != second.shape:
        raise ValueError(
            f"first is {tuple(first.shape)}, second {tuple(second.shape)}; allowed: equal shapes"
        )
    lines = [
        (points.double().cpu().flatten(1) @ along.T).sort(dim=0)[0] for points in (first, second)
    ]
    return float((lines[0] - lines[1]).square().mean().sqrt())


def spread(samples: Tensor, real: Tensor) -> float:
    """Return the total variance of samples, over all coordinates, in units of that of real data.

    Below 1 the samples are too cold, above 1 too hot.
    """
    first, second = (points.double().flatten(1).var(dim=0).sum() for points in (samples, real))
    return float(first / second)
