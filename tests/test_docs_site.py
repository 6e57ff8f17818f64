# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What makes the docs site: links, formulas, docstrings and sources, each by itself."""

from __future__ import annotations

import re
from pathlib import Path

import griffe
import pytest
from readme_pages import prose
from test_readme_links import anchors

from momo.methods import METHODS
from scripts.site import declared, docstrings, links, mathml, pages, reference, slugs, sources


def test_links_lead_to_pages_sources_and_pictures() -> None:
    text = (
        "[a](../glossary.md#the-parts) [b](../../theory/README.md) [c](../../momo/core/step.py)"
        " ![d](../report.png) [e](https://arxiv.org/abs/2305.07583) [f](#here)"
        " [g](../../theory/rocq) `[h](nowhere.md)`\n\n```text\n[i](nowhere.md)\n```\n"
    )
    new, files = pages.relinked(text, "theory/index.md")
    assert re.findall(r"\]\((.*?)\)", new) == [
        *("../glossary.md#the-parts", "review.md", "../source/momo/core/step.py.html"),
        *("../report.png", "https://arxiv.org/abs/2305.07583", "#here", "kernel.md"),
        *("nowhere.md", "nowhere.md"),
    ]
    assert "momo/core/step.py" in files


def test_links_of_pages_outside_of_docs_are_relative_to_these() -> None:
    new, _ = pages.relinked(
        "[a](TABLES.md#studies) [b](../docs/methods.md)", "experiments/results.md"
    )
    assert re.findall(r"\]\((.*?)\)", new) == ["tables.md#studies", "../methods.md"]


def test_a_link_to_nowhere_is_an_error_that_names_it() -> None:
    with pytest.raises(ValueError, match=r"docs/faq\.md.*\.\./nowhere\.md, \.\./momo/none\.py"):
        pages.relinked("[a](../nowhere.md) [b](index.md) [c](../momo/none.py)", "faq.md")


@pytest.mark.parametrize("page", ["docs/maintainer.md", "docs/methods.md", "theory/README.md"])
def test_anchors_are_those_of_a_forge(page: str) -> None:
    path = pages.ROOT / page
    headings = re.findall(
        r"^#+ ([^`\[$\n]+)$", prose(path.read_text(encoding="utf-8")), re.MULTILINE
    )
    assert headings
    assert {slugs.slug(heading) for heading in headings} <= anchors(path)


@pytest.mark.parametrize(
    ("latex", "parts"),
    [
        (r"\frac{a}{b}", {"mfrac"}),
        (r"\lVert d_k\rVert^2", {"msub", "msup"}),
        (r"(h - f_*)_+", {"msub"}),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", {"mtable", "mtr"}),
        (r"\min\left\{\alpha, \sqrt{x}\right\}", {"msqrt"}),
        (r"\operatorname{prox}, \mathbb{E}, \langle d, x\rangle, \max", {"mo"}),
    ],
)
def test_formulas_become_mathml(latex: str, parts: set[str]) -> None:
    made = mathml.mathml(latex, display=True)
    assert parts <= {*re.findall(r"<(\w+)", made)}
    assert "\\" not in made


@pytest.mark.parametrize("latex", [r"\frac{1", r"\nonsense", "a & b", "x^2^3"])
def test_a_wrong_formula_is_an_error_that_shows_it(latex: str) -> None:
    with pytest.raises(ValueError, match=re.escape(latex)):
        mathml.mathml(latex, display=False)


def test_formulas_of_a_page_are_rendered() -> None:
    html = (
        r'<p>a <span class="arithmatex">\(x &lt; y\)</span></p>'
        '<div class="arithmatex">\\[\n\\alpha\n\\]</div>'
    )
    made = mathml.rendered(html)
    assert "arithmatex" not in made
    assert made.count("<math") == 2
    assert '<div class="formula"><math display="block">' in made


def test_a_long_formula_within_a_line_can_be_scrolled() -> None:
    short, long = r"\frac{\alpha}{\rho_k} \left( h_k - f_* \right)_+", "a + b + " * 12 + "c"
    assert (mathml.length(short), mathml.length(long)) == (11, 49)
    for latex in (short, long):
        made = mathml.rendered(f'<span class="arithmatex">\\({latex}\\)</span>')
        assert ("formula-long" in made) == (latex == long)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("f_* and f_*^k, x^*", r"f\_\* and f\_\*^k, x^\*"),
        ("h_k - ρ_k f_*)_+", r"h\_k - ρ\_k f\_\*)\_+"),
        ("the *MoMo* of x^*", r"the *MoMo* of x^\*"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("<d, x> in [0, 1)", r"&lt;d, x> in \[0, 1)"),
    ],
)
def test_symbols_in_docstrings_stay(text: str, shown: str) -> None:
    assert docstrings.escaped(text) == shown


def test_names_in_docstrings_become_links() -> None:
    source = (
        "from momo.core.step import State\n\n"
        'class A:\n    """See `State`, `B`, ``A`` and `none`::\n\n        x_k * y_k\n\n'
        '    f_*.\n    """\n\n'
        'class B:\n    """B."""\n'
    )
    with griffe.temporary_visited_package("site_example", {"__init__.py": source}) as package:
        text = docstrings.markdown(package["A"].docstring.value, package["A"])
    assert re.findall(r'identifier="([\w.]+)"', text) == ["momo.core.step.State", "site_example.B"]
    assert "``A`` and `none`:\n\n    x_k * y_k" in text


def test_parameters_of_optimizers_are_those_that_they_check() -> None:
    """What is read from the source is what the classes say of themselves when they run."""
    from momo.optim import hyperparameters

    kinds = declared.meanings()
    assert kinds == {
        name: kind.__metadata__[0].meaning
        for name, kind in vars(hyperparameters).items()
        if hasattr(kind, "__metadata__")
    }
    path = pages.ROOT / "momo" / "optim" / "momo_adam.py"
    module = griffe.visit("momo_adam", filepath=path, code=path.read_text(encoding="utf-8"))
    section = declared.parameters(module["MomoAdam"])
    assert section is not None
    cls = METHODS["momo_adam"].torch_class()
    assert {p.name for p in section.value} - {"params", "options"} == {*cls.hyperparameters}


def test_sources_have_an_anchor_for_each_line() -> None:
    page = sources.source_page("momo/core/x.py", "def f(a: int) -> bool:\n    return a < 1\n")
    assert re.findall(r'name="L-(\d+)"', page) == ["1", "2"]
    assert 'href="../../../assets/stylesheets/source.css"' in page
    assert "&lt;" in page


def test_the_reference_has_every_method() -> None:
    text = reference.index()
    for row in METHODS.values():
        cls = row.torch_class()
        assert f"[`{cls.__name__}`][{cls.__module__}.{cls.__name__}]" in text


@pytest.mark.parametrize("part", reference.PARTS, ids=lambda part: part.title)
def test_the_modules_of_the_reference_exist(part: reference.Part) -> None:
    for group in part.groups:
        for module in reference.modules_of(group):
            assert (pages.ROOT / reference.path_of(module)).is_file(), module


@pytest.mark.parametrize(
    ("docstring", "first"),
    [
        ("Return x. And more.", "Return x."),
        ("A step (`momo.core`): More.", "A step (`momo.core`)"),
        ("One\nline|s, of v0.1 alone", r"One line\|s, of v0.1 alone"),
        (None, ""),
    ],
)
def test_the_first_sentence_of_a_docstring(docstring: str | None, first: str) -> None:
    assert reference.summary(docstring) == first


def test_broken_links_of_a_built_site_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html#here">1</a><a href="b.html#there">2</a><a href="c.html">3</a>'
        '<a href="https://x.org">4</a><img src="https://x.org/p.png"><a href="#top" id="top">5</a>',
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text('<h1 id="here">b</h1>', encoding="utf-8")
    assert list(links.broken(links.read(tmp_path), tmp_path)) == [
        "a.html: loads https://x.org/p.png",
        "a.html: b.html#there (no such anchor)",
        "a.html: c.html",
    ]
    assert links.main(tmp_path) == 1
