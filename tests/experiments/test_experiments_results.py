# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The records of the project are those of the code as it is, and what is said of them is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments import records
from experiments.claims import CLAIMS
from experiments.claims.page import filled, verdicts
from experiments.config import product
from experiments.places import RESULTS
from experiments.records import Records
from experiments.studies import STUDIES
from experiments.studies.failures import GALLERY
from experiments.studies.gallery import gallery_sheet
from experiments.studies.more import more_sheets
from experiments.summary import curve, finals, to_markdown
from experiments.workloads import WORKLOADS, find

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "experiments" / "RESULTS.md").read_text(encoding="utf-8")
TABLES = (ROOT / "experiments" / "TABLES.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found() -> Records:
    return records.load(RESULTS)


WITHOUT_SWEEP = {"gpt"}
"""Workloads for a size that needs a GPU; `lm_transformer` has the records of a language model."""
SWEPT = [name for name in WORKLOADS if name not in WITHOUT_SWEEP]


@pytest.mark.parametrize("name", SWEPT)
def test_the_sweep_of_every_workload_is_there(name: str) -> None:
    runs = {run.id for run in product(find(name), "small")}
    assert runs <= records.finished(RESULTS / f"{name}.parquet")


WITHOUT = pytest.mark.xfail(reason="no records of it yet", strict=True)
UNRECORDED: tuple[str, ...] = (
    "baselines",
    "baselines_images",
    "baselines_text",
)
"""Studies whose runs are not in the results yet; each leaves this list with its records."""


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=WITHOUT) if n in UNRECORDED else n for n in STUDIES]
)
def test_the_runs_of_every_study_are_there(name: str) -> None:
    assert {run.id for run in STUDIES[name].runs((0, 1))} <= records.finished(RESULTS)


def test_the_tables_are_those_of_the_records(found: Records) -> None:
    tables = to_markdown(found, *more_sheets(found))
    assert tables == TABLES, "python -m experiments summary --markdown FILE writes them anew"


def test_the_sentences_are_those_that_the_records_bear_out(found: Records) -> None:
    judged = verdicts(CLAIMS, finals(found.runs, found.epochs))
    assert filled(TEXT, judged) == TEXT, "python -m experiments claims --into FILE writes them anew"
    waiting = tuple(name.replace("_", "-") for name in UNRECORDED)
    without = [each.claim.name for each in judged if not each.n]
    assert not [name for name in without if not name.startswith(waiting)]
    sections = {each.claim.section for each in judged}
    assert all(f"<!-- claims: {section} -->" in TEXT for section in sections)


def test_every_failure_of_the_gallery_fails_and_its_cure_cures(found: Records) -> None:
    """By more than the spread over seeds: five points, or 0.1 of a loss."""
    rows = gallery_sheet(found).rows
    assert len(rows) == len(GALLERY)
    for failure, row in zip(GALLERY, rows, strict=True):
        before, after = map(float, row[-2:])
        score = find(failure.workload).presets["small"].score or find(failure.workload).score
        gain = (after - before) * (1 if score.higher_is_better else -1)
        assert gain > 5 * score.point, failure.name


def test_every_small_sweep_shows_the_effect(found: Records) -> None:
    """The best rates learn, the largest of SGD-M and Adam fail: ten points below the best."""
    curves = curve(finals(found.runs, found.epochs).filter("plain"))
    for name in SWEPT:
        own = curves.filter(workload=name)
        sign = 1 if own["higher_is_better"][0] else -1
        best = sign * (sign * own["score"]).max()
        assert sign * (best - own["worst"][0]) > 10 * own["point"][0], name
        for method in {"sgd_m", "adam", "adam_w"} & {*own["method"]}:
            largest = own.filter(method=method).sort("lr")["score"][-1]
            assert sign * (best - largest) > 10 * own["point"][0], (name, method)


def test_what_the_readme_says_of_mnist_is_so(found: Records) -> None:
    curves = curve(finals(found.runs, found.epochs).filter("plain", workload="mnist_mlp"))
    scores = {(row["method"], row["lr"]): row["score"] for row in curves.iter_rows(named=True)}
    assert scores["momo", 1e3] > scores["momo", 1.0] - 1
    assert scores["momo_adam", 10.0] > scores["momo_adam", 1e-2] - 1
    assert scores["sgd_m", 10.0] < 20
    assert scores["adam", 1.0] < 20


def test_the_records_are_small_and_say_where_they_are_from(found: Records) -> None:
    assert sum(path.stat().st_size for path in RESULTS.glob("*.parquet")) < 3e6
    runs = found.runs
    for column in ("version", "commit", "torch", "python", "device"):
        assert runs.get_column(column).null_count() == 0
    assert not runs.get_column("commit").str.ends_with("+").any()
    plain = runs.filter("plain")  # a study may be at another scale
    assert set(plain.filter(workload="mnist_mlp").get_column("preset")) <= {"small", "paper"}
    assert set(runs.filter(workload="cifar10_vit").get_column("preset")) == {"small"}


def test_the_results_say_what_is_a_stand_in() -> None:
    section = TEXT.partition("## What stands for what")[2].partition("\n## ")[0]
    assert {*re.findall(r"`(\w+)`", section)} >= {*SWEPT}
