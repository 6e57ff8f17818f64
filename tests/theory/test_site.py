# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The theory's pages of the site are what the registry and the records say; formulas are LaTeX."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_theory_readme import rows

from theory.__main__ import main
from theory.proofs.scalars import le
from theory.report import site
from theory.statement import Quantity, Statement
from theory.theorems import CLAIMS, THEOREMS
from theory.typeset import Typeset, latex, prose, statement, typeset
from theory.worst_case.recorded import Recorded, recorded

FOLDER = Path(__file__).parents[2] / "docs" / "theory"
FORMULA = re.compile(r"\$\$\n(.*?)\n\$\$|\$([^$\n]+)\$", re.DOTALL)


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return site.pages()


def test_the_pages_are_those_that_the_registry_makes(made: dict[str, str]) -> None:
    for name, text in made.items():
        shown = (FOLDER / name).read_text(encoding="utf-8")
        assert shown == text, f"{name} is old: python -m theory site"


def test_every_statement_has_its_section_and_its_row(made: dict[str, str]) -> None:
    text = made["statements.md"]
    sections = re.findall(r"^## (\w+)$", text, re.MULTILINE)
    assert sorted(sections) == sorted({*CLAIMS, *THEOREMS})
    assert re.findall(r"^\| \[(\w+)\]\(#\w+\)", text, re.MULTILINE) == sections


def test_the_pictures_are_there_and_no_others(made: dict[str, str]) -> None:
    used = set(re.findall(r"\((pictures/[^)]*)\)", "".join(made.values())))
    there = {f"pictures/{path.name}" for path in (FOLDER / "pictures").iterdir()}
    assert used == there
    for path in (FOLDER / "pictures").iterdir():
        assert path.stat().st_size < 30_000
        assert path.read_text(encoding="utf-8").startswith("<svg")


def test_all_formulas_are_latex(made: dict[str, str]) -> None:
    """Letters and signs are commands, brackets are closed, and nothing is raised twice."""
    formulas = [a or b for text in made.values() for a, b in FORMULA.findall(text)]
    assert len(formulas) > 1000
    for formula in set(formulas):
        assert formula.isascii(), formula
        bare = re.sub(r"\\[{}]", "", formula)
        assert bare.count("{") == bare.count("}"), formula
        assert formula.count(r"\left") == formula.count(r"\right"), formula
        assert formula.count(r"\lVert") == formula.count(r"\rVert"), formula
        assert not re.search(r"\^\{[^{}]*\}\^|_\{[^{}]*\}_", formula), formula


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f_*^1", "f_{*}^{1}"),
        ("x*", "x^{*}"),
        ("||d_k||²_{P_k^{-1}}", r"\lVert d_{k}\rVert ^{2}_{P_{k}^{-1}}"),
        ("√(2 L0/δ_k)", r"\sqrt{2 L_0/\delta _{k}}"),
        ("√v̂_k", r"\sqrt{\hat{v}_{k}}"),
        ("<g_{k+1}, D_k>", r"\langle g_{k+1}, D_{k}\rangle"),
        ("Σ_{k<K} c_k", r"\sum _{k<K} c_{k}"),
        ("max{2cL-1,0}", r"\max \{2cL-1,0\}"),
        ("E[h_K - f(x^1)]", r"\mathbb{E}[h_{K} - f(x^{1})]"),
        ("σ_int²", r"\sigma _{\mathrm{int}}^{2}"),
    ],
)
def test_symbols_are_translated(text: str, expected: str) -> None:
    assert latex(text) == expected


def test_a_bracket_that_is_not_closed_is_named() -> None:
    with pytest.raises(ValueError, match=r"'x_\{k' has no '\}'"):
        latex("x_{k")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("every f(·,s) is convex", r"every $f(\cdot ,s)$ is convex"),
        ("f_* = f* + ε, ε ≥ 0", r"$f_{*} = f^{*} + \varepsilon$, $\varepsilon  \ge  0$"),
        ("a L-smooth sum of MoMo*", r"a L-smooth sum of MoMo\*"),
        ("min{1, a+b} of K", r"$\min \{1, a+b\}$ of $K$"),
        ("an unclosed (x_k", r"an unclosed (x\_k"),
    ],
)
def test_formulas_among_words_are_found(words: str, expected: str) -> None:
    assert prose(words) == expected


def test_a_statement_has_fractions_and_roots() -> None:
    names = ("value", "bound", "scale")
    formal = Statement(
        name="made",
        title="made",
        quantities=tuple(Quantity(name, name[0] + "^k", name) for name in names),
        assumes=(),
        holds=lambda v: {"": le(v.value, v.bound / (1 - v.scale) ** 2)},
    )
    said, rest = statement(formal)
    assert said == [("", r"v^{k} \le \frac{b^{k}}{\left(1 - s^{k}\right)^{2}}")]
    assert rest == []
    assert (typeset(2) * Typeset("x") ** 2).text == r"2\,x^{2}"
    assert (Typeset("x^{k}") ** 2).text == "{x^{k}}^{2}"


@pytest.mark.slow
def test_the_command_writes_what_is_there(tmp_path: Path, made: dict[str, str]) -> None:
    assert main(["site", "--into", str(tmp_path)]) == 0
    for name, text in made.items():
        assert (tmp_path / name).read_text(encoding="utf-8") == text
    there = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert there == {path.name for path in (FOLDER / "pictures").iterdir()}


def test_what_the_readme_says_of_tightness_is_on_record() -> None:
    cases: list[Recorded] = recorded()
    known = {(round(case.value, 4), round(case.ratio, 3)) for case in cases if case.upper}
    for _, setting, *cells in rows("| theorem | setting | β = 0 | 0.5 | 0.9 |"):
        for cell in cells:
            ((value, ratio),) = re.findall(r"^(\d\.\d{4})=? \((\d\.\d{3})\)$", cell)
            assert (float(value), float(ratio)) in known, (setting, cell)
