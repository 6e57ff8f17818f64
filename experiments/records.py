"""Records: what runs left behind, as parquet tables that say all about themselves.

A file holds one run, or many (`pack`). Its one table has three kinds of rows: "run" (one a run, all
about it as JSON in ``about``), "epoch" and "step". `load` takes them apart again.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from experiments import config
from experiments.config import identity
from experiments.files import write

RUNS = pl.Schema(
    {
        "run": pl.String,
        "workload": pl.String,
        "workload_title": pl.String,
        "preset": pl.String,
        "method": pl.String,
        "method_title": pl.String,
        "lr": pl.Float64,
        "beta": pl.Float64,
        "beta2": pl.Float64,
        "eps": pl.Float64,
        "weight_decay": pl.Float64,
        "lb": pl.Float64,
        "schedule": pl.String,
        "warmup": pl.Float64,
        "clip": pl.Float64,
        "epochs": pl.Int64,
        "batch_size": pl.Int64,
        "seed": pl.Int64,
        "init_seed": pl.Int64,
        "precision": pl.String,
        "svag": pl.Int64,
        "accumulate": pl.Int64,
        "drop_last": pl.Boolean,
        "rounding": pl.Int64,
        "decayed": pl.String,
        "spectral": pl.String,
        "scale": pl.String,
        "plain": pl.Boolean,
        "score_name": pl.String,
        "higher_is_better": pl.Boolean,
        "worst": pl.Float64,
        "point": pl.Float64,
        "status": pl.String,
        "diverged_at": pl.Int64,
        "steps": pl.Int64,
        "initial_loss": pl.Float64,
        "sample_distance": pl.Float64,
        "wall_time": pl.Float64,
        "training_time": pl.Float64,
        "optimizer_time": pl.Float64,
        "stacked": pl.Int64,
        "version": pl.String,
        "commit": pl.String,
        "torch": pl.String,
        "python": pl.String,
        "device": pl.String,
        "threads": pl.Int64,
        "ranks": pl.Int64,
    }
)
"""One row a run.

``plain``: all hyper-parameters are the preset's and the method's own. ``status``: "done", or
"diverged" with the step whose loss was the first that was not finite (from 0). ``initial_loss``: of
the first batch, before any step. ``sample_distance``: of samples of the trained model from test
data, where the workload has such a measure (`experiments.workload.Task`); null elsewhere, in
diverged runs, and in records older than the measure. Times in seconds: ``wall_time`` with
evaluation, but not that measure, ``training_time`` without, ``optimizer_time`` in the optimizer's
steps alone. ``stacked``: how many runs were trained together as one model; they share their times,
which add up to the time that passed, and no table of times counts them. ``scale`` is JSON.
"""

LATER = {**config.LATER, "sample_distance": None, "stacked": 1}
"""Columns that older records lack, and what they count as having there."""

EPOCHS = pl.Schema(
    {
        "run": pl.String,
        "epoch": pl.Int64,
        "step": pl.Int64,
        "train_loss": pl.Float64,
        "validation_loss": pl.Float64,
        "validation_score": pl.Float64,
        "test_loss": pl.Float64,
        "test_score": pl.Float64,
        "time": pl.Float64,
    }
)
"""One row an epoch, 0 being before training; ``train_loss`` is the mean over its batches."""

STEPS = pl.Schema(
    {
        "run": pl.String,
        "step": pl.Int64,
        "lr": pl.Float32,
        "loss": pl.Float32,
        "value": pl.Float32,
        "adaptive": pl.Float32,
        "cap": pl.Float32,
        "step_size": pl.Float32,
        "dual_norm_sq": pl.Float32,
        "lower_bound": pl.Float32,
        "loss_avg": pl.Float32,
    }
)
"""Thinned steps, from 0: h_k, ζ_k, α_k/ρ_k, τ_k, ||d_k||², f_*^k and f̄_k of momentum models."""

_ID = re.compile(r"[0-9a-f]{16}")
_HEAD = pl.Schema({"run": pl.String, "kind": pl.String, "about": pl.String})
_TABLE = pl.Schema({**_HEAD, **EPOCHS, **STEPS})


class UnreadableRecordError(ValueError):
    """A file among the records is damaged, or no record."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is no readable record ({reason}); delete it to repeat its runs")


@dataclass(frozen=True)
class Records:
    """Tables with the columns `RUNS`, `EPOCHS` and `STEPS`."""

    runs: pl.DataFrame
    epochs: pl.DataFrame
    steps: pl.DataFrame

    def of(self, condition: pl.Expr) -> Records:
        """Return the records of the runs for which a condition on the columns of `runs` holds."""
        runs = self.runs.filter(condition)
        ids = runs.get_column("run").implode()
        return Records(
            runs,
            self.epochs.filter(pl.col("run").is_in(ids)),
            self.steps.filter(pl.col("run").is_in(ids)),
        )


@dataclass(frozen=True)
class Record:
    """What one run left: its row of `RUNS` (``scale`` as a mapping), and its other rows."""

    run: Mapping[str, Any]
    epochs: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]


def path_of(folder: Path, run: str) -> Path:
    """Return where the record of a run is, if it has a file of its own."""
    return folder / f"{run}.parquet"


def save(folder: Path, record: Record) -> Path:
    """Write the record of a run; the file is whole or not there.

    Raises
    ------
    OSError
        If it cannot be written: no space, no permission.
    """
    run = record.run["run"]
    parts = [
        pl.DataFrame([{"run": run, "kind": "run", "about": _json(record.run)}], _TABLE),
        pl.DataFrame([{**row, "run": run, "kind": "epoch"} for row in record.epochs], _TABLE),
        pl.DataFrame([{**row, "run": run, "kind": "step"} for row in record.steps], _TABLE),
    ]
    path = path_of(folder, run)
    write(path, _bytes(pl.concat(parts)))
    return path


def load(*paths: Path) -> Records:
    """Return the records in files and folders; a run that is in several counts once.

    Raises
    ------
    UnreadableRecordError
        If a file is damaged, or was edited so that a run is not the one it is named after.
    FileNotFoundError
        If a path does not exist.
    """
    files = [file for path in paths for file in _files(path)]
    tables = [_read(file).with_columns(file=pl.lit(i)) for i, file in enumerate(files)]
    table = pl.concat([pl.DataFrame(schema={**_TABLE, "file": pl.Int32()}), *tables])
    first = table.filter(kind="run").group_by("run").agg(pl.col("file").min())
    table = table.join(first, on=["run", "file"], how="semi")
    abouts = [_said(text) for text in table.filter(kind="run").get_column("about")]
    runs = [{**about, "scale": _json(about["scale"])} for about in abouts]
    return Records(
        pl.DataFrame(runs, RUNS).sort("workload", "method", "lr", "seed", "run"),
        table.filter(kind="epoch").select(*EPOCHS).sort("run", "epoch"),
        table.filter(kind="step").select(*STEPS).sort("run", "step"),
    )


def finished(*paths: Path) -> set[str]:
    """Return the ids of the runs that have a record, reading no more of the files than needed."""
    found: set[str] = set()
    for path in paths:
        for file in _files(path) if path.exists() else ():
            if _ID.fullmatch(file.stem):
                _check_complete(file)
                found.add(file.stem)
            else:
                found |= set(_read(file).filter(kind="run").get_column("run"))
    return found


def pack(sources: Sequence[Path], target: Path, steps: int = 120) -> int:
    """Put the records of many runs into one file, and return how many runs there are.

    Parameters
    ----------
    steps
        How many rows of steps to keep of each run, evenly.
    """
    tables = load(*sources)
    abouts = [{**row, "scale": json.loads(row["scale"])} for row in tables.runs.to_dicts()]
    runs = [{"run": about["run"], "kind": "run", "about": _json(about)} for about in abouts]
    thinned = tables.steps.filter(
        (pl.int_range(pl.len()) % (pl.len() / steps).ceil().cast(pl.Int64)).over("run") == 0
    )
    parts = [
        pl.DataFrame(runs, _TABLE),
        _as_table(tables.epochs, "epoch"),
        _as_table(thinned, "step"),
    ]
    write(target, _bytes(pl.concat(parts)))
    return len(runs)


def _as_table(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    empty = [name for name in _TABLE if name not in rows.columns]
    return rows.with_columns(pl.lit(None).cast(_TABLE[name]).alias(name) for name in empty).select(
        pl.lit(kind).alias("kind") if name == "kind" else name for name in _TABLE
    )


def _files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return sorted(path.glob("*.parquet"))
    if not path.exists():
        raise FileNotFoundError(f"no records at {path}")
    return [path]


def _read(path: Path) -> pl.DataFrame:
    try:
        table = pl.read_parquet(path).cast(_TABLE).select(*_TABLE)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableRecordError(path, str(error).splitlines()[0]) from None
    for run, about in table.filter(kind="run").select("run", "about").iter_rows():
        said = _said(about)
        if said.keys() != RUNS.keys() or said["run"] != run or identity(said) != run:
            raise UnreadableRecordError(path, f"its run is not the one named {run}")
    if not table.get_column("kind").is_in(["run"]).any():
        raise UnreadableRecordError(path, "it holds no run")
    return table


def _said(about: str) -> dict[str, Any]:
    """Return what a record says of its run; an old one leaves out what there was not then."""
    return {**LATER, **json.loads(about)}


def _check_complete(path: Path) -> None:
    """See that a file is closed as parquet files are, without reading all of it."""
    with path.open("rb") as file:
        head, size = file.read(4), file.seek(0, io.SEEK_END)
        file.seek(max(0, size - 4))
        if size < 12 or head != b"PAR1" or file.read(4) != b"PAR1":
            raise UnreadableRecordError(path, "it is cut short")


def _bytes(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd", compression_level=12)
    return buffer.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} cannot be a part of a record")
