# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims on what momentum is worth when steps get shorter and their noise does not."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from experiments.claims.base import Claim, Evidence, Find
from experiments.claims.evidence import of_values
from experiments.summary.rectangle import SEEDS
from experiments.summary.svag import worths

SECTION = "svag"
MLP, VGG = "mnist_mlp", "cifar10_vgg16"


class Cell(NamedTuple):
    """A method at a learning rate and an ℓ; the mean over batch sizes."""

    workload: str
    method: str
    lr: float
    level: int


def _by_seed(table: pl.DataFrame, cell: Cell, column: str) -> dict[tuple[int, int], float]:
    own = table.filter(
        pl.col("batch_size").is_null(),
        (pl.col("lr") / cell.lr - 1).abs() < 1e-6,
        workload=cell.workload,
        method=cell.method,
        svag=cell.level,
    )
    return {row[:2]: row[2] for row in own.select(*SEEDS, column).iter_rows()}


def worth(*cells: Cell) -> Find:
    """Return by how much momentum lowers the test loss."""

    def find(ends: pl.DataFrame) -> list[Evidence]:
        table = worths(ends)
        each = (_by_seed(table, cell, "loss_worth") for cell in cells)
        return [
            of_values(f"{cell.workload}: {cell.method}, lr {cell.lr:g}, ℓ = {cell.level}", [*own])
            for cell, own in zip(cells, (found.values() for found in each), strict=True)
        ]

    return find


def less(first: Cell, second: Cell, column: str = "loss_worth", other: str = "loss_worth") -> Find:
    """Return a column of the first less one of the second, over shared seeds."""

    def find(ends: pl.DataFrame) -> list[Evidence]:
        table = worths(ends)
        one, two = _by_seed(table, first, column), _by_seed(table, second, other)
        shared = sorted(one.keys() & two.keys())
        label = f"{first.workload}: {first.method} – {second.method}, {column}"
        return [of_values(label, [one[seed] - two[seed] for seed in shared])]

    return find


SGD_M, MOMO = Cell(MLP, "sgd_m", 0.3, 1), Cell(MLP, "momo", 0.3, 1)

CLAIMS = (
    Claim(
        "svag-sgd-m",
        SECTION,
        "On the MLP at α = 0.3 momentum lowers SGD-M's test loss by {least} ({low} … {high},"
        " p = {p}, n = {n}).",
        worth(SGD_M),
        "Whether momentum lowers SGD-M's test loss on the MLP at α = 0.3 cannot be told ({least},"
        " {low} … {high}, p = {p}, n = {n}).",
        above=0.0,
    ),
    Claim(
        "svag-taken",
        SECTION,
        "SVAG with ℓ = 8 takes {least} of that away ({low} … {high}, p = {p}, n = {n}).",
        less(SGD_M, SGD_M._replace(level=8)),
        "Whether SVAG takes some of it away cannot be told ({least}, {low} … {high}, n = {n}).",
        above=0.0,
    ),
    Claim(
        "svag-left",
        SECTION,
        "What is left of it at ℓ = 8 is {least} ({low} … {high}, p = {p}, n = {n}).",
        worth(SGD_M._replace(level=8)),
        "Whether some of it is left at ℓ = 8 cannot be told ({least}, {low} … {high}, n = {n}).",
        above=0.0,
    ),
    Claim(
        "svag-momo",
        SECTION,
        "MoMo has no such gain to lose: momentum changes its loss there by less than 0.15 at ℓ = 1"
        " and 8 (lower by {least} to {most}; {low} … {high}, n = {n}).",
        worth(MOMO, MOMO._replace(level=8)),
        "What momentum is worth to MoMo there, at ℓ = 1 and 8, is {least} to {most} ({low} …"
        " {high}, n = {n}).",
        above=-0.15,
        below=0.15,
    ),
    Claim(
        "svag-truncation",
        SECTION,
        "Without momentum, at ℓ = 1, MoMo's loss is below that of SGD-M with it, by {least} ({low}"
        " … {high}, n = {n}).",
        less(SGD_M, MOMO, "loss", "loss_without"),
        "MoMo's loss without momentum, at ℓ = 1, cannot be told from that of SGD-M with it ({least}"
        " lower, {low} … {high}, n = {n}).",
        above=0.0,
        digits=3,
    ),
    Claim(
        "svag-vgg",
        SECTION,
        "On the VGG at ℓ = 1 and α = 0.1 momentum raises MoMo's loss, by {least} ({low} … {high},"
        " p = {p}, n = {n}).",
        worth(Cell(VGG, "momo", 0.1, 1)),
        "Whether momentum raises MoMo's loss on the VGG at ℓ = 1 and α = 0.1 cannot be told"
        " ({least}, {low} … {high}, n = {n}).",
        below=0.0,
        sign=-1,
    ),
)
