# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Problems in fractions, drawn by Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from kernel_runs import paper_states

from theory.kernel.problems import Largest, Problem, Row, Square, State

BITS = 200
"""Of the longest number of a run: without a cap, each step makes them more than twice as long."""

# What Hypothesis takes for simple, and draws most often, is what comes first.
numbers = st.builds(
    Fraction, st.sampled_from([1, -2, 3, -1, 2, -3, 5, 0]), st.sampled_from([1, 2, 3])
)
weights = st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(1, 5), Fraction(0)])
betas = st.sampled_from(
    sorted({Fraction(p, q) for q in (10, 7, 4) for p in range(q)}, reverse=True)
)
caps = st.one_of(st.none(), st.builds(Fraction, st.integers(1, 20), st.just(20)))
bounds = st.one_of(st.just(Fraction(0)), numbers)


def rows(n: int) -> st.SearchStrategy[Row]:
    return st.builds(Row, st.tuples(*[numbers] * n), numbers)


def samples(n: int) -> st.SearchStrategy[Square | Largest]:
    """Squares, hinges, absolute values, and maxima of up to four rows."""
    nothing = Row((Fraction(0),) * n, Fraction(0))
    hinges = rows(n).map(lambda row: Largest((nothing, row)))
    absolutes = rows(n).map(lambda r: Largest((r, Row(tuple(-a for a in r.slope), -r.offset))))
    maxima = st.lists(rows(n), min_size=1, max_size=4).map(lambda r: Largest(tuple(r)))
    return st.one_of(st.builds(Square, weights, rows(n)), hinges, absolutes, maxima)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw a problem; its run ends where its numbers get too long."""
    n = draw(st.sampled_from([2, 3, 1, 4]))
    drawn = draw(st.tuples(*[samples(n)] * draw(st.sampled_from([2, 3, 1]))))
    steps = draw(st.sampled_from([6, 5, 4, 3, 2, 1]))
    order = st.tuples(*[st.integers(0, len(drawn) - 1)] * steps)
    start = st.tuples(*[numbers] * n)
    found = Problem(drawn, draw(betas), draw(bounds), draw(caps), draw(start), draw(order))
    short = sum(length(state) <= BITS for state in paper_states(found))
    return replace(found, order=found.order[: max(1, short - 1)])


def length(state: State) -> int:
    """Return the bits of the longest number."""
    all_numbers = (*state.x, *state.d, state.f_avg, state.gamma)
    return max(max(abs(q.numerator), q.denominator).bit_length() for q in all_numbers)


def draw_problems(number: int) -> tuple[Problem, ...]:
    """Return that many problems, to be given to Coq together; the same ones each time."""
    found: list[Problem] = []

    @settings(max_examples=number, phases=[Phase.generate], deadline=None, database=None)
    @given(problems())
    def collect(problem: Problem) -> None:
        found.append(problem)

    collect()
    return tuple(found)
