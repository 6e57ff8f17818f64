# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A record says all about its run, is whole or not there, and is known if damaged."""

from __future__ import annotations

import io
import json
import math
import pickle
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from experiments_runs import quick, trained

from experiments import records
from experiments.damage import UnreadableRecordError, left_out, set_aside
from experiments.places import RESULTS
from experiments.records import Records, finished, load, pack, path_of, save
from experiments.sealed import BLANK, KEY, VERSION, sealed, version


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
        with pytest.raises(UnreadableRecordError, match=f"{run.id}.*it is cut short"):
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


def same(one: Records, other: Records) -> bool:
    """Return whether tables are equal; NaN is equal to NaN."""
    names = ("runs", "epochs", "steps")
    return all(getattr(one, name).equals(getattr(other, name)) for name in names)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_a_flipped_bit_is_seen_wherever_it_is(folder: Path, tmp_path: Path) -> None:
    """400 drawn from all bits, and some of the seal: errors, even if the tables are the same."""
    path = path_of(folder, quick("sgd_m", 1e6).id)
    whole = path.read_bytes()
    seal = whole.index(KEY.encode())
    drawn = np.random.default_rng(0).choice(8 * len(whole), 400, replace=False).tolist()
    damaged = path_of(tmp_path, path.stem)
    for bit in (*drawn, *range(8 * (seal - 2), 8 * (seal + 130), 5)):
        damaged.write_bytes(flipped(whole, bit))
        for read in (load, finished):
            with pytest.raises(UnreadableRecordError, match=path.stem):
                read(tmp_path)


def older(path: Path, target: Path) -> None:
    """Write the table of a record as records were before there were seals."""
    pl.read_parquet(path).write_parquet(target)


def test_a_file_without_a_seal_is_of_version_one_and_packing_gives_it_one(
    folder: Path, tmp_path: Path
) -> None:
    for path in folder.glob("*.parquet"):
        assert version(path.read_bytes()) == VERSION == 2
        older(path, tmp_path / path.name)
        assert version((tmp_path / path.name).read_bytes()) == 1
    assert same(load(tmp_path), load(folder))
    assert finished(tmp_path) == finished(folder)
    packed = tmp_path / "packed" / "all.parquet"
    pack([tmp_path], packed)
    assert version(packed.read_bytes()) == 2


def test_damage_without_a_seal_is_an_error_that_names_the_file_or_is_not_seen(
    folder: Path, tmp_path: Path
) -> None:
    """Never an error of another kind; a third of the bits is seen, which is what seals are for."""
    path = path_of(folder, quick("momo", 0.1).id)
    old = tmp_path / path.name
    older(path, old)
    whole, seen = old.read_bytes(), 0
    for bit in np.random.default_rng(0).choice(8 * len(whole), 100, replace=False).tolist():
        old.write_bytes(flipped(whole, bit))
        try:
            load(old)
        except UnreadableRecordError:
            seen += 1
    assert 20 < seen < 80


def test_a_newer_version_is_no_damage(folder: Path, tmp_path: Path) -> None:
    """It is neither left out nor set aside, so that nothing repeats what a newer one has done."""
    run = quick("momo", 0.1).id
    table = pl.read_parquet(path_of(folder, run))
    buffer = io.BytesIO()
    table.write_parquet(buffer, metadata={KEY: BLANK.replace('"version": 2', '"version": 3')})
    path_of(tmp_path, run).write_bytes(sealed(buffer.getvalue()))
    for read in (load, finished):
        with pytest.raises(
            ValueError, match=rf"{run}.*is a record of version 3; allowed here: up to 2"
        ):
            read(tmp_path, damaged=set_aside)
    assert path_of(tmp_path, run).exists()


def test_a_record_of_mnist_from_before_held_a_tenth_out(folder: Path, tmp_path: Path) -> None:
    """What was called its paper scale is its small one; whether it is plain stays as it was."""
    old = load(RESULTS).of((pl.col("workload") == "mnist_mlp") & pl.col("plain"))
    assert set(old.runs["preset"]) == {"small"}
    (about,) = old.runs.head(1).to_dicts()
    about |= {"scale": json.loads(about["scale"]), "preset": "paper"}
    record = records.Record(about, [], [])
    path = save(tmp_path, record)
    assert load(path).runs["preset"].to_list() == ["paper"]
    older(path, path)
    assert load(path).runs["preset"].to_list() == ["small"]


def test_others_go_on_without_a_damaged_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder, tmp_path / "all")
    path = path_of(tmp_path / "all", quick("momo", 0.1).id)
    path.write_bytes(path.read_bytes()[:-1])
    others = finished(folder) - {path.stem}
    assert set(load(tmp_path / "all", damaged=left_out).runs["run"]) == others
    assert f"{path} is no readable record (it is cut short" in capsys.readouterr().err
    assert path.exists()
    assert finished(tmp_path / "all", damaged=set_aside) == others
    assert f"set aside as {path.name}.damaged" in capsys.readouterr().err
    assert not path.exists()
    assert path.with_name(f"{path.name}.damaged").exists()
    assert finished(tmp_path / "all") == others
    assert capsys.readouterr().err == ""


def test_an_error_comes_whole_from_another_process() -> None:
    error = UnreadableRecordError(Path("a.parquet"), "cut")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_missing_paths_are_an_error_and_empty_folders_are_not(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no records at"):
        load(tmp_path / "nothing")
    assert load(tmp_path).runs.shape == (0, len(records.RUNS))
    assert finished(tmp_path, tmp_path / "nothing") == set()
