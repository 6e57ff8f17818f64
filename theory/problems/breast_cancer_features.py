# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Random features that interpolate the labels of the breast cancer data."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, positive, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import huber
from theory.problems.synthetic import MAX_CONDITION


def breast_cancer_features(
    samples: int = 60,
    features: int = 120,
    bandwidth: float = 2.0,
    delta: float = 0.5,
    level: float = -2.0,
    seed: int = 0,
) -> LinearModel:
    """Return ``f_i(x) = φ_δ(<a_i, x> - y_i) + level`` with random cosine features a_i.

    ``a_ij = sqrt(2/n) cos(<w_j, p_i>/bandwidth + c_j)``, with p_i the 30 standardised measurements
    of scikit-learn's breast cancer data, w_j Gaussian and c_j uniform; y_i = ±1 is the diagnosis,
    and φ_δ the Huber loss: smooth with ``L = max ||a_i||²``, and ``δ||a_i||``-Lipschitz.

    Interpolation: with no more samples than features A has full row rank, which is checked, so
    that ``Ax = y`` is solvable; there every f_i equals level, its infimum.

    Parameters
    ----------
    samples
        N, at most the number of features, and at most 569.
    features
        n.
    bandwidth
        How far apart samples are alike; a larger one makes A worse conditioned.
    delta
        Where the loss turns from quadratic to linear.
    level
        f*.
    seed
        Of the features and the choice of samples.
    """
    whole(1, features=features)
    whole(1, min(features, 569), samples=samples)
    whole(0, seed=seed)
    positive(bandwidth=bandwidth)
    finite(level=level)
    from sklearn.datasets import load_breast_cancer

    points, classes = load_breast_cancer(return_X_y=True)
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(points), samples, replace=False)
    weights = rng.standard_normal((points.shape[1], features)) / bandwidth
    phases = rng.uniform(0, 2 * np.pi, features)
    rows = np.sqrt(2 / features) * np.cos(points[chosen] @ weights + phases)
    condition = float(np.linalg.cond(rows))
    if condition > MAX_CONDITION:
        raise ValueError(
            f"bandwidth = {bandwidth!r} makes the condition number of the features"
            f" {condition:.2g}; allowed: one that makes it at most {MAX_CONDITION:g}"
        )
    targets = np.where(classes[chosen] == 1, 1.0, -1.0)
    return LinearModel(
        "breast_cancer_features", rows, targets, huber(delta), np.zeros(features), level
    )
