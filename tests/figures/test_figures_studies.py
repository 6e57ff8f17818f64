# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Figures of studies: what is gained seed by seed, and the numbers that they show."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from figures_records import SEEDS, lrs
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from paper_figs import scales, style
from paper_figs.registry import draw
from paper_figs.results import final, paired


def mnist(records: Records, **chosen: Any) -> pl.DataFrame:
    """Return the ends of runs on MNIST, otherwise as they are usually."""
    usual = {"svag": 1, "rounding": 0, "schedule": "constant", "beta": 0.9} | chosen
    conditions = [pl.col(name) == value for name, value in usual.items()]
    conditions += [pl.col("lb").is_null() | (pl.col("lb") == 0), pl.col("workload") == "mnist_mlp"]
    return final(records.of(pl.all_horizontal(conditions)))


def lines(axes: Axes, look: style.Look, *, points: bool) -> Line2D:
    """Return the line through the means of something, or the points of its seeds."""
    linestyle = "None" if points else "-"
    found = [
        line
        for line in axes.get_lines()
        if line.get_color() == look.colour
        and line.get_marker() == look.marker
        and (line.get_linestyle() == "None") == (linestyle == "None")
    ]
    assert len(found) == 1
    return found[0]


def gained(records: Records, column: str, method: str, **other: Any) -> np.ndarray:
    """Return what is gained over the usual runs, of shape (rates, seeds)."""
    with_, base = (
        mnist(records, method=method, **chosen).sort("lr", "seed")[column].to_numpy()
        for chosen in (other, {"beta": 0.0} if not other else {})
    )
    values = with_ - base if column == "score" else with_ / base
    return values.reshape(-1, len(SEEDS))


@pytest.mark.parametrize("method", ["momo", "sgd_m"])
def test_the_worth_of_momentum_is_paired_by_seed(records: Records, method: str) -> None:
    _, scores, _, losses = draw("momentum", records).axes
    look = style.LOOKS[method]
    for axes, column in ((scores, "score"), (losses, "loss")):
        values = gained(records, column, method)
        np.testing.assert_allclose(
            lines(axes, look, points=False).get_ydata(), values.mean(1), atol=1e-12
        )
        points = lines(axes, look, points=True)
        np.testing.assert_allclose(np.sort(points.get_ydata()), np.sort(values.ravel()), atol=1e-12)
        np.testing.assert_allclose(lines(axes, look, points=False).get_xdata(), lrs(method))


@pytest.mark.parametrize("schedule", ["cosine", "step"])
def test_what_a_schedule_gains_is_paired_by_seed(records: Records, schedule: str) -> None:
    from paper_figs.figures.schedules import LOOKS

    figure = draw("schedules", records)
    assert len(figure.axes) == 8
    axes = figure.axes[4]
    values = gained(records, "score", "momo", schedule=schedule)
    shown = lines(axes, LOOKS[schedule], points=False).get_ydata()
    np.testing.assert_allclose(shown, values.mean(1), atol=1e-12)


def test_a_run_without_a_partner_is_not_compared(records: Records) -> None:
    table = mnist(records, method="momo", schedule="constant")
    cosine = mnist(records, method="momo", schedule="cosine").filter(seed=1)
    both = pl.concat([table.filter(pl.col("seed") != 0), cosine])
    found = paired(both, "schedule", "constant")
    assert set(found["seed"]) == {1}
    assert found.height == len(lrs("momo"))
    lower_is_better = both.with_columns(higher_is_better=False)
    other = paired(lower_is_better, "schedule", "constant")
    np.testing.assert_allclose(other["score"], -found["score"])
    np.testing.assert_allclose(other["loss"], found["loss"])


@pytest.mark.parametrize(
    ("low", "high"), [(-0.3, 80.0), (0.0, 0.0), (-12.0, 0.4), (0.0, 0.05), (-90.0, 90.0)]
)
def test_gains_have_an_axis_on_both_sides_of_0(low: float, high: float) -> None:
    axes = Figure().subplots()
    scales.symmetric(axes, low, high, 0.1)
    bottom, top = axes.get_ylim()
    assert bottom < min(low, 0) <= max(high, 0) < top
    ticks = list(axes.get_yticks())
    assert ticks == sorted(set(ticks))
    assert 0 in ticks
    assert 2 <= len(ticks) <= 8
    assert all(bottom <= tick <= top for tick in ticks)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert [float(text.replace("−", "-")) for text in labels] == pytest.approx(ticks)


def test_the_best_scores_are_those_of_every_seed_at_the_best_rate(records: Records) -> None:
    figure = draw("best", records)
    axes = next(a for a in figure.axes if a.get_title(loc="left") == "MLP on MNIST")
    momo = style.LOOKS["momo"]
    small, large = (line for line in axes.get_lines() if line.get_color() == momo.colour)
    table = mnist(records, method="momo")
    means = table.group_by("lr").agg(pl.col("validation_score").mean()).sort("validation_score")
    own = table.filter(lr=means["lr"][-1])["score"]
    assert sorted(small.get_xdata()) == sorted(own)
    assert large.get_xdata()[0] == pytest.approx(own.mean())
    assert axes.get_yticklabels()[0].get_text().endswith(style.power_text(means["lr"][-1]))
    loss = next(a for a in figure.axes if a.get_title(loc="left").startswith("Diffusion"))
    assert loss.get_xlim()[0] > loss.get_xlim()[1]


def test_starred_methods_are_drawn_beside_the_bound_they_start_from(records: Records) -> None:
    from paper_figs.figures.lower_bounds import ONLINE

    left, right = draw("starred", records).axes
    for axes, method in ((left, "momo_star"), (right, "momo_adam_star")):
        own = (pl.col("workload") == "synthetic_least_squares") & (pl.col("method") == method)
        means = final(records.of(own)).group_by("lr").agg(pl.col("loss").mean()).sort("lr")
        shown = [line for line in axes.get_lines() if line.get_label() == "online"]
        np.testing.assert_allclose(shown[0].get_ydata(), means["loss"])
        assert shown[0].get_color() == ONLINE.colour
        assert "-10.0" in {line.get_label() for line in axes.get_lines()}


def test_decay_and_bound_are_drawn_with_their_means(records: Records) -> None:
    from paper_figs.figures.decay import LOOKS

    figure = draw("decay", records)
    assert len(figure.axes) == 2 * len(lrs("momo"))
    axes = figure.axes[1]
    assert axes.get_title(loc="left").startswith("MoMo, ")
    own = records.of((pl.col("workload") == "imagenet32_resnet18") & (pl.col("lr") == 0.1))
    for lb, look in zip((0.0, 0.9), LOOKS, strict=False):
        table = final(own).filter(lb=lb)
        means = table.group_by("weight_decay").agg(pl.col("score").mean()).sort("weight_decay")
        np.testing.assert_allclose(lines(axes, look, points=False).get_ydata(), means["score"])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "0.1"]


def test_roundings_of_a_seed_are_drawn_beside_all_seeds(records: Records) -> None:
    from paper_figs.figures.rounding import PLAIN
    from paper_figs.figures.rounding import SEEDS as LOOKS

    (axes,) = draw("rounding", records).axes
    assert len(axes.get_yticks()) == 2
    runs = records.runs.filter(workload="mnist_mlp", method="momo", lr=0.1)
    usual = runs.filter(pl.col("lb") == 0, beta=0.9, schedule="constant", svag=1)
    table = final(records.of(pl.col("run").is_in(usual["run"].implode())))
    table = table.with_columns(pl.col("score") - table.filter(rounding=0)["score"].mean())
    row = [line for line in axes.get_lines() if abs(line.get_ydata()[0]) < 0.5]
    for seed, look in zip((0, 1), LOOKS, strict=False):
        shown = next(line for line in row if line.get_color() == look.colour)
        expected = sorted(table.filter(seed=seed)["score"])
        np.testing.assert_allclose(sorted(shown.get_xdata()), expected, atol=1e-12)
        assert len(shown.get_xdata()) == 3
    plain = next(line for line in row if line.get_color() == PLAIN.colour)
    expected = sorted(table.filter(rounding=0)["score"])
    np.testing.assert_allclose(sorted(plain.get_xdata()), expected, atol=1e-12)


def test_steps_without_a_model_count_in_the_share_of_capped_steps(records: Records) -> None:
    zero = pl.when(pl.col("step") < 200).then(0.0).otherwise("adaptive").alias("adaptive")
    changed = Records(records.runs, records.epochs, records.steps.with_columns(zero))
    run = records.runs.filter(workload="mnist_mlp", method="momo", lr=0.1, seed=0).filter("plain")
    steps = changed.steps.filter(run=run["run"][0])
    share = (steps["adaptive"] >= steps["cap"]).mean()
    title = rf"$\alpha=${style.power_text(0.1)}: {share:.0%}"
    axes = next(a for a in draw("adaptive", changed).axes if a.get_title(loc="left") == title)
    assert len(axes.collections[0].get_offsets()) == steps.filter(pl.col("adaptive") > 0).height


def test_widths_are_near_the_best_of_the_same_methods_whatever_is_drawn(records: Records) -> None:
    """Also where the best of these is not drawn, and a better one is."""
    own = records.of((pl.col("workload") == "mnist_mlp") & pl.col("plain"))
    better = own.runs.filter(method="lion").get_column("run").implode()
    score = pl.when(pl.col("run").is_in(better)).then(99.9).otherwise("test_score")
    changed = Records(own.runs, own.epochs.with_columns(test_score=score), own.steps)
    momo = style.LOOKS["momo"]
    found = []
    for figure in (draw("robustness", changed), draw("robustness", changed, ("lion", "momo"))):
        dots = [line for line in figure.axes[1].get_lines() if line.get_marker() == momo.marker]
        found.append(dots[0].get_xdata()[0])
    assert found[0] == found[1] > 0


def test_curves_are_shown_from_the_first_epoch_on(records: Records) -> None:
    """The axis of the loss ends where the two best rates' losses do, and not before training."""
    own = records.of((pl.col("workload") == "mnist_mlp") & pl.col("plain"))
    axes = draw("curves", own, ("momo_adam",)).axes[1]
    lines_ = [np.log10(line.get_ydata()) for line in axes.get_lines()[:2]]
    later = np.concatenate([values[1:] for values in lines_])
    assert lines_[0][0] > later.max()
    room = scales.ROOM * (later.max() - later.min())
    limits = [later.min() - room, later.max() + room]
    np.testing.assert_allclose(np.log10(axes.get_ylim()), limits, atol=1e-9)


def test_curves_are_of_the_test_score_where_nothing_is_held_out(records: Records) -> None:
    own = records.of((pl.col("workload") == "mnist_mlp") & pl.col("plain"))
    nothing = pl.lit(None, pl.Float64)
    epochs = own.epochs.with_columns(validation_score=nothing, validation_loss=nothing)
    axes = draw("curves", Records(own.runs, epochs, own.steps)).axes[0]
    assert axes.get_ylabel().startswith("test")
    assert draw("curves", own).axes[0].get_ylabel().startswith("validation")
    momo = [line for line in axes.get_lines() if line.get_color() == style.LOOKS["momo"].colour]
    table = mnist(records, method="momo")
    means = table.group_by("lr").agg(pl.col("score").mean()).get_column("score")
    assert np.asarray(momo[0].get_ydata())[-1] == pytest.approx(means.max())
