# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The problems that Hypothesis draws; what is first in a list is what it shrinks to."""

from __future__ import annotations

from collections.abc import Sequence

from momo.installed import needed

with needed(__name__, "conformance"):
    from hypothesis import strategies as st

from momo.conformance.problem import Group, Problem
from momo.conformance.subject import Subject
from momo.methods import Shape

SHAPES: tuple[Shape, ...] = ((2,), (), (1,), (5,), (2, 3), (3, 2), (4, 1), (3, 3), (2, 1, 3))
LRS = (1.0, 0.1, 0.01, 100.0)
BETAS = (0.5, 0.9, 0.0, 0.98)
BETAS2 = (0.5, 0.9, 0.999)


@st.composite
def problems(
    draw: st.DrawFn,
    subject: Subject,
    steps: tuple[int, int] = (1, 5),
    groups: tuple[int, int] = (1, 2),
    shapes: Sequence[Shape] = SHAPES,
    parameters: int = 2,
    lrs: Sequence[float] = LRS,
    betas: Sequence[float] = BETAS,
    lbs: Sequence[float] = (0.0, -1.0, 0.5, 4.0),
    epsilons: Sequence[float] = (1e-8, 1e-3),
    decay: bool = True,
    bounds: bool = True,
    gaps: bool = False,
    schedule: bool = False,
    sizes: Sequence[float] = (1.0,),
) -> Problem:
    """Return a problem that a subject can be given.

    Parameters
    ----------
    subject
        What it does not take, such as a weight decay, is left at its default.
    steps, groups
        The smallest and the largest number.
    shapes, parameters
        The shapes to choose from, and how many a group has at most.
    lrs, betas, lbs, epsilons, sizes
        To choose from.
    decay, bounds, gaps, schedule
        Whether some have weight decay, steps that bring a bound, missing gradients, learning rates
        that change.
    """
    decays = (0.0, 0.1, 0.5) if decay and subject.takes("weight_decay") else (0.0,)
    group = _group(shapes, parameters, lrs, decays)
    made = draw(st.lists(group, min_size=groups[0], max_size=groups[1]).map(tuple))
    losses = draw(
        st.lists(st.integers(0, 80).map(lambda i: i / 8), min_size=steps[0], max_size=steps[1])
    )
    count = sum(len(group.shapes) for group in made)
    given = None
    if bounds and subject.takes_bounds and draw(st.booleans()):
        given = tuple(draw(st.sampled_from((0.0, 0.5, -1.0))) for _ in losses)
    missing = draw(_missing(len(losses), count)) if gaps and count > 1 else []
    return Problem(
        made,
        tuple(losses),
        draw(st.sampled_from(betas)),
        draw(st.sampled_from(BETAS2)),
        draw(st.sampled_from(epsilons)),
        draw(st.sampled_from(lbs)),
        given,
        (1.0, *draw(st.lists(st.sampled_from((1.0, 0.5)), max_size=2))) if schedule else (1.0,),
        tuple(sorted(set(missing))),
        draw(st.sampled_from((1.0, 0.05, 20.0))),
        draw(st.sampled_from(sizes)),
        draw(st.integers(0, 99)),
    )


def _group(
    shapes: Sequence[Shape], parameters: int, lrs: Sequence[float], decays: Sequence[float]
) -> st.SearchStrategy[Group]:
    return st.builds(
        Group,
        st.lists(st.sampled_from(shapes), min_size=1, max_size=parameters).map(tuple),
        st.sampled_from(lrs),
        st.sampled_from(decays),
    )


def _missing(steps: int, parameters: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Return which gradients are missing, by step and parameter; those of the first are not."""
    places = st.tuples(st.integers(0, steps - 1), st.integers(1, parameters - 1))
    return st.lists(places, max_size=3)
