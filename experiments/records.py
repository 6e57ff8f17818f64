# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Records: what runs left behind, as parquet tables that say all about themselves.

A file holds one run, or many (`pack`). Its one table has four kinds of rows: "run" (one a run, all
about it as JSON in ``about``), "epoch", "step" and, where a run measured them, "layer". `load`
takes them apart again. All its bytes are under a seal (`experiments.sealed`), so that what is read
is what was written; files of version 1 have none.

What happens to a file that is damaged is for the caller to say: see `experiments.damage`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from experiments import config
from experiments.config import identity
from experiments.damage import OnDamage, UnreadableRecordError, checked, refuse
from experiments.damage import left_out as left_out
from experiments.damage import set_aside as set_aside
from experiments.files import write
from experiments.sealed import BLANK, KEY, sealed

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
        "compiled": pl.Boolean,
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
which add up to the time that passed, and no table of times counts them. ``compiled``: by
torch.compile. ``scale`` is JSON.
"""

LATER = {**config.LATER, "sample_distance": None, "stacked": 1, "compiled": False}
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

LAYERS = pl.Schema(
    {
        "run": pl.String,
        "step": pl.Int64,
        "layer": pl.String,
        "x_norm": pl.Float32,
        "g_norm": pl.Float32,
        "d_norm": pl.Float32,
        "cosine": pl.Float32,
    }
)
"""One row a parameter tensor and thinned step, of runs with diagnostics.

Euclidean norms of x after the step, of its gradient g (clipped, where the run clips) and of the
average of gradients d, and the cosine between d and g. Null: the method keeps no such average; of
the cosine also: one of the two is zero.
"""

_ID = re.compile(r"[0-9a-f]{16}")
_UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
_HEAD = pl.Schema({"run": pl.String, "kind": pl.String, "about": pl.String})
_TABLE = pl.Schema({**_HEAD, **EPOCHS, **STEPS, **LAYERS})


@dataclass(frozen=True)
class Records:
    """Tables with the columns `RUNS`, `EPOCHS`, `STEPS` and `LAYERS`."""

    runs: pl.DataFrame
    epochs: pl.DataFrame
    steps: pl.DataFrame
    layers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LAYERS))

    def of(self, condition: pl.Expr) -> Records:
        """Return the records of the runs for which a condition on the columns of `runs` holds."""
        runs = self.runs.filter(condition)
        ids = runs.get_column("run").implode()
        return Records(
            runs,
            self.epochs.filter(pl.col("run").is_in(ids)),
            self.steps.filter(pl.col("run").is_in(ids)),
            self.layers.filter(pl.col("run").is_in(ids)),
        )


@dataclass(frozen=True)
class Record:
    """What one run left: its row of `RUNS` (``scale`` as a mapping), and its other rows."""

    run: Mapping[str, Any]
    epochs: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]
    layers: Sequence[Mapping[str, Any]] = ()


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
        pl.DataFrame([{**row, "run": run, "kind": "layer"} for row in record.layers], _TABLE),
    ]
    path = path_of(folder, run)
    write(path, _bytes(pl.concat(parts)))
    return path


def load(*paths: Path, damaged: OnDamage = refuse) -> Records:
    """Return the records in files and folders; a run that is in several counts once.

    Parameters
    ----------
    damaged
        What to do about a file in a folder that is damaged, or was edited so that a run is not the
        one it is named after; by default it is refused.

    Raises
    ------
    UnreadableRecordError
        If a damaged file is refused, or is itself one of the paths.
    FileNotFoundError
        If a path does not exist.
    ValueError
        If a file is of a version that is not known here.
    """
    found = [
        file for path in paths for file in _readable(path, damaged if path.is_dir() else refuse)
    ]
    tables = [file.table.with_columns(file=pl.lit(i)) for i, file in enumerate(found)]
    table = pl.concat([pl.DataFrame(schema={**_TABLE, "file": pl.Int32()}), *tables])
    first = table.filter(kind="run").group_by("run").agg(pl.col("file").min())
    table = table.join(first, on=["run", "file"], how="semi")
    abouts = {about["run"]: about for file in reversed(found) for about in file.abouts}
    runs = [{**about, "scale": _json(about["scale"])} for about in abouts.values()]
    return Records(
        pl.DataFrame(runs, RUNS).sort("workload", "method", "lr", "seed", "run"),
        table.filter(kind="epoch").select(*EPOCHS).sort("run", "epoch"),
        table.filter(kind="step").select(*STEPS).sort("run", "step"),
        table.filter(kind="layer").select(*LAYERS).sort("run", "step", maintain_order=True),
    )


def finished(*paths: Path, damaged: OnDamage = refuse) -> set[str]:
    """Return the ids of the runs that have a record; ``damaged`` as for `load`, of all files."""
    found: set[str] = set()
    for file in (file for path in paths if path.exists() for file in _files(path)):
        try:
            if _ID.fullmatch(file.stem) and checked(file)[1] > 1:  # under a seal: that is enough
                found.add(file.stem)
            else:
                found |= {about["run"] for about in _read(file).abouts}
        except FileNotFoundError:  # set aside by another process since it was listed
            continue
        except UnreadableRecordError as error:
            damaged(error)
    return found


def pack(sources: Sequence[Path], target: Path, steps: int = 120) -> int:
    """Put the records of many runs into one file, and return how many runs there are.

    Parameters
    ----------
    steps
        How many rows of steps to keep of each run, evenly; rows of layers are left out.

    Raises
    ------
    UnreadableRecordError
        If a source is damaged.
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


def _readable(path: Path, damaged: OnDamage) -> Iterator[_File]:
    """Yield the files of a path, but for those that are damaged."""
    for file in _files(path):
        try:
            yield _read(file)
        except FileNotFoundError:  # set aside by another process since it was listed
            continue
        except UnreadableRecordError as error:
            damaged(error)


@dataclass(frozen=True)
class _File:
    """The table of a file, and what it says of its runs."""

    table: pl.DataFrame
    abouts: list[dict[str, Any]]


def _read(path: Path) -> _File:
    data, number = checked(path)
    try:
        table = pl.read_parquet(data)
        lacking = [name for name in LAYERS if name not in table.columns]  # of older files
        table = table.with_columns(pl.lit(None).alias(name) for name in lacking)
        table = table.cast(_TABLE).select(*_TABLE)
        rows = table.filter(kind="run").select("run", "about").rows()
        abouts = [_said(about, number) for _, about in rows]
        named = [run for run, _ in rows]
    except (*_UNREADABLE, ValueError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise UnreadableRecordError(path, reason) from None
    for run, said in zip(named, abouts, strict=True):
        if said.keys() != RUNS.keys() or said["run"] != run or identity(said) != run:
            raise UnreadableRecordError(path, f"its run is not the one named {run}")
    if not rows:
        raise UnreadableRecordError(path, "it holds no run")
    return _File(table, abouts)


def _said(about: str, number: int) -> dict[str, Any]:
    """Return what a record says of its run; an old one leaves out what there was not then."""
    said = {**LATER, **json.loads(about)}
    if number == 1 and (said.get("workload"), said.get("preset")) == ("mnist_mlp", "paper"):
        said["preset"] = "small"  # a tenth of the training set was held out
    return said


def _bytes(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd", compression_level=12, metadata={KEY: BLANK})
    return sealed(buffer.getvalue())


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} cannot be a part of a record")
