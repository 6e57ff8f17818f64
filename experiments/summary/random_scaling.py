"""What a random length of the step is worth: with it and without, at equal learning rates."""

from __future__ import annotations

from typing import Any

import polars as pl

from experiments.summary.scores import KEY, SIGN
from experiments.summary.significance import SEEDS, Paired, paired

SCALED = {"momo_random_scaling": "momo"}
"""Methods with random scaling, and what they are without. (SGD-M has a form of its own, whose
learning rate is another one: `momo.methods` has it as ``sgdm_random_scaling``.)"""


def random_scaling(ends: pl.DataFrame) -> pl.DataFrame:
    """Return test scores with and without random scaling, paired over seeds.

    Parameters
    ----------
    ends
        As `finals` returns; the plain ones.

    Returns
    -------
    DataFrame
        For each workload, preset, method of `SCALED` and learning rate: ``without`` and ``with``,
        the means, and the columns of `Paired` for with minus without in the direction of better.
    """
    base = pl.col("method").replace(SCALED)
    plain = ends.filter("plain").with_columns(gain=SIGN * pl.col("test_score"))
    scaled = plain.filter(pl.col("method").is_in(list(SCALED))).with_columns(base=base)
    both = scaled.join(
        plain.select("workload", "preset", "lr", *SEEDS, "test_score", "gain", base="method"),
        on=["workload", "preset", "lr", *SEEDS, "base"],
        suffix="_without",
    ).sort(*KEY, "lr", *SEEDS)
    rows: list[dict[str, Any]] = []
    for key, own in both.group_by(*KEY, "lr", maintain_order=True):
        found = paired(own["gain"].to_list(), own["gain_without"].to_list())
        means = {"without": own["test_score_without"].mean(), "with": own["test_score"].mean()}
        rows.append({**dict(zip((*KEY, "lr"), key, strict=True)), **means, **found._asdict()})
    names: dict[str, Any] = dict.fromkeys(KEY, pl.String)
    numbers = {name: pl.Int64 if name == "n" else pl.Float64 for name in Paired._fields}
    schema = {**names, **dict.fromkeys(("lr", "without", "with"), pl.Float64), **numbers}
    return pl.DataFrame(rows, schema=schema)
