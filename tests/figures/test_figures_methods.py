# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which methods are drawn, how they are told apart, and what is said of seeds."""

from __future__ import annotations

import itertools
from dataclasses import replace
from importlib import import_module
from inspect import signature
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from figures_records import saved
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.records import Records
from paper_figs import command, panels, style
from paper_figs.registry import FIGURES, draw
from paper_figs.results import final, main_runs, seeds

OWN = "mine:Mine"


@pytest.fixture(scope="module")
def with_own(records: Records) -> Records:
    """Return records in which Lion, and Adam on all other workloads, are called one's own."""
    there = (pl.col("method") == "lion") | (
        (pl.col("method") == "adam") & (pl.col("workload") != "mnist_mlp")
    )
    renamed = [
        pl.when(there).then(pl.lit(text)).otherwise(name).alias(name)
        for name, text in (("method", OWN), ("method_title", "Mine"))
    ]
    return replace(records, runs=records.runs.with_columns(renamed))


def legend(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def heading(figure: Figure) -> str:
    return figure.legends[0].get_title().get_text()


@pytest.mark.parametrize(
    "name", ["stability", "curves", "robustness", "best", "baselines", "diffusion"]
)
def test_ones_own_method_is_drawn_beside_others(with_own: Records, name: str) -> None:
    figure = draw(name, with_own, (OWN, "momo"))
    first = style.SPARE[0]
    colours = {line.get_color() for axes in figure.axes for line in axes.get_lines()}
    assert first.colour in colours
    texts = legend(figure) + [axes.get_title(loc="left") for axes in figure.axes]
    assert "Mine" in texts
    assert OWN not in main_runs(with_own).runs["method"]
    assert "Mine" not in legend(draw(name, with_own))


def test_a_figure_is_marked_if_its_methods_can_be_chosen() -> None:
    for name, entry in FIGURES.items():
        parameters = signature(import_module(f"paper_figs.figures.{name}").draw).parameters
        assert ("methods" in parameters) == entry.chosen, name


def test_chosen_methods_alone_are_drawn_in_their_order(records: Records) -> None:
    for chosen in (("sgd_m", "momo"), ("momo", "sgd_m", "lion")):
        names = dict(records.runs.select("method", "method_title").iter_rows())
        shown = legend(draw("stability_mnist", records, chosen))
        assert shown[: len(chosen)] == [names[method] for method in chosen]
        assert len(shown) == len(chosen) + 2


def test_methods_that_cannot_be_drawn_are_named(records: Records) -> None:
    with pytest.raises(ValueError, match=r"methods: no records of 'momoo'; allowed: ad.*momo, "):
        draw("stability", records, ("momo", "momoo"))
    with pytest.raises(ValueError, match=r"methods of the figure svag are its own; allowed for: s"):
        draw("svag", records, ("momo",))


def test_wrong_methods_stop_the_command_before_anything_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.places.RESULTS", tmp_path / "results")
    assert command.run(["--methods", "momoo"]) == 2
    assert "no records of 'momoo'; allowed: none" in capsys.readouterr().err
    saved(tmp_path / "own")
    arguments = ["stability_mnist", "svag", "--methods", "momo", "--records", "own"]
    assert command.run(arguments) == 2
    assert "methods of the figure svag are its own" in capsys.readouterr().err
    assert not (tmp_path / "build").exists()


def test_own_looks_are_in_order_and_differ_from_all_others() -> None:
    many = [f"own:{index}" for index in range(len(style.SPARE))]
    found = style.looks([*many, "momo"])
    assert [found[method] for method in many] == list(style.SPARE)
    assert found["momo"] == style.LOOKS["momo"]
    everything = [*style.SPARE, *style.LOOKS.values()]
    apart = {(look.colour, look.marker, look.hollow) for look in everything}
    assert len(apart) == len(everything)
    assert style.looks([*many, "own:one more"])["own:one more"] == style.SPARE[0]


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2: what is left of a colour in black and white."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_all_colours_are_dark_enough_on_white_and_adam_has_its_own() -> None:
    everything = [*style.SPARE, *style.LOOKS.values()]
    # A contrast of 2 to 1: WCAG's 3 to 1 for graphics leaves out Okabe and Ito's sky and orange.
    assert all(1.05 / (luminance(look.colour) + 0.05) > 2 for look in everything)
    assert style.LOOKS["adam"].colour != style.LOOKS["adam_w"].colour


def test_methods_that_coincide_stand_side_by_side(records: Records) -> None:
    own = records.of((pl.col("workload") == "mnist_mlp") & (pl.col("method") == "momo"))
    twin = own.runs.with_columns(method=pl.lit("sgd_m"), run=pl.col("run") + "x")
    epochs = own.epochs.with_columns(run=pl.col("run") + "x")
    both = Records(pl.concat([own.runs, twin]), pl.concat([own.epochs, epochs]), own.steps)
    figure = draw("stability_mnist", both)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    first, second = (
        next(line for line in axes.get_lines() if line.get_label() == method)
        for method in ("momo", "sgd_m")
    )
    assert np.array_equal(first.get_xydata(), second.get_xydata())
    places = [line.get_transform().transform(line.get_xydata()) for line in (first, second)]
    apart = places[1] - places[0]
    np.testing.assert_allclose(apart[:, 0], panels.ASIDE * figure.dpi / 72, rtol=1e-9)
    np.testing.assert_allclose(apart[:, 1], 0, atol=1e-9)


def crosses(axes: Axes) -> dict[str, float]:
    """Return the heights of diverged runs' marks by the marker of their method."""
    drawn = [line for line in axes.get_lines() if line.get_transform() not in (axes.transData,)]
    there = [line for line in drawn if line.get_marker() == "x"]
    found = {}
    for cross in there:
        for line in drawn:
            same = np.array_equal(line.get_xydata(), cross.get_xydata())
            if line is not cross and same and line.get_color() == cross.get_color():
                assert line.get_markerfacecolor() == "white"
                found[str(line.get_marker())] = float(np.asarray(cross.get_ydata())[0])
    return found


def test_diverged_runs_are_told_apart_by_the_marks_of_their_methods(records: Records) -> None:
    found = crosses(draw("stability_mnist", records).axes[0])
    assert found.keys() == {style.LOOKS[method].marker for method in ("sgd_m", "adam")}
    assert len(set(found.values())) == len(found)


def test_how_many_seeds_there_are_is_counted_and_said(records: Records) -> None:
    own = records.of((pl.col("workload") == "mnist_mlp") & pl.col("plain"))
    some = own.of((pl.col("seed") < 2) | (pl.col("method") != "momo"))
    one = own.of(pl.col("seed") == 0)
    texts = ["3 seeds", "2 to 3 seeds", "1 seed"]
    for each, text in zip((own, some, one), texts, strict=True):
        assert seeds(final(each)) == text
        shown = heading(draw("stability_mnist", each))
        assert shown == f"mean over {text}; band: from the lowest to the highest"
    assert seeds(final(own), final(one)) == "1 to 3 seeds"


BANDS = ("stability", "curves", "diffusion", "baselines", "schedules", "momentum", "lower_bounds")


@pytest.mark.parametrize("name", [*BANDS, "starred", "best", "decay"])
def test_a_figure_says_how_many_seeds_it_shows(records: Records, name: str) -> None:
    said = heading(draw(name, records))
    assert "3 seeds" in said
    assert ("band" in said) == (name in (*BANDS, "starred"))


@pytest.mark.parametrize("which", [pl.lit(value=True), pl.col("workload") == "mnist_mlp"])
def test_headings_of_panels_keep_off_one_another(records: Records, which: pl.Expr) -> None:
    """In the figures with a panel a workload, whose headings are the longest; one is wide."""
    held_out = pl.when(workload="mnist_mlp").then(pl.lit("small")).otherwise("preset")
    long = replace(records, runs=records.runs.with_columns(preset=held_out))
    for name in ("stability", "best"):
        figure = draw(name, long.of(which))
        figure.draw_without_rendering()
        boxes = [axes._left_title.get_window_extent() for axes in figure.axes]
        boxes = [box for box in boxes if box.width > 1]
        pairs = itertools.combinations(boxes, 2)
        assert not [pair for pair in pairs if pair[0].overlaps(pair[1])]
        assert all(box.x0 >= 0 and box.x1 <= figure.bbox.width for box in boxes)
