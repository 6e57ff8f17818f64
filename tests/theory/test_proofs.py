# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every theorem is proven, every wrong statement refuted and reproduced by the reference."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace

import pytest
from theory_cases import WITHOUT_KERNEL

from theory.controls.momo import Stretched
from theory.proofs.assemble import examine, prove
from theory.proofs.base import DERIVED, Arithmetic, Induction, Mutation, Reference
from theory.proofs.check import check
from theory.proofs.outcomes import BY_HAND, PARTLY, PROVEN, Outcome
from theory.theorems import CLAIMS, LEMMAS, THEOREMS, find_theorems


def mutations(topic: str) -> list[Mutation]:
    own = (lemma for name, lemma in LEMMAS.items() if name.startswith(f"{topic}."))
    return [mutation for lemma in own for mutation in lemma.mutations]


@pytest.fixture(scope="module")
def outcomes(proven: tuple[Outcome, ...]) -> dict[str, Outcome]:
    return {outcome.theorem: outcome for outcome in proven}


@pytest.mark.parametrize("name", THEOREMS)
def test_every_theorem_is_proven(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[name]
    assert [lemma.name for lemma in outcome.lemmas if not lemma.ok] == []
    assert outcome.kernel or name in WITHOUT_KERNEL
    lemmas_alone = replace(outcome, by_kernel="")  # whatever Coq has said on this machine
    assert lemmas_alone.verdict in (PROVEN, PARTLY)
    assert (lemmas_alone.verdict == PARTLY) == (outcome.count("hand") > 0)


@pytest.mark.parametrize("name", LEMMAS)
def test_every_mutation_is_refuted_and_reproduced(outcomes: dict[str, Outcome], name: str) -> None:
    found = {lemma.name: lemma for o in outcomes.values() for lemma in o.lemmas}[name]
    if found.verdict == BY_HAND:
        assert found.note
        return
    assert found.verdict == PROVEN
    assert found.consistent
    assert found.mutations
    for mutation in found.mutations:
        assert mutation.refuted, mutation
        assert mutation.reproduced, mutation
        assert mutation.predicted >= 1e-3
        assert mutation.measured == pytest.approx(mutation.predicted, rel=1e-4)


def test_all_that_was_announced_is_there() -> None:
    claimed = {claim for theorem in THEOREMS.values() for claim in theorem.claims}
    assert claimed <= set(CLAIMS)
    unproven = {"certificate", "attained"}  # of the problems, not of the method
    assert claimed >= set(CLAIMS) - unproven
    assert {name for theorem in THEOREMS.values() for name in theorem.lemmas} == set(LEMMAS)


@pytest.mark.parametrize("topic", ["landing", "fejer", "closed_form", "online", "norm_recursion"])
def test_what_speaks_of_a_step_is_refuted_by_a_step(topic: str) -> None:
    wrong = mutations(topic)
    assert sum(isinstance(m.replay, Reference) for m in wrong) >= len(wrong) / 2


@pytest.mark.parametrize("topic", ["rate", "smooth"])
def test_pure_scalars_say_so(topic: str) -> None:
    wrong = mutations(topic)
    assert any(isinstance(mutation.replay, Arithmetic) for mutation in wrong)


def test_the_main_theorems_leave_nothing_to_hand(outcomes: dict[str, Outcome]) -> None:
    names = ("closed_form", "landing", "fejer", "summed", "smooth", "offset", "online_halfway")
    for name in (*names, "online_between", "capped", "smooth_capped", "any_bound_smooth"):
        assert outcomes[name].count("hand") == 0, name


def test_what_is_left_to_hand_is_known() -> None:
    hand = {name for name, lemma in LEMMAS.items() if lemma.by.who == "hand"}
    assert hand == {
        "ngn_m.expected",
        "ngn_m.quadratic",
        "any_bound.drawn",
        "mean_square.expectation",
        "mean_square.ball",
        "rate.drawn_after",
        "sharp_rate.products",
        "trap.function",
        "trap.own_functions",
        "order.start",
    }


def test_outcomes_are_the_same_again_and_can_be_sent(outcomes: dict[str, Outcome]) -> None:
    again = prove(["landing", "closed_form"], jobs=2)
    assert again == (outcomes["landing"], outcomes["closed_form"])
    assert pickle.loads(pickle.dumps(again)) == again


def test_progress_counts_every_lemma_once() -> None:
    seen: list[tuple[str, int]] = []
    prove(
        ["fejer", "model_below"], on_lemma=lambda outcome, total: seen.append((outcome.name, total))
    )
    assert [name for name, _ in seen] == list(THEOREMS["fejer"].lemmas)
    assert {total for _, total in seen} == {len(seen)}


@pytest.mark.parametrize("topic", ["landing.meets", "fejer.step", "closed_form.argmin"])
def test_a_wrong_reference_does_not_reproduce(monkeypatch: pytest.MonkeyPatch, topic: str) -> None:
    monkeypatch.setattr(
        "theory.proofs.replay.TRUNCATION",
        Stretched(1.001),
    )
    found = check(LEMMAS[topic])
    assert found.verdict == PROVEN
    assert not found.ok
    assert all(mutation.refuted and not mutation.reproduced for mutation in found.mutations)
    assert "in the replay" in found.mutations[0].note


class TestTheorem:
    """A theorem is only as good as its list of lemmas."""

    def test_a_missing_lemma_is_an_error(self) -> None:
        wrong = replace(THEOREMS["landing"], lemmas=("landing.nowhere",))
        with pytest.raises(ValueError, match=r"'landing\.nowhere', which is missing"):
            examine(wrong, LEMMAS)

    def test_a_hypothesis_must_come_from_a_lemma_before(self) -> None:
        theorem = THEOREMS["landing"]
        wrong = replace(theorem, lemmas=tuple(reversed(theorem.lemmas)), inductions=())
        with pytest.raises(ValueError, match="takes a hypothesis from"):
            examine(wrong, LEMMAS)

    def test_a_step_needs_its_base(self) -> None:
        wrong = replace(THEOREMS["landing"], inductions=())
        with pytest.raises(ValueError, match=r"steps without a base: .*landing\.gap_step"):
            examine(wrong, LEMMAS)

    def test_base_and_step_share_their_invariant(self) -> None:
        mixed = Induction("k", ("model_below.first",), "landing.gap_step")
        wrong = replace(THEOREMS["landing"], inductions=(mixed,))
        with pytest.raises(ValueError, match=r"model_below\.first is no base of landing\.gap_step"):
            examine(wrong, LEMMAS)

    def test_an_induction_needs_a_base(self) -> None:
        none = Induction("k", (), "landing.gap_step")
        wrong = replace(THEOREMS["landing"], inductions=(none,))
        with pytest.raises(ValueError, match="a base and a step are needed"):
            examine(wrong, LEMMAS)

    def test_names_are_checked(self) -> None:
        with pytest.raises(ValueError, match="theorem 'nothing' is unknown; allowed: closed_form"):
            find_theorems(["nothing"])
        with pytest.raises(ValueError, match="jobs = 0; allowed: at least 1"):
            prove(jobs=0)


def test_sources_say_what_is_not_in_the_paper() -> None:
    for theorem in THEOREMS.values():
        papers = ("MoMo paper", "NGN-M paper")
        assert any(paper in theorem.source for paper in papers) or theorem.source == DERIVED


def test_proofs_are_found_without_solver_and_algebra() -> None:
    code = (
        "import sys, theory.theorems, theory.report.proofs\n"
        "found = {'z3', 'sympy', 'cvxpy', 'torch'} & set(sys.modules)\n"
        "sys.exit(str(found) if found else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_labels_name_lemmas_that_exist() -> None:
    from theory.proofs.assemble import used

    for lemma in LEMMAS.values():
        assert set(used(lemma)) <= set(LEMMAS)
