# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What to verify: a plan, and the tasks that it is made of."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from inspect import signature

import numpy as np

from momo.lookup import choices, load
from theory import hard
from theory.blame import raised
from theory.claims.base import Claim
from theory.controls import CONTROLS
from theory.problems import BROKEN, FAMILIES
from theory.problems.base import Problem
from theory.problems.faulty import FAULTY
from theory.theorems import CLAIMS, find_claim

CONTROL_PROBLEMS = (
    "absolute_regression",
    "least_squares",
    "resisting",
    "chebyshev_regression",
    "momentum_trap",
    "parabola",
    "maximum_norm",
    "disagreement",
    "exponential_regression",
)
"""Nonsmooth, smooth and deterministic ones: together they give every claim its chance."""

CONTROL_STEPS, CONTROL_SEEDS = 60, 100
"""Controls are not run longer, or with more seeds, than this."""

FINE_PROBLEMS = (
    "absolute_regression",
    "least_squares",
    "resisting",
    "chebyshev_regression",
    "momentum_trap",
)
FINE_STEPS, FINE_SEEDS = 60, 3
"""Where and how long controls run that are off by little more than rounding, whatever the plan: how
much of what is allowed they exceed was measured there."""

RIGHT = "nothing wrong"
"""The control that must not be caught: the right method, run as the broken ones are."""


def factory(name: str) -> Callable[[], Problem]:
    """Return the family of this name, with the arguments that stand behind it.

    ``least_squares``, ``least_squares(dim=90, condition=1e3)``, ``package.module:function`` or
    ``package.module:function(size=3)``.

    Raises
    ------
    ValueError
        If there is none, with what is allowed.
    """
    known = FAMILIES | BROKEN | FAULTY
    base, bracket, rest = name.partition("(")
    if base in known:
        family = known[base]
    elif ":" in base:
        found = load(f"problem {name!r}", base, object)
        if not callable(found):
            raise ValueError(f"problem {name!r} is not a function that returns a problem")
        family = found
    else:
        raise ValueError(f"problem {name!r} is unknown; {choices(base, known, 'module:function')}")
    if not bracket:
        return family
    try:
        call = ast.parse(f"f({rest}", mode="eval").body
        if not isinstance(call, ast.Call) or call.args:
            raise ValueError("not a list of keyword arguments")
        given = {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
        signature(family).bind(**given)
    except (SyntaxError, TypeError, ValueError) as error:
        shape = f"{base}{signature(family)}"
        raise ValueError(f"problem {name!r} has wrong arguments; allowed: {shape}") from error
    return partial(family, **given)


@cache
def try_arguments(name: str) -> None:
    """Build a problem to which arguments are given, so that bad values are told before the run.

    Raises
    ------
    ValueError
        If there is no such problem, or it cannot be built with these values.
    """
    build = factory(name)
    if not isinstance(build, partial):
        return
    try:
        build()
    except ValueError as error:
        raise ValueError(f"problem {name!r}: {error}") from error
    except Exception as error:
        raise ValueError(f"problem {name!r} raised {raised(error, build)}") from error


@dataclass(frozen=True)
class Plan:
    """What to verify, and how much of it.

    Attributes
    ----------
    problems, claims
        Names: those of the registries, or ``module:name`` for one that lies elsewhere.
    betas
        β of the theorem's method (α = inf); caps are added to the first and the last.
    iterations
        K.
    seeds
        Independent runs of each setting.
    seed
        Of the sampling; the same plan gives the same result.
    error_probability
        Of each statement in expectation: the probability to accept one that is wrong.
    controls
        Whether to run the negative controls.
    long_iterations, long_seeds
        A second run of the theorem's method on each problem, longer and with fewer seeds; 0: none.
    hard
        Whether to run the problems of `theory.hard`; by default where all families are run.
    """

    problems: tuple[str, ...] = tuple(FAMILIES)
    claims: tuple[str, ...] = tuple(CLAIMS)
    betas: tuple[float, ...] = (0.0, 0.5, 0.9)
    iterations: int = 400
    seeds: int = 200
    seed: int = 0
    error_probability: float = 1e-5
    controls: bool = True
    long_iterations: int = 0
    long_seeds: int = 0
    hard: bool | None = None

    @property
    def challenging(self) -> bool:
        """Whether the problems that are made to be hard are run, so that bounds can be judged."""
        return set(FAMILIES) <= set(self.problems) if self.hard is None else self.hard

    @property
    def chosen(self) -> dict[str, Claim]:
        """The claims, by the names that their findings carry."""
        return {claim.name: claim for claim in map(find_claim, self.claims)}

    @property
    def complete(self) -> bool:
        """Whether all registered claims are chosen: only then must every control be caught."""
        return set(CLAIMS) <= set(self.chosen)

    def __post_init__(self) -> None:
        named: dict[str, str] = {}
        for name in self.claims:
            said = find_claim(name).name
            if named.setdefault(said, name) != name:
                raise ValueError(
                    f"claims has {name!r}, whose name {said!r} is that of {named[said]!r}; allowed:"
                    " different names"
                )
        for beta in self.betas:
            if not 0 <= beta < 1:
                raise ValueError(f"betas has {beta}; allowed: 0 <= beta < 1")
        limits = [("iterations", 10), ("seeds", 2), ("seed", 0), ("long_iterations", 0)]
        limits += [("long_seeds", 2)] if self.long_iterations else []
        for name, low in limits:
            if getattr(self, name) < low:
                raise ValueError(f"{name} = {getattr(self, name)}; allowed: at least {low}")
        if not self.betas:
            raise ValueError("betas is empty; allowed: at least one")
        if not 0 < self.error_probability < 1:
            raise ValueError(f"error_probability = {self.error_probability}; allowed: in (0, 1)")
        for name in self.problems:
            try_arguments(name)


FULL = Plan(
    betas=(0.0, 0.5, 0.9, 0.99),
    iterations=2000,
    seeds=500,
    long_iterations=100_000,
    long_seeds=80,
)
"""What ``--full`` runs."""


@dataclass(frozen=True)
class Task:
    """One problem, with either all right methods, or one control, or a broken problem.

    Where ``hard`` is true the problem is one of `theory.hard`.
    """

    problem: str
    plan: Plan
    iterations: int
    seeds: int
    control: str = ""
    long: bool = False
    hard: bool = False

    @property
    def label(self) -> str:
        """How progress calls it."""
        return f"{self.problem}, K = {self.iterations}" + (self.control and f" ({self.control})")


def tasks(plan: Plan) -> list[Task]:
    """Return all tasks of a plan, the longest first."""
    listed = []
    if plan.long_iterations:
        length, seeds = plan.long_iterations, plan.long_seeds
        names = [name for name in plan.problems if name != "resisting"]
        listed += [Task(name, plan, length, seeds, long=True) for name in names]
    for name in plan.problems:
        if name == "resisting":
            # One function for each K, of dimension K; beyond 10^4 it would be the whole work.
            longest = min(max(plan.iterations, plan.long_iterations), 10_000)
            powers = range(round(np.log10(longest)), 0, -1)
            listed += [Task(name, plan, 10**power, 1) for power in powers]
        else:
            listed.append(Task(name, plan, plan.iterations, plan.seeds))
    if plan.controls:
        length, seeds = min(plan.iterations, CONTROL_STEPS), min(plan.seeds, CONTROL_SEEDS)
        small = replace(plan, betas=Plan().betas)
        methods = {claim.method for claim in plan.chosen.values()}
        for problem in CONTROL_PROBLEMS:
            steps = min(length, 100) if problem == "resisting" else length
            names = [c.name for c in CONTROLS.values() if c.method in methods and not c.fine]
            listed += [Task(problem, small, steps, seeds, name) for name in (RIGHT, *names)]
        fine = [c for c in CONTROLS.values() if c.fine and set(c.by) & set(plan.chosen)]
        for problem in FINE_PROBLEMS:
            listed += [Task(problem, small, FINE_STEPS, FINE_SEEDS, c.name) for c in fine]
        listed += [Task(name, small, length, seeds, name) for name in (*BROKEN, *FAULTY)]
    if plan.challenging:
        made = hard.listed().values()
        listed += [Task(one.name, plan, one.setting.iterations, 1, hard=True) for one in made]
    return listed
