# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The kernel refuses what is wrong: on a small project, and on the theorems themselves."""

import shutil
from pathlib import Path

import pytest
from kernel_mutants import refusal, wrong_constant

from theory.kernel import audit, build, check, outcomes, sources
from theory.kernel.command import Rocq

pytestmark = pytest.mark.skipif(not build.present(), reason="Coq is not on this machine")

SUMS = """Require Import Arith.
Fixpoint sum (n : nat) : nat := match n with O => O | S m => sum m + S m end.
"""
THEOREM = """(** Numbers. *)
Require Import Arith Lia.
From Momo Require Import sums.
(** Twice the sum of 1 to n is n (n + 1). Source: derived here. *)
Theorem gauss n : 0 < n -> 2 * sum n = n * (n + 1).
Proof. intros _. induction n; simpl sum; lia. Qed.
(** For ten. *)
Example gauss_met : 2 * sum 10 = 10 * (10 + 1).
Proof. apply gauss. lia. Qed.
(** A bound that needs a number that is not zero. Source: derived here. *)
Theorem grows n : 0 < n -> 0 < sum n.
Proof. destruct n; simpl sum; lia. Qed.
(** For ten. *)
Example grows_met : 0 < sum 10.
Proof. apply grows. lia. Qed.
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder of two files, checked and recorded."""
    folder = tmp_path_factory.mktemp("rocq")
    (folder / "base").mkdir()
    (folder / "base" / "sums.v").write_text(SUMS)
    (folder / "gauss.v").write_text(THEOREM)
    outcome = check.check(2, record=True, folder=folder, out=folder / "out")
    assert outcome.ok, outcome.objections
    return folder


def again(project: Path, tmp_path: Path, **texts: str) -> outcomes.Outcome:
    """Check the project with other texts."""
    folder = tmp_path / "rocq"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("out"))
    shutil.copytree(project / "out", tmp_path / "out")
    for name, text in texts.items():
        (folder / f"{name}.v").write_text(text)
    return check.check(2, folder=folder, out=tmp_path / "out")


def test_a_good_project(project: Path, tmp_path: Path) -> None:
    outcome = again(project, tmp_path)
    assert outcome.ok
    assert [item.stated.full_name for item in outcome.theorems] == ["gauss.gauss", "gauss.grows"]
    assert outcome.axioms == ()
    assert all(file.seconds == 0 for file in outcome.files)
    kept = outcomes.load(tmp_path / "out")
    assert kept is not None
    assert kept.audited == outcome.audited


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("n * (n + 1).", "n * (n + 2)."), "gauss.v: "),
        (("grows n : 0 < n -> 0 < sum n", "grows n : 0 < sum n"), "gauss.v: "),
        (("intros _. induction n; simpl sum; lia. Qed", "Admitted"), "'Admitted' is not allowed"),
        (
            ("Theorem gauss n", "Axiom easy : forall n, 2 * sum n = n * (n + 1).\n\\g"),
            "'Axiom easy",
        ),
        (("Theorem gauss n", "Hypothesis easy : 0 = 1.\n\\g"), "local"),
        (("gauss n : 0 < n -> 2", "gauss n : 0 <= n -> 2"), "gauss.gauss has changed"),
        (
            ("Theorem grows n : 0 < n -> 0 < sum n", "Theorem grows n : 0 < n -> 0 <= sum n"),
            "gauss.v: ",
        ),
        (("Twice the sum", "Thrice the sum"), "gauss.gauss has changed"),
        (("Theorem grows", "Lemma grows"), "gauss.grows is new, or gone"),
    ],
)
def test_what_is_wrong_is_refused(
    project: Path, tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    old, new = change
    broken = THEOREM.replace(old, new.replace("\\g", old))
    assert broken != THEOREM
    outcome = again(project, tmp_path, gauss=broken)
    assert not outcome.ok
    assert any(words in line for line in outcome.objections), outcome.objections


def test_a_definition_that_changes(project: Path, tmp_path: Path) -> None:
    """What the theorem imports is compiled anew, and the theorem with it."""
    folder = tmp_path / "changed"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("out"))
    (folder / "base" / "sums.v").write_text(SUMS.replace("S m end", "m end"))
    outcome = check.check(2, folder=folder, out=tmp_path / "out")
    assert any(line.startswith("gauss.v: ") for line in outcome.objections)


def test_an_axiom_of_the_library(project: Path, tmp_path: Path, monkeypatch) -> None:
    """Excluded middle is no axiom of the numbers; the file that brings it in is named."""
    monkeypatch.setattr(sources, "LIBRARY", {*sources.LIBRARY, "Classical"})
    classical = THEOREM.replace("Import Arith Lia", "Import Arith Lia Classical").replace(
        "intros _. induction n", "intros _. destruct (classic (n = n)); induction n"
    )
    outcome = again(project, tmp_path, gauss=classical)
    (line,) = outcome.objections
    assert line.startswith("gauss.v: ")
    assert "classic" in line


@pytest.mark.parametrize(
    "before",
    [
        "Definition sum (n : nat) : nat := sums.sum n.",
        'Local Notation "x < y" := (Nat.lt x y /\\ x = x).',
    ],
)
def test_words_with_another_meaning(project: Path, tmp_path: Path, before: str) -> None:
    """What a statement says is printed from outside, where no word of the file is known."""
    text = THEOREM.replace("(** Twice", f"{before}\n(** Twice").replace(
        "simpl sum; lia", "unfold sum in *; simpl sums.sum in *; intuition lia"
    )
    text = text.replace("apply gauss. lia.", "apply gauss. intuition lia.").replace(
        "apply grows. lia.", "apply grows. intuition lia."
    )
    if "sums" not in before:
        text = text.replace("unfold sum in *; simpl sums.sum in *", "simpl sum in *")
    outcome = again(project, tmp_path, gauss=text)
    assert all(file.error == "" for file in outcome.files), outcome.objections
    assert any("gauss.grows has changed" in line for line in outcome.objections)


def test_a_compiled_file_that_was_exchanged(project: Path, tmp_path: Path) -> None:
    """It is compiled anew."""
    folder, out = tmp_path / "rocq", tmp_path / "out"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("out"))
    shutil.copytree(project / "out", out)
    shutil.copy(out / "base" / "sums.vo", out / "gauss.vo")
    outcome = check.check(2, folder=folder, out=out)
    assert outcome.ok
    assert [file.file for file in outcome.files if file.seconds] == ["gauss"]


def test_a_definition_is_recorded(project: Path, tmp_path: Path) -> None:
    """Where definition and proofs change together, the statement's words stay as they were."""
    folder, out = tmp_path / "rocq", tmp_path / "out"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("out"))
    (folder / "base" / "sums.v").write_text(SUMS.replace("sum m + S m", "S m + sum m"))
    outcome = check.check(2, folder=folder, out=out)
    assert [line.split()[0] for line in outcome.objections] == ["sums.definitions"]


def test_what_was_compiled_of_a_file_that_is_gone_is_gone(project: Path, tmp_path: Path) -> None:
    """Or an import could find it, by the same name in another folder."""
    folder, out = tmp_path / "rocq", tmp_path / "out"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("out"))
    shutil.copytree(project / "out", out)
    (folder / "base" / "sums.v").rename(folder / "sums.v")
    check.check(2, folder=folder, out=out)
    assert {path.stem for path in out.rglob("*.vo")} == {"sums", "gauss", "questions"}
    assert not (out / "base" / "sums.vo").exists()


@pytest.mark.slow
def test_a_second_kernel_sees_an_axiom(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(project / "out", out)
    assert check.second_opinion(out) == []
    (out / "gauss.v").write_text(
        THEOREM.replace("Theorem gauss", "Axiom no : 0 = 1.\nTheorem gauss")
    )
    assert not build.coqc("gauss.v", out)[1]
    (line,) = check.second_opinion(out)
    assert line == "coqchk: Momo.gauss.no"


def test_without_coq(monkeypatch, tmp_path, capsys) -> None:
    """The command says what to install, and no report says OK."""
    from theory.command import run

    monkeypatch.setenv("PATH", str(tmp_path))
    assert build.version() is None
    assert run(["rocq"]) == 2
    assert "apt-get install coq" in capsys.readouterr().err
    assert outcomes.status(["rate.rate"], out=tmp_path) == outcomes.UNCHECKED


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="jobs = 0"):
        Rocq(jobs=0).run()


@pytest.mark.usefixtures("compiled_theorems")
def test_the_theorems_as_they_are() -> None:
    kept = outcomes.load()
    assert kept is not None
    assert kept.ok, kept.objections
    assert set(kept.axioms) <= set(audit.ALLOWED)


def test_the_paper_s_rate_with_a_wrong_constant(
    compiled_theorems: dict[str, sources.File], tmp_path: Path
) -> None:
    file = compiled_theorems["rate"]
    (item,) = (item for item in file.stated if item.name == "rate")
    assert not refusal(file, file.text, tmp_path)
    assert refusal(file, wrong_constant(file, item), tmp_path)


def test_a_changed_step(compiled_theorems: dict[str, sources.File], tmp_path: Path) -> None:
    """With another step the lemmas on one step are no longer proven."""
    method, lemmas = compiled_theorems["method"], compiled_theorems["one_step"]
    wrong = method.text.replace("(1 - keep) * f s x", "keep * f s x")
    assert wrong != method.text
    definitions = wrong.partition("(** The value of the new model")[0] + "End Method.\n"
    assert not refusal(method, definitions, tmp_path)
    assert refusal(lemmas, lemmas.text, tmp_path)
