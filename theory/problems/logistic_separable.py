# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The logistic loss on separable data: infima that no point attains."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import LOGISTIC
from theory.problems.synthetic import separable_rows


def logistic_separable(
    samples: int = 100, dim: int = 20, margin: float = 0.1, seed: int = 0
) -> LinearModel:
    """Return ``f_i(x) = log(1 + exp(-y_i <p_i, x>))`` on separable points p_i.

    No interpolation: along the separating direction every f_i tends to its infimum 0, but nothing
    attains it, D is infinite, and the theorem says nothing. The `solution_set` says
    ``f_i(x) <= 0`` all the same, which has no point. Smooth, ``L = max ||p_i||²/4``.

    Parameters
    ----------
    samples, dim
        N and n.
    margin
        A lower bound on the margin; the points have norm about one.
    seed
        Of the points and labels.
    """
    whole(0, seed=seed)
    rows = separable_rows(np.random.default_rng(seed), samples, dim, margin)
    return LinearModel("logistic_separable", rows, np.zeros(samples), LOGISTIC, np.zeros(dim))
