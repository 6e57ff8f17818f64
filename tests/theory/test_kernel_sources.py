"""What is asked of the files of theory/rocq before Coq sees them."""

import re
from dataclasses import replace

import pytest

from theory.kernel import audit, outcomes, sources
from theory.kernel.build import Compiled
from theory.kernel.sources import File
from theory.proofs import THEOREMS

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


@pytest.mark.parametrize("word", sources.FORBIDDEN)
def test_what_leaves_a_gap(word: str) -> None:
    assert any(repr(word) in line for line in objections(f"{GOOD}\n{word} x.\n"))
    assert objections(f"{GOOD}\n(* no {word} (* at all *) here *)\n") == []


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


def test_a_comment_that_is_not_closed() -> None:
    with pytest.raises(ValueError, match="not closed"):
        sources.bare("(* (* *)")


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({}, "no file of Coq"),
        ({"a": "From Momo Require Import b."}, r"there is no b\.v"),
        ({"a": "From Momo Require Import b.", "b": "From Momo Require a."}, "import each other"),
        ({"a": "", "deep/a": ""}, "two files"),
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
    assert not sections


def test_theorems_are_named_by_what_the_kernel_checks() -> None:
    stated = {item.full_name for file in FILES for item in file.stated if not item.example}
    for theorem in THEOREMS.values():
        assert theorem.kernel, theorem.name
        assert stated.issuperset(theorem.kernel)


def outcome(**changes) -> outcomes.Outcome:
    audited = tuple(audit.Audited(item, "1 + 1 = 2") for file in FILES for item in file.stated)
    compiled = tuple(Compiled(file.name, file.lines, 1.0) for file in FILES)
    made = outcomes.Outcome("8.16.1", sources.digest(FILES), compiled, audited, ())
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("kept", "word"),
    [
        (None, outcomes.UNCHECKED),
        (outcome(), outcomes.CHECKED),
        (outcome(objections=("something",)), outcomes.FAILED),
        (outcome(sources="of other files"), outcomes.UNCHECKED),
        (outcome(audited=outcome().audited[:1]), outcomes.FAILED),
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


def test_statements_that_change() -> None:
    before = audit.record(outcome().audited, "8.16.1")
    assert list(audit.changed(outcome().audited, "8.16.1", before)) == []
    other = tuple(
        replace(item, statement="1 + 1 <= 2") if item.stated.name == "rate" else item
        for item in outcome().audited
    )
    (line,) = audit.changed(other, "8.16.1", before)
    assert "rate.rate has changed" in line
    (line,) = audit.changed(other[1:], "8.16.1", audit.record(other, "8.16.1"))
    assert "is new, or gone" in line


def test_other_versions_of_coq_print_otherwise() -> None:
    """A record is compared only with what the same version prints."""
    before = audit.record(outcome().audited, "8.16.1")
    assert list(audit.changed(outcome().audited[1:], "8.20.0", before)) == []
    assert re.search(r"Printed by Coq 8\.16\.1\.", before)
