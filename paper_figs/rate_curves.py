# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Best gaps of MoMo on convex problems, measured by the theory's engine and kept for a figure.

``python -m paper_figs.rate_curves`` measures again and writes the file; figures only read it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.files import write

PATH = Path(__file__).parent / "data" / "rate_curves.json"

PROBLEMS = ("momentum_trap", "chebyshev_regression", "absolute_regression", "least_squares")
"""One function, attaining the sharp rate; one function; many that are not smooth; many smooth."""

BETAS = (0.0, 0.5, 0.9)
ITERATIONS, SEEDS = 10_000, 20


@dataclass(frozen=True)
class RateCurves:
    """What was measured on a problem, f_* = f*, α = inf.

    Attributes
    ----------
    problem, samples, seeds
        The family, how many functions it has, and how many runs the means are of.
    iterations
        K, from 1.
    gaps
        For each β, as text, ``min_{k<=K} mean_seeds f(x^k) - f*`` in units of G D at each K.
    undetermined
        Below this, in the same units, rounding and the solver's tolerance rule.
    """

    problem: str
    samples: int
    seeds: int
    iterations: tuple[int, ...]
    gaps: dict[str, tuple[float, ...]]
    undetermined: float


def measure(
    name: str,
    betas: tuple[float, ...] = BETAS,
    iterations: int = ITERATIONS,
    seeds: int = SEEDS,
) -> RateCurves:
    """Run MoMo on a problem, and return its best gaps.

    Parameters
    ----------
    name
        A family of `theory.problems`.
    betas, iterations, seeds
        What to run; a problem of one function is run once.

    Raises
    ------
    ValueError
        If there is no such family.
    """
    from theory import cache
    from theory.case import Case, Setting, undetermined
    from theory.engine import simulate
    from theory.methods import exact_momo
    from theory.plan import factory

    problem = factory(name)()
    optimum = cache.optimum(problem)
    constants = problem.constants(optimum.solution, optimum.distance)
    case = Case(
        name=name,
        problem=problem,
        optimum=optimum,
        constants=constants,
        settings=tuple(Setting(beta) for beta in betas),
        seeds=1 if problem.samples == 1 else seeds,
        iterations=iterations,
    )
    curves = simulate(case, exact_momo(case), ())
    unit = constants.gradient * optimum.distance
    best = np.minimum.accumulate(curves.suboptimality.mean(axis=2), axis=1) / unit
    return RateCurves(
        problem=name,
        samples=problem.samples,
        seeds=case.seeds,
        iterations=tuple(int(k) for k in curves.steps),
        gaps={
            f"{beta:g}": tuple(_short(gap) for gap in row)
            for beta, row in zip(betas, best, strict=True)
        },
        undetermined=_short(undetermined(optimum, constants) / unit),
    )


def _short(value: float) -> float:
    """Return a number with five digits: more than a figure shows."""
    return float(f"{value:.4e}")


def load(path: Path = PATH) -> list[RateCurves]:
    """Return what was kept.

    Raises
    ------
    ValueError
        If the file is not one of these.
    """
    try:
        return [_from_json(fields) for fields in json.loads(path.read_text())]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path} is no file of rate curves: {error!r}") from error


def _from_json(fields: dict[str, Any]) -> RateCurves:
    gaps = {beta: tuple(values) for beta, values in fields["gaps"].items()}
    return RateCurves(**{**fields, "iterations": tuple(fields["iterations"]), "gaps": gaps})


def main() -> None:
    """Measure all problems, and write the file."""
    lines = ",\n".join(json.dumps(asdict(measure(name))) for name in PROBLEMS)
    write(PATH, f"[\n{lines}\n]\n".encode())


if __name__ == "__main__":
    main()
