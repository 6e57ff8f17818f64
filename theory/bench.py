# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How much faster a batch of runs is than a Python loop over single runs, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from momo.reference import State
from theory import cache
from theory.case import Case, Setting
from theory.engine import simulate
from theory.methods import exact_momo
from theory.problems.absolute_regression import absolute_regression

RUNS, DIM, STEPS, PAIRS, SINGLES = 1000, 50, 100, 5, 4


@dataclass(frozen=True)
class Comparison:
    """Microseconds for one step of one run, and how often the batch is as fast."""

    what: str
    batched: float
    single: float
    ratio: float


def compare() -> list[Comparison]:
    """Measure both kinds in turn, several times; return medians, and the median of the ratios.

    * "step": the method and the problem's losses and gradients alone;
    * "audited": the same with the audit, as every claim sees it.

    The loop is timed on a few of its runs: they take equally long, one after the other.
    """
    problem = absolute_regression(dim=DIM)
    optimum = cache.optimum(problem)
    batch = Case(
        name=problem.name,
        problem=problem,
        optimum=optimum,
        constants=problem.constants(optimum.solution, optimum.distance),
        settings=(Setting(0.9),),
        seeds=RUNS,
        iterations=STEPS,
    )
    single = replace(batch, seeds=1)
    results = []
    kinds: list[tuple[str, Callable[[Case], None]]] = [("step", _bare), ("audited", _audited)]
    for what, run in kinds:
        pairs = []
        for _ in range(PAIRS):
            batched = _seconds(run, batch, 1) / (STEPS * RUNS)
            looped = _seconds(run, single, SINGLES) / (STEPS * SINGLES)
            pairs.append((batched, looped, looped / batched))
        fast, slow, ratio = (median(column) for column in zip(*pairs, strict=True))
        results.append(Comparison(what, fast * 1e6, slow * 1e6, ratio))
    return results


def _bare(case: Case) -> None:
    method, state = exact_momo(case), State()
    rng = np.random.default_rng(case.seed)
    x = np.zeros((len(case.settings), case.seeds, len(case.problem.start)))
    for _ in range(case.iterations):
        index = rng.integers(case.problem.samples, size=case.seeds)
        loss, grad = case.problem.loss_and_grad(x, index)
        x, state, _ = method.step(state, x, loss, grad)


def _audited(case: Case) -> None:
    simulate(case, exact_momo(case), [])


def _seconds(run: Callable[[Case], None], case: Case, times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        run(case)
    return time.perf_counter() - began
