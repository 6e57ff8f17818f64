# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The report: what it shows follows what was found, in the terminal, in figures and as a page."""

import io
import platform
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from shutil import which

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from rich.cells import cell_len
from rich.console import Console

from theory import files
from theory.case import Case, Setting
from theory.claims.base import Finding
from theory.controls import CONTROLS
from theory.exponent import log_slope
from theory.outcomes import ControlReport, Report
from theory.plan import RIGHT, Plan, tasks
from theory.problems import BROKEN, FAMILIES
from theory.problems.absolute_regression import absolute_regression
from theory.report import (
    attained,
    axes,
    findings_page,
    html,
    links,
    markup,
    plots,
    show,
    summary,
    terminal,
)
from theory.report.progress import Progress
from theory.theorems import CLAIMS
from theory.theorems.rate.claim import PAPER, Rate
from theory.theorems.rate.statement import RATE
from theory.verify import verify

# All claims, as where problems are selected: those that do not apply to them are not asked for.
# A large error probability, because few runs bound no expectation sharply.
PLAN = Plan(
    problems=("absolute_regression", "resisting"),
    iterations=100,
    seeds=20,
    error_probability=0.05,
    controls=False,
)


@pytest.fixture(scope="module")
def good() -> Report:
    report = verify(PLAN)
    assert report.ok, report.failures
    return report


@pytest.fixture(scope="module")
def bad(good: Report) -> Report:
    """The good report with a failing finding, a missed control, and the right methods caught."""
    first = good.cases[0]
    wrong = Finding("landing", first.problem, "β=0.25", False, 3e-9, 2e-12, 7, "a <b> & c")
    nothing = Finding("finite", first.problem, "all", False, note="step 3: overflow")
    cases = (replace(first, findings=(*first.findings, wrong, nothing)), *good.cases[1:])
    controls = (
        ControlReport(RIGHT, "The right methods.", {"summed": "resisting"}),
        ControlReport("wrong_sign", "``h_k = <d_k, x^k>``.", {"landing": "resisting, balls"}),
        ControlReport("other_decay", "β is <wrong> & missed.", {}),
        ControlReport("noisy_regression", "Problem: Return ``f_i``.", {"certificate": "noisy"}),
    )
    failures = ("landing fails on absolute_regression <b>", "control other_decay was caught by no")
    plan = replace(good.plan, claims=tuple(CLAIMS), controls=True)
    return Report(plan, cases, controls, good.seconds, failures)


@pytest.fixture(scope="module")
def good_page(good: Report) -> str:
    return html.page(good)


@pytest.fixture(scope="module")
def bad_page(bad: Report) -> str:
    return html.page(bad)


def printed(report: Report, width: int = 100) -> str:
    stream = io.StringIO()
    terminal.show_report(report, Console(file=stream, width=width, highlight=False))
    return stream.getvalue()


def row(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.strip().startswith(start))


def test_the_terminal_says_ok_only_where_all_holds(good: Report, bad: Report) -> None:
    text = printed(good)
    last = text.strip().splitlines()[-1]
    assert last == "OK: 31 claims hold on 2 problems; no controls were run"
    found = Finding("fejer", "absolute_regression", "β=0", True, 0.5, 1.0)
    plan = replace(good.plan, problems=("absolute_regression",), claims=("fejer",))
    one = replace(good, plan=plan, cases=(replace(good.cases[0], findings=(found,)),))
    assert summary.headline(one).startswith("OK: 1 claim holds on 1 problem;")
    last = printed(bad).strip().splitlines()[-1]
    assert last == "FAILED: 2 objections"


def test_the_terminal_names_what_fails(good: Report, bad: Report) -> None:
    assert "holds" in row(printed(good), "landing identity")
    text = printed(bad)
    line = row(text, "landing identity")
    assert "FAILS" in line
    assert "absolute_regression" in line
    assert "1.5e3" in line
    assert "holds" in row(text, "summed inequality")
    assert "FAILS" in row(text, "finite")
    assert "NaN" in row(text, "finite")
    assert "✗ landing fails on absolute_regression <b>" in text


def test_the_terminal_names_controls_and_what_caught_them(bad: Report) -> None:
    text = printed(bad)
    assert "NOT CAUGHT" in row(text, "other_decay")
    assert "landing" in row(text, "wrong_sign")
    assert "OBJECTED TO by summed" in row(text, RIGHT)
    assert "problem: f_i." in row(text, "noisy_regression")


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_terminal_keeps_to_its_width(bad: Report, width: int) -> None:
    assert max(map(cell_len, printed(bad, width).splitlines())) <= width


def test_nothing_is_lost_at_100_columns(good: Report) -> None:
    renamed = tuple(
        replace(case, problem="breast_cancer_features(features=80)") if case.samples > 1 else case
        for case in good.cases
    )
    plan = replace(good.plan, problems=("breast_cancer_features(features=80)", "resisting"))
    assert "…" not in printed(replace(good, plan=plan, cases=renamed))
    text = printed(good)
    assert "…" not in text
    assert "exponent of min_k≤K E[f(x^k) - f*] in K" in text
    width = text.index("verdict") - text.index("claim  ")
    rows = (line[:width] for line in text.partition("verdict")[2].splitlines())
    first_column = " ".join(" ".join(rows).split())
    for name in good.plan.claims:
        assert CLAIMS[name].title in first_column
    assert f"{sum(case.run_steps for case in good.cases):,} run-steps" in text


def test_a_claim_that_compared_nothing_is_not_said_to_hold(good: Report) -> None:
    report = replace(good, plan=replace(good.plan, claims=("smooth",)))
    rows = {row.name: row for row in summary.claim_summaries(report)}
    assert rows["smooth"].verdict == summary.UNCHECKED
    assert "not checked" in row(printed(report), "smooth O(1/K)")


def test_the_worst_is_one_that_fails_before_any_larger_ratio_that_holds(good: Report) -> None:
    def found(holds: bool, measured: float, setting: str) -> Finding:
        return Finding("fejer", "x", setting, holds, measured, 1.0)

    pair = (found(True, 0.9, "holds"), found(False, np.nan, "fails"), found(True, 0.5, "small"))
    report = replace(good, cases=(replace(good.cases[0], findings=pair),))
    rows = {row.name: row for row in summary.claim_summaries(report)}
    assert rows["fejer"].worst == pair[1]
    report = replace(good, cases=(replace(good.cases[0], findings=pair[::2]),))
    rows = {row.name: row for row in summary.claim_summaries(report)}
    assert rows["fejer"].worst == pair[0]


def test_too_few_runs_are_not_called_a_failure(good: Report) -> None:
    few = Finding("rate", "x", "β=0", False, 2.0, 1.0, 3, "not confirmed: 4 seeds are too few")
    wrong = Finding("rate", "x", "β=0.5", False, 1.1, 1.0, 3)
    report = replace(good, cases=(replace(good.cases[0], findings=(few,)),))
    assert "not confirmed" in row(printed(report), "the paper's rate")
    report = replace(good, cases=(replace(good.cases[0], findings=(few, wrong)),))
    assert "FAILS" in row(printed(report), "the paper's rate")
    tiny = replace(PLAN, problems=("least_squares",), claims=("rate",), iterations=10, seeds=2)
    (rate,) = summary.claim_summaries(verify(replace(tiny, error_probability=1e-5)))
    assert rate.verdict == summary.UNCONFIRMED


def test_a_problem_without_a_result_is_listed(good: Report) -> None:
    report = replace(good, plan=replace(good.plan, problems=(*good.plan.problems, "balls")))
    assert "no result" in row(printed(report), "balls")
    assert "no result" in html.page(report)


def test_every_claim_says_what_it_allows() -> None:
    bounds = {"summed", "gradient_bound", "rate", "rate_first_term", "rate_two_ends"}
    bounds |= {"rate_capped", "varying_caps", "sharp_rate", "online_sum"}
    bounds |= {"smooth", "smooth_linear", "smooth_capped"}
    bounds |= {"linear_rate", "last_sharp", "last_growing", "sharp_linear"}
    bounds |= {"any_bound", "any_bound_smooth", "wrong_bound_below", "wrong_bound_above"}
    bounds |= {"generalized_smooth", "generalized_smooth_sps"}
    bounds |= {"ngn_m_summed", "ngn_m_rate", "ngn_m_published"}
    bounds |= {"frozen_rate", "frozen_sharp_rate", "growing_rate", "growing_sharp_rate"}
    for name, claim in CLAIMS.items():
        assert " against " in claim.units, name
    report = Report(Plan(controls=False), (), (), 0.0)
    exact = {row.name for row in summary.claim_summaries(report) if row.allowance}
    assert exact == set(CLAIMS) - bounds


def test_comparisons_are_those_that_the_rate_makes(good: Report) -> None:
    case = next(c for c in good.cases if c.seeds > 1 and c.method == "momo")
    runs = (Setting(0.0),), 2, case.iterations
    marks = Rate(
        Case("x", absolute_regression(), case.optimum, case.constants, *runs), RATE, PAPER
    ).marks
    # three claims, three β without a cap; the resisting function is not random
    three = replace(
        good, plan=replace(good.plan, claims=("rate", "rate_first_term", "rate_two_ends"))
    )
    assert summary.comparisons(three) == 3 * 3 * len(marks)
    assert summary.comparisons(good) > summary.comparisons(three)
    assert summary.error_probability(good) == 1
    report = replace(three, plan=replace(three.plan, error_probability=1e-5))
    assert summary.error_probability(report) == pytest.approx(9 * len(marks) * 1e-5)


class Page(HTMLParser):
    """Keeps tags, attributes and text; complains of what is not closed."""

    VOID = frozenset({"meta", "br", "td", "th", "tr", "thead", "tbody", "li", "dt", "dd"})
    """Tags that have no end, or need none."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.places: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        self.places += [value or "" for name, value in attrs if name == "id"]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def test_the_page_is_well_formed_and_needs_nothing_else(good_page: str, bad_page: str) -> None:
    for text in (good_page, bad_page):
        page = Page(text)
        assert not {"script", "link", "img", "iframe"} & set(page.tags)
        assert "svg" in page.tags
        outside = {link for link in page.links if not link.startswith("#")}
        assert outside == set(markup.PAPERS.values())
        assert set(re.findall(r"url\((.)", text)) == {"#"}  # clip paths of figures
        assert "@import" not in text


def test_every_place_has_a_name_of_its_own_and_every_link_leads_to_one(
    good: Report, bad: Report, good_page: str, bad_page: str
) -> None:
    for report, text in ((good, good_page), (bad, bad_page)):
        page = Page(text)
        assert len(page.places) == len(set(page.places))
        assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.places)
        for name in report.plan.chosen:
            assert {f"claim-{name}", f"statement-{name}"} <= set(page.places)
            assert f"#claim-{name}" in page.links
            assert f"#statement-{name}" in page.links
        for name in report.plan.problems:
            assert {f"problem-{name}", f"runs-{name}"} <= set(page.places)
        assert {f"control-{links.place('', c.name)[1:]}" for c in report.controls} <= set(
            page.places
        )


def test_the_contents_are_the_headings(good_page: str) -> None:
    headings = re.findall(r'<h2 id="([^"]*)"><a href="#([^"]*)">', good_page)
    assert all(place == link for place, link in headings)
    for listed in re.findall(r'class="(?:folded )?contents".*?</(?:details|nav)>', good_page, re.S):
        assert re.findall(r'<li><a href="#([^"]*)">', listed)[:1] == ["run"]
        assert {place for place, _ in headings} <= set(re.findall(r'href="#([^"]*)"', listed))
    assert good_page.count("<h2") == len(headings) == good_page.count("</h2>")


def test_a_report_that_fails_says_so_first_with_links_to_where(bad_page: str) -> None:
    head = bad_page.partition("</header>")[0].partition("</h1>")[2]
    assert head.strip().startswith('<p class="verdict bad"><a href="#claims">FAILED: 2')
    assert '<a href="#claim-landing">landing</a> fails on' in head
    assert 'control <a href="#control-other_decay">other_decay</a> was caught' in head


def test_names_of_places_can_stand_in_addresses() -> None:
    names = ("a(dim=20, condition=1e3)", "a(dim=20,  condition=1e3)", "β < 1", "my:CLAIM", 'a"b')
    made = [links.place("problem", name) for name in names]
    assert len(set(made)) == len(names)
    assert all(re.fullmatch(r"[\w.~!$&'()*+,;=:@/?%#-]+", place) for place in made)


def test_objections_lead_to_what_they_name() -> None:
    line = "fejer fails on worst lipschitz best β=0 K=10 at β=0, step 2 of 10: 2 > 1"
    assert links.objection(line).startswith('<a href="#claim-fejer">fejer</a> fails on <a href="#')
    assert 'K=10">worst lipschitz best β=0 K=10</a> at β=0' in links.objection(line)
    assert links.objection("no <names> here") == "no &lt;names&gt; here"


def test_links_to_what_is_not_there_are_plain_words() -> None:
    page = '<p id="a"><a href="#a">one</a> <a href="#b">two</a></p>'
    assert links.settled(page) == '<p id="a"><a href="#a">one</a> two</p>'


def test_nothing_on_the_page_has_a_fixed_width(good_page: str) -> None:
    """Wider than a phone are boxes that scroll by themselves, and what is in them."""
    body = re.sub(r'<div class="scroll" tabindex="0">.*?</div>', "", good_page, flags=re.DOTALL)
    assert not {"table", "svg"} & set(Page(body).tags)
    assert not re.search(r"[^-]width: *\d", html.CSS)


def test_the_verdict_is_seen_on_a_phone(bad: Report, bad_page: str, tmp_path: Path) -> None:
    """In a browser, where there is one: nothing is wider than the window, and a link opens."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs the extra docs")
    program = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), "")
    if not program:
        pytest.skip("needs chromium")
    path = tmp_path / "report.html"
    path.write_text(bad_page, encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 390, "height": 844})
        tab.goto(path.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
        box = tab.locator(".verdict").first.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] < 844
        for colours in ("light", "dark"):
            tab.emulate_media(color_scheme=colours)
            red, *_ = map(int, re.findall(r"\d+", tab.evaluate(BACKGROUND)))
            assert (red < 128) == (colours == "dark")
        assert not tab.locator("nav.contents").is_visible()
        name = links.place("runs", bad.plan.problems[1])
        tab.goto(f"{path.as_uri()}#{name}")
        assert tab.locator(f'[id="{name}"]').is_visible()  # what is folded is open
        tab.set_viewport_size({"width": 1280, "height": 900})
        assert tab.locator("nav.contents").is_visible()
        browser.close()


BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def test_figures_are_small(good_page: str) -> None:
    """A report of everything has some thirty figures, and less than a megabyte."""
    sizes = {
        re.findall(r'aria-label="([^"]*)"', svg)[0]: len(svg.encode())
        for svg in re.findall(r"<svg.*?</svg>", good_page, re.DOTALL)
    }
    assert len(sizes) == 5
    assert max(size for name, size in sizes.items() if name.startswith("curves")) < 12e3
    assert max(sizes.values()) < 60e3


def test_the_page_shows_all_and_escapes_it(bad: Report, bad_page: str, good_page: str) -> None:
    text = bad_page
    words = " ".join(Page(text).words)
    for name in (*bad.plan.claims, *bad.plan.problems, *(c.name for c in bad.controls)):
        assert name in words
    for exact in ("FAILED: 2 objections", "a <b> & c", "β is <wrong> & missed.", "NOT CAUGHT"):
        assert exact in words
    assert "<b>&" not in text
    assert "fails on absolute_regression &lt;b&gt;" in text
    assert "not applicable: needs" in words
    assert "FAIL" not in good_page
    assert "<title>MoMo convergence: FAILED" in text


def test_the_page_tells_no_host_and_no_path(good_page: str) -> None:
    text = " ".join(Page(good_page).words)
    assert platform.python_version() in text
    assert str(Path(__file__).parents[2]) not in text
    assert not platform.node() or platform.node() not in text


def test_formulas_have_indices() -> None:
    text = markup.mathematics("||x^{k+1}-x*||² ≤ f_*^1 & <d_k>")
    assert "‖x<sup>k+1</sup>−x*‖² ≤ f<sub>*</sub><sup>1</sup> &amp; &lt;d<sub>k</sub>&gt;" in text


def test_a_claim_has_the_nearest_setting_and_all_that_fail(good: Report) -> None:
    def found(setting: str, holds: bool | None, measured: float, note: str = "") -> Finding:
        return Finding("rate", "p", setting, holds, measured, 1.0, 3, note)

    case = replace(
        good.cases[0],
        findings=(
            found("a", True, 0.2),
            found("b", False, 1.5, "why"),
            found("c", False, 2.5),
            found("d", True, 0.7),
            found("e", None, np.nan, "needs α = inf"),
            Finding("smooth", "p", "a", None, note="needs smoothness"),
        ),
    )
    text = findings_page.findings([("p", case)], good.plan)
    rows = re.findall(r"<tr>(.*?)</tr>", text)[1:]
    assert [re.findall(r"<td>(.*?)</td>", each)[2] for each in rows] == ["c", "b", "d"]
    assert rows[1].endswith("<td>why</td>")
    assert rows[2].endswith("<td>0.2 at a</td>")
    assert "not applicable: needs smoothness (smooth)</p>" in text


def test_the_page_is_written_in_one_piece(good: Report, good_page: str, tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    html.write_html(good, path)
    assert path.read_text(encoding="utf-8") == good_page
    assert len(path.read_bytes()) < 0.4e6
    assert [entry.name for entry in path.parent.iterdir()] == ["report.html"]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    files.write(path, b"old")

    def full(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_every_figure_says_what_its_axes_are(bad: Report) -> None:
    made = plots.figures(bad)
    assert set(made) == {
        "overview",
        "problem_absolute_regression",
        "problem_resisting",
        "rates",
        "attained",
        "controls",
    }
    for name, figure in made.items():
        assert isinstance(figure, Figure)
        visible = [axes for axes in figure.axes if axes.get_visible()]
        assert any(axes.get_ylabel() for axes in visible), name
        assert all(axes.get_xlabel() for axes in visible), name
        if name.startswith("problem"):
            assert len(visible) == 3
            assert all(axes.get_ylabel() and axes.get_title("left") for axes in visible), name


def test_figures_leave_no_settings(good: Report) -> None:
    plots.rendered(plots.figures(good)["attained"], "svg")
    changed = [key for key in plots.STYLE if plots.STYLE[key] != mpl.rcParamsDefault[key]]
    assert "svg.hashsalt" in changed
    assert all(mpl.rcParams[key] == mpl.rcParamsDefault[key] for key in changed)


@pytest.mark.parametrize(
    ("modules", "absent"),
    [
        ("theory.report.html", "matplotlib.pyplot"),
        ("theory.report.terminal, theory.report.progress, theory.report.show", "matplotlib"),
    ],
)
def test_imports_are_no_more_than_needed(modules: str, absent: str) -> None:
    code = f"import sys, {modules}; sys.exit({absent!r} in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_figures_are_saved_and_the_same_each_time(good: Report, tmp_path: Path) -> None:
    made = {"attained": plots.figures(good)["attained"]}
    paths = plots.save(made, tmp_path, ("png", "pdf", "svg"))
    assert [path.name for path in paths] == ["attained.png", "attained.pdf", "attained.svg"]
    starts = (b"\x89PNG", b"%PDF", b"<?xml")
    assert all(path.read_bytes().startswith(s) for path, s in zip(paths, starts, strict=True))
    again = plots.rendered(plots.figures(good)["attained"], "svg")
    assert paths[2].read_bytes() == again
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_values_that_are_not_determined_are_not_drawn_as_if_they_were(good: Report) -> None:
    case = next(case for case in good.cases if case.method == "momo" and case.seeds > 1)
    curve = case.curves[0]
    mean, steps = curve.mean.copy(), curve.step_size.copy()
    mean[-3:], steps[-3:] = (1e-30, 0.0, -1e-16), 0.0
    broken = replace(case, curves=(replace(curve, mean=mean, step_size=steps), *case.curves[1:]))
    report = replace(good, cases=(broken,))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = plots.figures(report)
        figure = made["problem_absolute_regression"]
        for drawing in made.values():
            plots.rendered(drawing, "svg")
    assert np.isnan(np.asarray(made["overview"].axes[0].lines[0].get_ydata())[-3:]).all()
    left, _, right = figure.axes
    floor = plots.undetermined(case.optimum, case.constants)
    drawn = next(np.asarray(line.get_ydata()) for line in left.lines)
    np.testing.assert_array_equal(drawn[-3:], floor)
    assert any(text.get_text() == "undetermined" for text in left.texts)
    assert np.isnan(np.asarray(right.lines[0].get_ydata())[-3:]).all()
    assert not any(
        text.get_text() == "undetermined"
        for text in plots.figures(good)["problem_absolute_regression"].axes[0].texts
    )


def test_a_report_without_curves_has_no_figures_and_still_a_page(good: Report) -> None:
    bare = replace(good, cases=tuple(replace(case, curves=()) for case in good.cases))
    assert set(plots.figures(bare)) == {"rates"}  # what the claims kept beside their bounds
    Page(html.page(bare))
    bare = replace(bare, cases=tuple(replace(case, rates=()) for case in bare.cases))
    assert plots.figures(bare) == {}
    Page(html.page(bare))
    empty = Report(good.plan, (), (), 0.0, ("balls: no optimum",))
    Page(html.page(empty))
    assert "✗ balls: no optimum" in printed(empty)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (1, 1000, ["10⁰", "10¹", "10²", "10³"]),
        (1e-12, 1, ["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"]),
        (0.9, 7, ["1", "2", "5"]),
        (0.4, 30, ["0.5", "1", "2", "5", "10", "20"]),
        (2e-5, 9e-5, ["2·10⁻⁵", "5·10⁻⁵"]),
    ],
)
def test_ticks_are_few_and_round(low: float, high: float, labels: list[str]) -> None:
    positions, found = axes.log_ticks(low, high)
    assert found == labels
    assert all(low <= position <= high * (1 + 1e-9) for position in positions)


def test_labels_are_moved_apart() -> None:
    assert axes.spread([0.1, 0.5], 0.1) == [0.1, 0.5]
    np.testing.assert_allclose(axes.spread([0.2, 0.2, 0.21], 0.1), [0.2, 0.3, 0.4])
    np.testing.assert_allclose(axes.spread([0.95, 1.0, 1.0], 0.1), [0.8, 0.9, 1.0])


def test_a_known_slope_is_recovered() -> None:
    steps = np.array([10.0, 100.0, 1000.0, 10_000.0])
    assert log_slope(steps, 3 * steps**-0.7) == pytest.approx(-0.7, abs=1e-12)
    assert np.isnan(log_slope(steps[:1], steps[:1]))
    assert np.isnan(log_slope(steps, np.zeros(4)))


def test_the_rate_is_attained_with_slope_one_half(good: Report) -> None:
    fits = attained.attained_fits(good.cases)
    assert [fit.beta for fit in fits] == list(good.plan.betas)
    assert fits[0].steps.tolist() == [10, 100]
    assert fits[0].slope == pytest.approx(-0.5, abs=1e-6)
    np.testing.assert_allclose(fits[0].values, fits[0].bounds, rtol=1e-8)
    assert attained.attained_fits(good.cases[:1]) == ()
    assert "-0.500000" in printed(good)


@pytest.mark.parametrize("name", list(CLAIMS))
def test_show_tells_all_of_a_claim(name: str, good: Report) -> None:
    stream = io.StringIO()
    claim = CLAIMS[name]
    console = Console(file=stream, width=300, highlight=False)
    show.show_claim(claim, console)
    show.show_findings(claim, good, console)
    text = stream.getvalue()
    said = (claim.statement, claim.source, claim.kind, *claim.units.split(" against "))
    for part in (*said, *claim.formal.assumptions):
        assert part in text
    assert ("not for" in text) == bool(show.exclusion(claim))
    assert claim.monitor.__module__ in text
    assert "Return an objection" not in text
    skipped = [f for case in good.cases for f in case.findings if f.claim == name and not f.holds]
    assert all(f"not applicable, {finding.note}" in text for finding in skipped)


def test_show_has_what_is_compared_and_what_that_refers_to() -> None:
    names = {name: [source for source, _ in show.derivation(CLAIMS[name])] for name in CLAIMS}
    assert all(names.values())
    assert names["landing"] == ["theory.theorems.landing.claim.compare", "theory.audit.Audit"]
    assert names["certificate"][-1] == "theory.optimum.compute"
    assert names["rate"][:2] == ["theory.theorems.rate.claim", "theory.theorems.rate.claim.Rate"]
    other = "theory.theorems.smooth_linear.claim.LinearSum"
    assert names["smooth_capped"][:2] == ["theory.theorems.smooth_capped.claim", other]
    assert names["adam"] == ["theory.theorems.special_cases.claim.Adam"]


def test_paragraphs_are_joined_and_formulas_are_not() -> None:
    text = "One\ntwo.\n\n    a = b\n    c = d\n\n* first\n  of two\n* second"
    assert show.reflowed(text) == "One two.\n\n" + text.partition("\n\n")[2]


def test_the_list_has_all_names() -> None:
    stream = io.StringIO()
    show.show_list(Console(file=stream, width=100, highlight=False))
    text = stream.getvalue()
    for name in (*CLAIMS, *FAMILIES, *BROKEN, *CONTROLS):
        assert row(text, name)
    assert "Return " not in text


def test_a_console_without_a_terminal_is_100_columns_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert terminal.make_console(file=io.StringIO()).width == 100
    assert terminal.make_console(file=io.StringIO(), width=77).width == 77


def test_progress_counts_work_with_and_without_a_terminal() -> None:
    plan = replace(PLAN, problems=("resisting",), iterations=10)
    listed = tasks(plan)
    for is_terminal in (False, True):
        stream = io.StringIO()
        console = Console(file=stream, width=100, force_terminal=is_terminal)
        with Progress(listed, console, every=0) as progress:
            verify(plan, 1, progress)
        assert progress.done == len(listed)
        assert progress.work == progress.total
        assert "resisting" in stream.getvalue()
    stream = io.StringIO()
    with Progress(listed, Console(file=stream), every=float("inf")) as progress:
        verify(plan, 1, progress)
    assert stream.getvalue() == ""


def test_the_steps_that_were_held_are_counted(good: Report) -> None:
    first, *rest = good.cases
    some = replace(good, cases=(replace(first, held=1234), *(replace(c, held=0) for c in rest)))
    none = replace(good, cases=tuple(replace(case, held=0) for case in good.cases))
    place = summary.places(some.cases)[0]
    for page in (printed(some, 200), html.page(some)):
        assert "1,234 (" in page
        assert f"1,234 on {place}" in page
    assert "no step was held" in printed(none)


def test_claims_from_outside_go_by_their_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "from dataclasses import replace\n"
        "from theory.theorems.landing.claim import CLAIM as LANDING\n"
        "CLAIM = replace(LANDING, formal=replace(LANDING.formal, name='my_landing'))\n"
    )
    (tmp_path / "my_claims.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    plan = replace(PLAN, claims=("my_claims:CLAIM",), iterations=20, controls=True)
    report = verify(plan)
    assert report.ok, report.failures
    assert "my_claims:CLAIM" not in html.page(report)
    labels = [tick.get_text() for tick in plots.controls(report).axes[0].get_xticklabels()]
    assert labels == ["my_landing", *[c for c in labels if c != "my_landing"]]
    assert "my_claims:CLAIM" not in labels
