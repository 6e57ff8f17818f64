# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Small cases that several tests of the theory share."""

from __future__ import annotations

import numpy as np

from theory import cache
from theory.case import Case, Setting
from theory.problems import FAMILIES
from theory.problems.base import Problem

WITHOUT_KERNEL = (
    *("cap_stability", "last_sharp", "last_growing", "any_bound_smooth", "online_sum"),
    *("generalized_smooth", "generalized_smooth_sps"),
    *("ngn_m_rate", "ngn_m_published", "ngn_m_line"),
)
"""Theorems that theory/rocq does not have; the last three are about a method that is not there."""

UNCAPPED = (Setting(0.0), Setting(0.5), Setting(0.9))


def small_case(
    problem: Problem | str = "absolute_regression",
    settings: tuple[Setting, ...] = UNCAPPED,
    seeds: int = 20,
    iterations: int = 100,
    seed: int = 0,
) -> Case:
    made = FAMILIES[problem]() if isinstance(problem, str) else problem
    optimum = cache.optimum(made)
    return Case(
        name=made.name,
        problem=made,
        optimum=optimum,
        constants=made.constants(optimum.solution, optimum.distance),
        settings=settings,
        seeds=1 if made.samples == 1 else seeds,
        iterations=iterations,
        seed=seed,
    )


def capped(case: Case, part: float = 0.1) -> tuple[Setting, ...]:
    return tuple(
        Setting(beta, part * case.optimum.distance / case.constants.gradient)
        for beta in np.unique(case.beta)
    )
