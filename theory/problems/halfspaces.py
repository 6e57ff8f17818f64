# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Distances to halfspaces that intersect."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, positive, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import HINGE
from theory.problems.synthetic import unit_vectors


def halfspaces(
    samples: int = 200,
    dim: int = 30,
    inner: float = 0.1,
    distance: float = 5.0,
    level: float = 1.5,
    seed: int = 0,
) -> LinearModel:
    """Return ``f_i(x) = dist(x, H_i) + level`` with halfspaces ``H_i = {x : <a_i, x> <= b_i}``.

    ``||a_i|| = 1`` and ``dist(x, H_i) = (<a_i, x> - b_i)_+``: the hinge loss at the row ``-a_i``
    and the target ``-b_i``. Nonsmooth, 1-Lipschitz.

    Interpolation: with ``b_i = <a_i, p> + inner`` the ball of radius ``inner`` about p lies in
    every halfspace, and there every f_i equals level, its infimum.

    Parameters
    ----------
    samples, dim
        N and n.
    inner
        The radius of the ball in the intersection.
    distance
        ``||p||``; the start is 0, and at least one halfspace must not hold it.
    level
        f*.
    seed
        Of the normals and p.
    """
    whole(1, samples=samples, dim=dim)
    whole(0, seed=seed)
    finite(level=level)
    positive(inner=inner, distance=distance)
    rng = np.random.default_rng(seed)
    normals = unit_vectors(rng, samples, dim)
    centre = distance * unit_vectors(rng, 1, dim)[0]
    bounds = normals @ centre + inner
    if bounds.min() >= 0:
        raise ValueError(
            f"inner = {inner!r} leaves the start in every halfspace; allowed: below"
            f" {inner - bounds.min():g}"
        )
    return LinearModel("halfspaces", -normals, -bounds, HINGE, np.zeros(dim), level, most_held=0.25)
