"""Runs every claim on every problem, and every control against the claims."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from theory import cache
from theory.case import Case, Setting, undetermined
from theory.claims.base import UNCONFIRMED, Claim, Finding
from theory.controls import CONTROLS
from theory.engine import Curves, Stepper, simulate
from theory.exponent import Exponent, decay_exponent
from theory.methods import METHODS
from theory.optimum import NoOptimumError, Optimum
from theory.plan import RIGHT, Plan, Task, factory, tasks
from theory.problems import BROKEN, FAMILIES
from theory.problems.base import Array, Constants, Problem
from theory.settings import iterations, settings
from theory.theorems.rate.statement import RATE


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
    held: int
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
class Outcome:
    """What a task returns."""

    task: Task
    cases: tuple[CaseReport, ...]
    error: str = ""


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
        claims = task.plan.chosen.values()
        chosen = [c for c in claims if c.method == name and not (task.long and c.local)]
        case = _case(task, name, problem, optimum, constants)
        if any(claim.applies(case) for claim in chosen):
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
    steps = iterations(method, optimum.interpolates, task.iterations)
    return Case(
        name=task.problem,
        problem=problem,
        optimum=optimum,
        constants=constants,
        settings=settings(method, plan.betas, optimum, constants, steps, local=not task.long),
        seeds=1 if problem.samples == 1 else task.seeds,
        iterations=steps,
        seed=plan.seed,
        error_probability=plan.error_probability,
    )


def _run_case(
    case: Case, method: str, build: Callable[[Case], Stepper], claims: Sequence[Claim]
) -> CaseReport:
    began = time.perf_counter()
    checks = [(claim, claim.check(case)) for claim in claims]
    findings: list[Finding] = []
    curves: tuple[CurveSummary, ...] = ()
    held = 0
    try:
        traced = simulate(case, build(case), [check for _, check in checks if check is not None])
        curves, held = _summaries(case, traced), int(traced.held.sum())
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
        held=held,
        seconds=time.perf_counter() - began,
    )


def _summaries(case: Case, curves: Curves) -> tuple[CurveSummary, ...]:
    summaries = []
    floor = undetermined(case.optimum, case.constants)
    for row, setting in enumerate(case.settings):
        values = curves.suboptimality[row]
        low, high = np.quantile(values, [0.1, 0.9], axis=1)
        constants, beta = case.constants, setting.beta
        summaries.append(
            CurveSummary(
                setting=setting,
                steps=curves.steps,
                mean=values.mean(axis=1),
                low=low,
                high=high,
                bound=RATE.bound(
                    G=constants.gradient, D=case.optimum.distance, beta=beta, K=curves.steps
                ),
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
    plan: Plan,
    jobs: int = 1,
    on_outcome: Callable[[Outcome], None] | None = None,
    finished: Sequence[Outcome] = (),
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
    finished
        Outcomes of an earlier run of the same plan, whose tasks are not done again.
    """
    began = time.perf_counter()
    listed = tasks(plan)
    done = {outcome.task: outcome for outcome in finished}
    for outcome in outcomes([task for task in listed if task not in done], jobs):
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
        name, problem = outcome.task.control, outcome.task.problem
        found = caught.setdefault(name, {})
        if outcome.error:
            found.setdefault("certificate", []).append(problem)
        for finding in (f for case in outcome.cases for f in case.findings):
            # What too few seeds leave open catches nothing, but the right methods must not need it.
            objects = finding.holds is False
            if objects and (name == RIGHT or not finding.note.startswith(UNCONFIRMED)):
                places = found.setdefault(finding.claim, [])
                places += [] if problem in places else [problem]
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
    for case in cases:
        for bad in (finding for finding in case.findings if finding.holds is False):
            where = f"{bad.problem} at {bad.setting}, step {bad.step} of {case.iterations}"
            pair = f"{bad.measured:.3g} > {bad.allowed:.3g}"
            failures.append(f"{bad.claim} fails on {where}: {pair} {bad.note}".rstrip())
    # Who selects problems gets the claims that apply to them; who selects a claim wants it checked.
    everything = set(FAMILIES) <= set(plan.problems)
    for name in plan.chosen if everything or not plan.complete else ():
        if not any(f.claim == name and f.holds for case in cases for f in case.findings):
            failures.append(f"{name} was checked nowhere")
    if plan.controls:
        for control in controls:
            if control.name == RIGHT and control.caught_by:
                objecting = ", ".join(control.caught_by)
                failures.append(f"the right methods were objected to by {objecting}")
            if plan.complete and control.name != RIGHT and not control.caught_by:
                failures.append(f"control {control.name} was caught by no check")
        catching = {claim for control in controls for claim in control.caught_by}
        for name in plan.chosen:
            if name not in catching:
                failures.append(f"{name} caught no control: it was not shown that it can fail")
    return tuple(failures)
