# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a lemma takes from another is an instance of what that one concludes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from theory.proofs import citations
from theory.proofs.assemble import used
from theory.proofs.base import Invariant, Lemma, by_hand, conclusion, lemma
from theory.proofs.outcomes import Outcome
from theory.proofs.scalars import Relation, eq, ge, gt, le, lt
from theory.theorems import LEMMAS, MEANINGS, THEOREMS

IN_WORDS = {
    "mean_square.first": 1,  # of lemmas by hand
    "mean_square.step": 1,
    "rate.count_step": 1,
    "norm_recursion.descent": 1,  # an inner product of an equation between vectors
    "trap.step": 2,
    "trap.first_step": 2,
    "trap.plane": 1,
}
"""How many hypotheses of which lemmas are no instances."""

TOPICS = (
    *("closed_form", "model_below", "landing", "fejer", "summed", "mean_square", "rate", "smooth"),
    *("offset", "online", "sps", "sgd_m", "adam", "norm_recursion", "metric"),
    *("smooth_linear", "sharp_rate", "trap"),
)


@pytest.mark.parametrize("topic", TOPICS)
def test_all_but_the_known_ones_are_instances(topic: str) -> None:
    names = [name for name in LEMMAS if name.startswith(f"{topic}.")]
    assert names
    found = {name: citations.citations(LEMMAS[name], LEMMAS, MEANINGS) for name in names}
    words = {name: [*cited.values()].count(False) for name, cited in found.items()}
    expected = {name: count for name, count in IN_WORDS.items() if name in names}
    assert {name: count for name, count in words.items() if count} == expected


def test_meanings_are_used() -> None:
    for name, cited in MEANINGS:
        assert cited in used(LEMMAS[name]), (name, cited)


def test_outcomes_count_them() -> None:
    from theory.proofs.assemble import prove

    outcome: Outcome = prove(["summed"])[0]
    assert {"fejer.step", "summed.step"} <= {cited.source for cited in outcome.citations}
    assert len(THEOREMS["summed"].lemmas) == len(outcome.lemmas)


def pair(
    claim: Callable[[Any], Relation],
    hypothesis: Callable[[Any], Relation],
    given: Callable[[Any], dict[str, Relation]] = lambda v: {},
) -> tuple[Lemma, dict[str, Lemma]]:
    """Return a lemma that takes a hypothesis from another one, and both by name."""
    cited = lemma("b.cited", "", "x y", given, conclusion(claim))
    assumed = lambda v: {"from b.cited: …": hypothesis(v)}  # noqa: E731
    citing = lemma("a.citing", "", "x y z", assumed, conclusion(hypothesis))
    return citing, {"a.citing": citing, "b.cited": cited}


def instance(*arguments: Any, meanings: Any = MEANINGS) -> bool:
    citing, lemmas = pair(*arguments)
    (found,) = citations.citations(citing, lemmas, meanings).values()
    return found


@pytest.mark.parametrize(
    ("claim", "hypothesis", "same"),
    [
        (lambda v: le(v.x, v.y), lambda v: le(v.x, v.y), True),
        (lambda v: le(v.x, v.y), lambda v: le(2 * v.x, 2 * v.y), True),
        (lambda v: le(v.x, v.y), lambda v: ge(v.x, v.y), False),
        (lambda v: le(v.x, v.y), lambda v: le(v.x, v.z), False),
        (lambda v: le(v.x, v.y), lambda v: le(v.x, v.y - 1), False),
        (lambda v: le(v.x, v.y), lambda v: eq(v.x, v.y), False),
        (lambda v: eq(v.x, v.y), lambda v: le(v.x, v.y), True),
        (lambda v: eq(v.x, v.y), lambda v: ge(v.x, v.y), True),
        (lambda v: eq(v.x, v.y), lambda v: lt(v.x, v.y), False),
        (lambda v: le(v.x, v.y), lambda v: lt(v.x, v.y), False),
        (lambda v: lt(v.x, v.y), lambda v: le(v.x, v.y), True),
        (lambda v: le(v.x, v.y), lambda v: le(v.x * v.z, v.y * v.z), False),
    ],
)
def test_instances(claim: Any, hypothesis: Any, same: bool) -> None:
    assert instance(claim, hypothesis) is same


def test_a_factor_must_be_positive_under_the_hypotheses() -> None:
    claim = lambda v: le(v.x, v.y)  # noqa: E731
    times = lambda v: le(v.x * v.y, v.y * v.y)  # noqa: E731
    assert not instance(claim, times)
    assert instance(claim, times, lambda v: {"y > 0": gt(v.y, 0)})


@pytest.mark.parametrize(
    ("meaning", "same"),
    [
        (lambda v, w: {v.z: w.x * w.x}, True),
        (lambda v, w: {v.z: w.x}, False),
        (lambda v, w: {v.z: v.y, w.x: v.z}, False),
        (lambda v, w: {v.z: 4, w.x: -2}, True),
    ],
)
def test_meanings_are_inserted(meaning: Any, same: bool) -> None:
    claim, hypothesis = (lambda v: le(v.x * v.x, v.y)), (lambda v: le(v.z, v.y))
    assert not instance(claim, hypothesis)
    meanings = {("a.citing", "b.cited"): [meaning]}
    assert instance(claim, hypothesis, meanings=meanings) is same


def test_the_invariant_of_an_induction_is_a_conclusion() -> None:
    rising = Invariant("x", lambda v: {"x ≥ 0": ge(v.x, 0)})
    step = rising.step("b.cited", "", "x_next", lambda v: {"x+1": eq(v.x_next, v.x + 1)})
    assumed = lambda v: {"from b.cited: x ≥ 0": ge(v.x, 0)}  # noqa: E731
    citing = lemma("a.citing", "", "x", assumed, conclusion(lambda v: ge(v.x, -1)))
    assert citations.citations(citing, {"b.cited": step}, {}) == {"from b.cited: x ≥ 0": True}


def test_nothing_is_an_instance_of_words() -> None:
    assumed = lambda v: {"from b.words": ge(v.x, 0)}  # noqa: E731
    citing = lemma("a.citing", "", "x", assumed, conclusion(lambda v: ge(v.x, -1)))
    words = by_hand("b.words", "x ≥ 0", "as everybody knows")
    assert citations.citations(citing, {"b.words": words}, {}) == {"from b.words": False}
