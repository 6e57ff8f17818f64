# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The short run: what is stored is solved again, certified, compared with the bounds, replayed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from theory.problems.base import Array
from theory.worst_case.ascent import Found
from theory.worst_case.certificate import TOLERANCE, Certificate
from theory.worst_case.pep import certified
from theory.worst_case.proven import lower_bounds, upper_bounds
from theory.worst_case.replay import Replay, replay
from theory.worst_case.setting import Setting
from theory.worst_case.store import Store, group_name


@dataclass(frozen=True)
class Outcome:
    """What the short run found for one setting.

    Attributes
    ----------
    setting
        Which.
    stored
        The value that the search stored.
    certificate, run
        The certificate and the replay; None where there was an error.
    upper
        Upper bounds that were proven, by name; empty where the theory says nothing.
    lower
        Lower bounds that were proven, by name.
    error
        Why there is no result; empty if there is.
    """

    setting: Setting
    stored: float
    certificate: Certificate | None
    run: Replay | None
    upper: dict[str, float]
    lower: dict[str, float]
    error: str = ""

    @property
    def value(self) -> float:
        """Return the largest value found; NaN if there is none."""
        return math.nan if self.certificate is None else self.certificate.lower

    @property
    def least_upper(self) -> float:
        """Return the least of the proven upper bounds; inf if there is none."""
        return min(self.upper.values(), default=math.inf)

    @property
    def ratio(self) -> float:
        """Return value over `least_upper`: how tight the theory is; 0 if there is no bound."""
        return self.value / self.least_upper

    @property
    def closed(self) -> bool:
        """Whether the value is the exact worst case: nothing is larger, for whatever steps.

        It is where a good certificate's value agrees with a proven upper bound; elsewhere it is the
        largest that was found.
        """
        return self.good and self.value >= self.least_upper - TOLERANCE

    @property
    def objections(self) -> tuple[str, ...]:
        """Return all that is wrong with it; empty if it is certified, replayed, below the bounds.

        A value below a lower bound is an objection, too: the search has missed a known function.
        """
        if self.error or self.certificate is None or self.run is None:
            return (self.error or "no result",)
        found = list(self.certificate.objections)
        if not abs(self.value - self.stored) <= TOLERANCE:
            found.append(f"value {self.value:.9f}, but {self.stored:.9f} is stored")
        for name, bound in self.upper.items():
            if not self.certificate.upper <= bound + TOLERANCE:
                found.append(f"value {self.value:.9f} above the bound “{name}”, {bound:.9f}")
        for name, bound in self.lower.items():
            if not self.value >= bound - TOLERANCE:
                found.append(f"value {self.value:.9f} below “{name}”, {bound:.9f}: search longer")
        if not self.run.good:
            found.append(f"replay is off by {self.run.error:.1e} > {self.run.allowed:.1e}")
        return tuple(found)

    @property
    def good(self) -> bool:
        """Whether there is nothing to object."""
        return not self.objections


def certify_one(setting: Setting, steps: Array, stored: float) -> Outcome:
    """Return the outcome of one setting; a failure is an outcome, too."""
    proven = upper_bounds(setting), lower_bounds(setting)
    try:
        worst = certified(setting, steps)
        run = replay(worst.instance)
    except (RuntimeError, ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
        return Outcome(setting, stored, None, None, *proven, f"{type(error).__name__}: {error}")
    return Outcome(setting, stored, worst.certificate, run, *proven)


def certify_all(
    found: dict[Setting, Found],
    jobs: int = 1,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Return the outcomes of all settings, in their order; the longest are begun first."""
    from joblib import Parallel, delayed

    order = sorted(found, key=lambda setting: -setting.iterations)
    parallel = Parallel(n_jobs=jobs, return_as="generator_unordered")
    outcomes = {}
    tasks = (delayed(certify_one)(s, found[s].steps, found[s].value) for s in order)
    for outcome in parallel(tasks):
        outcomes[outcome.setting] = outcome
        on_outcome(outcome)
    return [outcomes[setting] for setting in found]


def group(setting: Setting) -> Setting:
    """Return what settings have in common that differ in numbers only.

    Of the cap and of ``f_* - f*`` it keeps whether there is one, and the sign, as 1 and ±1.
    """
    return replace(
        setting,
        beta=0.0,
        iterations=1,
        lr=1.0 if math.isfinite(setting.lr) else math.inf,
        lower_bound=float(np.sign(setting.lower_bound)),
    )


def groups(outcomes: Iterable[Outcome]) -> dict[Setting, list[Outcome]]:
    """Return the outcomes by `group`, in the order of their first members."""
    found: dict[Setting, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(group(outcome.setting), []).append(outcome)
    return found


def select(
    store: Store,
    betas: tuple[float, ...] = (),
    iterations: tuple[int, ...] = (),
    groups: tuple[str, ...] = (),
) -> dict[Setting, Found]:
    """Return what is stored for the values given; an empty tuple stands for all.

    Raises
    ------
    ValueError
        If one of them is not stored, with those that are.
    """
    stored: dict[str, list[Any]] = {
        "betas": sorted({setting.beta for setting in store.found}),
        "iterations": sorted({setting.iterations for setting in store.found}),
        "groups": sorted({group_name(setting) for setting in store.found}),
    }
    given: dict[str, tuple[Any, ...]] = {"betas": betas, "iterations": iterations, "groups": groups}
    for name, known in stored.items():
        unknown = [value for value in given[name] if value not in known]
        if unknown:
            allowed = ", ".join(map(str, known))
            raise ValueError(f"{name} has {unknown[0]!r}, which is not stored; allowed: {allowed}")
    return {
        setting: found
        for setting, found in store.found.items()
        if (not betas or setting.beta in betas)
        and (not iterations or setting.iterations in iterations)
        and (not groups or group_name(setting) in groups)
    }
