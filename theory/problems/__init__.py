# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The problem families, by name; a new one is one file and one line here."""

from collections.abc import Callable

from theory.problems.absolute_regression import absolute_regression
from theory.problems.balls import balls
from theory.problems.base import Problem
from theory.problems.breast_cancer_features import breast_cancer_features
from theory.problems.chebyshev_regression import chebyshev_regression
from theory.problems.digits_hinge import digits_hinge
from theory.problems.disagreement import disagreement
from theory.problems.exponential_regression import exponential_regression
from theory.problems.halfspaces import halfspaces
from theory.problems.hinge import hinge
from theory.problems.huber_line import huber_line
from theory.problems.huber_regression import huber_regression
from theory.problems.least_squares import least_squares
from theory.problems.logistic_flipped import logistic_flipped
from theory.problems.logistic_separable import logistic_separable
from theory.problems.matrix_sensing import matrix_sensing
from theory.problems.maximum_norm import maximum_norm
from theory.problems.momentum_trap import momentum_trap
from theory.problems.mushrooms import mushrooms
from theory.problems.noisy_absolute import noisy_absolute
from theory.problems.noisy_huber import noisy_huber
from theory.problems.noisy_least_squares import noisy_least_squares
from theory.problems.noisy_regression import noisy_regression
from theory.problems.parabola import parabola
from theory.problems.resisting import resisting
from theory.problems.semidefinite import semidefinite
from theory.problems.squared_hinge import squared_hinge

INTERPOLATING: dict[str, Callable[[], Problem]] = {
    "absolute_regression": absolute_regression,
    "balls": balls,
    "breast_cancer_features": breast_cancer_features,
    "chebyshev_regression": chebyshev_regression,
    "digits_hinge": digits_hinge,
    "exponential_regression": exponential_regression,
    "halfspaces": halfspaces,
    "hinge": hinge,
    "huber_line": huber_line,
    "huber_regression": huber_regression,
    "least_squares": least_squares,
    "matrix_sensing": matrix_sensing,
    "maximum_norm": maximum_norm,
    "momentum_trap": momentum_trap,
    "mushrooms": mushrooms,
    "parabola": parabola,
    "resisting": resisting,
    "semidefinite": semidefinite,
    "squared_hinge": squared_hinge,
}
"""Families with interpolation: one x* minimises every f_i."""

WITHOUT_INTERPOLATION: dict[str, Callable[[], Problem]] = {
    "disagreement": disagreement,
    "logistic_flipped": logistic_flipped,
    "noisy_absolute": noisy_absolute,
    "noisy_huber": noisy_huber,
    "noisy_least_squares": noisy_least_squares,
}
"""Families whose minimisers minimise not every f_i, and which say so: f* lies above ``inf f_i``.

Claims that need interpolation object to them.
"""

FAMILIES = INTERPOLATING | WITHOUT_INTERPOLATION
"""All families: every claim must hold on each of them, or say what it misses."""

BROKEN: dict[str, Callable[[], Problem]] = {
    "logistic_separable": logistic_separable,
    "noisy_regression": noisy_regression,
}
"""Families that claim interpolation and have none: the checks must object to each of them."""
