"""A record says all about its run, is whole or not there, and is known if damaged."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl
import pytest
from experiments_runs import quick, trained

from experiments import records
from experiments.records import UnreadableRecordError, finished, load, pack, path_of, save


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with three records, one of a run that diverged."""
    where = tmp_path_factory.mktemp("records")
    for method, lr in (("momo", 0.1), ("adam", 0.01), ("sgd_m", 1e6)):
        save(where, trained(quick(method, lr)))
    return where


def test_what_is_written_is_read(tmp_path: Path) -> None:
    record = trained(quick("momo_adam", 1e-2))
    save(tmp_path, record)
    found = load(tmp_path)
    (about,) = found.runs.to_dicts()
    scale = about.pop("scale")
    assert about == {name: value for name, value in record.run.items() if name != "scale"}
    assert '"features": 10' in scale
    assert found.epochs.drop("run").to_dicts() == list(record.epochs)
    assert found.steps.get_column("step").to_list() == [row["step"] for row in record.steps]
    # stored in single precision
    for name in ("loss", "adaptive", "step_size", "lower_bound"):
        expected = [row[name] for row in record.steps]
        assert found.steps.get_column(name).to_list() == pytest.approx(expected, rel=2**-23)


def test_records_older_than_a_column_have_nothing_there(folder: Path, tmp_path: Path) -> None:
    """Only of those that are known to be later."""
    (path, *_) = folder.glob("*.parquet")
    table = pl.read_parquet(path)
    for column in ("sample_distance", "clip"):
        about = pl.col("about").str.replace(f'"{column}": null, ', "")
        table.with_columns(about).write_parquet(tmp_path / path.name)
        if column == "clip":
            with pytest.raises(UnreadableRecordError):
                load(tmp_path)
        else:
            assert f'"{column}"' in table.filter(kind="run")["about"][0]
            assert load(tmp_path).runs.get_column(column).to_list() == [None]


def test_a_baseline_has_no_model(folder: Path) -> None:
    steps = load(folder).of(pl.col("method") == "adam").steps
    assert len(steps) == 50
    assert steps.get_column("loss").null_count() == 0
    assert steps.get_column("adaptive").null_count() == 50


def test_a_diverged_run_is_there(folder: Path) -> None:
    found = load(folder).of(pl.col("method") == "sgd_m")
    (about,) = found.runs.to_dicts()
    assert about["status"] == "diverged"
    assert about["diverged_at"] == about["steps"] - 1
    assert math.isnan(found.epochs.get_column("test_loss")[-1])


def test_packed_records_are_the_same(folder: Path, tmp_path: Path) -> None:
    assert pack([folder], tmp_path / "packed.parquet", steps=1000) == 3
    one, other = load(folder), load(tmp_path)
    assert one.runs.equals(other.runs)
    assert one.epochs.equals(other.epochs)
    assert one.steps.equals(other.steps)
    assert finished(tmp_path) == finished(folder)


def test_a_packed_file_may_have_any_name(folder: Path, tmp_path: Path) -> None:
    # as long as an id is
    pack([folder], tmp_path / "cifar10_resnet20.parquet")
    assert finished(tmp_path) == finished(folder)


def test_packing_thins_the_steps_evenly(folder: Path, tmp_path: Path) -> None:
    pack([folder], tmp_path / "packed.parquet", steps=20)
    steps = load(tmp_path).steps.group_by("run").agg(pl.col("step"))
    longest = max((row["step"] for row in steps.to_dicts()), key=len)
    assert longest == [*range(0, 50, 3)]


def test_a_run_in_two_files_counts_once_and_the_first_counts(folder: Path, tmp_path: Path) -> None:
    pack([folder], tmp_path / "packed.parquet", steps=10)
    both = load(folder, tmp_path)
    assert both.runs.equals(load(folder).runs)
    assert both.steps.equals(load(folder).steps)


def test_a_file_that_is_cut_short_is_an_error(folder: Path, tmp_path: Path) -> None:
    run = quick("momo", 0.1)
    whole = path_of(folder, run.id).read_bytes()
    broken = path_of(tmp_path, run.id)
    for size in (0, 3, len(whole) // 2, len(whole) - 1):
        broken.write_bytes(whole[:size])
        with pytest.raises(UnreadableRecordError, match=f"{run.id}.*delete it to repeat"):
            load(tmp_path)
        with pytest.raises(UnreadableRecordError, match=run.id):
            finished(tmp_path)


def test_another_table_is_no_record(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "other.parquet")
    with pytest.raises(UnreadableRecordError, match=r"other\.parquet"):
        load(tmp_path)


def test_a_record_from_before_svag_is_one_without(folder: Path, tmp_path: Path) -> None:
    run = quick("momo", 0.1)
    table = pl.read_parquet(path_of(folder, run.id))
    older = table.with_columns(pl.col("about").str.replace('"svag": 1, ', "", literal=True))
    assert not older.equals(table)
    older.write_parquet(path_of(tmp_path, run.id))
    assert load(tmp_path).runs["svag"].to_list() == [1]
    assert finished(tmp_path) == {run.id}


def test_an_edited_record_is_an_error(folder: Path, tmp_path: Path) -> None:
    run = quick("momo", 0.1)
    table = pl.read_parquet(path_of(folder, run.id))
    edited = table.with_columns(pl.col("about").str.replace('"lr": 0.1', '"lr": 1.0'))
    edited.write_parquet(path_of(tmp_path, run.id))
    with pytest.raises(UnreadableRecordError, match=f"not the one named {run.id}"):
        load(tmp_path)


def test_missing_paths_are_an_error_and_empty_folders_are_not(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no records at"):
        load(tmp_path / "nothing")
    assert load(tmp_path).runs.shape == (0, len(records.RUNS))
    assert finished(tmp_path, tmp_path / "nothing") == set()
