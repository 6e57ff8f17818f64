# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a change of settings makes: the best score and the robust width, beside the plain runs'."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from experiments.summary.rectangle import Rectangle, rectangles, shared
from experiments.summary.reference import reference_curves
from experiments.summary.scores import KEY
from experiments.summary.significance import PAIRED, at_best, paired
from experiments.summary.width import Change, change, widths

POINTS = 5.0


def compared(ends: pl.DataFrame, plain: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return each curve of a method beside its plain one.

    The two are compared over the seeds and the learning rates that both have, so that neither a
    seed nor a wider grid speaks for one of them.

    Parameters
    ----------
    ends
        As `finals` returns, of methods with several curves.
    plain
        The runs of ``ends`` that the others are held against, one curve for each method.
    by
        The settings in which curves differ.

    Returns
    -------
    DataFrame
        For each curve ``lr``, the best rate by the validation score, ``score`` and ``loss``
        (min(l0, l)) there, and ``seeds``, over how many seeds; ``decades``, its common width of
        five points; ``is_plain``; for the others the columns of `Paired`, score less that of the
        plain curve in the direction of better, each at its best rate; and ``wider``,
        ``wider_low``, ``wider_high``, its width less the plain one's.
    """
    curves, base = rectangles(ends, by), rectangles(plain, by)
    first: dict[tuple[Any, ...], tuple[Any, ...]] = {key[:3]: key for key in base}
    reference = rectangles(plain)
    wide = {
        row[: len(KEY) + len(by)]: row[-1]
        for row in widths(ends, by, plain)
        .filter(points=POINTS, reference="common")
        .select(*KEY, *by, "decades")
        .iter_rows()
    }
    rows: list[dict[str, Any]] = []
    for key, curve in curves.items():
        place = curve.best
        row: dict[str, Any] = {
            **dict(zip((*KEY, *by), key, strict=True)),
            "lr": float(curve.lrs[place]),
            "score": curve.sign * float(curve.gains[place].mean()),
            "loss": float(curve.losses[place].mean()),
            "point": curve.point,
            "seeds": len(curve.seeds),
            "decades": wide[key],
            "is_plain": key == first.get(key[:3]),
        }
        if not row["is_plain"] and key[:3] in first:
            own = reference_curves(reference, *key[:2])
            row |= _beside(curve, base[first[key[:3]]], own)
        rows.append(row)
    settings: dict[str, Any] = {name: ends.schema[name] for name in (*KEY, *by)}
    reals = dict.fromkeys(("lr", "score", "loss", "point"), pl.Float64)
    wider = dict.fromkeys(("wider", "wider_low", "wider_high"), pl.Float64)
    rest = {"seeds": pl.Int64, "decades": pl.Float64, "is_plain": pl.Boolean}
    return pl.DataFrame(rows, schema=settings | reals | rest | PAIRED | wider)


def _beside(curve: Rectangle, plain: Rectangle, held: Sequence[Rectangle]) -> dict[str, Any]:
    lrs = np.intersect1d(curve.lrs, plain.lrs)
    nothing = Change(math.nan, math.nan, math.nan, 0, False)
    if not len(lrs):
        return paired([], [])._asdict()
    one, two = curve.over(lrs), plain.over(lrs)
    wider = change(one, two, held, POINTS) if shared(one, two) else nothing
    _, _, found = at_best(one, two)
    return {
        **found._asdict(),
        "wider": wider.decades,
        "wider_low": wider.low,
        "wider_high": wider.high,
    }
