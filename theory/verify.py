"""Runs every claim on every problem, and every control against the claims."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from inspect import signature

import numpy as np

from theory import cache
from theory.case import Case, Setting
from theory.claims import CLAIMS, find
from theory.claims.base import Claim, Finding
from theory.controls import CONTROLS
from theory.engine import Curves, Stepper, simulate
from theory.exponent import Exponent, decay_exponent
from theory.methods import METHODS
from theory.optimum import NoOptimumError, Optimum
from theory.problems import BROKEN, FAMILIES
from theory.problems.base import Array, Constants, Problem

CONTROL_PROBLEMS = ("absolute_regression", "least_squares", "resisting")
"""A nonsmooth, a smooth and a deterministic one: together they give every claim its chance."""

ITERATIONS = {"momo_star": 400, "momo_adam": 200}
"""Upper limits of K for methods whose claims are about single steps: the rate is MoMo's."""

CONTROL_STEPS, CONTROL_SEEDS = 1000, 100
"""Controls are not run longer, or with more seeds, than this."""

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
    known = FAMILIES | BROKEN
    base, bracket, rest = name.partition("(")
    if base in known:
        family = known[base]
    elif ":" in base:
        module, _, attribute = base.partition(":")
        try:
            family = getattr(import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            raise ValueError(f"problem {name!r} cannot be loaded: {error}") from error
        if not callable(family):
            raise ValueError(f"problem {name!r} is not a function that returns a problem")
    else:
        allowed = ", ".join(known)
        raise ValueError(f"problem {name!r} is unknown; allowed: {allowed}, module:function")
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
    """

    problems: tuple[str, ...] = tuple(FAMILIES)
    claims: tuple[str, ...] = tuple(CLAIMS)
    betas: tuple[float, ...] = (0.0, 0.5, 0.9)
    iterations: int = 1000
    seeds: int = 200
    seed: int = 0
    error_probability: float = 1e-5
    controls: bool = True
    long_iterations: int = 0
    long_seeds: int = 0

    def __post_init__(self) -> None:
        for name in self.claims:
            find(name)
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
            factory(name)


FULL = Plan(
    betas=(0.0, 0.5, 0.9, 0.99),
    iterations=2000,
    seeds=500,
    long_iterations=100_000,
    long_seeds=80,
)
"""What ``--full`` runs."""


@dataclass(frozen=True)
class CurveSummary:
    """A setting's curves at the checkpoints, each of shape (checkpoints,)."""

    setting: Setting
    steps: Array
    mean: Array
    low: Array
    high: Array
    bound: Array
    distance: Array
    step_size: Array
    exponent: Exponent


@dataclass(frozen=True)
class CaseReport:
    """What was found on one problem with one method."""

    problem: str
    method: str
    samples: int
    dim: int
    seeds: int
    iterations: int
    optimum: Optimum
    constants: Constants
    findings: tuple[Finding, ...]
    curves: tuple[CurveSummary, ...]
    run_steps: int
    seconds: float


@dataclass(frozen=True)
class ControlReport:
    """Which claims objected to a broken method or problem."""

    name: str
    what: str
    caught_by: dict[str, str]
    """Claim to the problems (or settings) on which it objected."""


@dataclass(frozen=True)
class Report:
    """Everything a run of ``verify`` found."""

    plan: Plan
    cases: tuple[CaseReport, ...]
    controls: tuple[ControlReport, ...]
    seconds: float
    failures: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether every claim holds, every control is caught, and every claim caught one."""
        return not self.failures


@dataclass(frozen=True)
class Task:
    """One problem, with either all right methods, or one control, or a broken problem."""

    problem: str
    plan: Plan
    iterations: int
    seeds: int
    control: str = ""
    long: bool = False

    @property
    def label(self) -> str:
        """How progress calls it."""
        return f"{self.problem}, K = {self.iterations}" + (self.control and f" ({self.control})")


@dataclass(frozen=True)
class Outcome:
    """What a task returns."""

    task: Task
    cases: tuple[CaseReport, ...]
    error: str = ""


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
            powers = range(int(np.log10(longest)), 0, -1)
            listed += [Task(name, plan, 10**power, 1) for power in powers]
        else:
            listed.append(Task(name, plan, plan.iterations, plan.seeds))
    if plan.controls:
        length, seeds = min(plan.iterations, CONTROL_STEPS), min(plan.seeds, CONTROL_SEEDS)
        small = replace(plan, betas=Plan().betas)
        for problem in CONTROL_PROBLEMS:
            steps = min(length, 100) if problem == "resisting" else length
            listed += [Task(problem, small, steps, seeds, name) for name in (RIGHT, *CONTROLS)]
        listed += [Task(name, small, length, seeds, name) for name in BROKEN]
    return listed


def run_task(task: Task) -> Outcome:
    """Carry out a task; errors become part of the outcome, so that one cannot end the others."""
    try:
        problem = _build(task)
        optimum = cache.optimum(problem)
    except NoOptimumError as error:
        return Outcome(task, (), f"certificate: {error}")
    constants = problem.constants(optimum.solution, optimum.distance)
    cases = []
    methods: Mapping[str, Callable[[Case], Stepper]] = METHODS
    if task.control in CONTROLS:
        control = CONTROLS[task.control]
        methods = {control.method: control.build}
    for name, build in methods.items():
        named = [find(claim) for claim in task.plan.claims]
        chosen = [c for c in named if c.method == name and not (task.long and c.local)]
        if chosen:
            case = _case(task, name, problem, optimum, constants)
            cases.append(_run_case(case, name, build, chosen))
    return Outcome(task, tuple(cases))


def _build(task: Task) -> Problem:
    build = factory(task.problem)
    if task.problem == "resisting":
        from theory.problems.resisting import resisting

        return resisting(iterations=task.iterations)
    return build()


def _case(
    task: Task, method: str, problem: Problem, optimum: Optimum, constants: Constants
) -> Case:
    plan = task.plan
    scale = optimum.distance / constants.gradient
    ends = sorted({plan.betas[0], plan.betas[-1]})
    if method == "momo_adam":
        # A cap far below Adam's usual distance per coordinate, so that it binds.
        settings = tuple(Setting(beta, 1e-3 * optimum.distance) for beta in ends)
    else:
        # A tenth of the longest Polyak step that the bound G allows binds now and then.
        settings = tuple(Setting(beta) for beta in plan.betas)
        if not task.long:
            settings += tuple(Setting(beta, 0.1 * scale) for beta in ends)
    return Case(
        name=task.problem,
        problem=problem,
        optimum=optimum,
        constants=constants,
        settings=settings,
        seeds=1 if problem.samples == 1 else task.seeds,
        iterations=min(task.iterations, ITERATIONS.get(method, task.iterations)),
        seed=plan.seed,
        error_probability=plan.error_probability,
    )


def _run_case(
    case: Case, method: str, build: Callable[[Case], Stepper], claims: Sequence[Claim]
) -> CaseReport:
    began = time.perf_counter()
    checks = [(claim, claim.monitor(case) if claim.applies(case) else None) for claim in claims]
    findings: list[Finding] = []
    curves: tuple[CurveSummary, ...] = ()
    try:
        traced = simulate(case, build(case), [check for _, check in checks if check is not None])
        curves = _summaries(case, traced)
    except FloatingPointError as error:
        findings.append(Finding("finite", case.name, "all", False, note=str(error)))
    for claim, check in checks:
        findings += claim.findings(case, check)
    return CaseReport(
        problem=case.name,
        method=method,
        samples=case.problem.samples,
        dim=len(case.problem.start),
        seeds=case.seeds,
        iterations=case.iterations,
        optimum=case.optimum,
        constants=case.constants,
        findings=tuple(findings),
        curves=curves,
        run_steps=case.iterations * case.seeds * len(case.settings),
        seconds=time.perf_counter() - began,
    )


def _summaries(case: Case, curves: Curves) -> tuple[CurveSummary, ...]:
    summaries = []
    floor = 10 * (case.optimum.tolerance + case.constants.rounding)
    for row, setting in enumerate(case.settings):
        values = curves.suboptimality[row]
        low, high = np.quantile(values, [0.1, 0.9], axis=1)
        rate = case.constants.gradient * case.optimum.distance / (1 - setting.beta)
        summaries.append(
            CurveSummary(
                setting=setting,
                steps=curves.steps,
                mean=values.mean(axis=1),
                low=low,
                high=high,
                bound=rate / np.sqrt(curves.steps),
                distance=curves.distance[row],
                step_size=curves.step_size[row],
                exponent=decay_exponent(curves.steps, values, floor, case.seed),
            )
        )
    return tuple(summaries)


def outcomes(listed: Sequence[Task], jobs: int) -> Iterator[Outcome]:
    """Carry out tasks in ``jobs`` processes; results come as they are ready."""
    if jobs == 1:
        yield from map(run_task, listed)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=jobs, return_as="generator_unordered")
    yield from parallel(delayed(run_task)(task) for task in listed)


def verify(
    plan: Plan, jobs: int = 1, on_outcome: Callable[[Outcome], None] | None = None
) -> Report:
    """Carry out a plan and judge it.

    Parameters
    ----------
    plan
        What to verify.
    jobs
        How many processes.
    on_outcome
        Called with every outcome as it comes.
    """
    began = time.perf_counter()
    listed = tasks(plan)
    done: dict[Task, Outcome] = {}
    for outcome in outcomes(listed, jobs):
        done[outcome.task] = outcome
        if on_outcome is not None:
            on_outcome(outcome)
    ordered = [done[task] for task in listed]
    main = [outcome for outcome in ordered if not outcome.task.control]
    cases = tuple(case for outcome in main for case in outcome.cases)
    controls = _controls([outcome for outcome in ordered if outcome.task.control])
    failures = _failures(plan, main, cases, controls)
    return Report(plan, cases, controls, time.perf_counter() - began, failures)


def _controls(done: Sequence[Outcome]) -> tuple[ControlReport, ...]:
    caught: dict[str, dict[str, list[str]]] = {}
    for outcome in done:
        found = caught.setdefault(outcome.task.control, {})
        if outcome.error:
            found.setdefault("certificate", []).append(outcome.task.problem)
        for finding in (f for case in outcome.cases for f in case.findings):
            places = found.setdefault(finding.claim, []) if finding.holds is False else None
            if places is not None and finding.problem not in places:
                places.append(finding.problem)
    return tuple(
        ControlReport(name, _what(name), {claim: ", ".join(on) for claim, on in found.items()})
        for name, found in caught.items()
    )


def _what(name: str) -> str:
    if name in CONTROLS:
        return CONTROLS[name].what
    if name in BROKEN:
        lines = (BROKEN[name].__doc__ or "").strip().splitlines()
        return f"Problem: {lines[0]}"
    return "The right methods, run as the broken ones are: must not be caught."


def _failures(
    plan: Plan,
    main: Sequence[Outcome],
    cases: Sequence[CaseReport],
    controls: Sequence[ControlReport],
) -> tuple[str, ...]:
    failures = [f"{outcome.task.problem}: {outcome.error}" for outcome in main if outcome.error]
    for finding in (f for case in cases for f in case.findings if f.holds is False):
        failures.append(
            f"{finding.claim} fails on {finding.problem} at {finding.setting}, step {finding.step}:"
            f" {finding.measured:.3g} > {finding.allowed:.3g} {finding.note}".rstrip()
        )
    names = [find(name).name for name in plan.claims]
    for name in names:
        if not any(f.claim == name and f.holds for case in cases for f in case.findings):
            failures.append(f"{name} was checked nowhere")
    if plan.controls:
        for control in controls:
            if control.name == RIGHT and control.caught_by:
                objecting = ", ".join(control.caught_by)
                failures.append(f"the right methods were objected to by {objecting}")
            if control.name != RIGHT and not control.caught_by:
                failures.append(f"control {control.name} was caught by no check")
        catching = {claim for control in controls for claim in control.caught_by}
        for name in names:
            if name not in catching:
                failures.append(f"{name} caught no control: it was not shown that it can fail")
    return tuple(failures)
