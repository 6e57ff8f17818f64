# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command ``prove``, its tables and its section of the HTML report."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.cells import cell_len
from rich.console import Console

from theory.__main__ import main
from theory.kernel import outcomes as kernel
from theory.proofs.assemble import prove
from theory.proofs.outcomes import FAILED, KERNEL, PROVEN, UNKNOWN, Outcome
from theory.report.markup import PAPERS
from theory.report.proofs import Progress, headline, linked, objections, section, table
from theory.report.terminal import make_console
from theory.theorems import THEOREMS


@pytest.fixture(scope="module")
def outcomes() -> tuple[Outcome, ...]:
    found = prove(["landing", "mean_square"])
    return tuple(replace(outcome, by_kernel="") for outcome in found)  # as where Coq is not


def spoilt(outcomes: tuple[Outcome, ...], **changes: object) -> tuple[Outcome, ...]:
    """Return the outcomes with the last lemma of the first changed."""
    first = outcomes[0]
    lemma = replace(first.lemmas[-1], **changes)
    return (replace(first, lemmas=(*first.lemmas[:-1], lemma)), *outcomes[1:])


def printed(outcomes: tuple[Outcome, ...]) -> str:
    console = make_console(record=True, width=100)
    with console.capture() as captured:
        console.print(table(outcomes))
    return captured.get()


def test_prove_ends_with_0(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    proven: tuple[Outcome, ...],
) -> None:
    """With what is proven once for all tests; one theorem is proven by the command, below."""
    monkeypatch.setattr("theory.proofs.assemble.prove", lambda *_: proven)
    assert main(["prove"]) == 0
    assert_all_are_shown(capsys.readouterr().out)


@pytest.mark.slow
def test_prove_proves_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove"]) == 0
    written = capsys.readouterr()
    assert_all_are_shown(written.out)
    assert "lemmas" in written.err


def assert_all_are_shown(out: str) -> None:
    for name, theorem in THEOREMS.items():
        assert name in out
        assert theorem.title.split()[0] in out
    assert "OK: all" in out
    assert max(map(cell_len, out.splitlines())) <= 100


def test_prove_shows_one_theorem_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "mean_square", "--jobs", "1"]) == 0
    written = capsys.readouterr()
    assert "lemmas" in written.err
    out = " ".join(written.out.split())
    assert "mean_square.convex" in out
    assert "linear and" in out
    assert "1 becomes 0.99" in out


def test_prove_ends_with_1_where_a_lemma_fails(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    outcomes: tuple[Outcome, ...],
) -> None:
    bad = spoilt(outcomes, verdict=FAILED, note="conclusion: sat")
    monkeypatch.setattr("theory.proofs.assemble.prove", lambda *_: bad)
    assert main(["prove"]) == 1
    out = capsys.readouterr().out
    assert "NOT PROVEN: landing" in out
    assert "FAILED; conclusion: sat" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["prove", "nothing"], "theorem 'nothing' is unknown; allowed: closed_form"),
        (["prove", "--jobs", "0"], "jobs = 0; allowed: at least 1"),
    ],
)
def test_wrong_arguments_of_prove_end_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_the_table_says_who_proves(outcomes: tuple[Outcome, ...]) -> None:
    text = printed(outcomes)
    assert "part by hand" in text
    landing = outcomes[0]
    assert f"{landing.count('solver')} + {landing.count('algebra')} + 0" in text
    assert UNKNOWN in printed(spoilt(outcomes, verdict=UNKNOWN))


def test_objections_name_what_is_wrong(outcomes: tuple[Outcome, ...]) -> None:
    assert objections(outcomes) == []
    assert headline(outcomes).startswith("OK: all 2 theorems")
    lemma = outcomes[0].lemmas[-1]
    missed = (replace(lemma.mutations[0], reproduced=False, note="y is 1, not 2"),)
    bad = spoilt(outcomes, mutations=missed)
    assert "not reproduced; y is 1, not 2" in objections(bad)[0]
    assert "NOT PROVEN: landing." in headline(bad)
    vacuous = spoilt(outcomes, consistent=False, note="hypotheses that can be satisfied")
    assert "hypotheses that can be satisfied" in objections(vacuous)[0]


class Balanced(HTMLParser):
    """Keeps the open tags."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "br":
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def test_the_section_is_html(outcomes: tuple[Outcome, ...]) -> None:
    made = section(outcomes)
    parser = Balanced()
    parser.feed(made)
    assert parser.stack == []
    assert made.startswith('<h2 id="proofs">')
    assert made.count("<details") == 3  # the theorems, and what is in words
    for lemma in outcomes[0].lemmas:
        assert lemma.name in made
    assert set(re.findall(r"https?://[^\"]*", made)) <= set(PAPERS.values())
    for outcome in outcomes:
        for place in ("theorem", "proof"):
            assert f' id="{place}-{outcome.theorem}"' in made
        assert f'href="#statement-{outcome.theorem}"' in made
        assert all(f'href="#claim-{claim}"' in made for claim in outcome.claims)
    bad = section(spoilt(outcomes, verdict=FAILED, note="1 < 2"))
    assert '<b class="bad">FAILED</b>' in bad
    assert "<details open>" in bad
    (first, *_) = linked(spoilt(outcomes, verdict=FAILED, note="1 < 2"))
    assert first.startswith('<a href="#proof-landing">landing')
    assert first.endswith("FAILED; 1 &lt; 2")
    assert "1 &lt; 2" in bad


def test_progress_writes_lines_where_there_is_no_terminal(outcomes: tuple[Outcome, ...]) -> None:
    console = make_console(record=True)
    with console.capture() as captured:
        progress = Progress(console, every=0.0)
        for lemma in outcomes[0].lemmas[:3]:
            progress(lemma, 3)
    assert captured.get().splitlines()[-1] == f"3/3 lemmas: {outcomes[0].lemmas[2].name}"
    terminal = Console(force_terminal=True, width=100)
    with terminal.capture() as captured:
        Progress(terminal)(outcomes[0].lemmas[0], 3)
    assert captured.get().endswith("\r")


@pytest.mark.parametrize(
    ("word", "sentence", "verdict"),
    [
        (kernel.CHECKED, "has checked each as a whole", KERNEL),
        (kernel.UNCHECKED, "not checked on this machine", PROVEN),
        (kernel.FAILED, "has objections to 1 of them", FAILED),
    ],
)
def test_what_the_kernel_says_is_shown(
    outcomes: tuple[Outcome, ...], word: str, sentence: str, verdict: str
) -> None:
    """And a theorem to which it objects is not proven, whatever the lemmas say."""
    (landing,) = (replace(outcome, by_kernel=word) for outcome in outcomes[:1])
    assert landing.verdict == verdict
    assert landing.ok == (verdict != FAILED)
    assert sentence in headline((landing,))
    assert bool(objections((landing,))) == (verdict == FAILED)
    assert word.split()[0] in printed((landing,))
    assert word in section((landing,))
