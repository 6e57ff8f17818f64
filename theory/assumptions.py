# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The assumptions of the theorems: each has a name, words, and what it objects to in a run.

A statement names its assumptions. Its claim is checked on the runs to which none of them objects,
and the hypotheses that its proof takes from an assumption are counted as such.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from theory.case import Case, Setting
from theory.problems.momentum_trap import MomentumTrap
from theory.problems.resisting import MaxAffine

Objection = Callable[[Case, Setting], str]


def never(case: Case, setting: Setting) -> str:
    """Return no objection."""
    return ""


def interpolated(case: Case, setting: Setting) -> str:
    """Return an objection to problems where no x minimises every f_i."""
    return "" if case.optimum.interpolates else "needs interpolation"


def exact_bound(case: Case, setting: Setting) -> str:
    """Return an objection to lower bounds that are not f*."""
    return "" if setting.offset == 0 else "needs f_* = f*"


def bound_below(case: Case, setting: Setting) -> str:
    """Return an objection to lower bounds that are none."""
    return "" if setting.offset <= 0 else "needs f_* ≤ inf f(·,s)"


def uncapped(case: Case, setting: Setting) -> str:
    """Return an objection to settings with a cap."""
    return "" if np.isinf(setting.lr) else "needs α = inf"


def smooth(case: Case, setting: Setting) -> str:
    """Return an objection to functions that are not smooth."""
    return "" if case.constants.smoothness is not None else "needs every f(·,s) smooth"


def generalized_smooth(case: Case, setting: Setting) -> str:
    """Return an objection to functions that are not known to be (L0, L1)-smooth."""
    known = case.constants.generalized_smoothness is not None
    return "" if known else "needs every f(·,s) (L0, L1)-smooth"


def no_momentum(case: Case, setting: Setting) -> str:
    """Return an objection to β > 0."""
    return "" if setting.beta == 0 else "needs β = 0"


def one_function(case: Case, setting: Setting) -> str:
    """Return an objection to several functions."""
    return "" if case.problem.samples == 1 else "needs one function"


def finite_cap(case: Case, setting: Setting) -> str:
    """Return an objection to settings without a cap."""
    return "needs a finite α" if np.isinf(setting.lr) else ""


def trap(case: Case, setting: Setting) -> str:
    """Return an objection to any function but the one made for this β."""
    made = case.problem
    if not isinstance(made, MomentumTrap) or made.beta != setting.beta:
        return "needs the function made for this β"
    return ""


def resisting(case: Case, setting: Setting) -> str:
    """Return an objection to everything but a resisting function, run K steps."""
    if not isinstance(case.problem, MaxAffine) or case.iterations != len(case.problem.start):
        return "needs the resisting function for this K"
    return ""


def everywhere(case: Case, setting: Setting) -> str:
    """Return an objection to problems without a bound on the gradients everywhere."""
    found = np.isfinite(case.constants.gradient_everywhere)
    return "" if found else "needs gradients that are bounded everywhere"


def sharp(case: Case, setting: Setting) -> str:
    """Return an objection to problems of which no sharpness is known."""
    return "" if case.constants.sharpness is not None else "needs a sharp f"


def growing(case: Case, setting: Setting) -> str:
    """Return an objection to problems of which no quadratic growth is known."""
    return "" if case.constants.growth is not None else "needs quadratic growth"


def above(case: Case, setting: Setting) -> str:
    """Return an objection to bounds that are not above f*."""
    return "" if setting.offset >= 0 else "needs f_* ≥ f*"


@dataclass(frozen=True)
class Assumption:
    """An assumption of theorems.

    Attributes
    ----------
    name
        An identifier.
    words
        What is assumed, in the paper's symbols.
    objection
        Why a setting of a case does not meet it; the empty string where it does, and where it is so
        by how the runs are made.
    """

    name: str
    words: str
    objection: Objection = never


CONVEX = Assumption("convex", "every f(·,s) is convex")
INTERPOLATION = Assumption("interpolation", "f(x*,s) = f* = inf f(·,s) for all s", interpolated)
EXACT_BOUND = Assumption("exact_bound", "the lower bound is f_*^k = f*", exact_bound)
UNCAPPED = Assumption("uncapped", "α_k = ∞", uncapped)
ANY_CAP = Assumption("any_cap", "any cap α_k > 0")
NO_DECAY = Assumption("no_decay", "λ = 0")
BETA = Assumption("beta", "0 ≤ β < 1")
FROM_FIRST = Assumption("from_first", "the average starts at the first sample")
FROM_ZERO = Assumption("from_zero", "the average starts at zero")
INDEPENDENT = Assumption("independent", "s_k is drawn independently of what came before")
ANY_ORDER = Assumption("any_order", "samples in any order")
ONE_FUNCTION = Assumption("one_function", "one function: f(·,s) = f for all s", one_function)
BALL_GRADIENTS = Assumption(
    "ball_gradients", "E||∇f(x,s)||² ≤ G² on the ball around x* with radius D = ||x^1-x*||"
)
SMOOTH = Assumption("smooth", "every f(·,s) is L-smooth", smooth)
EACH_GRADIENT = Assumption(
    "each_gradient", "||∇f(x,s)|| ≤ G for every s on the ball around x* with radius ||x^1-x*||"
)
EVERYWHERE = Assumption("everywhere", "E||∇f(x,s)||² ≤ G² for all x", everywhere)
SHARP = Assumption("sharp", "f(x) - f* ≥ s||x-x*|| on the ball", sharp)
QUADRATIC_GROWTH = Assumption("growth", "f(x) - f* ≥ (μ/2)||x-x*||² for all x", growing)
TOO_LOW = Assumption("too_low", "the lower bound is f_* = f* - ε, ε ≥ 0", bound_below)
TOO_HIGH = Assumption("too_high", "the lower bound is f_* = f* + ε, ε ≥ 0", above)
GENERALIZED_SMOOTH = Assumption(
    "generalized_smooth",
    "every f(·,s) is (L0, L1)-smooth, ‖∇²f‖ ≤ L0 + L1‖∇f‖, of which is used f(x+v) ≤ f(x) + <g, v>"
    " + (L0 + L1‖g‖)/L1² (e^{L1‖v‖} - 1 - L1‖v‖) with g = ∇f(x)",
    generalized_smooth,
)
FIXED_METRIC = Assumption("fixed_metric", "in any fixed metric")
GROWING_METRIC = Assumption("growing_metric", "the metric never decreases: P_{k+1} ⪰ P_k")
PATH_GRADIENTS = Assumption("path_gradients", "||g_k|| ≤ G for k ≤ K")
NO_MOMENTUM = Assumption("no_momentum", "β = 0", no_momentum)
FINITE_CAP = Assumption("finite_cap", "α finite", finite_cap)
POSITIVE_SIZES = Assumption(
    "positive_sizes", "α_g > 0 finite, λ_g ≥ 0, ρ > 0, and D_g positive definite"
)
DIAGONAL_METRICS = Assumption(
    "diagonal_metrics", "diagonal metrics P_k, of which one is larger where its entries are"
)
BOUNDED_GROWTH = Assumption("bounded_growth", "P_{k+1} ⪯ (1+η_k) P_k with η_k ≥ 0")
SHRINKING_METRIC = Assumption("shrinking_metric", "the metric never increases: P_{k+1} ⪯ P_k")
TRAP = Assumption("trap", "f is the function made for β and K", trap)
OWN_FUNCTIONS = Assumption(
    "own_functions", "f_1,…,f_K are made for β and K, each seen once, in this order"
)
RESISTING = Assumption("resisting", "the resisting function for this K", resisting)
AT_ITERATES = Assumption("at_iterates", "each sample is taken at the iterate itself")
EUCLIDEAN = Assumption("euclidean", "D_k = I")
COORDINATES = Assumption(
    "coordinates", "f(·,s) and its gradient depend on the n coordinates of x only"
)
OWN_BOUND = Assumption("own_bound", "the lower bound is the method's own, f_*^1 at the start")
BOUND_BELOW = Assumption(
    "bound_below", "the lower bound is f_* ≤ inf f(·,s) for all s", bound_below
)
INFIMA = Assumption("infima", "inf f(·,s) is finite for all s")
ON_A_LINE = Assumption(
    "on_a_line",
    "one function f of one variable with f ≥ 0 = f(x*), f' continuous, N = γf' with N' ≤ 2s, x^0 ="
    " x^1",
)

FLOOR_BELOW = Assumption("floor_below", "the first bound of MoMo* is f_*^1 ≤ f*")

ASSUMPTIONS: dict[str, Assumption] = {
    found.name: found for found in list(globals().values()) if isinstance(found, Assumption)
}


def objection(assumptions: Sequence[Assumption]) -> Objection:
    """Return the objections of several assumptions: the first that there is."""

    def first(case: Case, setting: Setting) -> str:
        return next((why for each in assumptions if (why := each.objection(case, setting))), "")

    return first
