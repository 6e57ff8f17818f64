# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs every claim on every problem, and every control against the claims."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

import numpy as np

from theory import cache, hard
from theory.blame import AuthorError, Watched, blaming, named
from theory.case import Case, Setting, undetermined
from theory.claims.base import Claim, Finding
from theory.claims.curves import BoundCurve, kept
from theory.controls import CONTROLS
from theory.engine import Curves, Stepper, simulate
from theory.exponent import decay_exponent
from theory.methods import METHODS
from theory.optimum import NoOptimumError, Optimum, known
from theory.outcomes import CaseReport, CurveSummary, Outcome, Report
from theory.plan import RIGHT, Plan, Task, factory, tasks
from theory.problems.base import Constants, Problem, most_held
from theory.problems.faulty import FAULTY
from theory.settings import NEVER_HELD, SEEDS, iterations, settings
from theory.soundness import POINTS, faults
from theory.theorems.rate.statement import RATE
from theory.verdict import challenges, control_reports, failures
from theory.worst_case.problem import Hard


def run_task(task: Task) -> Outcome:
    """Carry out a task; errors become part of the outcome, so that one cannot end the others."""
    try:
        return _run_task(task)
    except AuthorError as error:
        return Outcome(task, (), str(error))


def _run_task(task: Task) -> Outcome:
    build = hard.listed()[task.problem].build if task.hard else factory(task.problem)
    what = f"problem {task.problem}" if task.hard else named(f"problem {task.problem}", build)
    try:
        with blaming(f"problem {task.problem}", build, let=(NoOptimumError,)):
            problem = _build(task, build)
            optimum = _optimum(problem)
            constants = problem.constants(optimum.solution, optimum.distance)
            found = _refusals(task, problem, optimum, constants)
    except NoOptimumError as error:
        return Outcome(task, (), f"{what}: {error}", by="certificate")
    for by, objections in found.items():
        if objections:
            return Outcome(task, (), f"{what}: {'; '.join(objections)}", by=by)
    cases = []
    methods: Mapping[str, Callable[[Case], Stepper]] = METHODS
    if task.control in CONTROLS:
        control = CONTROLS[task.control]
        methods = {control.method: control.build}
    for name, stepper in methods.items():
        claims = task.plan.chosen.values()
        chosen = [c for c in claims if c.method == name and not (task.long and c.local)]
        case = _case(task, name, problem, optimum, constants)
        if any(claim.applies(case) for claim in chosen):
            with blaming(f"problem {task.problem}", build, type(problem)):
                shown = not (task.control or task.hard)
                cases.append(_run_case(case, name, stepper, chosen, shown))
    return Outcome(task, tuple(cases))


def _build(task: Task, build: Callable[[], object]) -> Problem:
    if task.problem == "resisting":
        from theory.problems.resisting import resisting

        return resisting(iterations=task.iterations)
    # One that is made to be hard has no model for a solver: its optimum is known.
    return cast(Problem, build())


def _optimum(problem: Problem) -> Optimum:
    made = cast(object, problem)
    return known(problem, made.solution) if isinstance(made, Hard) else cache.optimum(problem)


def _refusals(
    task: Task, problem: Problem, optimum: Optimum, constants: Constants
) -> dict[str, tuple[str, ...]]:
    """Return what is wrong with a problem, by who says so: no claim may be blamed for it.

    Not again for the controls that are methods: their problems are among the others. A problem that
    breaks an assumption goes on, because as a control it is there to be caught by the claims, too.
    """
    if task.control == RIGHT or task.control in CONTROLS:
        return {}
    count = 1 if task.hard else POINTS
    found = {"soundness": faults(problem, optimum, constants, task.plan.seed, count)}
    if not task.control or task.control in FAULTY:
        found["certificate"] = optimum.objections
    return found


def _case(
    task: Task, method: str, problem: Problem, optimum: Optimum, constants: Constants
) -> Case:
    plan = task.plan
    steps = iterations(method, optimum.interpolates, task.iterations)
    if task.hard:
        steps, made = task.iterations, hard.listed()[task.problem].setting
        betas = tuple(sorted({*plan.betas, made.beta}))
        chosen = settings(method, betas, optimum, constants, steps, local=False)
        if chosen == tuple(map(Setting, betas)):
            chosen += tuple(Setting(beta, made.lr) for beta in betas if np.isfinite(made.lr))
        else:
            # Of methods with caps of their own the first and the last β are run.
            ends = (0.0, made.beta)
            chosen = settings(method, ends, optimum, constants, steps)
            chosen += tuple(map(Setting, betas)) if method == "momo_wrong_bound" else ()
    else:
        chosen = settings(method, plan.betas, optimum, constants, steps, local=not task.long)
    return Case(
        name=task.problem,
        problem=problem,
        optimum=optimum,
        constants=constants,
        settings=chosen,
        # Functions in order have one seed, too.
        seeds=1 if problem.samples == 1 else min(task.seeds, SEEDS.get(method, task.seeds)),
        iterations=steps,
        seed=plan.seed,
        error_probability=plan.error_probability,
        holds=method not in NEVER_HELD,
    )


def _run_case(
    case: Case,
    method: str,
    build: Callable[[Case], Stepper],
    claims: Sequence[Claim],
    shown: bool,
) -> CaseReport:
    """Run a case past its claims; ``shown``: whether its curves are drawn, and worth their time."""
    began = time.perf_counter()
    checks = []
    for claim in claims:
        with blaming(f"claim {claim.name}", claim.monitor):
            checks.append((claim, claim.check(case)))
    findings: list[Finding] = []
    rates: list[BoundCurve] = []
    curves: tuple[CurveSummary, ...] = ()
    held = unexcused = 0
    try:
        watching = [
            Watched(f"claim {claim.name}", claim.monitor, check)
            for claim, check in checks
            if check is not None
        ]
        traced = simulate(case, build(case), watching)
        curves = _summaries(case, traced) if shown else ()
        held, unexcused = int(traced.held.sum()), int(traced.unexcused.sum())
    except FloatingPointError as error:
        findings.append(Finding("finite", case.name, "all", False, note=str(error)))
    for claim, check in checks:
        with blaming(f"claim {claim.name}", claim.monitor):
            findings += claim.findings(case, check)
            rates += kept(claim, case, check)
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
        drawn=case.drawn,
        rates=tuple(rates),
        unexcused=unexcused,
        most_held=most_held(case.problem, case.iterations),
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
    broken = [outcome for outcome in ordered if outcome.task.control]
    cases, made = (
        tuple(case for outcome in main if outcome.task.hard == which for case in outcome.cases)
        for which in (False, True)
    )
    reports = control_reports(broken)
    challenged = challenges(plan, (*cases, *made))
    return Report(
        plan=plan,
        cases=cases,
        controls=reports,
        seconds=time.perf_counter() - began,
        failures=failures(plan, main, broken, reports, challenged),
        hard=made,
        challenges=challenged,
    )
