# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Readers' questions, and the tables one sees, on records made by hand."""

from __future__ import annotations

import io
from functools import cache
from itertools import product
from typing import Any

import polars as pl
import pytest
import torch
from experiments_summary_cases import Cases, cases
from rich.console import Console

from experiments.optimizers import OPTIMIZERS, find
from experiments.records import Records
from experiments.summary import (
    failures,
    finals,
    lower_bounds,
    momentum,
    random_scaling,
    schedules,
    show,
    svag,
    to_markdown,
)
from experiments.summary.random_scaling import SCALED
from experiments.summary.sheet import Sheet, number, rate, spread
from experiments.summary.significance import Paired, paired
from experiments.summary.tables import WIDTH, sheets


def ends_of(found: Cases) -> pl.DataFrame:
    return finals(found.runs, found.epochs)


# ---- questions ------------------------------------------------------------------------------


def test_momentum_is_compared_at_equal_rates() -> None:
    found = cases(("momo", 0.1, 50.0), ("momo", 1.0, 90.0), ("momo", 10.0, 80.0))
    for lr, score in ((0.1, 49.0), (1.0, 91.0), (100.0, 20.0)):
        found.add("momo", lr, score, beta=0.0, plain=False)
    rows = momentum(ends_of(found)).select("lr", "decades", "without", "with", "difference", "n")
    assert rows.row(0) == pytest.approx((0.1, -1.0, 49.0, 50.0, 1.0, 1))
    assert rows.row(1) == pytest.approx((1.0, 0.0, 91.0, 90.0, -1.0, 1))
    assert len(rows) == 2


def svag_runs() -> Cases:
    """Return three seeds, of which β = 0.9 gains 1, 2, 3 points at ℓ = 1 and 0, 1, 5 at ℓ = 4."""
    found = Cases()
    for seed in range(3):
        gains = {1: seed + 1.0, 4: (0.0, 1.0, 5.0)[seed]}
        for level, gain in gains.items():
            own: dict[str, Any] = {"seed": seed, "svag": level, "plain": level == 1}
            found.add("momo", 1.0, 50.0 + gain + seed, loss=0.5, **own)
            none = {**own, "beta": 0.0, "plain": False}
            found.add("momo", 1.0, 50.0 + seed, loss=0.5 + gain / 10, **none)
    return found


def test_momentum_with_svag_is_paired_over_seeds_and_levels() -> None:
    table = svag(ends_of(svag_runs()))
    rows = {(row["measure"], row["svag"]): row for row in table.iter_rows(named=True)}
    assert list(rows) == [("score", 1), ("score", 4), ("loss", 1), ("loss", 4)]
    for measure, unit in (("score", 1.0), ("loss", 0.1)):
        one, four = rows[measure, 1], rows[measure, 4]
        assert (one["n"], one["change"]) == (3, None)
        for row, values in ((one, [1.0, 2.0, 3.0]), (four, [0.0, 1.0, 5.0])):
            expected = paired([unit * value for value in values], [0.0] * 3)
            assert [row[k] for k in Paired._fields] == pytest.approx(list(expected))
        change = paired([-unit, -unit, 2 * unit], [0.0] * 3)
        found = [four[k] for k in ("change", "change_low", "change_high", "change_p")]
        expected_change = [change.difference, change.low, change.high, change.p]
        assert found == pytest.approx(expected_change, abs=1e-12)
    assert rows["score", 4]["with"] - rows["score", 4]["without"] == pytest.approx(2.0)
    assert rows["loss", 4]["without"] - rows["loss", 4]["with"] == pytest.approx(0.2)


def test_worth_with_svag_is_also_that_over_batch_sizes_seed_by_seed() -> None:
    """Of the seeds that all sizes have: here 0 and 1."""
    found = Cases()
    gains = {4: (1.0, 2.0, 9.0), 8: (3.0, 6.0)}
    for (size, values), level in product(gains.items(), (1, 2)):
        for seed, gain in enumerate(values):
            own: dict[str, Any] = {"seed": seed, "svag": level, "batch_size": size}
            found.add("momo", 1.0, 50.0 + gain * level, **own)
            found.add("momo", 1.0, 50.0, **own, beta=0.0)
    rows = svag(ends_of(found)).filter(measure="score").to_dicts()
    sizes = [(row["batch_size"], row["svag"], row["n"]) for row in rows]
    assert sizes == [(4, 1, 3), (4, 2, 3), (8, 1, 2), (8, 2, 2), (None, 1, 2), (None, 2, 2)]
    expected = paired([2.0, 4.0], [0.0, 0.0])
    assert [rows[4][k] for k in Paired._fields] == pytest.approx(list(expected))
    assert (rows[5]["difference"], rows[5]["change"]) == pytest.approx((6.0, 3.0))


def test_with_svag_a_run_that_diverged_has_learned_nothing() -> None:
    """Its score is the worst, and its loss that before training."""
    found = svag_runs()
    for level in (1, 4):
        found.add("momo", 10.0, 60.0, svag=level, loss=0.5)
        found.add("momo", 10.0, None, svag=level, beta=0.0)
    table = svag(ends_of(found)).filter(lr=10.0)
    assert table["difference"].to_list() == pytest.approx([50.0, 50.0, 1.5, 1.5])
    assert table["without"].to_list() == pytest.approx([10.0, 10.0, 2.0, 2.0])


def test_where_there_is_no_svag_or_no_run_without_momentum_nothing_is_said() -> None:
    found = cases(("momo", 1.0, 50.0))
    found.add("momo", 1.0, 50.0, beta=0.0)
    assert svag(ends_of(found)).is_empty()
    found = cases(("momo", 1.0, 50.0))
    found.add("momo", 1.0, 50.0, svag=2)
    assert svag(ends_of(found)).is_empty()


def test_random_scaling_is_compared_at_equal_rates_over_shared_seeds() -> None:
    found = Cases()
    for seed, gain in enumerate((-1.0, -2.0, 4.0)):
        for lr in (0.1, 1.0):
            found.add("momo", lr, 50.0 + seed, seed=seed)
            found.add("momo_random_scaling", lr, 50.0 + seed + gain * lr, seed=seed)
    found.add("momo_random_scaling", 1.0, 90.0, seed=7)
    found.add("momo_random_scaling", 1.0, 90.0, plain=False, beta=0.0)
    small, large = random_scaling(ends_of(found)).to_dicts()
    for row, unit in ((small, 0.1), (large, 1.0)):
        expected = paired([-unit, -2 * unit, 4 * unit], [0.0] * 3)
        assert [row[k] for k in Paired._fields] == pytest.approx(list(expected), abs=1e-12)
        assert row["without"] == 51.0
    assert random_scaling(ends_of(cases(("momo", 1.0, 50.0)))).is_empty()


def test_random_scaling_of_sgd_m_is_compared_at_the_rate_that_a_gradient_has_in_all() -> None:
    """In ``Δ ← β(Δ - ηg)`` its weights add up to ηβ/(1-β)."""
    found = cases(("sgd_m", 0.3, 50.0))
    name = next(name for name, (base, _) in SCALED.items() if base == "sgd_m")
    found.add("sgd_m", 0.3 * (1 - 0.9) / 0.9, 53.0)
    found.rows[-1]["method"] = name
    (row,) = random_scaling(ends_of(found)).to_dicts()
    assert (row["method"], row["lr"], row["difference"]) == (name, 0.3, 3.0)
    entry = find(name)
    optimizer = entry.build([torch.nn.Parameter(torch.ones(1))], entry.row.defaults)
    (group,) = optimizer.param_groups
    assert (group["mu"], group["momentum"]) == (0.0, 0.9)


def test_without_runs_at_zero_there_is_nothing_on_momentum() -> None:
    assert momentum(ends_of(cases(("momo", 0.1, 50.0)))).is_empty()


def test_momentum_is_compared_over_shared_seeds_alone() -> None:
    """Of a third seed with momentum alone nothing is used; without a shared one nothing is said."""
    found = cases(("momo", 1.0, 90.0), ("momo", 10.0, 80.0))
    found.add("momo", 1.0, 92.0, seed=1)
    found.add("momo", 1.0, 10.0, seed=2)
    for seed, score in ((0, 89.0), (1, 88.0)):
        found.add("momo", 1.0, score, seed=seed, beta=0.0, plain=False)
    found.add("momo", 10.0, 70.0, seed=3, beta=0.0, plain=False)
    one, ten = momentum(ends_of(found)).to_dicts()
    expected = paired([1.0, 4.0], [0.0, 0.0])
    assert [one[name] for name in Paired._fields] == pytest.approx(list(expected))
    assert (one["without"], one["with"]) == (88.5, 91.0)
    assert (ten["n"], ten["with"]) == (0, None)
    text = to_markdown(records(found))
    assert "| w (small) | MoMo | 1e1 | +0.0 |  |  | no shared seeds |" in text


def test_methods_without_shared_seeds_leave_room_for_the_workload() -> None:
    found = cases(("momo", 1.0, 90.0))
    for seed, method in enumerate(("momo_adam", "sgd_m", "adam"), 1):
        found.add(method, 1.0, 90.0, seed=seed)
    best = next(sheets(records(found)))
    text = io.StringIO()
    Console(file=text, width=100).print(best.table())
    (line,) = (line for line in text.getvalue().splitlines() if "w (small)" in line)
    assert line.count("no shared seeds") == 4


def test_each_schedule_has_its_own_best_rate_and_width() -> None:
    found = cases(("sgd_m", 0.1, 80.0), ("sgd_m", 1.0, 62.0), ("momo", 1.0, 70.0))
    other: dict[str, Any] = {"schedule": "cosine", "plain": False}
    for lr, score in ((0.1, 82.0), (1.0, 85.0)):
        found.add("sgd_m", lr, score, **other)
    found.add("sgd_m", 1.0, 85.5, **other, warmup=0.1)
    found.add("sgd_m", 1.0, 99.0, **other, lb=3.0)  # differs in more
    rows = schedules(ends_of(found))
    columns = ("method", "schedule", "warmup", "lr", "score", "difference", "is_plain")
    assert rows.select(columns).rows() == [
        ("sgd_m", "constant", 0.0, 0.1, 80.0, None, True),
        ("sgd_m", "cosine", 0.0, 1.0, 85.0, 5.0, False),
        ("sgd_m", "cosine", 0.1, 1.0, 85.5, 23.5, False),  # at the rate that both have
    ]
    # Within five points of 80, the best of the plain runs.
    assert rows["decades"].to_list() == pytest.approx([5 / 18, 1.0, 0.0])
    assert rows["wider"][1] == pytest.approx(1 - 5 / 18)


def test_a_schedule_is_compared_over_the_seeds_and_rates_that_both_have() -> None:
    found = Cases()
    for seed in range(3):
        for lr, score in ((0.1, 70.0), (1.0, 80.0 + seed), (10.0, 95.0)):
            found.add("momo", lr, score, seed=seed)
    for seed in (1, 2):
        for lr, score in ((0.1, 71.0), (1.0, 80.0 + 3 * seed)):
            found.add("momo", lr, score, seed=seed, schedule="cosine", plain=False)
    (row,) = schedules(ends_of(found)).filter(~pl.col("is_plain")).to_dicts()
    expected = paired([2.0, 4.0], [0.0, 0.0])
    assert [row[name] for name in Paired._fields] == pytest.approx(list(expected))


def test_without_a_shared_seed_a_schedule_is_not_compared() -> None:
    found = cases(("momo", 1.0, 90.0))
    found.add("momo", 1.0, 50.0, seed=1, schedule="cosine", plain=False)
    text = to_markdown(records(found))
    row = "| w (small) | MoMo | cosine | 1e0: 50.00 | no shared seeds |  | – |  | 0 |"
    assert row in text


def test_an_online_bound_is_another_bound_of_the_same_method() -> None:
    found = cases(("momo", 1.0, 70.0), ("momo", 10.0, 60.0), ("adam", 1.0, 50.0))
    found.add("momo", 1.0, 40.0, lb=2.0, plain=False, loss=1.5)
    found.add("momo", 1.0, 99.0, lb=3.0, clip=1.0, plain=False)  # differs in more
    found.add("momo_star", 10.0, 75.0)
    found.add("momo_adam", 1.0, 50.0)  # one bound only
    rows = lower_bounds(ends_of(found)).sort("lb", "online")
    columns = ("method", "lb", "online", "lr", "score", "loss", "difference")
    assert rows.select(columns).rows() == [
        ("momo", 0.0, False, 1.0, 70.0, 0.5, None),
        ("momo", 0.0, True, 10.0, 75.0, 0.5, 15.0),
        ("momo", 2.0, False, 1.0, 40.0, 1.5, -30.0),
    ]


def test_failures_are_runs_that_diverged_or_learned_nothing() -> None:
    found = Cases()
    for seed, step in ((0, 12), (1, 40)):
        found.add("sgd_m", 10.0, None, seed=seed, diverged_at=step)
    found.add("sgd_m", 10.0, 80.0, seed=2)
    found.add("sgd_m", 0.001, 10.9)
    found.add("sgd_m", 1.0, 95.0)
    found.add("sgd_m", 1.0, 9.0, schedule="cosine", clip=1.0, plain=False)
    rows = failures(ends_of(found)).sort("lr")
    columns = ("lr", "changed", "n", "diverged", "stuck", "first_step", "last_step", "best_lr")
    assert rows.select(columns).rows() == [
        (0.001, "", 1, 0, 1, None, None, 1.0),
        (1.0, "schedule = cosine, clip = 1.0", 1, 0, 1, None, None, 1.0),
        (10.0, "", 3, 2, 0, 12, 40, 1.0),
    ]
    assert rows["best_score"].to_list() == [95.0, 10.0, 95.0]


def test_failures_are_shown_by_method() -> None:
    found = cases(("sgd_m", 10.0, None), ("sgd_m", 100.0, None), ("sgd_m", 1.0, 95.0))
    found.add("sgd_m", 10.0, None, seed=1, diverged_at=9)
    found.add("sgd_m", 100.0, 10.0, seed=1)
    text = to_markdown(records(found))
    row = "| w (small) | SGD-M | 1e1 (7–9), 1e2 1/2 (7) | 1e2 1/2 | lr 1e0: 95.00 |"
    assert row in text


# ---- tables ---------------------------------------------------------------------------------


@cache
def everything() -> Cases:
    """All methods, at 15 rates, on a workload with a long name; and four, briefly, on another."""
    found = Cases()
    for index, method in enumerate(OPTIMIZERS):
        for power, seed in product(range(-7, 8), range(2)):
            score = None if power > 5 else 90.0 - abs(power) * index + seed
            lr = float(f"{10 ** (power / 2):.3g}")
            found.add(method, lr, score, seed=seed, workload="iwslt14_transformer")
            if method in ("momo", "momo_adam_undivided"):
                for change in (
                    {"beta": 0.0},
                    {"schedule": "cosine"},
                    {"lb": 1.0},
                    {"svag": 2},
                    {"rounding": 1},
                    {"beta": 0.0, "svag": 2},
                ):
                    both: dict[str, Any] = {"workload": "iwslt14_transformer", **change}
                    found.add(method, lr, score, seed=seed, plain=False, **both)
    for method in ("momo", "momo_adam", "sgd_m", "adam"):
        found.add(method, 1.0, 80.0, workload="cifar100_resnet110")
    return found


def records(found: Cases) -> Records:
    return Records(found.runs, found.epochs, pl.DataFrame())


def shown(found: Cases) -> str:
    text = io.StringIO()
    show(records(found), Console(file=text, width=80, soft_wrap=True, color_system=None))
    return text.getvalue()


@cache
def everything_shown() -> str:
    return shown(everything())


def test_nothing_is_cut() -> None:
    found = everything()
    lines = everything_shown().splitlines()
    assert max(map(len, lines)) <= WIDTH
    for sheet in sheets(records(found)):
        for row in (sheet.headers, *sheet.rows):
            numbers = row[sheet.left :]
            assert any(in_order(numbers, line) for line in lines), (sheet.title, row)
        text = io.StringIO()
        Console(file=text, width=WIDTH).print(sheet.table())
        first = text.getvalue().replace("\n", "")
        cells = [cell for row in sheet.rows for cell in row[: sheet.left]]
        # Columns fold, between words where they can.
        assert all(word[:14] in first for cell in cells for word in cell.split())


def in_order(parts: tuple[str, ...], line: str) -> bool:
    place = 0
    for part in parts:
        place = line.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


def test_all_parts_are_there_in_both_forms() -> None:
    found = everything()
    for text in (everything_shown(), to_markdown(records(found))):
        for part in (
            "Best scores",
            "Robustness to the learning rate",
            "Score by learning rate",
            "Differences in the best score",
            "Differences in robust width",
            "Other methods",
            "Time of a step",
            "What momentum is worth",
            "Momentum with SVAG",
            "Random scaling at equal learning rates",
            "Schedules",
            "Lower bounds",
            "Rounding",
            "Failures",
            "MoMo – SGD-M",
            "div.",
        ):
            assert part in text, part


def test_numbers_arrive_in_the_tables() -> None:
    found = Cases()
    for seed, score in enumerate((90.0, 92.0)):
        found.add("momo", 1.0, score, seed=seed)
        found.add("sgd_m", 1.0, score - 10 + seed, seed=seed, training_time=2.5)
        found.add("lion", 1.0, score - 20, seed=seed)
    text = to_markdown(records(found))
    best = "| w (small) | accuracy in % | 1e0: 91.00 ± 1.41 |  | 1e0: 81.50 ± 2.12 |  | 2 |"
    # Of one rate: no decades; within the reference's best at both ends, or below it.
    wide = (
        "| w (small) | MoMo | ≥ 0.0 (0.0, 0.0) | ≥ 0.0 (0.0, 0.0) | ≥ 0.0 (0.0, 0.0) | 0 (0, 0) |"
    )
    half = f"{paired([10.0, 9.0], [0.0, 0.0]).high - 9.5:.2f}"
    difference = f"| w (small) | MoMo – SGD-M | +9.50 ± {half} | 0.5 | 0.5 | 0.5 | ? | 2 |"
    for row in (
        best,
        wide,
        difference,
        "| w (small) | SGD-M |  |  |  |  | 81.50 |  |  |  |",
        "| w (small) | Lion | 1e0: 71.00 | – | – | – |  | 0.0 (0.0, 0.0) | 0 |",
        "| w (small) | 25.00 | +0 % | – | – |",
    ):
        assert row in text, row
    worth = to_markdown(records(svag_runs()))
    half = f"{paired([1.0, 2.0, 3.0], [0.0] * 3).high - 2:.2f}"
    loss = f"{paired([0.1, 0.2, 0.3], [0.0] * 3).high - 0.2:.3f}"
    row = f"| w (small) | MoMo | 4 | 1e0 | 1 | +0.200 ± {loss} |  | +2.00 ± {half} |  | 3 |"
    assert row in worth


def test_no_runs_are_no_error() -> None:
    assert shown(Cases()) == to_markdown(records(Cases())) == "no runs yet\n"


def test_runs_that_are_not_plain_alone_are_no_error() -> None:
    text = to_markdown(records(cases(("momo", 1.0, None), beta=0.0, plain=False)))
    assert "Failures" in text
    assert "Best scores" not in text


def test_an_unknown_method_comes_last() -> None:
    found = cases(("adam", 1.0, 50.0))
    found.add("lion", 1.0, 60.0)
    found.rows[-1] |= {"method": "gone", "method_title": "Gone"}
    found.add("momo", 1.0, 50.0)
    text = to_markdown(records(found))
    curves = text.partition("## Score by learning rate")[2]
    assert curves.index("| MoMo |") < curves.index("| Adam |") < curves.index("| Gone |")


@pytest.mark.parametrize(
    ("lr", "text"), [(1e-3, "1e-3"), (10**-1.5, "3.16e-2"), (1.0, "1e0"), (100.0, "1e2")]
)
def test_rates_are_short(lr: float, text: str) -> None:
    assert rate(lr) == text


def test_scores_have_digits_to_a_hundredth_of_a_point() -> None:
    assert number(98.1234) == "98.12"
    assert number(0.51234, point=0.05) == "0.5123"
    assert number(1.234e-7, point=0.05) == "1e-07"
    assert number(0.0) == "0.00"
    assert number(None) == number(float("nan")) == "–"
    assert spread(1.0, None) == "1.00"
    assert spread(1.0, 0.5) == "1.00 ± 0.50"


def test_cells_of_markdown_keep_their_columns() -> None:
    sheet = Sheet("t", ("a", "b"), (("x | y", "1"),), note="n")
    assert sheet.markdown() == "## t\n\n| a | b |\n| --- | ---: |\n| x \\| y | 1 |\n\nn\n"
