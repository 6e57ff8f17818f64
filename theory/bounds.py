# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Bounds on the worst case of K evaluations of MoMo: the paper's, and those derived here.

In units of G D (Lipschitz functions) or L D² (smooth ones), D = ||x^1 - x*||; f_* = f*, α = inf,
λ = 0, interpolation. β and K broadcast. ``from_zero`` stands for MoMo-Adam's average with a
frozen preconditioner P, where G is in P^{-1}'s norm and D in P's.

They are in the ``bound.py`` of each theorem, made from its statement; here they are together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.theorems.attained.bound import orthogonal
from theory.theorems.given_order.bound import given_order_construction
from theory.theorems.rate.bound import first_term, paper, two_ends
from theory.theorems.sharp_rate.bound import sharp
from theory.theorems.smooth_linear.bound import smooth
from theory.theorems.trap.bound import construction, equal_values

__all__ = [
    "construction",
    "equal_values",
    "first_term",
    "given_order_construction",
    "orthogonal",
    "paper",
    "sharp",
    "smooth",
    "two_ends",
    "upper",
]


def upper(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return the least of the bounds for one Lipschitz function."""
    any_order = np.minimum(paper(beta, iterations), two_ends(beta, iterations, averaging))
    return np.minimum(any_order, sharp(beta, iterations, averaging))
