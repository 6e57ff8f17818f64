# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""With which β, caps and lower bounds the methods are run, and for how long."""

from __future__ import annotations

import inspect

import numpy as np

from momo.reference import momo
from theory.case import Setting
from theory.optimum import Optimum
from theory.problems.base import Constants

ITERATIONS = {
    "momo_star": 100,
    "momo_adam": 100,
    "momo_adam_frozen": 100,
    "momo_adam_growing": 100,
    "momo_capped": 100,
    "momo_diminishing": 50,
    "momo_any_bound": 100,
    "momo_wrong_bound": 200,
    "ngn_m": 50,
}
"""Upper limits of K for all methods but MoMo, whose rate is the paper's theorem.

Bounds with a cap are near equality for K about D/(αG), so that few steps with the caps below say
as much as many. Doubling the others makes the largest ratio of no rate larger by more than 0.003.
"""

SINGLE_STEPS = 50
"""The same for problems without interpolation, where of most methods single steps are claimed."""

NEVER_HELD = ("ngn_m",)
"""Methods that step along the newest gradient, by its own loss: rounding decides none of it."""

DEFAULT_LR = float(inspect.signature(momo).parameters["lr"].default)
"""α that people get who set none: 1.0 (paper)."""

CAPS = (0.01, 0.1, 1.0, 10.0)
"""Caps as multiples of ``D/(G√K)``, from where on the paper's rate holds with a cap (T1)."""

OFFSETS = (0.0, -0.1, -1.0)
"""Valid lower bounds: the infimum of all samples, and below it, in units of ``f(x^1) - f*``."""

WRONG_OFFSETS = (-0.3, -0.03, 0.03, 0.3)
"""Bounds that are not f*: below it and above, in units of ``f(x^1) - f*``."""


SEEDS = {"momo_capped": 100, "momo_diminishing": 100, "momo_wrong_bound": 5, "ngn_m": 50}
"""Upper limits of the runs of each setting: few where only single paths are claimed."""


def iterations(method: str, interpolates: bool, longest: int) -> int:
    """Return K for a method on a problem with interpolation or without, at most ``longest``."""
    if not interpolates and method not in ("momo_any_bound", "ngn_m"):
        return min(longest, SINGLE_STEPS)
    return min(longest, ITERATIONS.get(method, longest))


def settings(
    method: str,
    betas: tuple[float, ...],
    optimum: Optimum,
    constants: Constants,
    steps: int,
    local: bool = True,
) -> tuple[Setting, ...]:
    """Return the settings that a method is run with.

    Parameters
    ----------
    method
        A key of `theory.methods.METHODS`.
    betas
        β. What a cap or another bound changes is shown at the first and the last.
    optimum, constants
        Of the problem: D and G give the scale of α.
    steps
        K.
    local
        Whether MoMo and MoMo* also get a cap that binds now and then, of which single steps are
        claimed.
    """
    ends = sorted({betas[0], betas[-1]})
    longest = optimum.distance / constants.gradient
    if method == "momo_adam":
        # A cap far below Adam's usual distance per coordinate, so that it binds.
        return tuple(Setting(beta, 1e-3 * optimum.distance) for beta in ends)
    if method == "momo_capped":
        return tuple(Setting(beta, lr) for beta in ends for lr in _caps(longest, steps))
    if method == "momo_diminishing":
        return tuple(Setting(beta, longest) for beta in ends)
    if method == "ngn_m":
        return heavy_ball(constants)
    if method == "momo_any_bound":
        return any_bound(ends, optimum, constants, steps)
    if method == "momo_wrong_bound":
        return tuple(Setting(beta, offset=offset) for beta in betas for offset in WRONG_OFFSETS)
    found = tuple(Setting(beta) for beta in betas)
    if local and method in ("momo", "momo_star"):
        # A tenth of the longest Polyak step that the bound G allows binds now and then.
        found += tuple(Setting(beta, 0.1 * longest) for beta in ends)
    return found


def any_bound(
    betas: list[float], optimum: Optimum, constants: Constants, steps: int
) -> tuple[Setting, ...]:
    """Return caps and lower bounds for the theorem without interpolation.

    The caps: MoMo's default; ``D/(G√K)``, which minimises the bound at β = 0; a fifth of it; and
    ``D/(GK)``, at which the bound is reached where f is affine. With interpolation there are better
    theorems: fewer of them, and the lowest bound only, with which the cap always binds.
    """
    everywhere = constants.gradient_everywhere
    gradient = everywhere if np.isfinite(everywhere) else constants.gradient
    longest = optimum.distance / gradient
    caps = [DEFAULT_LR, longest / np.sqrt(steps), longest / steps]
    offsets: tuple[float, ...] = OFFSETS[-1:]
    if not optimum.interpolates:
        caps, offsets = [*caps, 0.2 * longest / np.sqrt(steps)], OFFSETS
    return tuple(
        Setting(beta, float(lr), offset) for beta in betas for lr in caps for offset in offsets
    )


def heavy_ball(constants: Constants) -> tuple[Setting, ...]:
    """Return β and c of NGN-M, for which its rate is claimed.

    λ = 1/12 and ¼ at cL = 1 and ¼, the largest of the published rate, once with a lower bound below
    the infima; β = 0 with a small c, where the bounds are nearest; and β = 0.5 and 0.9 with a c
    that the rate derived here allows. Without smoothness only the step is claimed.
    """
    smoothness = constants.smoothness
    if smoothness is None:
        return (Setting(0.9, DEFAULT_LR), Setting(0.0, DEFAULT_LR, OFFSETS[-1]))
    chosen = [(0.0, 0.1, 0.0), (1 / 13, 1.0, 0.0), (1 / 13, 1.0, OFFSETS[1]), (0.2, 0.25, 0.0)]
    chosen += [(0.5, 0.25, 0.0), (0.9, 0.05, 0.0)]
    return tuple(Setting(beta, part / smoothness, offset) for beta, part, offset in chosen)


def _caps(longest: float, steps: int) -> tuple[float, ...]:
    """Return MoMo's default, and multiples of ``D/(G√K)``."""
    return (DEFAULT_LR, *(float(part * longest / np.sqrt(steps)) for part in CAPS))
