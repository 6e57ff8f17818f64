# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The scale of the loss does not matter."""

from __future__ import annotations

from dataclasses import replace

from hypothesis.strategies import SearchStrategy

from momo.conformance.compare import compare
from momo.conformance.draw import problems
from momo.conformance.law import Found, Law
from momo.conformance.problem import Noise, Problem
from momo.conformance.run import run, steps
from momo.conformance.subject import Subject

FACTOR = 32.0
"""A power of two, by which no mantissa changes."""
LARGE = 1e30
"""A learning rate that caps no step."""


def draw(subject: Subject) -> SearchStrategy[Problem]:
    """Return problems that can be scaled.

    ε is so small that it does not matter whether it is added to squares.
    """
    return problems(subject, epsilons=(1e-30,), betas=(0.5, 0.9))


def body(subject: Subject, problem: Problem) -> int:
    """Scale f, f_*, and with them ε, by c: uncapped steps stay what they are.

    Capped ones do so if α is divided by c to the power of the direction's degree in d, which the
    first ``dual_norm_sq``, of one degree more, shows: 1 for D = I, 0 for Adam's D. α is divided
    there, too, for metrics that see it.
    """
    uncapped = replace(
        problem,
        groups=tuple(replace(group, lr=LARGE, weight_decay=0.0) for group in problem.groups),
    )
    count = _same(subject, uncapped, uncapped.scaled(FACTOR, 0)) if subject.takes("lr") else 0
    degree = 0
    if subject.tells:
        first = replace(problem, losses=problem.losses[:1])
        before, flat, linear = (
            next(steps(subject, one)).numbers["dual_norm_sq"]
            for one in (first, first.scaled(FACTOR, 0), first.scaled(FACTOR, 1))
        )
        fits = [
            p
            for p, after in ((1, linear), (0, flat))
            if abs(after - before * FACTOR ** (1 + p)) <= 1e-6 * after
        ]
        if not fits:
            allowed = f"{before:.17g} times {FACTOR:g} or {FACTOR**2:g}"
            raise Found(f"dual_norm_sq, for {FACTOR:g} f", allowed, flat, step=0)
        degree = fits[0]
        count += _same(subject, problem, problem.scaled(FACTOR, degree))
    return count


def _same(subject: Subject, ours: Problem, theirs: Problem) -> int:
    def exact(noise: Noise | None) -> list:  # type: ignore[type-arg]
        return run(subject, ours, noise)

    try:
        return compare(exact, steps(subject, theirs), scalars=False)
    except Found as found:
        facts = {name: value for name, value in found.facts.items() if name != "what"}
        new = Found(f"for {FACTOR:g} f: {found}")
        new.facts.update(facts)
        raise new from None


def objection(subject: Subject) -> str:
    """Return why the law says nothing."""
    if not subject.takes("lb"):
        return "no argument lb"
    return "" if subject.takes("lr") or subject.tells else "no argument lr, no attribute last"


LAW = Law(
    "scaling",
    "for c f, c f_* and c ε uncapped steps do not change, nor do capped ones with α scaled",
    draw,
    body,
    objection,
)
