# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The quantities that several statements speak of: one symbol and one meaning for each."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.statement import Quantity

BETA = Quantity("beta", "β", "the averaging parameter", at_least=0, below=1)
ITERATIONS = Quantity("K", "K", "how many points are evaluated", at_least=1)
GRADIENT = Quantity("G", "G", "bounds the gradients", above=0)
DISTANCE = Quantity("D", "D", "the distance ||x^1-x*|| from the start to a solution", above=0)
SMOOTHNESS = Quantity("L", "L", "the smoothness", above=0)
CAP = Quantity("alpha", "α", "the cap: the learning rate", above=0)
GROWTH = Quantity("mu", "μ", "how fast f grows: f(x) - f* ≥ (μ/2)||x-x*||²", above=0)
SHARPNESS = Quantity("s", "s", "how sharp f is: f(x) - f* ≥ s||x-x*||", above=0)
STEPS = Quantity("K", "K", "how many steps are taken", at_least=0)
DISTANCE_LEFT = Quantity(
    "E", "E||x^{K+1}-x*||²", "the expected squared distance that K steps leave"
)
STEP_SIZE = Quantity("c", "c", "any step size up to the cap", above=0)
LEAST_EXPECTED = Quantity(
    "m", "min_{k≤K} E[f(x^k) - f*]", "the least expected suboptimality of the points evaluated"
)
LEAST = Quantity("m", "min_{k≤K} f(x^k) - f*", "the least suboptimality of the points evaluated")
VALUE = Quantity(
    "value", "f(x^k) - f*", "the suboptimality of each of the points evaluated", at_least=0
)
EQUAL = Quantity("delta", "δ", "f_k(x^k) - f*, the same for all k ≤ K", above=0)
REST = Quantity("rest", "rest", "G²||x^K-x*||² in units of (f(x^K)-f*)²", at_least=1)
FIRST = Quantity("first", "(f_1-f*)", "the suboptimality of the first sample", at_least=0)
SUM = Quantity("T", "Σ_{k≤K} (f_k-f*)", "the sum of the suboptimalities of all samples", at_least=0)
LATER = Quantity("later", "Σ_{2≤k≤K} (f_k-f*)", "the same without the first", at_least=0)
LEAST_SAMPLE = Quantity("m", "min_{k≤K} f_k - f*", "the least suboptimality of the samples")
HEIGHT = Quantity("a", "(h_k-ρ_k f*)", "the model's value at x^k, above that of f*")
SAMPLE = Quantity("delta", "(f_k-f*)", "the suboptimality of the sample of step k", at_least=0)
WEIGHT = Quantity(
    "rho", "ρ_k", "the weight of the averages: 1 from the first sample, 1-β^k from zero", at_least=0
)
CHANGE = Quantity(
    "change", "||x^{k+1}-x*||² - ||x^k-x*||²", "what the step changes of the squared distance"
)
STEP = Quantity("tau", "τ_k", "the step size, min{α_k/ρ_k, (h_k-ρ_k f*)_+/||d_k||²}", at_least=0)
NORM = Quantity("N", "||d_k||²", "the squared dual norm of the average", at_least=0)
CONSTANTS = (BETA, ITERATIONS, GRADIENT, DISTANCE, SMOOTHNESS, CAP, LEAST)
"""The constants of a problem and of a run: in lemmas, too, these names mean nothing else."""


def averaged(beta: ArrayLike, iterations: ArrayLike) -> tuple[Array, Array]:
    """Return β and K as arrays.

    Raises
    ------
    ValueError
        If a β is not in [0, 1), or a K is no integer above 0.
    """
    b, k = np.asarray(beta, dtype=np.float64), np.asarray(iterations, dtype=np.float64)
    if not ((b >= 0) & (b < 1)).all():
        raise ValueError(f"beta = {beta!r}; allowed: 0 <= beta < 1")
    if not ((k >= 1) & (k == np.round(k))).all():
        raise ValueError(f"iterations = {iterations!r}; allowed: integers >= 1")
    return b, k
