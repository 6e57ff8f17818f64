"""What a random length of the step is worth: with it and without, at equal learning rates."""

from __future__ import annotations

from typing import Any

import polars as pl

from experiments.summary.scores import KEY, SIGN
from experiments.summary.significance import SEEDS, Paired, paired

SCALED = {
    "momo_random_scaling": ("momo", 1.0),
    "experiments.studies.random_scaling:UNDAMPED": ("sgd_m", 9.0),
}
"""Methods with random scaling, what they are without, and the rate of the latter over theirs."""


def random_scaling(ends: pl.DataFrame) -> pl.DataFrame:
    """Return test scores with and without random scaling, paired over seeds.

    Parameters
    ----------
    ends
        As `finals` returns; the plain ones.

    Returns
    -------
    DataFrame
        For each workload, preset, method of `SCALED` and learning rate, that of the method
        without: ``without`` and ``with``, the means, and the columns of `Paired` for with minus
        without in the direction of better.
    """
    # Rates are equal to six digits: they are products of others.
    place = (pl.col("lr").log10() * 1e6).round().alias("place")
    plain = ends.filter("plain").with_columns(place, gain=SIGN * pl.col("test_score"))
    scaled = pl.concat(
        plain.filter(method=method)
        .drop("place")
        .with_columns(base=pl.lit(base), lr=pl.col("lr") * times)
        .with_columns(place)
        for method, (base, times) in SCALED.items()
    )
    without = plain.select(
        "workload", "preset", "place", *SEEDS, "test_score", "gain", "lr", base="method"
    )
    both = (
        scaled.drop("lr")
        .join(without, on=["workload", "preset", "place", *SEEDS, "base"], suffix="_without")
        .sort(*KEY, "lr", *SEEDS)
    )
    rows: list[dict[str, Any]] = []
    for key, own in both.group_by(*KEY, "lr", maintain_order=True):
        found = paired(own["gain"].to_list(), own["gain_without"].to_list())
        means = {"without": own["test_score_without"].mean(), "with": own["test_score"].mean()}
        rows.append({**dict(zip((*KEY, "lr"), key, strict=True)), **means, **found._asdict()})
    names: dict[str, Any] = dict.fromkeys(KEY, pl.String)
    numbers = {name: pl.Int64 if name == "n" else pl.Float64 for name in Paired._fields}
    schema = {**names, **dict.fromkeys(("lr", "without", "with"), pl.Float64), **numbers}
    return pl.DataFrame(rows, schema=schema)
