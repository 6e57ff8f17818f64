# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The search, its store, the short run, the command, and what they show."""

from __future__ import annotations

import io
import json
import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from theory import beyond, bounds, traps
from theory.__main__ import main
from theory.report import worst_case_page, worst_case_plots, worst_cases
from theory.report.plots import rendered
from theory.worst_case import certify as module
from theory.worst_case.ascent import Found, ascend, candidates, search
from theory.worst_case.certificate import TOLERANCE
from theory.worst_case.certify import (
    Outcome,
    certify_all,
    certify_one,
    select,
)
from theory.worst_case.growth import KINDS
from theory.worst_case.growth import grown as grown_one
from theory.worst_case.program import ConicSolver, Family
from theory.worst_case.proven import lower_bounds, upper_bounds
from theory.worst_case.search import BETAS, choose, neighbours, run, targets
from theory.worst_case.setting import MEASURES, SAMPLINGS, Setting
from theory.worst_case.store import FOLDER, Store, group_name

FEW = {
    setting: found
    for setting, found in Store().found.items()
    if setting.iterations in (1, 3, 5) and setting.beta in (0.0, 0.5)
}


MOMENTUM = Setting(0.5, 5)
BEYOND = {s: f for s, f in Store().found.items() if math.isfinite(s.lr) and s.iterations == 3}


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return certify_all(FEW)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_search_finds_polyaks_steps(count: int) -> None:
    found = search(Setting(0.0, count), [], seed=1, starts=2)
    assert found.value == pytest.approx(count**-0.5, abs=TOLERANCE)
    np.testing.assert_allclose(found.steps, count**-0.5, rtol=1e-3)


def test_the_ascent_climbs_from_anywhere() -> None:
    """The value at β = 0.5, K = 4 is `equal_values`, from starts that are far from it."""
    setting, rng = Setting(0.5, 4), np.random.default_rng(3)
    family, solver = Family(setting), ConicSolver()
    known = float(bounds.equal_values(0.5, 4))
    for _ in range(3):
        start = rng.uniform(0.05, 1.0, 3)
        found = ascend(family, start, solver)
        assert found.value > solver(family.program(start)).value
        assert found.value == pytest.approx(known, abs=1e-5)
        assert solver(family.program(found.steps)).value == pytest.approx(found.value, abs=1e-9)


def test_capped_steps_keep_to_their_cap() -> None:
    """|x| from 1 keeps 0.97, and with the cap at every step there is no rule but d_k's size."""
    setting = Setting(0.5, 4, lr=0.01)
    found = search(setting, [], seed=0, starts=1, iterations=20)
    assert (found.steps <= setting.caps).all()
    assert found.value > 0.97 - TOLERANCE


@pytest.mark.parametrize("setting", [Setting(0.7, 5), Setting(0.7, 5, "from_zero")])
def test_candidates_are_good(setting: Setting) -> None:
    solver, family = ConicSolver(), Family(setting)
    values = [solver(family.program(steps)).value for steps in candidates(setting)]
    assert max(values) >= 5**-0.5 - 1e-7


def test_the_store_only_improves_and_resumes(tmp_path: Path) -> None:
    setting, other = Setting(0.5, 3), Setting(0.9, 3, lr=0.5)
    store = Store(tmp_path)
    assert store.improve(setting, Found(np.array([0.1, 0.2]), 0.3))
    assert store.improve(other, Found(np.array([0.5, 0.25]), 0.2))
    assert not store.improve(setting, Found(np.array([0.4, 0.4]), 0.3 + 1e-10))
    assert not store.improve(setting, Found(np.array([0.4, 0.4]), 0.1))
    assert not store.improve(setting, Found(np.array([0.4, 0.4]), math.nan))
    for nothing in (math.nan, 0.0):
        assert not store.improve(Setting(0.6, 3), Found(np.array([0.4, 0.4]), nothing))
    again = Store(tmp_path)
    assert set(again.found) == {setting, other}
    np.testing.assert_array_equal(again.found[setting].steps, [0.1, 0.2])
    assert again.improve(setting, Found(np.array([1 / 3, 0.2]), 0.4))
    # the first store learns of it before it writes
    assert not store.improve(setting, Found(np.array([0.4, 0.4]), 0.35))
    assert store.found[setting].value == 0.4
    assert Store(tmp_path).found[setting].steps[0] == 1 / 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "lipschitz_best_from_first.json",
        "lipschitz_best_from_first_capped.json",
    ]


@pytest.mark.parametrize("text", ["{", '{"records": []', '{"records": [{"beta": 0.5}]}', "[]"])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(ValueError, match=r"bad\.json is not a file of worst cases"):
        Store(tmp_path)


def test_steps_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.improve(Setting(0.5, 3), Found(np.array([0.1, 0.2]), 0.3))
    path = tmp_path / "lipschitz_best_from_first.json"
    path.write_text(path.read_text().replace("[0.1, 0.2]", "[0.1]"))
    with pytest.raises(ValueError, match=r"allowed: K-1 = 2 numbers"):
        Store(tmp_path)


def test_the_long_search_stores_and_goes_on(tmp_path: Path) -> None:
    settings = [Setting(0.5, 2), Setting(0.5, 3)]
    seen: list[tuple[int, Setting, bool]] = []

    def report(turn: int, setting: Setting, found: Found, better: bool) -> None:
        seen.append((turn, setting, better))

    store = Store(tmp_path)
    assert run(settings, store, 0.02, starts=1, report=report) >= 2
    assert [better for turn, _, better in seen if turn == 0] == [True, True]
    before = {s: f.value for s, f in Store(tmp_path).found.items()}
    assert before[Setting(0.5, 3)] == pytest.approx(0.4**0.5, abs=TOLERANCE)
    again = Store(tmp_path)
    run(settings, again, 0.01, starts=1, first_seed=7)
    for setting, found in Store(tmp_path).found.items():
        assert found.value >= before[setting]


def test_a_search_starts_from_its_neighbours(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for setting, steps in (
        (Setting(0.5, 3), [0.1, 0.2]),
        (Setting(0.5, 4), [0.3, 0.4, 0.5]),
        (Setting(0.9, 4), [0.6, 0.7, 0.8]),
        (Setting(0.5, 4, "from_zero"), [0.9, 0.9, 0.9]),
    ):
        store.improve(setting, Found(np.array(steps), 0.5))
    first = [list(steps) for steps in neighbours(Setting(0.5, 4), store)]
    assert first == [[0.3, 0.4, 0.5], [0.1, 0.2], [0.6, 0.7, 0.8]]


def test_the_time_is_kept(tmp_path: Path) -> None:
    began = time.monotonic()
    run(targets(), Store(tmp_path), 0.01, starts=0)
    assert time.monotonic() - began < 20


def test_the_data_is_complete_and_small() -> None:
    stored = Store().found
    assert {Setting(beta, k) for beta in BETAS for k in range(1, 11)} <= set(stored)
    assert set(MEASURES) == {setting.measure for setting in stored}
    assert set(SAMPLINGS) == {setting.sampling for setting in stored}
    drawn = {setting for setting in targets() if setting.sampling == "independent"}
    assert drawn <= set(stored)
    assert {"smooth", "lipschitz"} == {setting.kind for setting in stored}
    assert {1, 2} == {setting.functions for setting in stored}
    for special in (
        lambda setting: math.isfinite(setting.lr),
        lambda setting: not setting.interpolation,
        lambda setting: setting.lower_bound > 0,
    ):
        assert any(map(special, stored))
    assert any(setting.averaging == "from_zero" for setting in stored)
    assert sum(path.stat().st_size for path in FOLDER.glob("*.json")) < 200_000
    for path in FOLDER.glob("*.json"):
        assert {"numpy", "clarabel"} <= set(json.loads(path.read_text())["versions"])


def test_what_is_stored_for_one_function_is_below_the_bounds_and_falls() -> None:
    stored = Store().found
    for setting, found in stored.items():
        plain = replace(setting, beta=0.0, iterations=1)
        if plain in (Setting(0.0, 1), Setting(0.0, 1, "from_zero")):
            above = bounds.upper(setting.beta, setting.iterations, setting.averaging)
            assert found.value <= float(above) + TOLERANCE
            assert found.value >= float(bounds.orthogonal(setting.iterations)) - TOLERANCE
    for beta in BETAS:
        curve = [stored[Setting(beta, k)].value for k in range(1, 11)]
        assert (np.diff(curve) <= TOLERANCE).all()


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
def test_all_values_equal_is_the_worst_case(averaging: str) -> None:
    """Only from first with a large β is more found, and then a little."""
    for setting, found in Store().found.items():
        if replace(setting, beta=0.0, iterations=1) == Setting(0.0, 1, averaging):
            formula = float(bounds.equal_values(setting.beta, setting.iterations, averaging))
            larger = averaging == "from_first" and setting.beta > 0.5
            assert found.value >= formula - TOLERANCE
            assert found.value <= formula + (0.02 if larger else TOLERANCE)


def test_the_short_run_is_good(outcomes: list[Outcome]) -> None:
    assert len(outcomes) > 20
    assert [outcome.objections for outcome in outcomes if not outcome.good] == []
    assert [outcome.setting for outcome in outcomes] == list(FEW)


def test_the_short_run_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = Setting(0.5, 3)
    found = FEW[setting]
    good = certify_one(setting, found.steps, found.value)
    assert good.good
    assert any("is stored" in o for o in replace(good, stored=found.value + 1e-5).objections)
    low = replace(good, upper={"sharp": good.value - 1e-3})
    assert any("above the bound “sharp”" in o for o in low.objections)
    high = replace(good, lower={"trap": good.value + 1e-3})
    assert any("search longer" in o for o in high.objections)
    assert good.run is not None
    off = replace(good, run=replace(good.run, value_error=1e-3))
    assert any(o.startswith("replay is off") for o in off.objections)
    assert good.certificate is not None
    loose = replace(good, certificate=replace(good.certificate, least_slack=-1e-3))
    assert any("dual slack" in o for o in loose.objections)

    def broken(*_: object) -> None:
        raise RuntimeError("no solution")

    monkeypatch.setattr(module, "certified", broken)
    failed = certify_one(setting, found.steps, found.value)
    assert failed.objections == ("RuntimeError: no solution",)
    assert math.isnan(failed.value)


@pytest.mark.parametrize(
    ("setting", "above", "below"),
    [
        (Setting(0.5, 4), "paper first two sharp", "orthogonal proven trap"),
        (Setting(0.5, 4, "from_zero"), "paper first two sharp", "orthogonal proven trap"),
        (Setting(0.5, 4, functions=2), "paper first two", "orthogonal proven trap"),
        (Setting(0.5, 4, measure="last"), "", "orthogonal proven"),
        (Setting(0.5, 1, measure="last"), "", "orthogonal proven trap"),
        (Setting(0.5, 4, lr=0.3), "capped capped_first any_mean", ""),
        (Setting(0.5, 4, lower_bound=0.1), "wrong", ""),
        (Setting(0.5, 4, kind="smooth"), "smooth", ""),
        (Setting(0.5, 4, "from_zero", "smooth"), "", ""),
    ],
    ids=lambda value: str(value)[:80],
)
def test_which_bounds_speak_of_a_setting(setting: Setting, above: str, below: str) -> None:
    b, k, averaging = setting.beta, setting.iterations, setting.averaging
    known = {
        "paper": bounds.paper(b, k),
        "first": bounds.first_term(b, k, averaging),
        "two": bounds.two_ends(b, k, averaging),
        "sharp": bounds.sharp(b, k, averaging),
        "smooth": bounds.smooth(b, k),
        "capped": beyond.capped(b, k, 0.3),
        "capped_first": beyond.capped_first_term(b, k, 0.3),
        "any_mean": beyond.any_bound_mean(b, k, 0.3),
        "wrong": beyond.wrong_bound(b, k, 0.1),
        "orthogonal": bounds.orthogonal(k),
        "proven": bounds.construction(b, k, averaging),
        "trap": bounds.equal_values(b, k, averaging),
    }
    for found, names in ((upper_bounds(setting), above), (lower_bounds(setting), below)):
        values = [float(known[name]) for name in names.split()]
        assert list(found.values()) == pytest.approx(values, rel=1e-12)


def test_a_trap_that_is_no_function_is_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "trap" in lower_bounds(Setting(0.9, 60))
    monkeypatch.setattr(traps, "least_rest", lambda *_: 1.0)
    assert "trap" not in lower_bounds(Setting(0.9, 60))


def test_the_objection_is_to_the_upper_end() -> None:
    setting = Setting(0.5, 3)
    good = certify_one(setting, FEW[setting].steps, FEW[setting].value)
    assert good.certificate is not None
    wide = replace(good.certificate, upper=min(good.upper.values()) + 1e-3)
    objections = replace(good, certificate=wide).objections
    assert any("above the bound “two ends”" in o for o in objections)


def test_exact_is_what_a_bound_closes() -> None:
    """β = 0 is, K = 5 with momentum is not; nor is what is not certified, or has no bound."""
    exact, found = (certify_one(s, FEW[s].steps, FEW[s].value) for s in (Setting(0.0, 5), MOMENTUM))
    assert exact.closed
    assert exact.ratio == pytest.approx(1, abs=1e-6)
    assert not found.closed
    assert found.ratio == pytest.approx(found.value / float(bounds.upper(0.5, 5)))
    assert not replace(exact, stored=7.0).closed
    assert not replace(exact, upper={}).closed
    near = {"paper": exact.value + 2 * TOLERANCE}
    assert not replace(exact, upper=near).closed


def test_exact_is_said_of_these_only(outcomes: list[Outcome]) -> None:
    own = [o for o in outcomes if replace(o.setting, beta=0.0) == Setting(0.0, 5)]
    text = printed(own)
    assert "(1 of them exact)" in text
    row = next(line for line in text.splitlines() if line.split()[:1] == ["5"])
    assert row.split()[1:] == ["0.447214=", "0.506764"]
    page = worst_case_page.section(own, {})
    assert "0.447214=" in page
    assert "0.506764=" not in page
    assert "(0 of them exact)" in printed([o for o in own if not o.closed])
    figure = worst_case_plots.ratios(own)
    dots = [dot for dot in figure.axes[0].lines if np.size(dot.get_xdata()) == 1]
    filled = [dot.get_markerfacecolor() != "white" for dot in dots]
    assert np.concatenate([dot.get_xdata() for dot in dots]).tolist() == [o.ratio for o in own]
    assert filled == [o.closed for o in own]


def test_caps_and_lower_bounds_have_columns() -> None:
    made = [certify_one(s, f.steps, f.value) for s, f in BEYOND.items()]
    text = printed(made)
    rows = [line.split() for line in text.splitlines()]
    assert ["α", "K", "β=0.5", "β=0.9"] in rows
    assert any(row[:2] == ["0.1", "3"] for row in rows)
    assert any(row[:2] == ["0.3", "3"] for row in rows)
    assert "a cap" in text


def test_choices_are_checked() -> None:
    store = Store()
    assert set(select(store, (0.5,), (3,), ("smooth_last_from_first",))) == {
        Setting(0.5, 3, kind="smooth", measure="last")
    }
    with pytest.raises(ValueError, match=r"betas has 0\.4, which is not stored; allowed: 0\.0, "):
        select(store, (0.4,))
    with pytest.raises(ValueError, match="iterations has 77"):
        select(store, iterations=(77,))
    with pytest.raises(ValueError, match="groups has 'smooth'"):
        select(store, groups=("smooth",))
    with pytest.raises(ValueError, match="groups has 'smooth'; allowed: lipschitz_best"):
        choose(groups=("smooth",))
    only = choose((0.4,), (3,), ("lipschitz_best_from_first",))
    assert only == [Setting(0.4, 3)]
    assert {group_name(setting) for setting in choose()} >= {"smooth_best_from_first_2_functions"}


def printed(outcomes: list[Outcome], details: bool = False) -> str:
    stream = io.StringIO()
    worst_cases.show(outcomes, Console(file=stream, width=100, highlight=False), details)
    return stream.getvalue()


def test_the_terminal(outcomes: list[Outcome]) -> None:
    text = printed(outcomes)
    assert text.strip().endswith("replayed, and within the proven bounds")
    assert "0.632456" in text
    assert "…" not in text
    header = next(line for line in text.splitlines() if "method" in line and "paper" in line)
    assert header.split()[-2:] == ["paper", "ratio"]
    below = text[text.index(header) :].splitlines()
    values = next(line for line in below if line.split()[:2] == ["0.5", "5"])
    assert len(values.split()[-2]) == len("0.8944")
    bad = [replace(outcomes[0], stored=7.0), *outcomes[1:]]
    text = printed(bad)
    assert "FAILED: 1 of" in text
    assert f"✗ {bad[0].setting.label}"[:20] in text
    assert len(printed(outcomes, details=True)) > len(text)


def test_the_page(outcomes: list[Outcome]) -> None:
    drawn = worst_case_plots.figures(outcomes)
    assert set(drawn) >= {"worst_cases_from_first", "worst_cases_beta", "worst_cases_others"}
    pictures = {name: rendered(figure, "svg") for name, figure in drawn.items()}
    assert (
        rendered(worst_case_plots.figures(outcomes)["worst_cases_beta"], "svg")
        == (pictures["worst_cases_beta"])
    )
    text = worst_case_page.section(outcomes, pictures)
    assert text.count("</svg>") == len(drawn)
    assert text.count("<table") == text.count("</table>")
    assert "0.632456" in text
    bad = worst_case_page.section([replace(outcomes[0], stored=7.0), *outcomes[1:]], {})
    assert 'class="bad"' in bad
    assert 'class="bad"' not in text


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ["--betas", "0.5", "--iterations", "2", "3", "--jobs", "1"]
    out = tmp_path / "figures"
    assert main(["worst-case", *chosen, "--out", str(out)]) == 0
    assert "OK: " in capsys.readouterr().out
    assert (out / "worst_cases_from_first.png").exists()
    assert main(["worst-case", "--betas", "0.4"]) == 2
    assert "allowed: 0.0" in capsys.readouterr().err


def test_the_command_searches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ["--betas", "0.5", "--iterations", "3", "--groups", "lipschitz_best_from_first"]
    command = ["worst-case", "search", *chosen, "--data", str(tmp_path), "--jobs", "1"]
    assert main([*command, "--minutes", "0.005"]) == 0
    assert "better" in capsys.readouterr().err
    assert main(["worst-case", *chosen, "--data", str(tmp_path), "--jobs", "1"]) == 0
    path = tmp_path / "lipschitz_best_from_first.json"
    content = json.loads(path.read_text())
    content["records"][0]["value"] += 1e-3
    path.write_text(json.dumps(content))
    assert main(["worst-case", *chosen, "--data", str(tmp_path), "--jobs", "1"]) == 1
    assert main(["worst-case", "search", "--minutes", "0", "--data", str(tmp_path)]) == 2


@pytest.mark.slow
def test_all_that_is_stored_is_certified() -> None:
    bad = [outcome for outcome in certify_all(Store().found, jobs=2) if not outcome.good]
    assert [(outcome.setting.label, outcome.objections) for outcome in bad] == []


def test_the_traps_are_good_and_shown(outcomes: list[Outcome]) -> None:
    grown = [grown_one(kind, beta, 30) for kind in KINDS for beta in (0.5, 0.9)]
    assert all(trap.good for trap in grown)
    stream = io.StringIO()
    worst_cases.show(outcomes, Console(file=stream, width=100), grown=grown)
    text = stream.getvalue()
    assert "traps certified" in text
    assert "given order" in text
    assert grown[0].kind in worst_case_page.section(outcomes, {}, grown)
    broken = replace(grown[0], value=2.0), replace(grown[0], error=1e-3)
    for bad in (*broken, replace(grown[0], violation=1e-3)):
        assert not bad.good
        assert "1 of 2 traps" in worst_cases.headline(outcomes, [bad, grown[1]])
