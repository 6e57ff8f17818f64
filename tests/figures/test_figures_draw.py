# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every figure is drawn, without warnings, the same each time, with the numbers of the records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from figures_records import MAIN, lrs
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path as Curve
from matplotlib.text import Text

from experiments.records import Records
from paper_figs.registry import FIGURES, draw
from paper_figs.results import MissingRecordsError
from paper_figs.save import rendered, save
from paper_figs.style import LOOKS, ONE_COLUMN, TWO_COLUMNS

NO_RECORDS = [name for name, entry in FIGURES.items() if not entry.command]
FROM_RECORDS = [name for name, entry in FIGURES.items() if entry.command]


def panel(figure: Figure, title: str) -> Axes:
    """Return the panel whose title begins so."""
    return next(axes for axes in figure.axes if axes.get_title(loc="left").startswith(title))


def lines(axes: Axes, **looks: Any) -> list[Line2D]:
    """Return the lines of a panel that have these properties."""
    return [
        line
        for line in axes.get_lines()
        if all(getattr(line, f"get_{name}")() == value for name, value in looks.items())
    ]


def drawn(axes: Axes, method: str) -> Line2D:
    """Return the line of a method's means."""
    look = LOOKS[method]
    own = lines(axes, color=look.colour, marker=look.marker)
    return next(line for line in own if len(line.get_xdata()) > 1)


def last(records: Records, column: str, **chosen: Any) -> pl.DataFrame:
    """Return the last epoch of plain runs, and what they are."""
    runs = records.runs.filter(pl.col("plain")).filter(**chosen)
    ends = records.epochs.sort("epoch").group_by("run", maintain_order=True).last()
    return runs.join(ends.select("run", value=column), on="run")


def means(ends: pl.DataFrame, column: str, bad: str) -> list[float]:
    """Return means over seeds of a column by lr; a diverged run counts as another column.

    No score counts as less than the worst.
    """
    value = pl.max_horizontal(column, "worst") if bad == "worst" else pl.col(column)
    counted = pl.when(status="diverged").then(bad).otherwise(value)
    return ends.group_by("lr").agg(counted.mean().alias("mean")).sort("lr")["mean"].to_list()


def contents(figure: Figure) -> list[tuple[Any, ...]]:
    """Return what a figure is drawn of, in this order: kinds, labels, places, colours."""
    return [
        (
            type(artist).__name__,
            str(artist.get_label()),
            artist.get_zorder(),
            *(path.vertices.tobytes() for path in paths(artist)),
            *(
                np.asarray(getattr(artist, f"get_{name}")(), dtype=str).tobytes()
                for name in ("color", "facecolor", "edgecolor", "offsets", "text", "position")
                if hasattr(artist, f"get_{name}")
            ),
        )
        for artist in figure.findobj()
    ]


def paths(artist: Any) -> list[Curve]:
    """Return the curves of an artist."""
    if hasattr(artist, "get_paths"):
        return list(artist.get_paths())
    return [artist.get_path()] if hasattr(artist, "get_path") else []


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_twice_from_the_same_and_fits(records: Records, name: str) -> None:
    """Its file is written once; what can differ between two is what the records were turned to."""
    figures = [draw(name, records) for _ in range(2)]
    first, second = map(contents, figures)
    assert len(first) > 20
    assert first == second
    file = rendered(figures[0], "pdf")
    assert file.startswith(b"%PDF")
    assert b"CreationDate" not in file
    size = figures[0].get_size_inches()
    assert size[0] in (ONE_COLUMN, TWO_COLUMNS)
    assert size[1] < 9.5
    texts = figures[0].findobj(Text)
    assert min(text.get_fontsize() for text in texts if text.get_text()) >= 7


TWICE = ("stability",)
"""Written twice here, and the others in `make test-slow`: a PDF takes seconds, most of it fonts."""


@pytest.mark.parametrize(
    "name",
    [name if name in TWICE else pytest.param(name, marks=pytest.mark.slow) for name in FIGURES],
)
def test_two_files_of_a_figure_are_the_same(records: Records, name: str) -> None:
    first, second = (rendered(draw(name, records), "pdf") for _ in range(2))
    assert first == second


def test_a_picture_does_not_depend_on_what_was_saved_before(records: Records) -> None:
    alone, after = draw("stability", records), draw("stability", records)
    rendered(after, "pdf")
    assert rendered(alone, "png") == rendered(after, "png")


def test_pictures_are_the_same_too(records: Records) -> None:
    first, second = (rendered(draw("stability_mnist", records), "png") for _ in range(2))
    assert first == second
    assert first.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", FROM_RECORDS)
def test_a_figure_without_records_says_what_is_missing(records: Records, name: str) -> None:
    with pytest.raises(MissingRecordsError):
        draw(name, records.of(pl.lit(False)))


@pytest.mark.parametrize("name", NO_RECORDS)
def test_a_figure_that_needs_no_records_is_drawn_without(records: Records, name: str) -> None:
    assert draw(name, records.of(pl.lit(False))).axes


@pytest.mark.parametrize("method", MAIN)
def test_stability_shows_mean_and_extremes_of_the_test_score(records: Records, method: str) -> None:
    axes, losses = draw("stability_mnist", records).axes
    ends = last(records, "test_score", workload="mnist_mlp", method=method)
    line = drawn(axes, method)
    np.testing.assert_allclose(line.get_xdata(), lrs(method))
    np.testing.assert_allclose(line.get_ydata(), means(ends, "value", "worst"))
    band = axes.collections[list(MAIN).index(method)].get_paths()[0].vertices
    values = ends["value"].clip(10.0)
    diverged = ends.filter(status="diverged").height > 0
    assert band[:, 1].max() == pytest.approx(values.max())
    assert band[:, 1].min() == pytest.approx(10.0 if diverged else values.min())
    ends = last(records, "train_loss", workload="mnist_mlp", method=method)
    shown = drawn(losses, method).get_ydata()
    np.testing.assert_allclose(shown, means(ends, "value", "initial_loss"))


def test_diverged_runs_are_marked_at_the_bad_end(records: Records) -> None:
    score, loss = draw("stability_mnist", records).axes
    for axes, low in ((score, True), (loss, False)):
        marks = {line.get_color(): line for line in lines(axes, marker="x")}
        assert marks.keys() == {LOOKS["sgd_m"].colour, LOOKS["adam"].colour}
        sgd_m = marks[LOOKS["sgd_m"].colour]
        np.testing.assert_allclose(sgd_m.get_xdata(), [10.0, 1000.0])
        for mark in marks.values():
            height = mark.get_ydata()[0]
            assert height < 0.15 if low else height > 0.85
            ends = drawn(axes, "sgd_m").get_ydata()
            edge = axes.transData.transform([(1.0, min(ends) if low else max(ends))])
            inside = axes.transAxes.inverted().transform(edge)[0, 1]
            assert inside > height if low else inside < height


def test_the_best_rate_is_chosen_on_the_validation_score(records: Records) -> None:
    better = pl.col("step") >= 0
    runs = records.runs.filter(workload="mnist_mlp", method="momo", lr=0.001)["run"]
    changed = records.epochs.with_columns(
        validation_score=pl.when(pl.col("run").is_in(runs.implode()) & better)
        .then(99.0)
        .otherwise("validation_score")
    )
    axes = draw("stability_mnist", Records(records.runs, changed, records.steps)).axes[0]
    momo = LOOKS["momo"]
    large = [
        line
        for line in lines(axes, markeredgecolor="black", marker=momo.marker)
        if line.get_markerfacecolor() == momo.colour
    ]
    assert [list(line.get_xdata()) for line in large] == [[0.001]]


def test_all_workloads_have_panels_that_say_what_stands_in(records: Records) -> None:
    figure = draw("stability", records)
    titles = [axes.get_title(loc="left") for axes in figure.axes if axes.get_title(loc="left")]
    assert titles == [
        "ResNet-8 on Fashion-MNIST\nfor ResNet-20 on CIFAR-10",
        "Diffusion, UNet of 2 levels,\nFashion-MNIST",
        "Narrow ResNet-18 on emoji\nfor ResNet-18 on ImageNet32",
        "MLP on MNIST",
        "Synthetic least squares",
    ]


def test_curves_of_the_best_rates_are_means_over_seeds(records: Records) -> None:
    figure = draw("curves", records)
    axes, columns = panel(figure, "MLP on MNIST"), 4
    ends = last(records, "validation_score", workload="mnist_mlp", method="momo")
    best = ends.group_by("lr").agg(pl.col("value").mean()).sort("value", descending=True)["lr"]
    own = lines(axes, color=LOOKS["momo"].colour)
    assert len(own) == 3
    for line, lr in zip(own, best, strict=False):
        runs = ends.filter(lr=lr)["run"]
        means = (
            records.epochs.filter(pl.col("run").is_in(runs.implode()))
            .group_by("epoch")
            .agg(pl.col("validation_score").mean())
            .sort("epoch")
        )
        np.testing.assert_allclose(line.get_ydata(), means["validation_score"].to_numpy())
    lower = lines(figure.axes[figure.axes.index(axes) + columns], color=LOOKS["momo"].colour)
    assert [line.get_ydata()[0] for line in lower] == [2.3] * 3
    widths = [line.get_linewidth() for line in own]
    assert widths == sorted(widths, reverse=True)


def test_the_adaptive_term_and_the_share_of_capped_steps(records: Records) -> None:
    figure = draw("adaptive", records)
    axes = panel(figure, r"$\alpha=$$10^{-1}$")
    run = records.runs.filter(workload="mnist_mlp", method="momo", lr=0.1, seed=0).filter("plain")
    steps = records.steps.filter(run=run["run"][0])
    dots = axes.collections[0].get_offsets()
    np.testing.assert_allclose(dots[:, 1], steps["adaptive"].to_numpy(), rtol=1e-6)
    np.testing.assert_allclose(dots[:, 0], steps["step"].to_numpy() / 100)
    share = (steps["adaptive"] >= steps["cap"]).mean()
    assert axes.get_title(loc="left").endswith(f": {share:.0%}")
    np.testing.assert_allclose(axes.get_lines()[0].get_ydata(), 0.1, rtol=1e-6)


def test_the_online_bound_is_the_recorded_one(records: Records) -> None:
    axes = panel(draw("online_bound", records), r"$\alpha=$$10^{1}$")
    chosen = {"workload": "synthetic_least_squares", "method": "momo_star", "lr": 10.0, "seed": 0}
    run = records.runs.filter(**chosen)["run"][0]
    steps = records.steps.filter(run=run)
    bound = lines(axes, color=LOOKS["momo_star"].colour)[0]
    np.testing.assert_allclose(bound.get_ydata(), steps["lower_bound"].to_numpy())


@pytest.mark.parametrize(
    ("name", "chosen", "count"),
    [
        ("schedules", {"schedule": "cosine", "method": "momo"}, 3),
        ("momentum", {"beta": 0.0, "method": "sgd_m", "svag": 1}, 4),
        ("lower_bounds", {"lb": 0.5, "method": "momo"}, 4),
    ],
)
def test_variants_are_drawn_from_their_own_runs(
    records: Records, name: str, chosen: dict[str, Any], count: int
) -> None:
    runs = records.runs.filter(workload="mnist_mlp", **chosen)
    ends = records.epochs.sort("epoch").group_by("run", maintain_order=True).last()
    expected = means(runs.join(ends, on="run"), "test_score", "worst")
    axes = draw(name, records).axes[0]
    curves = [line.get_ydata() for line in axes.get_lines() if len(line.get_xdata()) > 2]
    assert any(len(c) == len(expected) and np.allclose(c, expected) for c in curves)
    assert len(curves) == count


def test_a_run_that_changes_two_settings_is_in_no_study(records: Records) -> None:
    some = records.runs.filter(method="momo", schedule="cosine").with_columns(
        beta=pl.lit(0.0), run=pl.col("run") + "x"
    )
    epochs = records.epochs.with_columns(run=pl.col("run") + "x", test_score=pl.lit(50.0))
    more = Records(
        pl.concat([records.runs, some]), pl.concat([records.epochs, epochs]), records.steps
    )
    for name in ("schedules", "momentum"):
        before, after = draw(name, records).axes[0], draw(name, more).axes[0]
        pairs = zip(before.get_lines(), after.get_lines(), strict=True)
        assert all(np.array_equal(a.get_ydata(), b.get_ydata()) for a, b in pairs)


def test_baselines_have_a_panel_each_beside_the_momentum_models(records: Records) -> None:
    axes = panel(draw("baselines", records), "Lion")
    ends = last(records, "test_score", workload="mnist_mlp", method="lion")
    np.testing.assert_allclose(drawn(axes, "lion").get_ydata(), means(ends, "value", "worst"))
    assert {line.get_color() for line in axes.get_lines()} >= {
        LOOKS["momo"].colour,
        LOOKS["momo_adam"].colour,
    }


def test_the_worth_of_momentum_is_that_of_the_summary(records: Records) -> None:
    """A panel for each α, in it a line for each method; the right one counts MoMo's steps."""
    from experiments.summary import finals, svag

    table = svag(finals(records.runs, records.epochs)).filter(measure="loss")
    lrs_ = table["lr"].unique().sort().to_list()
    *panels, shares = (axes for axes in draw("svag", records).axes)
    assert len(panels) == len(lrs_) > 1
    for axes, lr in zip(panels, lrs_, strict=True):
        for method in ("momo", "sgd_m"):
            own = table.filter(lr=lr, method=method)
            line = next(each for each in lines(axes, color=LOOKS[method].colour))
            np.testing.assert_allclose(line.get_ydata(), own["difference"])
            np.testing.assert_allclose(np.round(line.get_xdata()), own["svag"])
    runs = records.runs.filter(pl.col("beta") > 0, workload="mnist_mlp", method="momo", lr=lrs_[-1])
    plain = runs.filter(pl.col("lb") == 0, schedule="constant", rounding=0)
    steps = records.steps.join(plain.select("run", "svag"), on="run")
    capped = steps.group_by("svag").agg((pl.col("step_size") < pl.col("cap")).mean()).sort("svag")
    shown = [line.get_ydata() for line in shares.get_lines()]
    np.testing.assert_allclose(shown[1], 100 * capped["step_size"])


def test_robust_widths_are_those_of_the_summary(records: Records) -> None:
    from experiments.summary import finals, widths

    own = records.of(
        pl.col("plain") & pl.col("method").is_in(MAIN) & (pl.col("workload") == "mnist_mlp")
    )
    expected = widths(finals(own.runs, own.epochs)).filter(points=5.0, reference="common")
    axes = draw("robustness", own).axes[1]
    for row in expected.iter_rows(named=True):
        look = LOOKS[row["method"]]
        dots = lines(axes, color=look.colour, marker=look.marker)
        assert [line.get_xdata()[0] for line in dots] == pytest.approx([row["decades"]])
        arrows = [line for line in lines(axes, color=look.colour) if line.get_marker()[0] == "$"]
        assert bool(arrows) == (row["at_low"] or row["at_high"])


def test_methods_are_ranked_by_their_own_robust_width(records: Records) -> None:
    """On the workload with the most methods; a filled mark within 5 points, a hollow one in 1."""
    from experiments.summary import finals, widths

    own = records.of(pl.col("plain") & (pl.col("workload") == "mnist_mlp"))
    found = widths(finals(own.runs, own.epochs)).filter(reference="own")
    names = dict(own.runs.select("method", "method_title").iter_rows())
    left, right = draw("variants", records).axes
    shown = [label.get_text() for label in left.get_yticklabels()]
    assert sorted(shown) == sorted(names.values())
    ends = [line for line in left.get_lines() if len(line.get_xdata()) == 1]
    marks = {
        name: [line for line in ends if line.get_ydata()[0] == row]
        for row, name in enumerate(shown)
    }
    for method, name in names.items():
        wide, narrow = (found.filter(method=method, points=p).row(0, named=True) for p in (5, 1))
        assert marks[name][0].get_xdata()[0] == pytest.approx(wide["decades"])
        assert marks[name][1].get_xdata()[0] == pytest.approx(narrow["decades"])
        assert marks[name][1].get_markerfacecolor() == "white"
        assert len(marks[name]) == 2 + (wide["at_low"] or wide["at_high"])
        model = own.runs.filter(method=method)["lb"].null_count() == 0
        assert (marks[name][0].get_color() == marks[names["momo"]][0].get_color()) == model
    lengths = [marks[name][0].get_xdata()[0] for name in shown]
    assert lengths == sorted(lengths, reverse=True)
    scores = [line.get_xdata()[0] for line in right.get_lines() if len(line.get_xdata()) == 1]
    momo = last(records, "test_score", workload="mnist_mlp", method="momo")
    assert scores[shown.index("MoMo")] in means(momo, "value", "worst")


def test_methods_are_ranked_on_the_seeds_that_all_have(records: Records) -> None:
    some = records.of((pl.col("method") != "momo") | (pl.col("seed") != 2))
    fewer = records.of(pl.col("seed") != 2)
    drawn_ = [rendered(draw("variants", each), "png") for each in (records, some, fewer)]
    assert drawn_[0] != drawn_[1] == drawn_[2]


def test_diffusion_shows_a_row_for_each_schedule(records: Records) -> None:
    own = records.of(pl.col("workload") == "diffusion_unet")
    cosine = own.runs.with_columns(
        run=pl.col("run") + "x", schedule=pl.lit("cosine"), plain=pl.lit(False)
    )
    epochs = own.epochs.with_columns(run=pl.col("run") + "x")
    both = Records(pl.concat([own.runs, cosine]), pl.concat([own.epochs, epochs]), own.steps)
    assert len(draw("diffusion", own).axes) == 4
    figure = draw("diffusion", both)
    assert len(figure.axes) == 8
    assert figure.axes[0].get_title(loc="left") == "constant learning rate"
    assert figure.axes[4].get_title(loc="left") == "cosine learning rate"


def test_one_workload_one_seed_and_runs_that_all_diverged_can_be_drawn(records: Records) -> None:
    own = records.of((pl.col("workload") == "mnist_mlp") & (pl.col("seed") == 0) & pl.col("plain"))
    failed = Records(
        own.runs.with_columns(status=pl.lit("diverged")),
        own.epochs.filter(epoch=0),
        own.steps,
    )
    for name in ("stability_mnist", "curves", "robustness"):
        assert draw(name, own).axes
        assert rendered(draw(name, failed), "png")


def test_files_are_written_whole(records: Records, tmp_path: Path) -> None:
    paths = save(draw("model", records), "model", tmp_path / "new", ("pdf", "png"))
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["model.pdf", "model.png"]
    assert [path.stat().st_size > 0 for path in paths] == [True, True]


def test_looks_differ_in_more_than_colour() -> None:

    pairs = [(look.colour, look.marker) for look in LOOKS.values()]
    assert len(set(pairs)) == len(pairs)
    main = [LOOKS[method] for method in MAIN]
    assert len({look.colour for look in main}) == len({look.marker for look in main}) == 4
