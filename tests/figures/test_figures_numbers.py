# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Numbers that figures compute themselves: the model's steps, axes, and the curves of the rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from experiments.records import Records
from paper_figs import rate_curves, scales, style
from paper_figs.figures.lower_bounds import USUAL
from paper_figs.figures.lower_bounds import bounds as bound_looks
from paper_figs.figures.model import BETA, FLAT, LR, STEEP, Loss, steps
from paper_figs.results import main_runs
from paper_figs.variants import studied
from theory import bounds


@pytest.mark.parametrize("loss", [FLAT, STEEP])
def test_the_steps_of_the_model_are_the_formulas(loss: Loss) -> None:
    value = gradient = inner = 0.0
    for k, x in enumerate(loss.seen):
        f, g = float(loss.value(np.array(x))), float(loss.slope(np.array(x)))
        keep = BETA if k else 0.0
        value, gradient = keep * value + (1 - keep) * f, keep * gradient + (1 - keep) * g
        inner = keep * inner + (1 - keep) * g * x
    x = loss.seen[-1]
    tau = min(LR, max(value + gradient * x - inner, 0) / gradient**2)
    found = steps(loss)
    assert found.momo == pytest.approx(x - tau * gradient)
    assert found.sgd_m == pytest.approx(x - LR * gradient)
    assert tau < LR


@pytest.mark.parametrize("loss", [FLAT, STEEP])
def test_the_losses_of_the_model_are_as_said(loss: Loss) -> None:
    x = np.linspace(-6, 6, 2001)
    numeric = np.gradient(loss.value(x), x)
    np.testing.assert_allclose(loss.slope(x)[1:-1], numeric[1:-1], atol=1e-4)
    assert loss.value(np.array(0.0)) == 0
    found = steps(loss)
    assert loss.value(np.array(found.momo)) < loss.value(np.array(found.sgd_m))


@given(st.floats(-12, 12), st.floats(0.01, 15), st.integers(4, 8))
def test_decades_are_few_inside_and_agree(low: float, span: float, most: int) -> None:
    left, right = 10**low, 10 ** (low + span)
    ticks = style.decades(left, right, most)
    assert len(ticks) <= most
    assert all(left * (1 - 1e-8) <= tick <= right * (1 + 1e-8) for tick in ticks)
    powers = np.round(np.log10(ticks))
    assert len(set(np.diff(powers))) <= 1
    if span > 2:
        assert len(ticks) >= 2


@given(st.floats(-12, 12), st.floats(0.01, 2))
def test_short_log_axes_have_ticks(low: float, span: float) -> None:
    ticks = style.between_decades(10**low, 10 ** (low + span))
    assert len(ticks) >= 2
    assert ticks == sorted(ticks)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.001, "$10^{-3}$"), (-10.0, "$-10^{1}$"), (0.0, "0"), (0.5, "0.5"), (1.0, "$10^{0}$")],
)
def test_powers_of_ten(value: float, text: str) -> None:
    assert style.power_text(value) == text


def test_the_rate_curves_are_those_that_are_measured() -> None:
    kept = {curves.problem: curves for curves in rate_curves.load()}
    assert tuple(kept) == rate_curves.PROBLEMS
    name = "chebyshev_regression"
    again = rate_curves.measure(name, iterations=300)
    old = kept[name]
    shared = [k for k in again.iterations if k in old.iterations]
    assert len(shared) > 9
    for beta, values in again.gaps.items():
        new = dict(zip(again.iterations, values, strict=True))
        known = dict(zip(old.iterations, old.gaps[beta], strict=True))
        early = [k for k in shared if k <= 20]
        np.testing.assert_allclose(
            [new[k] for k in early], [known[k] for k in early], rtol=2e-4, atol=1e-9
        )


def test_the_rate_curves_are_below_the_bounds() -> None:
    for curves in rate_curves.load():
        steps_ = np.array(curves.iterations)
        bound = bounds.upper if curves.samples == 1 else bounds.two_ends
        for beta, gaps in curves.gaps.items():
            assert (np.array(gaps) <= bound(float(beta), steps_)).all()
            assert (np.diff(gaps) <= 0).all()


def test_a_damaged_file_of_rate_curves_is_named(tmp_path: Path) -> None:
    path = tmp_path / "curves.json"
    path.write_text('[{"problem": "x"}]')
    with pytest.raises(ValueError, match=r"curves\.json is no file of rate curves"):
        rate_curves.load(path)


@given(st.floats(0, 99.99), st.floats(0.001, 90))
def test_the_axis_of_what_is_missing_keeps_order_and_turns_back(low: float, span: float) -> None:
    values = np.array([low, min(low + span, 99.995)])
    places = scales.forward("missing", values)
    assert places[0] <= places[1]
    np.testing.assert_allclose(scales.backward("missing", places), values, atol=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "name", "kind"),
    [
        (10, 97, "accuracy in %", "missing"),
        (10, 80, "accuracy in %", "missing"),
        (10, 60, "accuracy in %", "linear"),
        (70, 85, "accuracy in %", "linear"),
        (97.2, 97.4, "accuracy in %", "linear"),
        (91, 98, "accuracy in %", "missing"),
        (10, 97, "BLEU", "linear"),
        (1, 25, "accuracy of tokens in %", "linear"),
        (1e-9, 5, "", "log"),
        (1, 5, "", "log"),
        (2, 5, "", "linear"),
        (0, 5, "", "linear"),
        (-1, 5, "", "linear"),
    ],
)
def test_the_kind_of_axis(low: float, high: float, name: str, kind: scales.Kind) -> None:
    assert scales.kind_for(low, high, name) == kind


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [(10, 97, "missing"), (91, 98, "missing"), (1e-9, 5, "log"), (2, 2, "linear")],
)
def test_a_strip_stays_free_and_there_are_ticks(low: float, high: float, kind: scales.Kind) -> None:
    axes = Figure().subplots()
    scales.scale(axes, low, high, kind, below=0.2)
    ends = scales.forward(kind, np.array([*axes.get_ylim(), low, high]))
    share = (ends[2:] - ends[0]) / (ends[1] - ends[0])
    assert 0.2 < share[0] < 0.7
    assert share[0] <= share[1] < 1
    if high > low:
        inside = [tick for tick in axes.get_yticks() if axes.get_ylim()[0] <= tick]
        assert len(inside) >= 2


def test_a_bound_looks_the_same_in_all_panels() -> None:
    first = pl.DataFrame({"lb": [-10.0, 0.0, 1.0], "plain": [False, True, False]})
    second = pl.DataFrame({"lb": [0.1, 1.0, 0.0], "plain": [False, False, True]})
    looks = bound_looks([first, second])
    assert list(looks) == ["-10.0", "0.0", "0.1", "1.0", "online"]
    assert looks["0.0"] == USUAL
    assert len(set(looks.values())) == len(looks)


def test_adam_w_is_shown_where_adam_is_not(records: Records) -> None:
    # The made-up runs of Adam on one workload are called AdamW's.
    there = (pl.col("workload") == "diffusion_unet") & (pl.col("method") == "adam")
    renamed = pl.when(there).then(pl.lit("adam_w")).otherwise("method").alias("method")
    found = main_runs(replace(records, runs=records.runs.with_columns(renamed))).runs
    by_workload = dict(found.group_by("workload").agg(pl.col("method").unique()).iter_rows())
    assert {"adam", "adam_w"} & {*by_workload.pop("diffusion_unet")} == {"adam_w"}
    assert all("adam_w" not in methods for methods in by_workload.values())
    assert by_workload


def test_a_value_without_a_curve_is_no_part_of_a_study(records: Records) -> None:
    found = dict(iter_by_workload(records))
    assert found
    for workload, own in found.items():
        alone = own.runs.filter(pl.col("lb") != 0, workload=workload).head(1)
        other = alone.with_columns(lb=pl.lit(-77.0), run=pl.lit("f" * 16))
        more = replace(records, runs=pl.concat([records.runs, other]))
        assert -77.0 not in dict(iter_by_workload(more))[workload].runs.get_column("lb")


def iter_by_workload(records: Records) -> Iterator[tuple[str, Records]]:
    for problem, own in studied(records, "lb", ("momo", "momo_adam")):
        yield problem.workload, own
