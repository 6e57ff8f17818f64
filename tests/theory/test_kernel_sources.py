# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is asked of the files of theory/rocq before Coq sees them."""

from dataclasses import replace

import pytest
from theory_cases import WITHOUT_KERNEL

from theory.kernel import audit, outcomes, sources
from theory.kernel.build import Compiled
from theory.kernel.sources import File
from theory.proofs.scalars import le
from theory.report.kernel import headline, show
from theory.report.terminal import make_console
from theory.theorems import THEOREMS
from theory.theorems.rate.statement import RATE

FILES = sources.read()
GOOD = """(** Sums. *)
Require Import Arith.
(** One and one are two: 1 + 1 = 2. Source: derived here. *)
Theorem two : 1 + 1 = 2.
Proof. reflexivity. Qed.
(** It asks for nothing. *)
Example two_met : 1 + 1 = 2.
Proof. exact two. Qed.
"""


def objections(text: str) -> list[str]:
    return list(sources.objections([File("two", ".", text)]))


def test_the_files_are_as_they_must_be() -> None:
    assert list(sources.objections(FILES)) == []


def test_good_text() -> None:
    assert objections(GOOD) == []


@pytest.mark.parametrize(
    "text",
    [
        "Admitted.",
        "Axiom a : False.",
        "Parameter a : False.",
        "Conjecture a : False.",
        "Context (a : False).",
        "Goal True. exact I. Qed.",
        "Lemma a : False. Proof. Abort.",
        "Lemma a : False. Proof. admit. Qed.",
        "Lemma a : False. Proof. vm_cast_no_check I. Qed.",
        "Unset Guard Checking.",
        "Unset Guard\n  Checking.",
        'Set Warnings "-local-declaration".',
        "#[bypass_check(guard)] Fixpoint f (n : nat) : False := f n.",
        "Module M. End M.",
        "Module Type M. End M.",
        "Declare Module M : N.",
        "Program Definition a : False := _.",
        'Load "elsewhere".',
        'Add LoadPath "elsewhere" as Momo.',
        'Declare ML Module "plugin".',
        "Time Qed.",
        "Fail Qed.",
        "Import other.",
        "Require Import Classical.",
        "Require Import Momo.two.",
        "From Elsewhere Require Import sums.",
        "Local Definition convex := True.",
        'Goal True. idtac "(*". Abort. Admitted. Goal True. idtac "*)". Abort.',
        '(* "(*" *) Lemma a : False. Proof. Admitted. (* "*)" *)',
        "Lemma bad\u00a0lemma : False. Proof. exact I. Qed.",
    ],
)
def test_what_may_not_stand_in_a_file(text: str) -> None:
    """Commands that are not known are refused, whatever they are; in comments all is allowed."""
    assert objections(f"{GOOD}\n{text}\n")
    if '"' not in text:
        assert objections(f"{GOOD}\n(* {text} (* at all *) here *)\n") == []


def test_a_name_is_stated_once() -> None:
    other = File("more", ".", GOOD)
    assert any("too" in line for line in sources.objections([File("two", ".", GOOD), other]))


def test_names_end_where_coq_ends_them() -> None:
    file = File("two", ".", GOOD.replace("two", "two'"))
    assert [item.name for item in file.stated] == ["two'", "two'_met"]
    assert list(sources.objections([file])) == []


def test_an_instance_uses_its_theorem() -> None:
    (line,) = objections(GOOD.replace("exact two.", "reflexivity."))
    assert "uses it" in line


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("(** One and one are two: 1 + 1 = 2. Source: derived here. *)\n", ""), "no comment"),
        ((" Source: derived here.", ""), "where it is from"),
        (("two_met", "two_holds"), "no instance"),
        (("(** It asks for nothing. *)\n", ""), "no comment"),
    ],
)
def test_what_a_theorem_must_have(change: tuple[str, str], words: str) -> None:
    lines = objections(GOOD.replace(*change))
    assert any(words in line for line in lines), lines


@pytest.mark.parametrize("text", ["(* (* *)", '(* "*)', 'idtac "a'])
def test_what_is_not_closed(text: str) -> None:
    with pytest.raises(ValueError, match="not closed"):
        sources.bare(text)


def test_comments_are_read_as_coq_reads_them() -> None:
    text = 'a (* b (* c *) "*)" d *) e "(*" f (**) g'
    assert sources.bare(text).split() == ["a", "e", '"(*"', "f", "g"]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({}, "no file of Coq"),
        ({"a": "From Momo Require Import b."}, r"there is no b\.v"),
        ({"a": "From Momo Require Import b.", "b": "From Momo Require a."}, "import each other"),
        ({"a": "", "deep/a": ""}, "two files"),
        ({"questions": ""}, "cannot have"),
        ({"my-file": ""}, "cannot have"),
    ],
)
def test_files_that_do_not_fit(tmp_path, texts: dict[str, str], message: str) -> None:
    for name, text in texts.items():
        path = tmp_path / f"{name}.v"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    with pytest.raises(ValueError, match=message):
        sources.read(tmp_path)


def test_files_come_after_what_they_import() -> None:
    seen: set[str] = set()
    for file in FILES:
        assert seen.issuperset(file.imports)
        seen.add(file.name)


def test_files_are_short_enough_to_read() -> None:
    long = {file.name: file.lines for file in FILES if file.lines > 400}
    wide = [
        f"{file.name}: {line}"
        for file in FILES
        for line in file.text.splitlines()
        if len(line) > 110
    ]
    assert not long
    assert not wide


def test_every_word_of_the_theorems_is_recorded() -> None:
    """No statement in English changes without the record, whether or not Coq is there."""
    recorded = audit.RECORD.read_text("utf-8")
    sections = audit.sections(recorded)
    for item in (item for file in FILES for item in file.stated):
        head = sections.pop(item.full_name).split("```")[0]
        assert item.english in head
        assert item.source in head
    rest = {name for name in sections if not name.endswith(".definitions")}
    assert rest == set(THEOREMS)


def test_theorems_are_named_by_what_the_kernel_checks() -> None:
    stated = {item.full_name for file in FILES for item in file.stated if not item.example}
    for theorem in THEOREMS.values():
        assert bool(theorem.kernel) == (theorem.name not in WITHOUT_KERNEL), theorem.name
        assert stated.issuperset(theorem.kernel)


AUDITED = tuple(
    audit.Audited(item, "1 + 1 = 2")
    for file in sorted(FILES, key=sources.place)
    for item in file.stated
)
ANSWERS = audit.Answers(AUDITED, {file.path: "0123" for file in FILES}, ())
ORDERED = sorted(FILES, key=sources.place)


def outcome(**changes) -> outcomes.Outcome:
    compiled = tuple(Compiled(file.name, file.lines, 1.0) for file in FILES)
    state = outcomes.state(FILES)
    made = outcomes.Outcome("8.16.1", "8.16.1", state, compiled, AUDITED, ())
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("kept", "word"),
    [
        (None, outcomes.UNCHECKED),
        (outcome(), outcomes.CHECKED),
        (outcome(objections=("something",)), outcomes.FAILED),
        (outcome(sources="of other files"), outcomes.UNCHECKED),
        (outcome(audited=AUDITED[:1]), outcomes.FAILED),
    ],
)
def test_what_the_reports_say(tmp_path, kept: outcomes.Outcome | None, word: str) -> None:
    if kept is not None:
        outcomes.save(kept, tmp_path)
        assert outcomes.load(tmp_path) == kept
    assert outcomes.status(["rate.rate"], FILES, tmp_path) == word
    assert outcomes.status([], FILES, tmp_path) == ""


def test_a_damaged_outcome_is_none(tmp_path) -> None:
    outcomes.save(outcome(), tmp_path)
    path = tmp_path / "outcome"
    path.write_bytes(path.read_bytes().replace(b"8.16.1", b"8.16.2"))
    assert outcomes.load(tmp_path) is None
    assert outcomes.status(["rate.rate"], FILES, tmp_path) == outcomes.UNCHECKED


def test_a_theorem_that_is_not_there(tmp_path) -> None:
    with pytest.raises(ValueError, match=r"states no theorem 'rate\.fast'"):
        outcomes.status(["rate.fast"], FILES, tmp_path)


def test_an_outcome_is_of_the_record_and_of_the_words_too(tmp_path) -> None:
    """What was checked before either changed is not checked any more."""
    record = tmp_path / audit.RECORD.name
    record.write_text("before")
    before = outcomes.state(FILES, tmp_path)
    record.write_text("after")
    assert outcomes.state(FILES, tmp_path) != before


def recorded(said: audit.Answers = ANSWERS, coq: str = "8.16.1", prose=None) -> str:
    return audit.record(ORDERED, said, coq, prose or THEOREMS.values())


def test_what_has_changed() -> None:
    before = recorded()
    assert list(audit.changed(before, before)) == []
    other = tuple(
        replace(item, statement="1 + 1 <= 2") if item.stated.name == "rate" else item
        for item in AUDITED
    )
    (line,) = audit.changed(before, recorded(replace(ANSWERS, audited=other)))
    assert "rate.rate has changed" in line
    (line,) = audit.changed(before, recorded(replace(ANSWERS, audited=AUDITED[1:])))
    assert "is new, or gone" in line
    definitions = {**ANSWERS.definitions, "base/assumptions": "4567"}
    (line,) = audit.changed(before, recorded(replace(ANSWERS, definitions=definitions)))
    assert "assumptions.definitions has changed" in line


def test_words_that_change() -> None:
    """A theorem of `prove` says what it said when it was read beside the kernel's."""
    faster = replace(RATE, holds=lambda v: {"": le(v.m, v.G * v.D / ((1 - v.beta) * v.K**10))})
    wrong = replace(THEOREMS["rate"], formal=faster)
    prose = [wrong if theorem.name == "rate" else theorem for theorem in THEOREMS.values()]
    (line,) = audit.changed(recorded(), recorded(prose=prose))
    assert line.startswith("rate has changed")


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("## base/method.v", "## base/method.v\n\nAll is well."),
        lambda text: text.replace("# The theorems", "# Some theorems"),
        lambda text: f"{text}\n",
    ],
)
def test_a_record_that_was_edited(edit) -> None:
    assert list(audit.changed(edit(recorded()), recorded()))


def test_other_versions_of_coq_print_otherwise() -> None:
    """Then words and names are compared all the same, and the verdict says so."""
    printed = replace(ANSWERS, audited=tuple(replace(item, statement="") for item in AUDITED))
    assert list(audit.changed(recorded(), recorded(printed, "8.20.0"))) == []
    fewer = replace(ANSWERS, audited=AUDITED[1:])
    assert list(audit.changed(recorded(), recorded(fewer, "8.20.0")))
    assert "was not compared" in headline(outcome(coq="8.20.0"))
    assert "was not compared" not in headline(outcome())


@pytest.mark.parametrize(
    ("said", "axioms"),
    [
        ("Closed under the global context", ()),
        ("Axioms:\nA.b : False\nc\n  : forall n : nat,\n    n = n", ("A.b", "c")),
        ("Axioms:\nA.b : False\nloop is assumed to be guarded.", None),
        ("Axioms:\nbad\u00a0lemma : False", None),
        ("Theory:\n  Set is impredicative", None),
    ],
)
def test_every_line_about_axioms_is_read(said: str, axioms: tuple[str, ...] | None) -> None:
    found = audit.axioms(said)
    if axioms is None:
        assert set(audit.unknown(found)) - {"A.b"}
    else:
        assert found == axioms


@pytest.mark.parametrize(
    ("made", "wrong", "verdict"),
    [
        (outcome(), [], "OK: Coq"),
        (outcome(), ["coqchk: Momo.gauss.no"], "FAILED: coqchk has 1 objections"),
        (outcome(objections=("rate rests on sand",)), [], "1 objections"),
    ],
)
def test_the_last_line_is_the_verdict(
    made: outcomes.Outcome, wrong: list[str], verdict: str
) -> None:
    console = make_console(record=True, width=200)
    with console.capture() as captured:
        show(made, wrong, True, console)
    *before, last = captured.get().strip().splitlines()
    assert verdict in last
    for line in (*made.objections, *wrong):
        assert any(line in text for text in before)
