# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the claims compare with what: rebuilt from the trajectory, in other words."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from theory_cases import UNCAPPED, small_case

from theory import bounds
from theory.audit import Step
from theory.case import Case, Setting
from theory.claims.base import Finding
from theory.engine import simulate
from theory.methods import EPS, METHODS, frozen_entries
from theory.problems.base import Array
from theory.problems.momentum_trap import momentum_trap
from theory.theorems import CLAIMS
from theory.theorems.metric.claim import Measured, MetricAudit, frozen_metric, growing_metric

KINDS = pytest.mark.parametrize("kind", ["frozen", "growing"])


@dataclass
class Steps:
    """Keeps the steps, and what the audit in a metric makes of them."""

    audit: MetricAudit | None = None
    steps: list[Step] = field(default_factory=list)
    found: list[Measured] = field(default_factory=list)

    def observe(self, step: Step) -> None:
        self.steps.append(step)
        if self.audit is not None:
            self.found.append(self.audit.observe(step))


def finding(case: Case, name: str) -> tuple[Finding, Array]:
    """Return the finding of a claim for the first setting, and ``f_k - f*`` of its first run."""
    claim, kept = CLAIMS[name], Steps()
    check = claim.monitor(case)
    simulate(case, METHODS[claim.method](case), [check, kept])
    excess = np.array([step.excess[0, 0] for step in kept.steps])
    return claim.findings(case, check)[0], excess


def in_metric(kind: str) -> tuple[Case, Steps, Array]:
    """Return a run from zero with β = 1/2, and the diagonals of its P_k."""
    case = small_case("chebyshev_regression", (Setting(0.5),), iterations=30)
    kept = Steps(MetricAudit(case, frozen_metric if kind == "frozen" else growing_metric))
    simulate(case, METHODS[f"momo_adam_{kind}"](case), [kept])
    grads = np.array([step.grad[0, 0] for step in kept.steps])
    if kind == "growing":
        return case, kept, EPS + np.sqrt(np.cumsum(grads**2, axis=0))
    return case, kept, np.tile(frozen_entries(grads.shape[1]), (len(grads), 1))


@KINDS
def test_the_audit_in_a_metric_measures_what_it_says(kind: str) -> None:
    case, kept, metric = in_metric(kind)
    grads = np.array([step.grad[0, 0] for step in kept.steps])
    x = np.array([step.x[0, 0] for step in kept.steps] + [kept.steps[-1].x_next[0, 0]])
    away = (x - case.optimum.solution) ** 2
    excess = np.array([step.excess[0, 0] for step in kept.steps])
    average = np.zeros(grads.shape[1])
    for k, found in enumerate(kept.found):
        average = 0.5 * average + 0.5 * grads[k]
        decrease = (0.5 * excess[k]) ** 2 / np.sum(average**2 / metric[k])
        assert (0.5 * excess[k]) ** 2 / found.dual_sq == pytest.approx(decrease, rel=1e-9)
        change = metric[k] @ (away[k + 1] - away[k])
        assert found.change[0, 0] == pytest.approx(change, abs=1e-11)
        assert found.change + decrease <= found.error
        assert found.error <= 1e-10
        assert found.landing <= 1e-10
    before = np.vstack([metric[:1], metric[:-1]])
    gradient_sq = np.max(np.sum(grads**2 / before, axis=1))
    start = metric[0] @ away[0]
    radius_sq = start + np.sum(np.diff(metric, axis=0) * away[1:-1])
    assert kept.found[-1].norm_sq == pytest.approx(gradient_sq, rel=1e-12)
    assert kept.found[-1].radius_sq == pytest.approx(radius_sq, rel=1e-12)
    assert kind == "frozen" or radius_sq > 1.01 * start


@KINDS
@pytest.mark.parametrize("sharp", [False, True])
def test_the_rates_in_a_metric_are_those_of_the_theory(kind: str, sharp: bool) -> None:
    case, kept, _ = in_metric(kind)
    found, excess = finding(case, f"{kind}_sharp_rate" if sharp else f"{kind}_rate")
    unit, k = case.constants.gradient * case.optimum.distance, found.step
    last = kept.found[k - 1]
    allowed = float(np.sqrt(last.norm_sq * last.radius_sq)[0, 0])
    if sharp:
        allowed *= float(bounds.sharp(0.5, k, "from_zero"))
        measured = excess[:k].min()
    else:
        measured = np.linalg.norm(0.5 * excess[:k] / (1 - 0.5 ** np.arange(1, k + 1)))
    # The rounding that is allowed on top is far below 1e-9 of it.
    assert found.allowed * unit == pytest.approx(allowed, rel=1e-9)
    assert found.measured * unit == pytest.approx(measured, rel=1e-9)
    assert kind == "growing" or k > 2


def test_the_sharp_rate_is_that_of_the_theory() -> None:
    case = small_case("chebyshev_regression", (Setting(0.5),), iterations=60)
    found, excess = finding(case, "sharp_rate")
    assert found.step > 2
    assert found.allowed == pytest.approx(float(bounds.sharp(0.5, found.step)), rel=1e-9)
    unit = case.constants.gradient * case.optimum.distance
    assert found.measured * unit == pytest.approx(excess[: found.step].min(), rel=1e-12)


TRAP = momentum_trap(beta=0.5, iterations=20)


@pytest.mark.parametrize("name", ["norm_recursion", "trapped", "frozen_fejer", "growing_fejer"])
def test_no_more_than_rounding_is_forgiven(name: str) -> None:
    """Some 20 steps in 21 dimensions, of 1e-16 each; a millionfold of it would be seen."""
    found, _ = finding(small_case(TRAP, (Setting(0.5),), iterations=20), name)
    assert found.holds
    assert 0 < found.allowed < 1e-10


@pytest.mark.parametrize(("iterations", "holds"), [(2, None), (3, True)])
def test_the_descent_is_compared_from_the_second_step_on(iterations: int, holds: object) -> None:
    case = small_case("chebyshev_regression", UNCAPPED[1:2], iterations=iterations)
    assert finding(case, "norm_recursion")[0].holds is holds


@pytest.mark.parametrize("iterations", [1, 2])
def test_the_trap_speaks_of_its_own_steps_and_of_all(iterations: int) -> None:
    """Made for K = 1: the first value counts, the second does not."""
    case = small_case(momentum_trap(0.5, 1), (Setting(0.5),), iterations=iterations)
    found, excess = finding(case, "trapped")
    assert (found.holds, found.step) == (True, 1)
    assert iterations == 1 or excess[1] < 0.9 * excess[0]


@pytest.mark.parametrize("iterations", [2, 60])
@pytest.mark.parametrize(
    ("name", "kept"), [("rate", 0), ("rate_first_term", 1), ("rate_two_ends", 2)]
)
def test_the_mean_that_the_rates_compare(name: str, kept: int, iterations: int) -> None:
    """Of one function: the mean with the weights of the proof, which is not random."""
    case = small_case("chebyshev_regression", (Setting(0.5),), iterations=iterations)
    found, excess = finding(case, name)
    k = found.step
    assert k > 1
    weights = np.full(k, 0.25 if kept else 1.0)
    weights[:1] = 1.0
    weights[k - 1] = 1.0 if kept != 1 else 0.25
    mean = weights @ excess[:k] / weights.sum()
    effective = kept + 0.25 * (k - kept)
    unit = case.constants.gradient * case.optimum.distance
    assert found.measured * unit == pytest.approx(mean, rel=1e-12)
    # The rounding that is allowed on top is far below 1e-9 of it.
    assert found.allowed == pytest.approx(effective**-0.5, rel=1e-9)


@pytest.mark.parametrize("name", ["smooth", "smooth_linear"])
def test_the_sums_that_the_smooth_claims_compare(name: str) -> None:
    """With β = 1/2 the sum weighs all steps alike, the linear one the later ones by 1/2."""
    case = small_case("least_squares", (Setting(0.5),), seeds=1, iterations=30)
    found, excess = finding(case, name)
    k, linear = found.step, name == "smooth_linear"
    assert k > 2
    smoothness = case.constants.smoothness
    assert smoothness is not None
    allowed = smoothness * case.optimum.distance**2
    if not linear:
        allowed = 8 * allowed + np.sqrt(8 * allowed * excess[0])
    measured = excess[0] + (0.5 if linear else 1.0) * excess[1:k].sum()
    unit = case.constants.gradient * case.optimum.distance
    assert found.measured * unit == pytest.approx(measured, rel=1e-12)
    # What rounding and an inexact x* are allowed on top is far below 1e-6 of it.
    assert found.allowed * unit == pytest.approx(allowed, rel=1e-6)
