# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""False theorems are refused: each attack is an edit of the registry, and `prove` names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from theory.formula import sqrt
from theory.proofs.assemble import REGISTRY, Registry, assembled, checked, prove
from theory.proofs.base import (
    Calculus,
    Concluded,
    Induction,
    Lemma,
    Mutation,
    Solver,
    Theorem,
    conclusion,
    lemma,
)
from theory.proofs.check import check
from theory.proofs.hypotheses import (
    Lists,
    assumed,
    case,
    convex,
    definition,
    geometry,
)
from theory.proofs.outcomes import FAILED, LemmaOutcome
from theory.proofs.scalars import Relation, eq, ge, gt, le
from theory.theorems import LEMMAS, PARTS, THEOREMS, by_name

RATE = THEOREMS["rate"]
PAPER = LEMMAS["rate.paper"]


def attacked(*changed: Lemma, theorem: Theorem = RATE) -> Registry:
    """Return the registry with some lemmas replaced or added, and one theorem."""
    lemmas = {**LEMMAS, **{one.name: one for one in changed}}
    return replace(REGISTRY, lemmas=lemmas, theorems={theorem.name: theorem})


def concluded(
    theorem: Theorem, *changed: Lemma, registry: Registry | None = None
) -> tuple[str, ...]:
    """Return the objections to how a theorem is concluded; its lemmas are not checked again."""
    blank = LemmaOutcome("", "", "", "solver", "proven", True)
    done, alone = dict.fromkeys(theorem.lemmas, blank), replace(theorem, kernel=())
    among = attacked(*changed, theorem=alone) if registry is None else registry
    return assembled(alone, done, (), among).objections


def hundredth(v: Any) -> Relation:
    """Return the rate divided by 100, with r for √K."""
    return le(100 * v.m, v.G * v.D / ((1 - v.beta) * v.r))


def small_rate(v: Any) -> Relation:
    """Return the rate divided by 100."""
    return le(100 * v.m, v.G * v.D / ((1 - v.beta) * sqrt(v.K)))


def taking(*hypotheses: tuple[str, Callable[[Any], Relation]]) -> Lemma:
    """Return the last lemma of the rate with further hypotheses."""

    def given(v: Any) -> Mapping[str, Relation]:
        return {**PAPER.given(v), **{label: holds(v) for label, holds in hypotheses}}

    return replace(PAPER, given=given)


def small(*hypotheses: tuple[str, Callable[[Any], Relation]], symbols: str = "K r") -> Lemma:
    """Return a true lemma, √K ≤ 1 under hypotheses that make K at most 1."""
    wrong = Mutation("1/2", claim=lambda v: {"": le(2 * v.r, 1)})
    root = [
        (case("√K > 0"), lambda v: gt(v.r, 0)),
        (definition("r = √K"), lambda v: eq(v.r * v.r, v.K)),
    ]
    given = lambda v: {label: holds(v) for label, holds in (*root, *hypotheses)}  # noqa: E731
    return lemma("rate.small", "", symbols, given, conclusion(lambda v: le(v.r, 1)), wrong)


CITING = taking(("from rate.small: √K ≤ 1", lambda v: le(v.r, 1)))


class TestStatement:
    """What the last lemma concludes has to be the statement."""

    def test_another_statement_is_not_concluded(self) -> None:
        faster = replace(
            RATE.formal, holds=lambda v: {"": le(v.m, v.G * v.D / ((1 - v.beta) * v.K**10))}
        )
        (objection,) = concluded(replace(RATE, formal=faster))
        assert "the statement" in objection
        assert concluded(RATE) == ()

    @pytest.mark.parametrize("power", [2, 20])
    def test_a_sum_has_no_formula_of_ones_own(self, power: int) -> None:
        """The weights add up to V; that V is what the statement has for it, no lemma concludes."""
        known = THEOREMS["rate_first_term"]
        assert concluded(known) == ()
        faster = replace(
            known.formal, holds=lambda v: {"": le(v.m, v.G * v.D / sqrt(v.K ** (2 * power)))}
        )
        by = Concluded("rate.root", lambda s, w: {w.V: s.K ** (2 * power), w.r: s.K**power})
        found = concluded(replace(known, formal=faster, concludes={"": by}))
        assert any(f"needs “V = K^{2 * power}” of rate.count_step" in what for what in found)

    @pytest.mark.parametrize(
        ("name", "square", "needs"),
        [
            ("smooth_linear", lambda s, w: {w.D2: s.D**2 / 100}, "“D2 = D^2/100”"),
            (
                "metric_summed_grown",
                lambda s, w: {w.R2: s.D**2 * s.product / 100},
                "“R2 = D^2 product/100”",
            ),
            ("mean_square", lambda s, w: {w.G2: s.G**2 / 100}, "“G2 = G^2/100”"),
        ],
    )
    def test_a_constant_is_what_it_is(self, name: str, square: Any, needs: str) -> None:
        """A squared distance of a hundredth of D² proves a hundredth of the bound."""
        known = THEOREMS[name]
        right = known.formal.holds

        def small(v: Any) -> Mapping[str, Relation]:
            return {label: le(each.left, each.right / 100) for label, each in right(v).items()}

        smaller = replace(known, formal=replace(known.formal, holds=small))
        by = {label: Concluded(one.lemma, square) for label, one in known.concludes.items()}
        found = concluded(replace(smaller, concludes=by))
        assert any(f"needs {needs} of" in what for what in found)

    @pytest.mark.parametrize("by", ["rate.paper", "rate.young"])
    def test_a_single_lemma_is_no_proof(self, by: str) -> None:
        alone = replace(RATE, lemmas=("rate.young",), inductions=(), concludes={"": Concluded(by)})
        (outcome,) = prove(["rate"], registry=attacked(theorem=alone))
        assert not outcome.ok
        assert outcome.verdict == FAILED
        assert "concluded by none" in outcome.objections[0]

    def test_a_statement_says_something(self) -> None:
        for changed, why in (
            (replace(RATE.formal, holds=lambda v: {}), "no relation"),
            (replace(RATE.formal, given=lambda v: {"K": le(v.K, 0)}), "none of"),
        ):
            assert why in concluded(replace(RATE, formal=changed))[0]

    def test_restrictions_are_stated(self) -> None:
        """Without G > 0 the choice of c in the proof divides by 0."""
        free = tuple(
            replace(quantity, above=None) if quantity.name == "G" else quantity
            for quantity in RATE.formal.quantities
        )
        (objection,) = concluded(replace(RATE, formal=replace(RATE.formal, quantities=free)))
        assert "needs “G > 0” of rate.paper" in objection

    def test_assumptions_are_stated(self) -> None:
        for name in ("interpolation", "convex", "beta"):
            fewer = tuple(one for one in RATE.formal.assumes if one.name != name)
            found = concluded(replace(RATE, formal=replace(RATE.formal, assumes=fewer)))
            assert any(f"needs '{name}', which is not assumed" in what for what in found), name

    @pytest.mark.parametrize(
        "meaning",
        [lambda s, w: {w.r: s.K**0.5, w.beta: 0}, lambda s, w: {s.beta: 0}],
    )
    def test_a_quantity_has_one_meaning(self, meaning: Any) -> None:
        """The case β = 0 of the lemma is not the statement for all β."""
        better = replace(RATE.formal, holds=lambda v: {"": le(v.m, v.G * v.D / sqrt(v.K))})
        by = Concluded("rate.paper", lambda s, w: {w.r: sqrt(s.K), **meaning(s, w)})
        assert concluded(replace(RATE, formal=better, concludes={"": by}))

    def test_a_count_is_no_formula_of_ones_own(self) -> None:
        """A ≥ V m with V a hundred times what K terms add up to."""

        def given(v: Any) -> Mapping[str, Relation]:
            more = ge(v.A, 100 * v.K * (1 - v.beta) * v.m)
            return {**PAPER.given(v), "from rate.count_step, u = 1: A ≥ K(1-β) m": more}

        paper = replace(PAPER, given=given, by=Solver(), claim=conclusion(hundredth))
        theorem = replace(RATE, formal=replace(RATE.formal, holds=lambda v: {"": small_rate(v)}))
        meanings = {
            **REGISTRY.meanings,
            ("rate.paper", "rate.count_step"): [lambda v, w: {w.V: 100 * v.K * (1 - v.beta)}],
        }
        registry = replace(attacked(paper, theorem=theorem), meanings=meanings)
        found = concluded(theorem, paper, registry=registry)
        assert any("“V = 100 K (1 - beta)” of rate.count_step" in what for what in found)


class TestCitations:
    """The hypotheses of a cited lemma have to hold where it is cited."""

    @pytest.mark.parametrize(
        "label",
        [
            *("K ≤ 1", "induction: K ≤ 1", "from nowhere: K ≤ 1", case("K ≤ 1")),
            *(assumed("interpolation", "K ≤ 1"), assumed("hope", "K ≤ 1")),
            *(geometry("K ≤ 1"), convex("x", "y", "K ≤ 1"), definition("K ≤ 1")),
        ],
    )
    def test_a_case_is_no_proof_of_all_cases(self, label: str) -> None:
        """√K ≤ 1 where K ≤ 1, cited for all K: the rate would be that of β = 0 and K = 1."""
        registry = attacked(small((label, lambda v: le(v.K, 1))), CITING)
        found = [
            *checked("rate.paper", registry).objections,
            *checked("rate.small", registry).objections,
        ]
        assert any("K ≤ 1" in objection for objection in found)

    @pytest.mark.parametrize(
        "pins",
        [
            {"z = K": lambda v: eq(v.z, v.K), "z = 1": lambda v: eq(v.z, 1)},
            {
                "y = z": lambda v: eq(v.y, v.z),
                "2y = K + z": lambda v: eq(2 * v.y, v.K + v.z),
                "z = 1": lambda v: eq(v.z, 1),
            },
            {"K = 1": lambda v: eq(v.K, 1)},
        ],
    )
    def test_definitions_do_not_fix_what_is_known(
        self, pins: dict[str, Callable[[Any], Relation]]
    ) -> None:
        """Each of them excludes nothing; together they say that K is 1."""
        pinned = small(
            *((definition(label), what) for label, what in pins.items()), symbols="K r y z"
        )
        found = checked("rate.paper", attacked(pinned, CITING)).objections
        assert any("of rate.small, which does not follow here" in what for what in found)

    @pytest.mark.parametrize(
        "label", [assumed("interpolation", "k ≤ 1"), geometry("k ≤ 1"), convex("x", "y", "k ≤ 1")]
    )
    def test_another_name_does_not_help(self, label: str) -> None:
        """K by another name: what it is follows from √K, which is known where this is cited."""
        renamed = lemma(
            "rate.small",
            "",
            "k r",
            lambda v: {definition("r² = k"): eq(v.r * v.r, v.k), label: le(v.k, 1)},
            conclusion(lambda v: le(v.r, 1)),
        )
        found = checked("rate.paper", attacked(renamed, CITING)).objections
        assert any("needs “k ≤ 1” of rate.small" in objection for objection in found)

    def test_a_citation_is_not_its_own_reason(self) -> None:
        """K ≤ 1 follows from √K ≤ 1, which it is needed for."""
        registry = attacked(small((case("K ≤ 1"), lambda v: le(v.K, 1))), CITING)
        (objection,) = checked("rate.paper", registry).objections
        assert "“from rate.small: √K ≤ 1” needs “K ≤ 1” of rate.small" in objection

    def test_half_the_bound_is_no_instance(self) -> None:
        half = taking(("from rate.end: half", lambda v: le(2 * v.A, v.D * v.G * v.r)))
        (objection,) = checked("rate.paper", attacked(half)).objections
        assert "“from rate.end: half” is concluded by none of these lemmas" in objection

    def test_a_meaning_does_not_restrict(self) -> None:
        """Where A and m are taken to be y and y + 1, A ≤ m is an instance of y ≤ y + 1."""
        nothing = lemma(
            "rate.nothing", "", "y", lambda v: {}, conclusion(lambda v: le(v.y, v.y + 1))
        )
        citing = taking(("from rate.nothing: A", lambda v: le(v.A, v.m)))
        registry = replace(
            attacked(nothing, citing),
            meanings={
                **REGISTRY.meanings,
                ("rate.paper", "rate.nothing"): [lambda v, w: {v.A: w.y, v.m: w.y + 1}],
            },
        )
        (objection,) = checked("rate.paper", registry).objections
        assert "meaning of" in objection

    def test_contradictions_license_nothing(self) -> None:
        """What a cited lemma may assume contradicts the citing one: then anything would follow."""
        pinned = small(
            (definition("q = 1 - 2K"), lambda v: eq(v.q, 1 - 2 * v.K)),
            (geometry("q ≥ 0"), lambda v: ge(v.q, 0)),
            (case("K ≤ 1"), lambda v: le(v.K, 1)),
            symbols="K r q",
        )
        large = taking(
            (case("K ≥ 1"), lambda v: ge(v.K, 1)),
            ("from rate.small: √K ≤ 1", lambda v: le(v.r, 1)),
        )
        found = checked("rate.paper", attacked(pinned, large)).objections
        assert any("needs “K ≤ 1” of rate.small" in objection for objection in found)

    def test_what_is_on_a_list_is_licensed_and_counted(self) -> None:
        registry = attacked(small((case("K ≤ 1"), lambda v: le(v.K, 1))), CITING)
        words = {**REGISTRY.lists.words, ("rate.p*", "rate.small", "K ≤ 1"): "as I wish"}
        lists = Lists(words, REGISTRY.lists.not_instances)
        outcome = checked("rate.paper", replace(registry, lists=lists))
        assert outcome.objections == ()
        assert "as I wish" in [one.reason for c in outcome.citations for one in c.licences]

    @pytest.mark.parametrize("cited", ["*", "rate.*", "*.*"])
    def test_no_reason_is_good_for_everything(self, cited: str) -> None:
        with pytest.raises(ValueError, match="a lemma or a label that is named"):
            Lists(words={("*", cited, "*"): "as I wish"})


class TestCalculus:
    """A lemma about a function claims what is known of the function."""

    @staticmethod
    def tangent(claim: Callable[[Any], Relation], **changes: Any) -> Lemma:
        known = LEMMAS["sharp_rate.tangent"]
        return replace(known, claim=conclusion(claim), **changes)

    def test_the_claim_is_read(self) -> None:
        found = check(self.tangent(lambda v: le(v.log, v.x - 1 - v.x / v.x / 1000)))
        assert found.verdict == FAILED
        assert "the claim is off by" in found.note
        assert check(self.tangent(lambda v: le(v.log, v.x - 1))).ok

    def test_the_sign_is_needed_on_the_whole_way(self) -> None:
        """2 log x ≤ x - 1 is false at 2, though the function grows from there on, and is 0 at 1."""
        late = Calculus("x", lambda v, log: v.x - 1 - 2 * log(v.x), lambda v: 1 - 2 / v.x, at=1)
        found = check(
            self.tangent(
                lambda v: le(2 * v.log, v.x - 1),
                given=lambda v: {case("x ≥ 2"): ge(v.x, 2)},
                by=late,
            )
        )
        assert found.verdict == FAILED
        assert "sign of the derivative" in found.note


class TestInduction:
    """An induction begins wherever its theorem does."""

    @staticmethod
    def without(name: str) -> Theorem:
        theorem = THEOREMS["model_below"]
        base = tuple(one for one in ("model_below.first", "model_below.zero") if one != name)
        return replace(theorem, inductions=(Induction("k", base, "model_below.step"),))

    @pytest.mark.parametrize("name", ["model_below.first", "model_below.zero"])
    def test_all_bases_are_named(self, name: str) -> None:
        with pytest.raises(ValueError, match=f"leaves out its base {name}"):
            prove(["model_below"], registry=attacked(theorem=self.without(name)))

    def test_there_is_a_base_for_every_beginning(self) -> None:
        theorem = self.without("model_below.first")
        kept = tuple(name for name in theorem.lemmas if name != "model_below.first")
        registry = attacked(theorem=replace(theorem, lemmas=kept))
        lemmas = {name: one for name, one in LEMMAS.items() if name != "model_below.first"}
        with pytest.raises(ValueError, match="has no base for an average from the first sample"):
            prove(["model_below"], registry=replace(registry, lemmas=lemmas))


class TestLabels:
    """What a label says has to have the form of what it says."""

    @pytest.mark.parametrize(
        ("label", "holds", "note"),
        [
            (definition("x = 2x - 1"), lambda v: eq(v.x, 2 * v.x - 1), ""),
            (definition("x = 1"), lambda v: eq(v.x, 1), ""),
            (definition("xy = 1"), lambda v: eq(v.x * v.y, 1), "restricts"),
            (definition("x² = y - 3"), lambda v: eq(v.x * v.x - v.x, v.y * v.y + 3), "restricts"),
            (definition("x ≥ 1"), lambda v: ge(v.x, 1), "restricts"),
            (geometry("x² ≤ y"), lambda v: le(v.x * v.x, v.y), "not Cauchy-Schwarz"),
            (geometry("x² ≤ yz"), lambda v: le(v.x * v.x, v.y * v.z), ""),
            (geometry("x ≤ yz"), lambda v: le(v.x, v.y * v.z), "not Cauchy-Schwarz"),
            (geometry("|x-y|²"), lambda v: ge(v.x - 2 * v.y + v.z, 0), ""),
            (geometry("less"), lambda v: ge(v.x - 3 * v.y + v.z, 0), "not Cauchy-Schwarz"),
            (convex("x", "y", "x = y"), lambda v: eq(v.x, v.y), "is no inequality"),
            ("induction: x ≥ 0", lambda v: ge(v.x, 0), "carried by no induction"),
            ("from here: x ≥ 0", lambda v: ge(v.x, 0), "names no lemma"),
            (assumed("hope", "x ≥ 0"), lambda v: ge(v.x, 0), "no assumption hope"),
        ],
    )
    def test_labels(self, label: str, holds: Callable[[Any], Relation], note: str) -> None:
        made = lemma(
            "rate.made",
            "",
            "x y z",
            lambda v: {label: holds(v)},
            conclusion(lambda v: le(v.x, v.x)),
        )
        found = checked("rate.made", attacked(made)).mislabelled
        assert bool(found) == bool(note)
        assert note in "".join(found)


@pytest.mark.parametrize("kind", ["CLAIMS", "THEOREMS", "LEMMAS"])
def test_a_name_is_taken_once(kind: str) -> None:
    """Of two the later one would be proven, or checked, in place of the other."""
    with pytest.raises(ValueError, match=f"{kind} of .*, which is taken"):
        by_name(kind, [*PARTS, next(part for part in PARTS if hasattr(part, kind))])


def test_both_solvers_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    good = checked("rate.sum_step")
    assert good.ok
    assert good.asked == good.agreed > 0
    for answer in ("sat", "unknown"):
        monkeypatch.setattr("theory.proofs.solve.second_opinion", lambda _, a=answer: a)
        bad = checked("rate.sum_step")
        assert not bad.ok
        assert f"{answer} by cvc5, unsat by z3" in bad.note
        assert bad.agreed == 0


def test_no_reason_is_listed_for_nothing(proven: Any) -> None:
    """A list must not grow stale: every reason on it is given for something."""
    from theory.report.hypotheses import words

    given = set(words(proven))
    listed = {*REGISTRY.lists.words.values(), *REGISTRY.lists.not_instances.values()}
    stale = listed - given  # of two lemmas, each for a case, one is shown
    assert [reason for reason in stale if not reason.startswith("the other case")] == []
